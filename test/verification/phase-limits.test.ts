// What a phase may take is the repository's to say: whoever works gets its minutes, and whoever reviews gets its own. A
// reviewer that stays silent is missing then, and never counts as one that approves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { ownBranch } from '../support/own-branch.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '4', ERRAND_REVIEW: 'on' } });
});
afterAll(() => errand.close());

const settings = (phase: string) => ({
  '.agents/config.yml': `phases:\n  ${phase}: {minutes: 0.05}\n`,
});

test.concurrent('a reviewer that stays silent is missing once its time is over, and no yes', async () => {
  const { asks } = await ownBranch(errand, 'silent', settings('review'));
  const job = await asks(['write done.txt <<done\nscript reviewer: hang']);
  const result = await job.result(1, 100_000);
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  const words = job.words(result);
  expect(words).toMatch(/Medium risk.*the second opinion is missing/);
  expect(words).toContain('**None**: the reviewer (custom agent) was not done in the time that it has.');
  expect(words).not.toContain('**No objection**');
});

test.concurrent('an author is stopped once its time is over, and its work is kept', async () => {
  const { asks } = await ownBranch(errand, 'long', settings('implement'));
  const job = await asks(['write done.txt <<done', 'hang']);
  const result = await job.result(1, 100_000);
  await job.offers(result, ['Retry']);
  expect(job.words(result)).toContain('The agent worked for 3 s without finishing, so it was stopped.');
  expect(job.words(result)).toContain('`phases.implement.minutes` in `.agents/config.yml`');
});
