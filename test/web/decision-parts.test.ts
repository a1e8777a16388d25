// What a page says to whoever decides: the doubts that Slack names too, and what happened at GitHub without us.
import { expect, test } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { listOffers } from '../../src/job/offers.ts';
import { drawActions } from '../../src/web/job/actions-part.ts';
import { drawState } from '../../src/web/job/state-part.ts';
import { SAMPLE_PULL, SHA_B, sampleJob, sampleResult } from '../support/sample-job.ts';

const AT = '2026-03-01T09:00:00.000Z';
const inReview = (fields: Partial<Job> = {}) =>
  sampleJob({ status: 'in_review', pull: SAMPLE_PULL, results: [sampleResult()], ...fields });
const viewer = { person: 'U1', team: 'T1', name: 'Ann', formToken: 'x' };
const actionsOf = (job: Job) =>
  String(drawActions({ job, jobName: `J-${job.id}`, viewer }, listOffers(job, 0)));
const stateOf = (job: Job) =>
  String(drawState(job, { progress: { plan: [], usage: {} }, names: (id) => id }));

test('the question before a merge names checks that are not green', () => {
  const red = {
    name: 'lint',
    command: 'npm run lint',
    outcome: 'failed',
    exitCode: 1,
    output: '',
    durationMs: 5,
  } as const;
  expect(actionsOf(inReview({ results: [sampleResult({ checks: [red] })] }))).toContain('Not green: lint.');
  expect(actionsOf(inReview())).not.toContain('Not green');
});

test('the head of the page names pushes, another base, and a pull that is gone', () => {
  const outside = {
    pushed: { by: 'carla', at: AT, shown: SHA_B },
    retargeted: { from: 'old-base', at: AT },
    gone: { at: AT },
  };
  const page = stateOf(inReview({ outside }));
  expect(page).toContain('carla pushed');
  expect(page).toContain(`/compare/${SHA_B}...${SAMPLE_PULL.headSha}"`);
  expect(page).toContain('it was <code>old-base</code>');
  expect(page).toContain('GitHub no longer shows pull #3');
  expect(stateOf(inReview())).not.toContain('notice');
});
