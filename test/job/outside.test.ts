// The rule that tells, from a job and what GitHub says now, what people did there; and what each such thing does to a job.
import { describe, expect, test } from 'vitest';
import { type Job, STATUSES, type Status } from '../../src/job/job.ts';
import { type Ages, judgeSighting, type PullSighting, type Sighting } from '../../src/job/outside.ts';
import { CLOSED_LIFETIME_MS, PUSH_SETTLES_MS } from '../../src/job/timing.ts';
import { apply, NOW, refusal } from '../support/job-events.ts';
import { jobInStatus, SAMPLE_PULL, SHA_A, SHA_B, sampleResult } from '../support/sample-job.ts';

const PULL: PullSighting = {
  repo: { owner: 'acme', name: 'shop' },
  repoUrl: 'https://github.test/acme/shop',
  url: SAMPLE_PULL.url,
  state: 'open',
  headRef: 'errand/J-7',
  headSha: SHA_A,
  baseRef: 'main',
};
const OPEN_ISSUE = { state: 'open' } as const;

function seeing(pull: Partial<PullSighting> = {}, issue: Sighting['issue'] = OPEN_ISSUE): Sighting {
  return { pull: { ...PULL, ...pull }, issue };
}

/** Everything at once: applies what the rule says, as the reconciler does. */
function follow(job: Job, seen: Sighting): Job {
  return judgeSighting(job, seen, {}).reduce(apply, job);
}

function withPull(status: Status, fields: Partial<Job> = {}): Job {
  return { ...jobInStatus(status), pull: SAMPLE_PULL, ...fields };
}

const types = (job: Job, seen: Sighting, ages: Ages = {}) =>
  judgeSighting(job, seen, ages).map(({ type }) => type);
const inReview = jobInStatus('in_review');

