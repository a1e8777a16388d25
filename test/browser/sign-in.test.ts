// Signing in and out in a real browser, with the keyboard alone; and what somebody reads who is not let in.
import { expect, test } from 'vitest';
import { expectAccessible, takePictures } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { jobInStatus } from '../support/sample-job.ts';

const on = usePageRoom();

const review = () =>
  on.room.add({
    ...jobInStatus('in_review'),
    team: on.room.errand.slack.teamId,
    channel: on.room.errand.channel,
    requester: on.room.errand.ann,
  });

test('the keyboard alone signs in, finds the buttons, rejects and signs out', async () => {
  const job = await review();
  const { page, noted } = await openWatchedPage(on.browser);
  await page.goto(on.room.urlOf(job));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectAccessible(page);
  await takePictures(page, 'sign-in');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const ann = page.getByRole('button', { name: 'Ann', exact: true });
  await ann.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(on.room.urlOf(job));

  /** Goes on with Tab until what is focused reads so. */
  const tabTo = async (words: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(`document.activeElement?.textContent.trim()`);
      if (focused === words) return;
    }
    throw new Error(`Tab never came to ${words}`);
  };
  await page.keyboard.press('Tab');
  expect(await page.evaluate(`document.activeElement?.textContent`)).toBe('Skip to the content');
  await tabTo('Reject');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Not this way.');
  await expectAccessible(page);
  // Escape closes the question, and its words are not lost.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('“Not this way.”').waitFor();
  await tabTo('Sign out');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await page.goto(on.room.urlOf(job));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(noted).toEqual([]);
});

test('a guest reads why not, and a page in the dark is as readable', async () => {
  on.room.errand.slack.addUser({ name: 'gus', realName: 'Gus', isRestricted: true });
  const job = await review();
  const { page } = await openWatchedPage(on.browser);
  await page.goto(on.room.urlOf(job));
  await page.getByRole('link', { name: 'Sign in with Slack' }).click();
  await page.getByRole('button', { name: 'Gus' }).click();
  await page.getByRole('heading', { name: 'Only for full members' }).waitFor();
  await expectAccessible(page);
  const dark = await openWatchedPage(on.browser);
  await dark.page.emulateMedia({ colorScheme: 'dark' });
  await openAs(dark.page, on.room.urlOf(job), 'Ann');
  await expectAccessible(dark.page);
  await takePictures(dark.page, 'job-page-dark');
  expect(dark.noted).toEqual([]);
});
