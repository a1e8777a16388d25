// What people break at the page is really broken, and nothing is lost or done twice.
import { expect, test, vi } from 'vitest';
import { openStory, SOON } from '../support/playground-page.ts';

vi.setConfig({ testTimeout: 300_000 });

test('a runner that is killed in the middle is back, and the job ends as if nothing had been', async () => {
  await using story = await openStory();
  await story.types('/agent fix #1');
  await story.says(story.channel, /\bWorking\b/);
  await story.breaks('Kill the runner');
  await story.bell.getByRole('button').first().click({ timeout: 200_000 });
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.coach, 'Merged.');
  expect(story.world.github.pulls(story.repo)).toHaveLength(1);
});

test('with everything delivered twice one command is one job; while Slack is down nothing is lost', async () => {
  await using story = await openStory();
  await story.breaks('Slack delivers everything twice');
  await story.types('/agent fix #1');
  await story.says(story.channel, /\bWorking\b/);
  await story.breaks('Slack is down');
  expect(await story.faults.textContent()).toContain('2');
  await expect.poll(() => story.world.github.pulls(story.repo).length, SOON).toBe(1);
  await story.breaks('Slack is down');
  await story.answersTheCall();
  expect(await story.channel.locator('.message').count()).toBe(1);
});

test('a required review blocks the merge, says so, and lets it pass once mira approved', async () => {
  await using story = await openStory();
  await story.types('/agent fix #1');
  await story.answersTheCall();
  await story.breaks('A review is required');
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.thread, /review/i);
  expect(story.world.github.pulls(story.repo).map(({ state }) => state)).toEqual(['open']);
  await story.looksAt('Pulls');
  await story.github.locator('.row').first().click();
  await story.github.getByRole('button', { name: 'Approve on GitHub' }).click();
  await story.says(story.github, /mira/);
  await story.breaks('A review is required');
});

test('what somebody pushed after the result is not merged by an approval of what was seen', async () => {
  await using story = await openStory();
  await story.types('/agent fix #1');
  await story.answersTheCall();
  const before = await story.world.github.branchSha(story.repo, 'main');
  await story.breaks('Webhooks get lost');
  await story.breaks('Somebody pushes to the branch');
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.thread, /pushed|changed since|NOTES\.md/i);
  expect(await story.world.github.branchSha(story.repo, 'main')).toBe(before);
});
