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
    'plan completed:Read the code | in_progress:Say hello',
    'think First I look around.',
    'write hello.txt <<hello',
    'run tool ls -la',
    'say ## What changed\nWrote a greeting.\n## How it was checked\nLooked at it.\n## Risks\nNone.',
  ]);
  await job.result();
  await openAs(page, urlOf(job), 'Ann');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('.status').innerText()).toContain('Ready for a decision');
  expect(await page.locator('#transcript').innerText()).toContain('Wrote a greeting.');
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
