// Several people at one page: what only one of them sees, who may not decide, forms that refuse, mentions that call.
import { expect, test, vi } from 'vitest';
import { openStory, SOON } from '../support/playground-page.ts';

vi.setConfig({ testTimeout: 240_000 });

test('who did not ask may look and not approve, and a guest may not even start', async () => {
  await using story = await openStory();
  const { page, channel, thread } = story;
  await story.plays('gus');
  await story.types('/agent fix #1');
  await story.says(channel, 'Only visible to you');
  await story.says(channel, /full members|guest/i);

  await story.plays('ann');
  await expect.poll(() => channel.locator('.ephemeral').count(), SOON).toBe(0);
  await story.types('/agent fix #1');
  await story.answersTheCall();
  await story.plays('bob');
  await story.presses('Approve & merge', 'Merge');
  await story.says(thread, 'Only visible to you');
  expect(story.world.github.pulls(story.repo).map(({ state }) => state)).toEqual(['open']);

  // A form that needs words says so and stays open; with words it is sent.
  await story.plays('ann');
  await story.presses(/^Reject/);
  await story.modal.getByLabel(/Why/).fill('Not this quarter.');
  await story.modal.getByRole('button', { name: 'Reject' }).click();
  await expect.poll(() => page.locator('dialog.modal[open]').count(), SOON).toBe(0);
  await expect
    .poll(() => story.world.github.pulls(story.repo).map(({ state }) => state), SOON)
    .toEqual(['closed']);
});

test('a message becomes a task by its shortcut; the form keeps what is typed and says what is wrong', async () => {
  await using story = await openStory();
  const { page, channel, modal } = story;
  await story.types('The readme should mention the demo.');
  // A screen reader says what is new; the logs, whose cards are drawn anew all the time, are silent by themselves.
  await expect
    .poll(() => page.locator('[data-news]').textContent(), SOON)
    .toMatch(/^Ann, .*should mention the demo/);
  expect(await page.locator('[role=log]:not([aria-live=off])').count()).toBe(0);
  const message = channel.locator('.message', { hasText: 'should mention the demo' });
  await message.hover();
  await message.getByRole('button', { name: 'Send to agent' }).click();
  const task = modal.getByLabel('Task');
  await expect.poll(() => task.inputValue(), SOON).toContain('should mention the demo');
  await task.fill('');
  await modal.getByRole('button', { name: 'Start' }).click();
  await modal
    .getByRole('alert')
    .filter({ hasText: /required|complete/i })
    .waitFor();
  await task.fill('Mention the demo in the readme');
  // The app says what repositories there are.
  await modal.getByLabel('Repository').fill('sho');
  await modal.getByRole('button', { name: 'acme/shop' }).click();
  await modal.getByRole('button', { name: 'Start' }).click();
  await expect.poll(() => page.locator('dialog.modal[open]').count(), SOON).toBe(0);
  await story.says(page.locator('[data-region=bell]'), 'mentioned you');
  expect(await page.title()).toMatch(/^\(1\) /);
});

test('the app answers in its own conversation and draws its home', async () => {
  await using story = await openStory();
  const { page, channel } = story;
  await page.getByRole('button', { name: 'errand · Home' }).click();
  await story.says(channel, 'Waiting for you');
  await page.getByRole('button', { name: 'errand · Messages' }).click();
  await story.types('/agent help');
  await story.says(channel, 'Only visible to you');
  await page.getByRole('button', { name: '# shop' }).click();
  await story.types('@errand what do you know?');
  await channel.locator('.slack_user', { hasText: '@errand' }).waitFor();
});

test('slash commands complete as in Slack, by keyboard', async () => {
  await using story = await openStory();
  const composer = story.page.locator('#compose-channel');
  await composer.pressSequentially('/a');
  const hints = story.page.getByRole('listbox', { name: 'Suggestions' }).first();
  await story.says(hints, 'Send a coding agent on an errand');
  await composer.press('Tab');
  expect(await composer.inputValue()).toBe('/agent ');
  await story.says(hints, '/agent fix #12');
  await composer.press('ArrowDown');
  await composer.press('Enter');
  expect(await composer.inputValue()).toBe('/agent fix #');
  await composer.pressSequentially('1');
  await composer.press('Enter');
  await story.says(story.channel, 'Fix #1');
});
