// What people may ask: once however often it is delivered, only in their own workspace, and decided by the right ones.
import { expect, test } from 'vitest';
import type { ActionContext } from '../../src/actions/act.ts';
import { approveJob } from '../../src/actions/approve-job.ts';
import { rejectJob } from '../../src/actions/reject-job.ts';
import { replyToJob } from '../../src/actions/reply-to-job.ts';
import { retryJob } from '../../src/actions/retry-job.ts';
import { startJob } from '../../src/actions/start-job.ts';
import { interruptJob, stopJob } from '../../src/actions/stop-job.ts';
import { isRefusal } from '../../src/errors.ts';
import type { Status } from '../../src/job/job.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { loadMessages } from '../../src/store/messages.ts';
import { pendingReplies } from '../../src/store/replies.ts';
import { jobInStatus, MEMBER, SHA_A, SHA_B } from '../support/sample-job.ts';
import { addJob, now, queueItems, shareRoom, tenTimes } from '../support/store-room.ts';

const room = shareRoom();
const context = (approvers: readonly string[] = []): ActionContext => ({
  store: room(),
  now,
  rules: { approvers },
});
const ada = { team: 'T1', by: 'U0ADA', from: MEMBER };
const bob = { team: 'T1', by: 'U0BOB', from: MEMBER };

/** A job that rests in `status`. */
const rests = (status: Status) => {
  const { id: _id, ...fields } = jobInStatus(status);
  return addJob(room(), fields);
};
const code = (answer: unknown) => (isRefusal(answer) ? answer.code : 'done');

test('a wish that is delivered ten times starts one job with everything it said', async () => {
  const wish = {
    sourceKey: 'msg:T1:C1:1.1',
    kind: 'do' as const,
    task: 'Round once',
    repo: { owner: 'acme', name: 'shop' },
    repoUrl: 'https://github.test/acme/shop',
    base: 'main',
    team: 'T1',
    channel: 'C1',
    threadTs: '1.1',
    requester: 'U0ADA',
    from: MEMBER,
    context: [{ author: 'Bob', text: 'It is off' }],
  };
  const answers = (await tenTimes(() => startJob(context(), wish))).flatMap((answer) =>
    isRefusal(answer) ? [] : [answer],
  );
  expect(answers).toHaveLength(10);
  expect(answers.filter((answer) => answer.created)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.job.id)).size).toBe(1);
  const job = answers[0]?.job;
  expect(job).toMatchObject({
    status: 'queued',
    turn: 1,
    threadTs: '1.1',
    context: wish.context,
    task: 'Round once',
  });
  expect(job?.branch).toBe(`errand/J-${job?.id}`);
});

test('the requester and named approvers decide, others are told who can', async () => {
  const decide = [
    (by: string, jobId: number, approvers: string[] = []) =>
      approveJob(context(approvers), { jobId, team: 'T1', by, from: MEMBER, sha: SHA_A }),
    (by: string, jobId: number, approvers: string[] = []) =>
      rejectJob(context(approvers), { jobId, team: 'T1', by, from: MEMBER, reason: 'no' }),
  ];
  for (const wish of decide) {
    const { id } = await rests('in_review');
    const refused = await wish('U0BOB', id);
    expect(code(refused)).toBe('not_yours');
    expect(isRefusal(refused) && refused.refusal).toContain('<@U0ADA>');
    expect(code(await wish('U0BOB', id, ['U0EVE']))).toBe('not_yours');
    expect((await loadJob(room().db.sql, id))?.status).toBe('in_review');
    expect(code(await wish('U0EVE', id, ['U0EVE']))).toBe('done');
    expect(code(await wish('U0ADA', (await rests('in_review')).id))).toBe('done');
  }
});

test('anybody in the channel may stop, retry, interrupt and reply', async () => {
  expect(code(await stopJob(context(), { ...bob, jobId: (await rests('queued')).id }))).toBe('done');
  expect(code(await retryJob(context(), { ...bob, jobId: (await rests('failed')).id }))).toBe('done');
  expect(code(await interruptJob(context(), { ...bob, jobId: (await rests('running')).id }))).toBe('done');
  const said = await replyToJob(context(), {
    ...bob,
    jobId: (await rests('done')).id,
    key: 'any:1',
    text: 'x',
  });
  expect(said.kind).toBe('next_turn');
});

test('a job of another workspace does not exist, whatever is wished of it', async () => {
  const { id: jobId } = await rests('in_review');
  const wish = { jobId, team: 'T2', by: 'U0ADA', from: MEMBER };
  const answers = [
    await approveJob(context(), { ...wish, sha: SHA_A }),
    await rejectJob(context(), { ...wish, reason: '' }),
    await stopJob(context(), wish),
    await interruptJob(context(), wish),
    await retryJob(context(), wish),
    await approveJob(context(), { ...ada, jobId: 999_999, sha: SHA_A }),
  ];
  expect(answers.map(code)).toEqual(Array(6).fill('no_such_job'));
  const said = await replyToJob(context(), { ...wish, key: 'foreign', text: 'x' });
  expect(said).toMatchObject({ kind: 'refused', refusal: { code: 'no_such_job' } });
  expect((await loadJob(room().db.sql, jobId))?.revision).toBe(1);
});

