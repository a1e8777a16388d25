// Buttons and forms: who may press what, and what becomes of it.
import { describe, expect, it } from 'vitest';
import type { TurnResult } from '../../src/job/job.ts';
import { buildButtonValue } from '../../src/slack/ids.ts';
import { buildResult } from '../../src/slack/result.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { pendingReplies } from '../../src/store/replies.ts';
import { happenTo, SHA, startReviewedJob as startPulled, TURN_END } from '../support/reviewed-job.ts';
import { createWorld, inboxSettled, startFront } from '../support/slack-front.ts';

/** A job of ada's whose pull is open, and a message with all its buttons. */
async function startReviewedJob(options: Parameters<typeof startFront>[0] = {}) {
  const { front } = await startPulled(options);
  const { ada, general, slack } = front;
  const button = (action_id: string, seen: { sha?: string; turn?: number } = {}) => ({
    type: 'button' as const,
    action_id,
    text: { type: 'plain_text' as const, text: action_id },
    value: buildButtonValue({ jobId: 1, ...seen }),
  });
  const posted = await front.slackIn.client.chat.postMessage({
    channel: general.id,
    text: 'result',
    blocks: [
      {
        type: 'actions',
        elements: [
          button('job_approve', { sha: SHA }),
          button('job_changes', { turn: 1 }),
          button('job_reject', { sha: SHA }),
          button('job_stop'),
          button('job_interrupt'),
          button('job_retry'),
        ],
      },
    ],
  });
  const spot = { user: ada.id, channel: general.id, ts: posted.ts ?? '' };
  let clicks = 1;
  const press = async (actionId: string, user = ada.id) => {
    expect((await slack.click({ ...spot, user, actionId })).error).toBeUndefined();
    clicks += 1;
    await inboxSettled(front.store, clicks);
  };
  const job = () => loadJob(front.store.db.sql, 1);
  const told = (user = ada.id) => slack.ephemerals(user).at(-1)?.text;
  /** The message that a turn really ends with, in front of ada. */
  const shows = async (result: TurnResult) => {
    const now = await job();
    if (now === undefined) throw new Error('There is no job.');
    const { text, blocks } = buildResult(now, result);
    const { ts = '' } = await front.slackIn.client.chat.postMessage({
      channel: general.id,
      text,
      blocks: [...blocks],
    });
    return { user: ada.id, channel: general.id, ts };
  };
  return { ...front, front, press, job, told, shows };
}

describe('the buttons', () => {
  it('approve exactly what the message shows', async () => {
    const { press, job } = await startReviewedJob();
    await press('job_approve');
    expect(await job()).toMatchObject({ status: 'merging', decision: { kind: 'approve', sha: SHA } });
  });

  it('refuse a stale message, and a second press', async () => {
    const stale = await startReviewedJob();
    const { sql } = stale.store.db;
    await sql.query(`UPDATE jobs SET data = jsonb_set(data, '{pull,headSha}', to_jsonb(repeat('b', 40)))`);
    await stale.press('job_approve');
    expect(stale.told()).toContain('has changed since this was shown');
    expect(await stale.job()).toMatchObject({ status: 'in_review' });
    await sql.query(`UPDATE jobs SET data = jsonb_set(data, '{pull,headSha}', to_jsonb(repeat('a', 40)))`);
    await stale.press('job_approve');
    await stale.press('job_approve');
    expect(stale.told()).toContain('approved already');
  });

  it('let only the requester and named approvers decide', async () => {
    const { press, job, told, bob, slack } = await startReviewedJob();
    await press('job_approve', bob.id);
    expect(told(bob.id)).toContain('can decide on J-1');
    await press('job_reject', bob.id);
    expect(slack.modals(bob.id)).toEqual([]);
    expect(await job()).toMatchObject({ status: 'in_review' });
  });

  it('say why they do nothing any more', async () => {
    const { press, told } = await startReviewedJob();
    await press('job_stop');
    expect(told()).toContain("isn't running");
    await press('job_interrupt');
    expect(told()).toContain("isn't running");
    await press('job_retry');
    expect(told()).toContain('has not failed');
  });
});

