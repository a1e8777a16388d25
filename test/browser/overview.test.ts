// The start page in a real browser: what waits stands first, filters, numbers, and what it says while there is nothing.
import { expect, test } from 'vitest';
import { expectAccessible, takePictures } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { jobInStatus, sampleResult } from '../support/sample-job.ts';

const on = usePageRoom();

const placeOf = () => ({
  team: on.room.errand.slack.teamId,
  channel: on.room.errand.channel,
  requester: on.room.errand.ann,
});

test('teaches while there is nothing, then shows what waits first', async () => {
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, `${on.room.url}/`, 'Ann');
  await page.getByText('Nothing here yet').waitFor();
  expect(await page.getByText('/agent fix #12').count()).toBe(1);
  await expectAccessible(page);

  const place = placeOf();
  const issue = (title: string) => ({ number: 12, title, url: 'https://github.test/acme/shop/issues/12' });
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  for (const ago of [1, 2, 2, 5, 9]) {
    await on.room.add({
      ...jobInStatus('merged'),
      ...place,
      endedAt: day(ago),
      createdAt: day(ago),
      spent: { tokens: 9_000, cost: 0.4 + ago / 10 },
      results: [sampleResult({ endedAt: new Date(Date.now() + 400_000).toISOString() })],
    });
  }
  await on.room.add({ ...jobInStatus('running'), ...place, issue: issue('Runs just now') });
  await on.room.add({ ...jobInStatus('in_review'), ...place, issue: issue('Waits for Ann') });
  await on.room.add({
    ...jobInStatus('failed'),
    ...place,
    requester: on.room.errand.bob,
    repo: { owner: 'acme', name: 'till' },
    issue: issue('Of another repository'),
  });
  const secret = on.room.errand.slack.addChannel({
    name: 'inner',
    isPrivate: true,
    members: [on.room.errand.bob, on.room.errand.slack.botUserId],
  });
  await on.room.add({
    ...jobInStatus('in_review'),
    ...place,
    channel: secret.id,
    issue: issue('Not for Ann'),
  });

  await page.reload();
  const headings = await page.locator('h2').allTextContents();
  expect(headings.map((one) => one.replaceAll(/[\s\d]+$/g, ''))).toEqual([
    'Waits for a decision',
    'Under way',
    'Recent',
    'The last 30 days',
  ]);
  const waiting = page.locator('section', {
    has: page.getByRole('heading', { name: 'Waits for a decision' }),
  });
  await waiting.getByRole('link', { name: 'Waits for Ann' }).waitFor();
  expect(await page.getByText('Not for Ann').count()).toBe(0);
  expect(await page.getByRole('img', { name: /merged in 30 days/ }).count()).toBe(1);
  expect(await page.getByRole('img', { name: '100 % merged without a change (5 of 5)' }).count()).toBe(1);
  await expectAccessible(page);
  await takePictures(page, 'overview');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await takePictures(page, 'overview-dark');

  await page.getByLabel('Repository').selectOption('acme/till');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/repo=acme%2Ftill/);
  expect(await page.getByRole('link', { name: 'Of another repository' }).count()).toBe(1);
  expect(await page.getByRole('link', { name: 'Waits for Ann' }).count()).toBe(0);
  expect(noted).toEqual([]);
});
