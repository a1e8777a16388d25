// A job that has spent what it may: it ends with its work kept, and goes on once somebody allows it more.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { asksWithin, promptsOf } from '../support/limited-job.ts';

vi.setConfig({ testTimeout: 180_000 });
const PATIENCE_MS = 120_000;

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8' } });
});
afterAll(() => errand.close());

test.concurrent.each([
  ['tokens', '1000', 'usage 1500 100000 0', 'used 1,500 tokens, and 1,000 are all', '9000'],
  ['cost', '0.5', 'usage 15 100000 0.75', 'cost 0.75 dollars, and 0.50 are all', '1'],
])(
  'ends with its work kept, and goes on once the limit is raised (%s)',
  async (key, limit, usage, say, more) => {
    const { job, pushed, set } = await asksWithin(errand, key, {
      settings: `limits: {${key}: ${limit}}`,
      script: ['write one.txt <<1', usage, 'hang'],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, ['Retry']);
    expect(job.words(result)).toContain(say);
    expect(job.words(result)).toContain(`raise \`limits.${key}\` in`);
    await job.presses('Retry');
    const again = await job.result(2, PATIENCE_MS);
    await job.offers(again, ['Retry']);
    expect(job.words(again)).toContain(say);
    expect(
      (await promptsOf(errand, job)).map(({ turn }) => turn),
      'no agent was asked for more',
    ).toEqual([1]);
    await set(`limits: {${key}: ${more}}`);
    await job.presses('Retry');
    await job.offers(await job.result(3, PATIENCE_MS), DECISION);
    expect(await pushed('one.txt')).toBe('1');
    job.expectNotifications(3);
  },
);

test.concurrent('ends a turn that takes more than implementing may', async () => {
  const { job } = await asksWithin(errand, 'implementing', {
    settings: 'phases: {implement: {tokens: 1000}}',
    script: ['write one.txt <<1', 'usage 1500 100000 0', 'hang'],
  });
  const result = await job.result(1, PATIENCE_MS);
  await job.offers(result, ['Retry']);
  expect(job.words(result)).toContain('used 1,500 tokens in this turn');
  expect(job.words(result)).toContain('`phases.implement.tokens`');
  job.expectNotifications(1);
});

test.concurrent('counts what others took, too, and begins no turn without anything left', async () => {
  const { job } = await asksWithin(errand, 'others-count', {
    settings: 'review: on\nlimits: {tokens: 1000}',
    script: ['write one.txt <<1', 'usage 500 100000 0'],
    others: ['script reviewer: usage 600 100000 0 ;; answer {"verdict": "approve", "summary": "Fine."}'],
  });
  await job.offers(await job.result(1, PATIENCE_MS), DECISION);
  job.replies('script: write two.txt <<2');
  const result = await job.result(2, PATIENCE_MS);
  expect(job.words(result)).toContain('used 1,100 tokens, and 1,000 are all that a job here may use');
  job.expectNotifications(2);
});

test.concurrent('ends a reviewer that goes on when nothing is left, whose opinion is missing then', async () => {
  const { job, repo } = await asksWithin(errand, 'greedy-reviewer', {
    settings: 'review: on\nlimits: {tokens: 1000}',
    script: ['write one.txt <<1', 'usage 500 100000 0'],
    others: ['script reviewer: usage 600 100000 0 ;; hang'],
  });
  await job.offers(await job.result(1, PATIENCE_MS), DECISION);
  const [pull] = errand.github.pulls(repo);
  expect(pull?.body).toContain('was stopped, since the job has spent what it may');
  job.expectNotifications(1);
});

test.concurrent('keeps what was done where the price is told at the very end', async () => {
  const { job, repo, pushed } = await asksWithin(errand, 'price-at-the-end', {
    settings: 'review: on\nlimits: {cost: 0.5}',
    script: ['write one.txt <<1', 'usage 15 100000 0.75'],
  });
  const result = await job.result(1, PATIENCE_MS);
  await job.offers(result, DECISION);
  expect(job.words(result)).toContain('0.75 USD');
  const [pull] = errand.github.pulls(repo);
  expect(pull?.body, 'and nobody else was paid').toContain(
    'was not asked, since the job has spent what it may',
  );
  expect(await pushed('one.txt')).toBe('1');
  job.expectNotifications(1);
});