describe('the forms', () => {
  it('*Request changes* starts the next turn with the text', async () => {
    const { press, job, slack, ada, store } = await startReviewedJob();
    await press('job_changes');
    const [modal] = slack.modals(ada.id);
    expect(modal?.content).toMatchObject({ callback_id: 'changes_view' });
    const sent = await slack.submitView({
      user: ada.id,
      viewId: modal?.id ?? '',
      values: { words: 'Use tabs' },
    });
    expect(sent).toMatchObject({ isAcked: true });
    expect(slack.modals(ada.id)).toEqual([]);
    expect(await job()).toMatchObject({ status: 'queued', turn: 2 });
    expect(await pendingReplies(store.db.sql, 1)).toMatchObject([{ text: 'Use tabs', author: ada.id }]);
  });

  it('*Request changes* shows in the form that it came too late, and takes the same words later', async () => {
    const { front, press, job, slack, ada } = await startReviewedJob();
    await press('job_changes');
    const viewId = slack.modals(ada.id)[0]?.id ?? '';
    await happenTo(front, { type: 'approve', by: ada.id, sha: SHA });
    const sent = await slack.submitView({ user: ada.id, viewId, values: { words: 'Use tabs' } });
    expect(sent.errors?.['words']).toContain('being merged');
    await happenTo(front, { type: 'settle_refused', code: 'conflict', say: 'Conflict.' });
    const again = await slack.submitView({ user: ada.id, viewId, values: { words: 'Use tabs' } });
    expect(again.errors).toBeUndefined();
    expect(await job()).toMatchObject({ status: 'queued' });
  });

  it('*Request changes* of a turn that somebody else went on from is refused, says what to do, and keeps the words', async () => {
    const { front, shows, job, slack, ada, bob } = await startReviewedJob();
    await slack.click({ ...(await shows(TURN_END)), actionId: 'job_changes' });
    const { id: viewId } = await slack.waitFor(() => slack.modals(ada.id)[0]);
    await happenTo(front, { type: 'reply', by: bob.id });
    const sent = await slack.submitView({ user: ada.id, viewId, values: { words: 'Use tabs' } });
    expect(sent.errors?.['words']).toContain('use the newest message in its thread');
    expect(slack.modals(ada.id)).toHaveLength(1);
    expect(await pendingReplies(front.store.db.sql, 1)).toEqual([]);
    expect(await job()).toMatchObject({ status: 'queued', turn: 2 });
  });

  it('*Request changes* refuses blanks', async () => {
    const { press, slack, ada } = await startReviewedJob();
    await press('job_changes');
    const viewId = slack.modals(ada.id)[0]?.id ?? '';
    const sent = await slack.submitView({ user: ada.id, viewId, values: { words: '   ' } });
    expect(sent.errors?.['words']).toContain('sentence');
  });

  it.each([
    ['with a reason', 'Wrong way'],
    ['without', ''],
  ])('*Reject* closes %s', async (_name, reason) => {
    const { press, job, slack, ada } = await startReviewedJob();
    await press('job_reject');
    const viewId = slack.modals(ada.id)[0]?.id ?? '';
    await slack.submitView({ user: ada.id, viewId, values: reason ? { words: reason } : {} });
    expect(await job()).toMatchObject({ status: 'closing', decision: { kind: 'reject', reason } });
  });

  it('*Reject* of a turn that failed closes nothing that a later turn made', async () => {
    const { front, shows, job, slack, ada } = await startReviewedJob();
    const failed: TurnResult = { ...TURN_END, turn: 2, outcome: 'failed' };
    await happenTo(
      front,
      { type: 'reply', by: ada.id },
      { type: 'taken', workId: 'w2' },
      { type: 'turn_ended', result: failed },
    );
    await slack.click({ ...(await shows(failed)), actionId: 'job_reject' });
    const { id: viewId } = await slack.waitFor(() => slack.modals(ada.id)[0]);
    const pull = { number: 3, url: 'https://github.com/acme/shop/pull/3', headSha: 'b'.repeat(40) };
    await happenTo(
      front,
      { type: 'retry', by: ada.id },
      { type: 'taken', workId: 'w3' },
      { type: 'turn_ended', result: { ...TURN_END, turn: 3, headSha: pull.headSha }, pull },
    );
    const sent = await slack.submitView({ user: ada.id, viewId, values: {} });
    expect(sent.errors?.['words']).toContain('has begun another turn since');
    expect(await job()).toMatchObject({ status: 'in_review' });
  });

  it('say so when Slack has closed the window', async () => {
    const { press, slack, told } = await startReviewedJob();
    slack.fault({ method: 'views.open', error: 'expired_trigger_id' });
    await press('job_changes');
    expect(told()).toContain('Press again');
  });
});