describe('what people did at GitHub', () => {
  test('nothing: there is nothing to tell, in any status', () => {
    for (const status of STATUSES) expect(judgeSighting(withPull(status), seeing(), {})).toEqual([]);
  });

  test('whatever is told is told once: the next look at the same thing finds the job knows', () => {
    const sightings: Sighting[] = [
      seeing({ state: 'closed' }),
      seeing({ state: 'merged', headSha: SHA_B, mergedBy: 'carla' }),
      seeing({ headSha: SHA_B }),
      seeing({ baseRef: 'release' }),
      seeing({ repo: { owner: 'acme', name: 'store' } }),
      seeing({ state: 'closed', headSha: SHA_B, baseRef: 'release' }, { state: 'closed', closedBy: 'carla' }),
      { pull: 'gone', issue: 'gone' },
    ];
    for (const status of [
      'in_review',
      'failed',
      'waiting',
      'queued',
      'running',
      'merging',
      'closing',
    ] as const) {
      for (const seen of sightings) {
        const told = follow(withPull(status), seen);
        expect(judgeSighting(told, seen, {}), `${status} ${JSON.stringify(seen)}`).toEqual([]);
      }
    }
  });

  test('a final job hears nothing any more', () => {
    for (const status of ['merged', 'rejected', 'cancelled'] as const)
      expect(types(withPull(status), { pull: 'gone', issue: 'gone' })).toEqual([]);
  });

  test('merged: the job is merged, by whom and at which head', () => {
    for (const status of ['in_review', 'failed', 'waiting', 'merging', 'closing'] as const) {
      const next = follow(withPull(status), seeing({ state: 'merged', headSha: SHA_B, mergedBy: 'carla' }));
      expect(next).toMatchObject({
        status: 'merged',
        pull: { headSha: SHA_B },
        outside: { mergedBy: 'carla' },
      });
    }
    for (const status of ['queued', 'running'] as const)
      expect(types(withPull(status), seeing({ state: 'merged' })), 'the turn tells its requester').toEqual(
        [],
      );
  });

  test('closed, then reopened: in review all the time, and nothing is left of it', () => {
    const closed = follow(inReview, seeing({ state: 'closed' }));
    expect(closed).toMatchObject({ status: 'in_review', outside: { closed: { at: NOW.toISOString() } } });
    const said = refusal(closed, { type: 'approve', by: 'U0ADA', sha: SHA_A });
    expect(said).toMatchObject({ code: 'pull_closed' });
    expect(said.refusal).toContain('Reopen it there');
    expect(apply(closed, { type: 'reject', by: 'U0ADA', reason: '' }).status).toBe('closing');
    expect(apply(closed, { type: 'reply', by: 'U0ADA' }).status).toBe('queued');
    expect(follow(closed, seeing())).toEqual(inReview);
  });

  test('closed and forgotten: rejected after a week, not before', () => {
    const closed = follow(inReview, seeing({ state: 'closed' }));
    expect(types(closed, seeing({ state: 'closed' }), { closedMs: CLOSED_LIFETIME_MS })).toEqual([]);
    const late = { closedMs: CLOSED_LIFETIME_MS + 1 };
    expect(types(closed, seeing({ state: 'closed' }), late)).toEqual(['closed']);
    expect(types(closed, seeing({ state: 'open' }), late)).toEqual(['pull_reopened']);
  });

  test('pushed: approving what was shown is refused, approving the new head asks twice', () => {
    const moved = apply(inReview, { type: 'pull_pushed', headSha: SHA_B, login: 'carla' });
    expect(moved).toMatchObject({
      status: 'in_review',
      pull: { headSha: SHA_B },
      outside: { pushed: { by: 'carla', shown: SHA_A } },
    });
    expect(refusal(moved, { type: 'approve', by: 'U0ADA', sha: SHA_A }).code).toBe('stale');
    const approve = { type: 'approve', by: 'U0ADA', sha: SHA_B } as const;
    expect(refusal(moved, approve).refusal, 'nobody verified that head').toContain('Pushed by carla');
    expect(apply(moved, { ...approve, knowing: true }).decision?.sha).toBe(SHA_B);
    const twice = apply(moved, { type: 'pull_pushed', headSha: 'c'.repeat(40) });
    expect(twice.outside?.pushed?.shown, 'what the result speaks of').toBe(SHA_A);
    expect(apply(twice, { type: 'pull_pushed', headSha: SHA_A }), 'pushed back').toEqual(inReview);
  });

  test('pushed while nobody decides by the head: the next turn tells', () => {
    for (const status of ['queued', 'running', 'waiting', 'failed', 'merging', 'closing'] as const)
      expect(types(withPull(status), seeing({ headSha: SHA_B })), status).toEqual([]);
  });

  test('a late echo of the head before our own push is no push', () => {
    const first = sampleResult({ headSha: SHA_A });
    const second = sampleResult({ turn: 2, headSha: SHA_B, endedAt: NOW.toISOString() });
    const job: Job = { ...inReview, results: [first, second], pull: { ...SAMPLE_PULL, headSha: SHA_B } };
    expect(types(job, seeing({ headSha: SHA_A }))).toEqual([]);
    const later = { resultMs: PUSH_SETTLES_MS + 1 };
    expect(types(job, seeing({ headSha: SHA_A }), later)).toEqual(['pull_pushed']);
  });

  test('retargeted: a button that showed another base is refused; back again is as before', () => {
    const led = follow(inReview, seeing({ baseRef: 'release' }));
    expect(led).toMatchObject({ base: 'release', outside: { retargeted: { from: 'main' } } });
    const click = { type: 'approve', by: 'U0ADA', sha: SHA_A } as const;
    expect(refusal(led, { ...click, base: 'main' })).toMatchObject({ code: 'stale' });
    expect(apply(led, { ...click, base: 'release' }).status).toBe('merging');
    expect(follow(led, seeing())).toEqual(inReview);
  });

  test('renamed: the job goes by the new name and its links follow; a running turn keeps the old one to its end', () => {
    const repo = { owner: 'acme', name: 'store' };
    const seen = seeing({
      repo,
      repoUrl: 'https://github.test/acme/store',
      url: 'https://github.test/acme/store/pull/3',
    });
    const next = follow(inReview, seen);
    expect(next).toMatchObject({ repo, repoUrl: 'https://github.test/acme/store', status: 'in_review' });
    expect(next.pull?.url).toBe('https://github.test/acme/store/pull/3');
    expect(next.outside?.renamedFrom).toEqual({ owner: 'acme', name: 'shop' });
    expect(types(withPull('running'), seen)).toEqual([]);
  });

  test('gone and back: it rests in between', () => {
    const gone = follow(inReview, { pull: 'gone', issue: 'gone' });
    expect(gone).toMatchObject({ status: 'in_review', outside: { gone: { at: NOW.toISOString() } } });
    expect(follow(gone, seeing())).toEqual(inReview);
  });

  test("a stranger's pull under the same name and number is none of ours", () => {
    const stranger = seeing({ headRef: 'feature', state: 'merged', headSha: SHA_B });
    expect(types(inReview, stranger)).toEqual(['pull_gone']);
  });

  test('the issue closed and reopened, also before there is a pull', () => {
    const running = jobInStatus('running');
    const closed = follow(running, { issue: { state: 'closed', closedBy: 'carla' } });
    expect(closed).toMatchObject({ status: 'running', outside: { issueClosed: { by: 'carla' } } });
    expect(follow(closed, { issue: OPEN_ISSUE })).toEqual(running);
    expect(types(running, { issue: 'gone' })).toEqual(['issue_closed']);
  });
});

