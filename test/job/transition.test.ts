// The rules behind the cells of the transition matrix, one by one.
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { type Job, STATUSES } from '../../src/job/job.ts';
import { type JobEvent, transition } from '../../src/job/transition.ts';
import { apply, EVENTS, ended, NOW, OUTSIDE_EVENTS, PLAN_EVENTS, refusal } from '../support/job-events.ts';
import { jobInStatus, SAMPLE_PULL, SHA_A, SHA_B, sampleJob, sampleResult } from '../support/sample-job.ts';

const ALL_EVENTS = Object.entries({ ...EVENTS, ...PLAN_EVENTS, ...OUTSIDE_EVENTS });

test('no event ever changes the job it is given', () => {
  for (const status of STATUSES) {
    for (const [, event] of ALL_EVENTS) {
      const job = jobInStatus(status);
      const before = structuredClone(job);
      transition(job, event, NOW);
      expect(job).toEqual(before);
    }
  }
});

test('a final status refuses everything and says how to begin anew', () => {
  for (const status of ['merged', 'rejected', 'cancelled'] as const) {
    for (const [name, event] of ALL_EVENTS) {
      const said = refusal(jobInStatus(status), event);
      expect(said.code).toBe(name === 'reply' ? 'final' : 'already_final');
      expect(said.refusal).toContain(`J-7 is already ${status}`);
      expect(said.refusal).toContain('/agent fix ISSUE');
    }
  }
});

test('whatever becomes final knows when', () => {
  for (const status of STATUSES) {
    for (const [, event] of ALL_EVENTS) {
      const next = transition(jobInStatus(status), event, NOW);
      if (isRefusal(next)) continue;
      const final = ['merged', 'rejected', 'cancelled'].includes(next.status);
      expect(next.endedAt).toBe(final ? NOW.toISOString() : undefined);
    }
  }
});

test('a takeover with the same work keeps the start of the turn and counts the attempt', () => {
  const first = apply(sampleJob(), { type: 'taken', workId: 'w1' });
  expect(first).toMatchObject({ status: 'running', phase: 'prepare', attempt: 1, workId: 'w1' });
  const again = transition(
    { ...first, phase: 'implement' },
    { type: 'taken', workId: 'w1' },
    new Date(NOW.getTime() + 60_000),
  );
  expect(again).toMatchObject({ phase: 'prepare', attempt: 2, turnStartedAt: NOW.toISOString() });
});

test('approve needs the SHA that was shown and says where the pull is now', () => {
  const said = refusal(jobInStatus('in_review'), { type: 'approve', by: 'U0ADA', sha: SHA_B });
  expect(said.code).toBe('stale');
  expect(said.refusal).toContain(SHA_A.slice(0, 7));
  const next = apply(jobInStatus('in_review'), { type: 'approve', by: 'U0ADA', sha: SHA_A });
  expect(next.decision).toEqual({ kind: 'approve', by: 'U0ADA', at: NOW.toISOString(), sha: SHA_A });
});

test('a moved head leads back to review under its new SHA, and only that one can be approved', () => {
  const back = apply(jobInStatus('merging'), {
    type: 'settle_refused',
    code: 'head_moved',
    say: 'Not merged: somebody pushed.',
    headSha: SHA_B,
  });
  expect(back).toMatchObject({
    status: 'in_review',
    pull: { headSha: SHA_B },
    problem: { code: 'head_moved' },
  });
  expect(back.decision).toBeUndefined();
  expect(refusal(back, { type: 'approve', by: 'U0ADA', sha: SHA_A }).code).toBe('stale');
  expect(refusal(back, { type: 'approve', by: 'U0ADA', sha: SHA_B }).code, 'nobody verified it').toBe(
    'blocking',
  );
  const merging = apply(back, { type: 'approve', by: 'U0ADA', sha: SHA_B, knowing: true });
  expect(merging).toMatchObject({ status: 'merging', decision: { sha: SHA_B } });
  expect(merging.problem).toBeUndefined();
});

test('stopping a queued turn ends the job without a pull and leaves a pull to its deciders', () => {
  expect(apply(sampleJob(), { type: 'stop', by: 'U0BOB' })).toMatchObject({
    status: 'cancelled',
    results: [{ turn: 1, outcome: 'stopped', stoppedBy: 'U0BOB' }],
  });
  const second = apply(jobInStatus('in_review'), { type: 'reply', by: 'U0BOB' });
  const stopped = apply(second, { type: 'stop', by: 'U0BOB' });
  expect(stopped).toMatchObject({ status: 'in_review', pull: SAMPLE_PULL });
  expect(stopped.results.map((result) => [result.turn, result.outcome])).toEqual([
    [1, 'pull'],
    [2, 'stopped'],
  ]);
});

test('stopping a running turn is a wish until its runner grants it, however often it is said', () => {
  const wished = apply(jobInStatus('running'), { type: 'stop', by: 'U0BOB' });
  expect(wished).toMatchObject({ status: 'running', stop: { by: 'U0BOB' } });
  expect(apply(wished, { type: 'stop', by: 'U0EVE' }).stop?.by).toBe('U0BOB');
  expect(apply(wished, ended('stopped'))).toMatchObject({ status: 'cancelled' });
  expect(apply({ ...wished, pull: SAMPLE_PULL }, ended('stopped')).status).toBe('in_review');
  expect(apply(wished, ended('stopped')).stop).toBeUndefined();
});

