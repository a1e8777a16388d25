// Turns by what happens at GitHub: how many in a row, for which head, and who renews or ends them.
import { describe, expect, test } from 'vitest';
import { MOST_FOLLOWED } from '../../src/job/follow-up.ts';
import type { Job } from '../../src/job/job.ts';
import { judgeSighting, type PullSighting } from '../../src/job/outside.ts';
import type { JobEvent } from '../../src/job/transition.ts';
import { apply, ended, refusal } from '../support/job-events.ts';
import { jobInStatus, SAMPLE_PULL, SHA_A, SHA_B } from '../support/sample-job.ts';

const red = (sha: string): JobEvent => ({
  type: 'follow_up',
  occasion: { kind: 'checks', sha, red: [{ name: 'test' }] },
});
const remarks: JobEvent = { type: 'follow_up', occasion: { kind: 'remarks' } };
const shaOf = (n: number) => n.toString(16).padStart(40, '0');

/** The turn that waits runs and pushes the `n`th head. */
function pushes(job: Job, n: number): Job {
  const taken = apply(job, { type: 'taken', workId: `w${n}` });
  return apply(taken, {
    ...ended('pull', taken.turn),
    pull: { ...SAMPLE_PULL, headSha: shaOf(n) },
  } as JobEvent);
}
/** The turn that waits runs and changes nothing. */
function answers(job: Job): Job {
  const taken = apply(job, { type: 'taken', workId: 'w' });
  return apply(taken, ended('answer', taken.turn));
}

describe('red checks', () => {
  test('are a turn, twice in a row and then no more, until somebody speaks', () => {
    let job = jobInStatus('in_review');
    job = apply(job, red(SHA_A));
    expect(job).toMatchObject({ status: 'queued', turn: 2, occasion: { kind: 'checks', sha: SHA_A } });
    job = pushes(job, 1);
    expect(job.occasion).toBeUndefined();
    job = pushes(apply(job, red(shaOf(1))), 2);
    const over = apply(job, red(shaOf(2)));
    expect(over).toMatchObject({
      status: 'in_review',
      followed: { checks: MOST_FOLLOWED.checks, over: 'checks' },
    });
    expect(apply(over, red(shaOf(2))), 'said once').toBe(over);
    const spoken = pushes(apply(over, { type: 'reply', by: 'U0ADA' }), 3);
    expect(apply(spoken, red(shaOf(3))).status).toBe('queued');
  });

  test('of a head that a turn looked at are none again, nor those of another head', () => {
    const looked = answers(apply(jobInStatus('in_review'), red(SHA_A)));
    expect(apply(looked, red(SHA_A))).toBe(looked);
    expect(apply(looked, red(SHA_B))).toBe(looked);
  });

  test('leave a job alone that failed', () => {
    const failed = { ...jobInStatus('failed'), pull: SAMPLE_PULL };
    expect(apply(failed, red(SHA_A))).toBe(failed);
  });
});

describe('remarks', () => {
  test('are a turn, so often in a row and then no more, until somebody speaks', () => {
    let job = jobInStatus('in_review');
    for (let n = 1; n <= MOST_FOLLOWED.turns; n += 1) job = answers(apply(job, remarks));
    const over = apply(job, remarks);
    expect(over).toMatchObject({ status: 'in_review', followed: { over: 'turns' } });
    expect(apply(over, { type: 'reply', by: 'U0ADA' }).followed).toBeUndefined();
  });

  test('go on in a job that failed, and Retry tries the same again', () => {
    const failed = { ...jobInStatus('failed'), pull: SAMPLE_PULL };
    const taken = apply(apply(failed, remarks), { type: 'taken', workId: 'w' });
    const again = apply(taken, ended('failed', taken.turn));
    expect(apply(again, { type: 'retry', by: 'U0ADA' }).occasion).toEqual({ kind: 'remarks' });
  });
});

describe('nothing follows', () => {
  test.each([
    ['a muted job', { muted: { by: 'U0ADA', at: 'now' } }],
    ['a closed pull', { outside: { closed: { at: 'now' } } }],
    ['a pull that is gone', { outside: { gone: { at: 'now' } } }],
    ['a job without a pull', { pull: undefined }],
    ['a lesson', { kind: 'remember' }],
  ])('%s', (_name, fields) => {
    const job = { ...jobInStatus('in_review'), ...fields } as Job;
    expect(refusal(job, remarks).code).toBe('wrong_status');
  });

  test('until it is unmuted', () => {
    const muted = apply(jobInStatus('in_review'), { type: 'mute', by: 'U0ADA' });
    expect(apply(muted, { type: 'mute', by: 'U0BOB' }), 'twice').toBe(muted);
    expect(apply(apply(muted, { type: 'unmute', by: 'U0BOB' }), remarks).status).toBe('queued');
  });
});

describe('a branch that is behind its base', () => {
  const sighting = (fields: Partial<PullSighting>): PullSighting => ({
    repo: { owner: 'acme', name: 'shop' },
    repoUrl: 'https://github.test/acme/shop',
    url: SAMPLE_PULL.url,
    state: 'open',
    headRef: 'errand/J-7',
    headSha: SHA_A,
    baseRef: 'main',
    ...fields,
  });
  const see = (job: Job, fields: Partial<PullSighting>) =>
    judgeSighting(job, { pull: sighting(fields) }, {}).reduce(apply, job);

  test('is told, and no more once it is not', () => {
    const conflicting = see(jobInStatus('in_review'), { freshness: 'conflicts' });
    expect(conflicting.outside?.outdated?.how).toBe('conflicts');
    expect(see(conflicting, { freshness: 'conflicts' })).toBe(conflicting);
    expect(see(conflicting, {}), 'GitHub works it out anew').toBe(conflicting);
    expect(see(conflicting, { freshness: 'current' }).outside).toBeUndefined();
    expect(
      see(jobInStatus('in_review'), { freshness: 'conflicts', headSha: SHA_B }).outside?.outdated,
    ).toBeUndefined();
  });

  test('is updated by a person, in a turn that ends the telling', () => {
    const job = see(jobInStatus('in_review'), { freshness: 'behind' });
    const queued = apply(job, { type: 'update_branch', by: 'U0BOB', turn: 1 });
    expect(queued).toMatchObject({ status: 'queued', turn: 2, occasion: { kind: 'update', by: 'U0BOB' } });
    expect(pushes(queued, 1).outside).toBeUndefined();
    expect(refusal(queued, { type: 'update_branch', by: 'U0BOB', turn: 2 }).code).toBe('wrong_status');
    expect(refusal(job, { type: 'update_branch', by: 'U0BOB', turn: 3 }).code).toBe('stale');
  });
});

describe('a correction', () => {
  const reply: JobEvent = { type: 'reply', by: 'U0BOB' };
  test('is a word to what was shown, in Slack or under the pull', () => {
    expect(apply(jobInStatus('in_review'), reply).corrected).toBe(true);
    expect(apply(jobInStatus('in_review'), remarks).corrected).toBe(true);
  });
  test('is no red check, and no word to a job that has shown nothing', () => {
    expect(apply(jobInStatus('in_review'), red(SHA_A)).corrected).toBeUndefined();
    expect(apply(jobInStatus('queued'), reply).corrected).toBeUndefined();
    expect(apply(jobInStatus('running'), reply).corrected).toBeUndefined();
  });
});