test('a new result tells the news by itself; an answer leaves it standing', () => {
  const news = follow(inReview, seeing({ state: 'closed', headSha: SHA_B, baseRef: 'release' }));
  const again = apply(apply(news, { type: 'reply', by: 'U0ADA' }), { type: 'taken', workId: 'w2' });
  const end = { turn: 2, endedAt: NOW.toISOString(), usage: {} };
  const pull = { ...SAMPLE_PULL, headSha: 'c'.repeat(40) };
  const published = apply(again, { type: 'turn_ended', result: { ...end, outcome: 'pull' }, pull });
  expect(published.outside).toBeUndefined();
  const answered = apply(again, { type: 'turn_ended', result: { ...end, outcome: 'answer' } });
  expect(answered).toMatchObject({ status: 'in_review', outside: news.outside });
});

test('a refused merge leaves the same marks as the look that would have found the reason', () => {
  const merging = jobInStatus('merging');
  const moved = apply(merging, { type: 'settle_refused', code: 'head_moved', say: 'Moved.', headSha: SHA_B });
  expect(moved).toMatchObject({ pull: { headSha: SHA_B }, outside: { pushed: { shown: SHA_A } } });
  const led = apply(merging, { type: 'settle_refused', code: 'retargeted', say: 'Led.', base: 'release' });
  expect(led).toMatchObject({ base: 'release', outside: { retargeted: { from: 'main' } } });
});

test('a merge that GitHub is busy with can be stopped; one that is just being asked for cannot', () => {
  const merging = jobInStatus('merging');
  expect(refusal(merging, { type: 'stop', by: 'U0BOB' }).code).toBe('not_running');
  const waits = apply(merging, { type: 'merge_under_way', say: "it is in GitHub's merge queue" });
  const stopping = apply(waits, { type: 'stop', by: 'U0BOB' });
  expect(stopping).toMatchObject({ status: 'merging', stop: { by: 'U0BOB' } });
  expect(apply(stopping, { type: 'stop', by: 'U0ADA' })).toEqual(stopping);
  const back = apply(stopping, { type: 'settle_refused', code: 'withdrawn', say: 'Stopped.' });
  expect(back).toMatchObject({ status: 'in_review', problem: { code: 'withdrawn' } });
  expect(back.stop).toBeUndefined();
  expect(apply(stopping, { type: 'merged', sha: SHA_A }).stop).toBeUndefined();
});
