// The pages of a deployment with a public address in a real browser: it keeps the cookies that only https may set, sends the
// forms, follows the stream through a proxy, and finds the bot again that the proxy lost.
import { expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { openErrandOverHttps } from '../support/errand-over-https.ts';
import { openAs } from '../support/pages.ts';

test('over https and behind a proxy somebody signs in, follows the work, and merges it', async ({
  onTestFinished,
}) => {
  const { errand, url, close } = await openErrandOverHttps();
  onTestFinished(close);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();

  const job = await errand.asksScript(['write hello.txt <<hello', 'say Wrote a greeting.']);
  await openAs(page, `${url}/jobs/${job.name}`, 'Ann');
  expect((await context.cookies()).map(({ value: _value, expires: _expires, ...cookie }) => cookie)).toEqual([
    {
      name: '__Host-errand-session',
      domain: 'localhost',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    },
  ]);
  const live = page.getByText('Live', { exact: true });
  await live.waitFor();
  await job.result();
  await page.locator('.status', { hasText: 'Ready for a decision' }).waitFor();

  // Meanwhile the proxy answers in the bot's place.
  await errand.stopBot();
  await page.getByText('Connecting again…').waitFor();
  await errand.restartBot();
  await live.waitFor({ timeout: 60_000 });
  expect(await page.getByText('Wrote a greeting.').count()).toBeGreaterThan(0);
  await page.locator('summary', { hasText: 'Approve & merge' }).click();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText('The change is in.').waitFor();
  expect(page.url()).toBe(`${url}/jobs/${job.name}`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  expect(await context.cookies()).toEqual([]);
});