test('ten clicks on Approve are one approval; a click on an older message is refused', async () => {
  const { id: jobId } = await rests('in_review');
  expect(code(await approveJob(context(), { ...ada, jobId, sha: SHA_B }))).toBe('stale');
  const before = await queueItems(room(), jobId);
  const answers = await tenTimes(() => approveJob(context(), { ...ada, jobId, sha: SHA_A }));
  expect(answers.map(code).toSorted()).toEqual([...Array(9).fill('already_decided'), 'done']);
  expect(await queueItems(room(), jobId)).toBe(before + 1);
});

test('a rejection keeps its reason, and repeated ones change nothing', async () => {
  const { id: jobId } = await rests('in_review');
  const answers = await tenTimes((n) => rejectJob(context(), { ...ada, jobId, reason: `reason ${n}\u0000` }));
  expect(answers.map(code).toSorted()).toEqual([...Array(9).fill('already_decided'), 'done']);
  const job = await loadJob(room().db.sql, jobId);
  expect(job).toMatchObject({ status: 'closing', decision: { kind: 'reject', by: 'U0ADA' } });
  expect(job?.decision?.reason).toMatch(/^reason \d\uFFFD$/);
});

test('repeated stops and retries have one effect', async () => {
  const running = await rests('running');
  const stops = await tenTimes((n) =>
    stopJob(context(), { team: 'T1', by: `U${n}`, from: MEMBER, jobId: running.id }),
  );
  expect(new Set(stops.map((job) => !isRefusal(job) && job.stop?.by)).size).toBe(1);
  const failed = await rests('failed');
  const before = await queueItems(room(), failed.id);
  const retries = await tenTimes(() => retryJob(context(), { ...bob, jobId: failed.id }));
  expect(retries.map(code).toSorted()).toEqual(['done', ...Array(9).fill('not_failed')]);
  expect(await queueItems(room(), failed.id)).toBe(before + 1);
});

test('the same reply delivered ten times is stored once and starts one turn', async () => {
  const { id: jobId } = await rests('in_review');
  const before = await queueItems(room(), jobId);
  const wish = { ...bob, jobId, key: 'msg:same', text: 'And a test', message: { channel: 'C1', ts: '1.2' } };
  const answers = await tenTimes(() => replyToJob(context(), wish));
  expect(answers.map((answer) => answer.kind).toSorted()).toEqual([
    'next_turn',
    ...Array(9).fill('repeated'),
  ]);
  expect(await pendingReplies(room().db.sql, jobId)).toHaveLength(1);
  expect(await queueItems(room(), jobId)).toBe(before + 1);
  expect(await loadJob(room().db.sql, jobId)).toMatchObject({
    status: 'queued',
    turn: 2,
    participants: ['U0BOB'],
  });
});

test('ten different replies at once are all stored and start one turn', async () => {
  const { id: jobId } = await rests('done');
  const before = await queueItems(room(), jobId);
  const answers = await tenTimes((n) =>
    replyToJob(context(), { ...ada, jobId, key: `many:${n}`, text: `${n}` }),
  );
  expect(answers.map((answer) => answer.kind).toSorted()).toEqual([
    'next_turn',
    ...Array(9).fill('steering'),
  ]);
  expect(await pendingReplies(room().db.sql, jobId)).toHaveLength(10);
  expect(await queueItems(room(), jobId)).toBe(before + 1);
});

test('a reply to a finished job tells each person once how to go on', async () => {
  const { id: jobId } = await rests('merged');
  const wish = { ...bob, jobId, text: 'One more thing', message: { channel: 'C1', ts: '1.3' } };
  for (const key of ['f:1', 'f:2']) {
    expect(await replyToJob(context(), { ...wish, key })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'final' },
    });
  }
  await replyToJob(context(), { ...wish, by: 'U0EVE', key: 'f:3' });
  expect((await loadMessages(room().db.sql, jobId)).map((one) => one.slot).toSorted()).toEqual([
    'notice:final:U0BOB',
    'notice:final:U0EVE',
  ]);
  expect(await pendingReplies(room().db.sql, jobId)).toEqual([]);
});

test('a late delivery of a reply that had its effect is not answered as if it were new', async () => {
  const { id: jobId } = await rests('in_review');
  const wish = { ...ada, jobId, key: 'late:1', text: 'x', message: { channel: 'C1', ts: '1.4' } };
  await replyToJob(context(), wish);
  await stopJob(context(), { ...ada, jobId });
  await approveJob(context(), { ...ada, jobId, sha: SHA_A });
  expect((await replyToJob(context(), wish)).kind).toBe('repeated');
});

test('while GitHub is settling a decision the agent takes no more words', async () => {
  const { id: jobId } = await rests('merging');
  const said = await replyToJob(context(), { ...ada, jobId, key: 'd:1', text: 'wait' });
  expect(said).toMatchObject({ kind: 'refused', refusal: { code: 'deciding' } });
});