describe('*Send to agent*', () => {
  async function openForm(
    options: Parameters<typeof startFront>[0] = {},
    text = 'The totals are wrong for @bob',
  ) {
    const front = await startFront(options);
    const { slack, ada, general, store } = front;
    const { ts } = slack.post({ user: ada.id, channel: general.id, text });
    const used = { user: ada.id, channel: general.id, ts, callbackId: 'send_to_agent' };
    expect((await slack.messageShortcut(used)).error).toBeUndefined();
    await inboxSettled(store);
    return { ...front, ts, viewId: slack.modals(ada.id)[0]?.id ?? '' };
  }

  it("starts a job in the message's thread", async () => {
    const { slack, ada, store, ts, viewId } = await openForm();
    await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'sho' });
    const sent = await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
    expect(sent).toMatchObject({ isAcked: true });
    expect(sent.errors).toBeUndefined();
    expect(await loadJob(store.db.sql, 1)).toMatchObject({
      kind: 'do',
      task: 'The totals are wrong for @Bob',
      threadTs: ts,
      repo: { owner: 'acme', name: 'shop' },
      context: [],
    });
  });

  it('gives the whole of a long message along as context', async () => {
    const text = `start ${'long '.repeat(800)}end`;
    const { slack, ada, store, viewId } = await openForm({}, text);
    await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'sho' });
    await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
    const job = await loadJob(store.db.sql, 1);
    expect(job?.task).toHaveLength(3_000);
    expect(job?.context).toEqual([{ author: 'Ada', text, by: ada.id }]);
  });

  it('shows in the form what is wrong', async () => {
    const world = createWorld({ repositories: ['acme/shop', 'acme/gone'] });
    const { slack, ada, viewId, store } = await openForm({ world });
    await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'gon' });
    world.repositories = ['acme/shop'];
    const sent = await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/gone' } });
    expect(sent.errors?.['repo']).toContain("can't see acme/gone");
    expect(await loadJob(store.db.sql, 1)).toBeUndefined();
  });

  it('keeps the form alive when GitHub is away', async () => {
    const lookups = { repository: () => Promise.reject(new Error('bug')) };
    const { slack, ada, viewId } = await openForm({ lookups });
    await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'sho' });
    const sent = await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
    expect(sent.errors?.['task']).toContain('went wrong on my side');
  });
});

describe('*Send to agent*, when the answer takes longer than a form may', () => {
  it.each([
    ['a refusal', undefined, "can't see `acme/shop`"],
    ['a failure', new Error('bug'), 'went wrong on my side'],
  ])('%s is said where the message stands, or else in a direct message', async (_name, failure, words) => {
    for (const place of ['the channel', 'a direct message'] as const) {
      const late = Promise.withResolvers<undefined>();
      const front = await startFront({ lookups: { repository: () => late.promise } });
      const { slack, ada, general, store } = front;
      const { ts } = slack.post({ user: ada.id, channel: general.id, text: 'The totals are wrong' });
      await slack.messageShortcut({ user: ada.id, channel: general.id, ts, callbackId: 'send_to_agent' });
      await inboxSettled(store);
      const viewId = slack.modals(ada.id)[0]?.id ?? '';
      await slack.suggest({ user: ada.id, viewId, actionId: 'choice_repo', query: 'sho' });
      const sent = await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
      expect(sent.errors).toBeUndefined();
      if (place !== 'the channel')
        slack.fault({ method: 'chat.postEphemeral', error: 'user_not_in_channel' });
      if (failure) late.reject(failure);
      else late.resolve(undefined);
      await inboxSettled(store, 2);
      const told =
        place === 'the channel' ? slack.ephemerals(ada.id) : slack.messages(slack.openDm(ada.id).id);
      expect(told.map((message) => message.text).join()).toContain(words);
    }
  });
});
