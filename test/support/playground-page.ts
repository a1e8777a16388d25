// A whole playground with a page open in a real browser, for one story: fresh, so that a story can be played again. The verbs
// are those of the person at the page; each waits for what it names.
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OwnRepository } from '../../src/commands/playground/own-repository.ts';
import { openPlayground } from '../../src/commands/playground/stage.ts';
import { isRefusal } from '../../src/errors.ts';
import { surroundings } from '../../src/surroundings.ts';
import { openBrowser, WIDTHS } from './browser.ts';

/** Processes under load are slow; whoever waits longer waits in vain. */
const PATIENCE_MS = 60_000;

/** For `expect.poll`: how long what happens by itself may take. */
export const SOON = { timeout: PATIENCE_MS };

export type Story = Awaited<ReturnType<typeof openStory>>;

/** Opens it; disposing ends everything and fails where the page complained of anything. */
export async function openStory(
  options: { width?: keyof typeof WIDTHS; repository?: OwnRepository; scheme?: 'light' | 'dark' } = {},
) {
  const opened = await openPlayground({
    environment: surroundings(),
    repository: options.repository,
    port: 0,
  });
  if (isRefusal(opened)) throw new Error(opened.refusal);
  const browser = await openBrowser();
  const story = await openPage(browser, opened.url, options);
  const { world } = opened;
  return {
    ...story,
    url: opened.url,
    world,
    repo: `${world.repo.owner}/${world.repo.name}`,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await opened.stop();
      expect(story.complaints).toEqual([]);
    },
  };
}

/** The page alone, at an address; `complaints` gathers what its console says. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { width?: keyof typeof WIDTHS; scheme?: 'light' | 'dark' } = {},
) {
  const page = await browser.newPage({
    viewport: WIDTHS[options.width ?? 'desktop'],
    colorScheme: options.scheme ?? 'light',
  });
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(url);
  await page.locator('[data-region=people] select').waitFor();
  return { page, complaints, ...verbs(page) };
}

function verbs(page: Page) {
  const channel = page.locator('[data-region=channel]');
  const thread = page.locator('[data-region=thread]');
  const github = page.locator('[data-region=github]');
  const modal = page.locator('dialog.modal');
  /** Opens the panel, and counts what is broken. */
  const faults = page.locator('.top [data-open=faults]');
  return {
    channel,
    thread,
    github,
    modal,
    faults,
    /** The line above the composer that says what one may do next. */
    coach: page.locator('[data-region=coach]'),
    bell: page.locator('[data-region=bell]'),
    /** Types into the channel's composer and sends. */
    async types(text: string) {
      await page.locator('#compose-channel').fill(text);
      await page.locator('#compose-channel').press('Enter');
    },
    async replies(text: string) {
      await page.locator('#compose-thread').fill(text);
      await page.locator('#compose-thread').press('Enter');
    },
    /** Waits for the call to a decision and goes there. */
    async answersTheCall() {
      await page.locator('[data-region=bell] button').first().click();
      await thread.locator('.message').first().waitFor();
    },
    /** Presses the newest of them and says yes to what is asked then. */
    async presses(name: string | RegExp, confirm?: string) {
      await thread.getByRole('button', { name, exact: true }).last().click();
      if (confirm !== undefined)
        await page.locator('dialog.confirm').getByRole('button', { name: confirm }).click();
    },
    async plays(name: string) {
      await page.locator('[data-me]').selectOption(name);
    },
    async breaks(name: string) {
      await faults.click();
      await page.locator('dialog.faults').getByText(name, { exact: true }).click();
      await page.locator('dialog.faults').getByRole('button', { name: 'Close' }).click();
    },
    async looksAt(name: string) {
      await page.getByRole('navigation', { name: 'GitHub' }).getByRole('button', { name }).click();
    },
    /** Waits until it says these words. */
    async says(where: ReturnType<Page['locator']>, words: string | RegExp) {
      await where.getByText(words).first().waitFor();
    },
  };
}
