// A repository's own settings: read from the base branch, and a mistake in them is told instead of guessed away.
import { expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';

test('a mistake in the settings ends the turn with its line, and the job goes on once it is mended', async ({
  onTestFinished,
}) => {
  const errand = await openErrand();
  onTestFinished(errand.close);
  const say = (text: string) =>
    errand.github.commitTo(errand.repo, 'main', { '.agents/config.yml': text }, { message: 'Set the rules' });
  await say('gates:\n  workflow: perhaps\n');
  const job = await errand.asksScript(['write early.txt <<early']);
  const failed = await job.result();
  expect(job.words(failed)).toContain(
    '.agents/config.yml, line 2: `gates.workflow` must be one of block, warn, off',
  );

  await say('gates:\n  workflow: warn\n');
  job.replies('script: write done.txt <<done');
  await job.offers(await job.result(2), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await errand.pushed(job, 'done.txt')).toBe('done');
});
