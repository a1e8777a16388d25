// A request that comes again, or is done late, has one effect and one answer, whatever happened to its job in between.
import { describe, expect, it } from 'vitest';
import { listJobs } from '../../src/store/jobs.ts';
import { pendingReplies } from '../../src/store/replies.ts';
import { loadChannel } from '../../src/store/settings.ts';
import { startReplayRoom as startJob } from '../support/replay-room.ts';
import { SAMPLE_PULL, SHA_A, SHA_B, sampleResult } from '../support/sample-job.ts';
import { eventually, startFront } from '../support/slack-front.ts';

const taken = (workId: string) => ({ type: 'taken', workId }) as const;
const ended = { type: 'turn_ended', result: sampleResult(), pull: SAMPLE_PULL } as const;
const failed = (turn: number) =>
  ({
    type: 'turn_ended',
    result: { turn, outcome: 'failed', endedAt: '2026-01-01T00:00:00Z', usage: {} },
  }) as const;

describe('a replayed press', () => {
  it('does not approve again what GitHub refused', async () => {
    const room = await startJob({ job_approve: { jobId: 1, sha: SHA_A } });
    await room.happen(taken('w1'), ended);
    await room.press('job_approve');
    await room.happen({ type: 'settle_refused', code: 'checks', say: 'Checks failed.' });
    await room.replay();
    expect(await room.job()).toMatchObject({ status: 'in_review' });
    expect(room.told()).toEqual([]);
  });

  it('does not approve a head that nobody saw', async () => {
    const room = await startJob({ job_approve: { jobId: 1, sha: SHA_A } });
    await room.happen(taken('w1'), ended);
    await room.press('job_approve');
    await room.happen({ type: 'settle_refused', code: 'moved', say: 'Somebody pushed.', headSha: SHA_B });
    await room.replay({ isEffectLost: true });
    expect(await room.job()).toMatchObject({ status: 'in_review' });
    expect(room.told().at(-1)).toContain('has changed since this was shown');
  });

  it.each([false, true])('does not stop a later turn (its effect got lost: %s)', async (isEffectLost) => {
    const room = await startJob({ job_stop: { jobId: 1, turn: 1 } });
    await room.happen(taken('w1'));
    await room.press('job_stop');
    await room.happen(ended, { type: 'reply', by: room.ada.id }, taken('w2'));
    await room.replay({ isEffectLost });
    const job = await room.job();
    expect(job).toMatchObject({ status: 'running', turn: 2 });
    expect(job?.stop).toBeUndefined();
    if (isEffectLost) expect(room.told().at(-1)).toContain('has begun another turn since');
    else expect(room.told()).toEqual([]);
  });

  it.each([false, true])('does not retry again (its effect got lost: %s)', async (isEffectLost) => {
    const room = await startJob({ job_retry: { jobId: 1, turn: 1 } });
    await room.happen(taken('w1'), failed(1));
    await room.press('job_retry');
    await room.happen(taken('w2'), failed(2));
    await room.replay({ isEffectLost });
    expect(await room.job()).toMatchObject({ status: 'failed', turn: 2 });
  });

  it('that has opened its window opens no other and says nothing', async () => {
    const room = await startJob({ job_reject: { jobId: 1, sha: SHA_A } });
    await room.happen(taken('w1'), ended);
    await room.press('job_reject');
    await room.replay();
    expect(room.slack.modals(room.ada.id)).toHaveLength(1);
    expect(room.told()).toEqual([]);
  });
});

