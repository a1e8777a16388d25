// The job page in a real browser: what somebody sees of a job, how it grows while the agent works, and the buttons.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectAccessible, openBrowser, takePictures } from '../support/browser.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { openAs, pageSettings, publicUrlOf } from '../support/pages.ts';

let errand: Errand;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const violations: string[] = [];

beforeAll(async () => {
  errand = await openErrand({ env: { ...(await pageSettings()), ERRAND_REVIEW: 'on' } });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await errand?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  violations.length = 0;
  page.on('console', (said) => void (said.type() === 'error' && violations.push(said.text())));
  page.on('pageerror', (error) => violations.push(error.message));
});
afterEach(() => context.close());

const urlOf = (job: { name: string }) => `${publicUrlOf(errand)}/jobs/${job.name}`;

test('tells the story of a job, and merges what it shows', async () => {
  const job = await errand.asksScript([
    'plan Read the code; Say hello',
    'think First I look around.',
    'usage 40000 200000 0.20',
    'write hello.txt <<hello',
    'run ls -la',
    'usage 90000 200000 0.42',
    'say Wrote a greeting.',
  ]);
  await job.result();
  await openAs(page, urlOf(job), 'Ann');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('.status').textContent()).toContain('Ready for a decision');
  expect(await page.locator('#transcript').textContent()).toContain('Wrote a greeting.');
  await page.locator('#part-audit').scrollIntoViewIfNeeded();
  await page.getByRole('region', { name: 'Audit trail' }).waitFor();
  await page.locator('#part-costs').scrollIntoViewIfNeeded();
  await page.locator('svg.context').waitFor();
  await expectAccessible(page);
  await takePictures(page, 'job-page');
  await page.locator('summary', { hasText: 'Approve & merge' }).click();
  await page
    .getByRole('button', { name: 'Merge', exact: true })
    .or(page.getByRole('button', { name: 'Merge anyway' }))
    .click();
  await job.cardSays('Merged');
  await page.getByText('The change is in.').waitFor();
  expect(violations).toEqual([]);
});

test('parts the change by turns, and shows edits and output where they happened', async () => {
  const job = await errand.asksScript([
    'write first.txt <<one',
    'run echo printed-by-a-command',
    'say The first.',
  ]);
  await job.result();
  await openAs(page, urlOf(job), 'Ann');
  await page.locator('summary', { hasText: 'Request changes' }).click();
  await page.getByLabel('What should be different?').fill('script: write second.txt <<two');
  await page.getByRole('button', { name: 'Send' }).click();
  await job.result(2);
  await page.getByText('Ready for a decision').waitFor();
  await page.reload();
  const change = page.locator('#part-diff').locator('xpath=..');
  await change.scrollIntoViewIfNeeded();
  await change.getByRole('link', { name: 'Turn 2' }).waitFor();
  expect(await change.locator('.d2h-file-wrapper').count()).toBe(2);
  await change.getByRole('link', { name: 'Turn 2' }).click();
  await change.getByText('What turn 2 added').waitFor();
  expect(await change.locator('.d2h-file-wrapper').count()).toBe(1);
  expect(await change.locator('.d2h-file-wrapper').textContent()).toContain('second.txt');
  const edit = page.locator('.event.tool', { hasText: 'first.txt' });
  await edit.locator('summary').first().click();
  expect(await edit.locator('.ins').textContent()).toContain('+one');
  const run = page.locator('.event.tool', { hasText: 'echo printed-by-a-command' });
  await run.locator('summary').first().click();
  expect(await run.locator('pre').textContent()).toContain('printed-by-a-command');
  expect(violations).toEqual([]);
});
