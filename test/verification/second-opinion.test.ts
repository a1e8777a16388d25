// Before people are asked, a change is planned by one session and reviewed by another, neither of which has seen what its
// author said. What the reviewer objects to goes back once; an opinion that does not come is never taken for a yes.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerLine as answer, askedOf, promptsOf } from '../support/asked-of.ts';
import { DECISION, IN_SPITE } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8', ERRAND_PLAN: 'auto', ERRAND_REVIEW: 'on' } });
});
afterAll(() => errand.close());

const pullOf = (job: JobThread) =>
  errand.github.pulls(errand.repo).find((pull) => pull.head.ref === `errand/${job.name}`);

const PLAN = {
  understood: 'A file is wanted.',
  files: ['done.txt'],
  steps: ['Write done.txt'],
  tests: [{ level: 'manual', must: 'done.txt says done' }],
};
const OBJECTION = {
  verdict: 'object',
  summary: 'Half of it is missing.',
  findings: [
    { file: 'done.txt', line: 1, severity: 'blocking', claim: 'It does not say why.', fix: 'Say why.' },
  ],
};

test.concurrent('a job is planned, done, and reviewed by others before anybody is asked', async () => {
  const job = await errand.asksScript(['say My own words about it.', 'write done.txt <<done'], {
    others: [answer('planner', PLAN)],
  });
  const result = await job.result();
  await job.offers(result, DECISION);
  const [first = ''] = await promptsOf(errand, job);
  expect(first, 'the author works from the plan').toContain('1. Write done.txt');
  const asked = await askedOf(errand, job);
  expect(asked.map(({ part }) => part)).toEqual(['planner', 'test-plan judge', 'reviewer']);
  expect(asked[1]?.prompt).toContain('done.txt says done');
  const review = asked[2]?.prompt ?? '';
  expect(review).toContain('+done');
  expect(review).toContain('A file is wanted.');
  expect(review, 'the author of a change does not speak to its reviewer').not.toContain('## What changed');
  expect(pullOf(job)?.body).toContain('**No objection**');
  job.expectNotifications(1);
});

test.concurrent('what the judge of the test plan objects to goes back to the planner once', async () => {
  const job = await errand.asksScript(['write done.txt <<done'], {
    others: [
      `${answer('planner', PLAN)} `,
      answer('test-plan judge', { objections: ['Nothing would notice an empty file.'] }),
    ],
  });
  await job.offers(await job.result(), DECISION);
  const asked = await askedOf(errand, job);
  expect(asked.map(({ part }) => part)).toEqual(['planner', 'test-plan judge', 'planner', 'reviewer']);
  expect(asked[2]?.prompt).toContain('Nothing would notice an empty file.');
});

test.concurrent('what the reviewer objects to goes back to the author once, who mends it', async () => {
  const job = await errand.asksScript(['write done.txt <<done', 'next write why.txt <<because'], {
    others: [`script reviewer: unless-file why.txt answer ${JSON.stringify(OBJECTION)}`],
  });
  const result = await job.result();
  await job.offers(result, DECISION);
  const [, second = ''] = await promptsOf(errand, job);
  expect(second).toContain('It does not say why.');
  expect(await errand.pushed(job, 'why.txt')).toBe('because');
  expect(pullOf(job)?.body).toContain('**No objection**');
  job.expectNotifications(1);
});

test.concurrent('an objection that stays is said where people decide', async () => {
  const job = await errand.asksScript(['write done.txt <<done', 'next write more.txt <<more'], {
    others: [answer('reviewer', OBJECTION)],
  });
  const result = await job.result();
  await job.offers(result, IN_SPITE);
  expect(pullOf(job)?.body).toContain('**Objects**');
  expect(pullOf(job)?.body).toContain('It does not say why.');
  expect(await promptsOf(errand, job), 'it goes back once').toHaveLength(2);
});

test.concurrent('whoever plans or reviews cannot change a file of the change', async () => {
  const job = await errand.asksScript(['write done.txt <<done'], {
    others: [
      'script planner: write planned.txt <<x',
      'script reviewer: write reviewed.txt <<x ;; write done.txt <<other',
    ],
  });
  await job.offers(await job.result(), DECISION);
  expect(await errand.pushed(job, 'done.txt')).toBe('done');
  expect(await errand.pushed(job, 'planned.txt')).toBeUndefined();
  expect(await errand.pushed(job, 'reviewed.txt')).toBeUndefined();
});