describe('replayed words', () => {
  it.each(['stop', '@errand stop'])('do not stop a later turn: %s', async (text) => {
    const room = await startJob();
    await room.happen(taken('w1'));
    room.slack.post({ user: room.ada.id, channel: room.general.id, threadTs: room.ts, text });
    await eventually(room.job, (job) => job?.stop !== undefined);
    await room.settled();
    await room.happen(ended, { type: 'reply', by: room.ada.id }, taken('w2'));
    await room.replay({ isEffectLost: true });
    expect((await room.job())?.stop).toBeUndefined();
    expect(room.told().join()).toContain('has begun another turn since');
  });

  it('reach the agent once', async () => {
    const room = await startJob();
    room.slack.post({ user: room.ada.id, channel: room.general.id, threadTs: room.ts, text: 'use tabs' });
    await room.settled();
    await room.replay();
    expect(await pendingReplies(room.store.db.sql, 1)).toHaveLength(1);
  });

  it.each(['@errand do add a test', '@errand please add a test', '@errand fix #1'])(
    'of a mention in a thread start one job and are no reply to it: %s',
    async (text) => {
      const room = await startJob();
      const { ada, general, slack, store } = room;
      const { ts: threadTs } = slack.post({ user: ada.id, channel: general.id, text: 'totals are wrong' });
      slack.post({ user: ada.id, channel: general.id, threadTs, text });
      await room.settled();
      expect(await listJobs(store.db.sql, {})).toMatchObject([{ id: 2, threadTs }, { id: 1 }]);
      await room.replay();
      expect(await pendingReplies(store.db.sql, 2)).toEqual([]);
      expect(await listJobs(store.db.sql, {})).toHaveLength(2);
      expect(room.told()).toEqual([]);
    },
  );

  it('of a command start one job, answer once, and do not undo what was set since', async () => {
    const room = await startJob();
    const { ada, general, slack, store } = room;
    const types = async (text: string) => {
      await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text });
      await room.settled();
    };
    await room.replay();
    expect(await listJobs(store.db.sql, {})).toHaveLength(1);
    await types('replies mention');
    await store.db.sql.query(`UPDATE channels SET reply_policy = 'all'`);
    await room.replay();
    expect(await loadChannel(store.db.sql, { team: slack.teamId, channel: general.id })).toEqual({
      replyPolicy: 'all',
    });
    await types('help');
    await room.replay();
    await types('stop J-1');
    await room.replay();
    expect(room.told()).toHaveLength(3);
    expect(await room.job()).toMatchObject({ status: 'cancelled' });
  });

  it('of a form are sent once, and a form that nobody answered is left to its sender', async () => {
    const room = await startJob({ job_changes: { jobId: 1 }, job_reject: { jobId: 1, sha: SHA_A } });
    await room.happen(taken('w1'), ended);
    const submit = async () => {
      const [modal] = room.slack.modals(room.ada.id);
      const words = { words: 'Use tabs' };
      return room.slack.submitView({ user: room.ada.id, viewId: modal?.id ?? '', values: words });
    };
    await room.press('job_changes');
    expect((await submit()).error).toBeUndefined();
    await room.settled();
    await room.replay();
    expect(await pendingReplies(room.store.db.sql, 1)).toHaveLength(1);
    await room.happen(taken('w2'), { ...ended, result: sampleResult({ turn: 2 }) });
    await room.press('job_reject');
    await room.store.db.sql.query('ALTER TABLE jobs RENAME TO jobs_away');
    expect((await submit()).errors).toBeDefined();
    await room.store.db.sql.query('ALTER TABLE jobs_away RENAME TO jobs');
    await room.settled();
    await room.replay();
    expect(await room.job()).toMatchObject({ status: 'in_review' });
    expect((await submit()).error).toBeUndefined();
    expect(await room.job()).toMatchObject({ status: 'closing' });
  });
});

it('a form that was closed before its effect is done by another bot when the first one dies', async () => {
  const stuck = new Promise<undefined>(() => {});
  const front = await startFront({ lookups: { checkAgent: () => stuck } });
  const { ada, general, slack, store } = front;
  const { ts } = slack.post({ user: ada.id, channel: general.id, text: 'totals are wrong' });
  await slack.messageShortcut({ user: ada.id, channel: general.id, ts, callbackId: 'send_to_agent' });
  const modal = await slack.waitFor(() => slack.modals(ada.id)[0]);
  await slack.suggest({ user: ada.id, viewId: modal.id, actionId: 'choice_repo', query: 'sho' });
  const sent = await slack.submitView({
    user: ada.id,
    viewId: modal.id,
    values: { choice_repo: 'acme/shop' },
  });
  expect(sent.error).toBeUndefined();
  expect(await listJobs(store.db.sql, {})).toEqual([]);
  await store.db.sql.query(`UPDATE inbox SET received_at = received_at - interval '1 minute'`);
  const other = await front.addBot();
  await other.takeUp();
  expect(await listJobs(store.db.sql, {})).toMatchObject([{ task: 'totals are wrong', threadTs: ts }]);
});

