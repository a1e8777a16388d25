// A real Chromium for the stories of the pages: Debian's (or any Chrome), driven through playwright-core, at the width of a
// desk and of a phone, with what an accessibility checker finds and pictures of what a person saw.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where Debian, Ubuntu and macOS keep it; `ERRAND_TEST_CHROMIUM` names another. */
const PLACES = [
  process.env['ERRAND_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Pictures of the pages, kept as artefacts of the test run (git does not keep them). */
const PICTURES = 'test-results/pages';

export const WIDTHS = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** The program, or undefined where none is installed. */
export function findChromium(): string | undefined {
  return PLACES.find((place) => place !== undefined && place !== '' && existsSync(place));
}

/** Starts Chromium without a window; the caller closes it. Fails with what to install where there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium here. Install it (Debian: apt-get install chromium) or name it in ERRAND_TEST_CHROMIUM.',
    );
  }
  // Chromium's own sandbox does not start as root, as which CI machines run.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A picture of the whole page at both widths: `<name>-desktop.png` and `<name>-phone.png`. */
export async function takePictures(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(WIDTHS.desktop);
}

/** Asserts that axe finds nothing that keeps anybody out (WCAG 2 A and AA). */
export async function expectAccessible(page: Page): Promise<void> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const violations =
    await page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map((node) => node.html).join(' | ').slice(0, 400)))`);
  expect(violations).toEqual([]);
}
