// The playground as a stranger meets it: told nothing, they get a fix merged, steer it on the way, and see the commit land.
import { expect, test, vi } from 'vitest';
import { takePictures } from '../support/browser.ts';
import { openStory, SOON } from '../support/playground-page.ts';

/** Whole stories on a machine that others use, too. */
vi.setConfig({ testTimeout: 240_000 });

test('a stranger who follows the page alone gets a fix merged, and sees the commit land', async () => {
  await using story = await openStory();
  const { page, world, repo } = story;
  const before = await world.github.branchSha(repo, 'main');
  await takePictures(page, 'playground-empty');
  await page.getByRole('button', { name: '/agent fix #1' }).click();
  await page.keyboard.press('Enter');
  await story.says(story.channel, 'Fix #1: Discount codes make the total negative');
  // The card moves by itself.
  await story.says(story.channel, /\bWorking\b/);
  await page.getByRole('button', { name: 'Open its thread' }).click();
  await story.replies('Please also mention it in CHANGELOG.md.');
  await story.thread.locator('.reactions').first().waitFor();
  await story.says(story.thread, 'is ready for your decision');
  await takePictures(page, 'playground-result');

  // The diff can be read beside the result.
  await story.coach.getByRole('link', { name: 'here' }).click();
  await story.github.locator('.diff ins').first().waitFor();
  expect(await story.github.textContent()).toContain('CHANGELOG.md');

  await story.presses('Request changes');
  await story.modal.getByLabel('What should be different?').fill('Please add a test for a discount of 100.');
  await story.modal.getByRole('button', { name: 'Send' }).click();
  await page.locator('[data-region=thread] .for-me >> nth=1').waitFor();
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.coach, 'Merged.');
  await story.looksAt('Commits');
  await expect.poll(() => story.github.locator('.commit').count(), SOON).toBe(2);
  const after = await world.github.branchSha(repo, 'main');
  expect(after).not.toBe(before);
  await story.github.locator(`[data-github="commit/${after}"]`).click();
  await story.says(story.github, /discount of 100 percent/);
  await takePictures(page, 'playground-merged');
});

test('a plan is made, approved by its button and carried out', async () => {
  await using story = await openStory();
  await story.types('/agent plan #1');
  await story.answersTheCall();
  await story.presses('Run');
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.coach, 'Merged.');
  // The page of the job is one click away, signed in with the local Slack.
  const [job] = await Promise.all([
    story.page.waitForEvent('popup'),
    story.channel.locator('a[href*="/jobs/J-1"]').first().click(),
  ]);
  await job.getByRole('link', { name: 'Sign in with Slack' }).click();
  await job.getByRole('button', { name: 'Ann', exact: true }).click();
  await job.getByText('The change is in.').waitFor();
  expect(await story.world.github.readFile(story.repo, 'main', 'src/cart.js')).toContain('/ 100');
});