it('a form whose closing cannot be noted stays open, and sent off again starts one job', async () => {
  const agent = Promise.withResolvers<undefined>();
  const { ada, general, slack, store } = await startFront({ lookups: { checkAgent: () => agent.promise } });
  const { sql } = store.db;
  const { ts } = slack.post({ user: ada.id, channel: general.id, text: 'totals are wrong' });
  await slack.messageShortcut({ user: ada.id, channel: general.id, ts, callbackId: 'send_to_agent' });
  const { id: viewId } = await slack.waitFor(() => slack.modals(ada.id)[0]);
  await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'sho' });
  const submit = () => slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
  await sql.query('ALTER TABLE inbox RENAME COLUMN acked_at TO away');
  expect((await submit()).errors?.['task']).toBeDefined();
  expect(slack.modals(ada.id)).toHaveLength(1);
  await sql.query('ALTER TABLE inbox RENAME COLUMN away TO acked_at');
  agent.resolve(undefined);
  expect((await submit()).errors).toBeUndefined();
  // Where this took long the form is closed before its effect.
  const jobs = await eventually(
    () => listJobs(sql, {}),
    (all) => all.length > 0,
  );
  expect(jobs).toMatchObject([{ task: 'totals are wrong' }]);
});

describe.each([
  ['socket', 1],
  ['socket', 2],
  ['http', 1],
] as const)('everything twice, over %s, with %d bots', (mode, bots) => {
  it('is one effect and one answer', async () => {
    const buttons = { job_approve: { jobId: 1, sha: SHA_A }, job_changes: { jobId: 1 } };
    const room = await startJob(buttons, { mode });
    const { ada, bob, general, slack, store } = room;
    if (bots === 2) await room.addBot();
    slack.doubleAll(true);
    await room.happen(taken('w1'), ended);
    await room.press('job_changes');
    const [modal] = slack.modals(ada.id);
    await slack.submitView({ user: ada.id, viewId: modal?.id ?? '', values: { words: 'Use tabs' } });
    await room.settled();
    expect(await pendingReplies(store.db.sql, 1)).toHaveLength(1);
    expect(await room.job()).toMatchObject({ status: 'queued', turn: 2 });
    await room.happen(taken('w2'), { ...ended, result: sampleResult({ turn: 2 }) });
    await room.press('job_approve');
    await slack.slashCommand({ user: bob.id, channel: general.id, command: '/agent', text: 'list' });
    await room.settled();
    await slack.slashCommand({ user: bob.id, channel: general.id, command: '/agent', text: 'do one thing' });
    await room.settled();
    expect(room.told(bob.id)).toHaveLength(1);
    expect(room.told()).toEqual([]);
    expect(await room.job()).toMatchObject({ status: 'merging' });
    expect(await listJobs(store.db.sql, {})).toHaveLength(2);
  });
});

describe('two people at once', () => {
  it('approve and reject: one decision, and the other is told', async () => {
    const room = await startJob({
      job_approve: { jobId: 1, sha: SHA_A },
      job_reject: { jobId: 1, sha: SHA_A },
    });
    await room.happen(taken('w1'), ended);
    await room.press('job_reject');
    const [modal] = room.slack.modals(room.ada.id);
    const [approved, rejected] = await Promise.all([
      room.slack.click({ user: room.ada.id, channel: room.general.id, ts: room.ts, actionId: 'job_approve' }),
      room.slack.submitView({ user: room.ada.id, viewId: modal?.id ?? '', values: { words: 'No.' } }),
    ]);
    expect(approved.error).toBeUndefined();
    await room.settled();
    await room.settled();
    const status = (await room.job())?.status;
    expect(['merging', 'closing']).toContain(status);
    if (status === 'merging') expect(Object.values(rejected.errors ?? {})).toHaveLength(1);
    else expect(room.told()).toHaveLength(1);
    const decided = await room.store.db.sql.query(
      `SELECT 1 FROM events WHERE kind = 'status' AND data->>'event' IN ('approve', 'reject')`,
    );
    expect(decided.rowCount).toBe(1);
  });

  it.each([
    ['job_approve', { jobId: 1, sha: SHA_A }, 'approve', [ended]],
    ['job_stop', { jobId: 1, turn: 1 }, 'stop', []],
    ['job_retry', { jobId: 1, turn: 1 }, 'retry', [failed(1)]],
  ] as const)('press %s twice each: one effect', async (actionId, value, event, before) => {
    const front = await startJob({ [actionId]: value });
    const { ada, bob, general, slack, ts, store } = front;
    const other = event === 'approve' ? ada : bob;
    await front.happen(taken('w1'), ...before);
    await Promise.all(
      [ada, other, ada, other].map(({ id: user }) =>
        slack.click({ user, channel: general.id, ts, actionId }),
      ),
    );
    for (let n = 0; n < 4; n += 1) await front.settled();
    const done = await store.db.sql.query(
      `SELECT 1 FROM events WHERE kind = 'status' AND data->>'event' = $1`,
      [event],
    );
    expect(done.rowCount).toBe(1);
  });
});
