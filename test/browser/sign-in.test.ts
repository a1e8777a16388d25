// Signing in and out in a real browser, with the keyboard alone; and what somebody reads who is not let in.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, openBrowser, takePictures } from '../support/browser.ts';
import { openPageRoom, openWatchedPage, type PageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { jobInStatus } from '../support/sample-job.ts';

let room: PageRoom;
let browser: Browser;

beforeAll(async () => {
  room = await openPageRoom();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await room?.close();
});

const review = () =>
  room.add({
    ...jobInStatus('in_review'),
    team: room.errand.slack.teamId,
    channel: room.errand.channel,
    requester: room.errand.ann,
  });

test('the keyboard alone signs in, finds the buttons, rejects and signs out', async () => {
  const job = await review();
  const { page, noted } = await openWatchedPage(browser);
  await page.goto(room.urlOf(job));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectAccessible(page);
  await takePictures(page, 'sign-in');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const ann = page.getByRole('button', { name: 'Ann', exact: true });
  await ann.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(room.urlOf(job));

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
  await page.goto(room.urlOf(job));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(noted).toEqual([]);
});

test('a guest reads why not, and a page in the dark is as readable', async () => {
  room.errand.slack.addUser({ name: 'gus', realName: 'Gus', isRestricted: true });
  const job = await review();
  const { page } = await openWatchedPage(browser);
  await page.goto(room.urlOf(job));
  await page.getByRole('link', { name: 'Sign in with Slack' }).click();
  await page.getByRole('button', { name: 'Gus' }).click();
  await page.getByRole('heading', { name: 'Only for full members' }).waitFor();
  await expectAccessible(page);
  const dark = await openWatchedPage(browser);
  await dark.page.emulateMedia({ colorScheme: 'dark' });
  await openAs(dark.page, room.urlOf(job), 'Ann');
  await expectAccessible(dark.page);
  await takePictures(dark.page, 'job-page-dark');
  expect(dark.noted).toEqual([]);
});
