// Takes the pictures of the pages for the README: `npm run pictures` plays each story in a real browser and writes
// docs/<name>.png. Needs a Chromium, as test:browser does.
import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { openPlayground } from '../src/commands/playground/stage.ts';
import { readEnvironment } from '../src/config.ts';
import { isRefusal } from '../src/errors.ts';
import { openBrowser } from '../test/support/browser.ts';

/** What a README can carry. */
const MOST_BYTES = 300_000;
const SIZE = { width: 1440, height: 900 };
const TALL = { width: 1200, height: 1500 };

/** Each takes one picture with a fresh page; add yours here. */
const PICTURES: Readonly<Record<string, (page: Page) => Promise<Buffer>>> = {
  playground,
  'job-page': jobPage,
};

async function playground(page: Page): Promise<Buffer> {
  const opened = await openPlayground({ environment: readEnvironment({ file: false }), port: 0 });
  if (isRefusal(opened)) throw new Error(opened.refusal);
  try {
    await page.goto(opened.url);
    await page.getByRole('button', { name: '/agent fix #1' }).click();
    await page.keyboard.press('Enter');
    await page.locator('[data-region=bell] button').first().click();
    await page.locator('[data-region=thread]').getByRole('button', { name: 'Approve & merge' }).waitFor();
    await page.locator('[data-region=coach]').getByRole('link', { name: 'here' }).click();
    const diff = page.locator('[data-region=github] .diff');
    await diff.waitFor();
    await diff.scrollIntoViewIfNeeded();
    // Nothing under the pointer, nothing still fading.
    await page.mouse.move(0, 0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    return await page.screenshot();
  } finally {
    await page.close();
    await opened.stop();
  }
}

/** The page of a job that waits for a decision, as its card leads there. */
async function jobPage(page: Page): Promise<Buffer> {
  const opened = await openPlayground({ environment: readEnvironment({ file: false }), port: 0 });
  if (isRefusal(opened)) throw new Error(opened.refusal);
  try {
    const { slack, channel, people } = opened.world;
    await slack.slashCommand({ user: people.ann, channel, command: '/agent', text: 'fix #1' });
    const link = await slack.waitFor(
      {
        description: 'a result with a link to its page',
        check: () =>
          /http:[^|"]*\/jobs\/J-1/.exec(
            JSON.stringify(
              slack
                .messages(channel)
                .find(({ blocks }) => JSON.stringify(blocks).includes('Approve & merge')) ?? {},
            ),
          )?.[0],
      },
      { timeoutMs: 120_000 },
    );
    await page.goto(link);
    await page.getByRole('link', { name: 'Sign in with Slack' }).click();
    await page.getByRole('button', { name: 'Ann', exact: true }).click();
    await page.setViewportSize(TALL);
    await page.locator('.d2h-file-wrapper').first().waitFor();
    return await page.screenshot();
  } finally {
    await page.close();
    await opened.stop();
  }
}

const wanted = process.argv.slice(2);
const browser = await openBrowser();
try {
  for (const [name, take] of Object.entries(PICTURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const page = await browser.newPage({ viewport: SIZE });
    page.setDefaultTimeout(120_000);
    const picture = await take(page);
    if (picture.length > MOST_BYTES)
      throw new Error(`${name}.png has ${picture.length} bytes, more than ${MOST_BYTES}.`);
    await writeFile(new URL(`${name}.png`, import.meta.url), picture);
  }
} finally {
  await browser.close();
}