test('a turn that somebody stopped is not put back but ends', () => {
  const wished = apply(jobInStatus('running'), { type: 'stop', by: 'U0BOB' });
  const put = apply(wished, { type: 'put_back', code: 'github_down', say: 'GitHub does not answer.' });
  expect(put).toMatchObject({ status: 'cancelled', results: [{ outcome: 'stopped', stoppedBy: 'U0BOB' }] });
  const withPull = apply({ ...wished, pull: SAMPLE_PULL }, { type: 'put_back', code: 'restart', say: 'x' });
  expect(withPull.status).toBe('in_review');
  expect(withPull.stop).toBeUndefined();
  expect(withPull.problem).toBeUndefined();
});

test('a stopped queued turn leaves no trace of why it had been put back', () => {
  const again = apply(
    { ...jobInStatus('running'), pull: SAMPLE_PULL },
    { type: 'put_back', code: 'github_down', say: 'GitHub does not answer.' },
  );
  const stopped = apply(again, { type: 'stop', by: 'U0BOB' });
  expect(stopped.status).toBe('in_review');
  expect(stopped.problem).toBeUndefined();
  expect(stopped.putBacks).toBeUndefined();
});

test('put_back counts against the patience of a job, except for our own restarts', () => {
  const put = (job: Job, code: string) =>
    apply({ ...job, status: 'running' }, { type: 'put_back', code, say: 'GitHub does not answer.' });
  const first = put(jobInStatus('running'), 'github_down');
  expect(first).toMatchObject({ status: 'queued', putBacks: 1, turn: 1, problem: { code: 'github_down' } });
  expect(first.workId).toBeUndefined();
  expect(put(first, 'restart').putBacks).toBe(1);
  expect(put(first, 'github_down').putBacks).toBe(2);
  expect(apply({ ...first, status: 'running' }, ended('failed')).putBacks).toBeUndefined();
});

test('a new turn is counted only when this one had a result', () => {
  expect(apply({ ...jobInStatus('waiting'), results: [] }, { type: 'reply', by: 'U0BOB' }).turn).toBe(1);
  const second = apply(jobInStatus('in_review'), { type: 'reply', by: 'U0BOB' });
  expect(second.turn).toBe(2);
  expect(apply(second, { type: 'reply', by: 'U0BOB' }).turn).toBe(2);
  expect(apply(jobInStatus('failed'), { type: 'retry', by: 'U0BOB' })).toMatchObject({
    turn: 2,
    status: 'queued',
  });
});

test('a reply makes its author a participant once, and never the requester', () => {
  const heard = apply(jobInStatus('running'), { type: 'reply', by: 'U0BOB' });
  expect(heard).toMatchObject({ status: 'running', participants: ['U0BOB'] });
  expect(apply(heard, { type: 'reply', by: 'U0BOB' }).participants).toEqual(['U0BOB']);
  expect(apply(heard, { type: 'reply', by: 'U0ADA' }).participants).toEqual(['U0BOB']);
});

test('a reply after a refused merge starts a turn with no memory of the decision', () => {
  const back = apply(jobInStatus('merging'), { type: 'settle_refused', code: 'conflict', say: 'Conflict.' });
  const next = apply(back, { type: 'reply', by: 'U0ADA' });
  expect(next).toMatchObject({ status: 'queued', turn: 2 });
  expect([next.problem, next.decision, next.mergeTicket]).toEqual([undefined, undefined, undefined]);
});

test('an answer beside an open pull leaves it in review, alone it is done', () => {
  const running = { ...jobInStatus('running'), pull: SAMPLE_PULL, results: [sampleResult()], turn: 2 };
  expect(apply(running, ended('answer', 2))).toMatchObject({ status: 'in_review', pull: SAMPLE_PULL });
  expect(apply(jobInStatus('running'), ended('answer')).status).toBe('done');
});

test('the wish to interrupt lasts until it has been granted', () => {
  const wished = apply(jobInStatus('running'), { type: 'interrupt', by: 'U0BOB' });
  expect(apply(wished, { type: 'learned', steerable: false }).interrupt?.by).toBe('U0BOB');
  expect(apply(wished, { type: 'learned', interrupted: true }).interrupt).toBeUndefined();
});

test('a merge under way remembers its ticket and forgets it when settled', () => {
  const under = apply(jobInStatus('merging'), { type: 'merge_under_way', say: 'queued', ticket: 'M1' });
  expect(under).toMatchObject({ status: 'merging', mergeTicket: 'M1', problem: { reason: 'queued' } });
  const merged = apply(under, { type: 'merged', sha: SHA_A });
  expect([merged.problem, merged.mergeTicket]).toEqual([undefined, undefined]);
});

test('a failed job with a pull can be rejected, one without cannot', () => {
  const reject: JobEvent = { type: 'reject', by: 'U0ADA', reason: 'no' };
  expect(apply({ ...jobInStatus('failed'), pull: SAMPLE_PULL }, reject).status).toBe('closing');
  expect(refusal(jobInStatus('failed'), reject).code).toBe('not_in_review');
  expect(refusal({ ...jobInStatus('failed'), pull: SAMPLE_PULL }, { type: 'stop', by: 'U0ADA' }).code).toBe(
    'has_pull',
  );
});
