// A bot alone with pages, and a store beside it: jobs stand there as a test wants them, and no runner takes them away.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { appendEvents, type NewEvent } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { openBrowser } from './browser.ts';
import { openErrand } from './errand.ts';
import { pageSettings, publicUrlOf } from './pages.ts';
import { addJob, silent } from './store-room.ts';

export type PageRoom = Awaited<ReturnType<typeof openPageRoom>>;

export async function openPageRoom() {
  const errand = await openErrand({ env: await pageSettings(), halves: ['bot'] });
  const store: Store = await openStore({ url: errand.databaseUrl, log: silent, supervise: false });
  const url = publicUrlOf(errand);
  return {
    errand,
    store,
    url,
    urlOf: (job: Pick<Job, 'id'>) => `${url}/jobs/J-${job.id}`,
    /** A job of Ann's in the world's channel, unless told otherwise. */
    add: (fields: Partial<Job> = {}) =>
      addJob(store, { team: errand.slack.teamId, channel: errand.channel, requester: errand.ann, ...fields }),
    tell: (job: Job, ...events: readonly NewEvent[]) => appendEvents(store.db.sql, job, events),
    async close() {
      await store.close();
      await errand.close();
    },
  };
}

/** A room and a browser for all tests of a file; what it answers with is filled before the first of them. */
export function usePageRoom(): Readonly<{ room: PageRoom; browser: Browser }> {
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
  return {
    get room() {
      return room;
    },
    get browser() {
      return browser;
    },
  };
}

/** Opens a page that notes whatever runs or is refused although nothing should: dialogs, errors, breaches of the policy. */
export async function openWatchedPage(browser: Browser): Promise<Readonly<{ page: Page; noted: string[] }>> {
  const page = await (await browser.newContext()).newPage();
  const noted: string[] = [];
  page.on('dialog', (dialog) => {
    noted.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
  page.on('console', (said) => {
    if (said.type() === 'error') noted.push(`console: ${said.text()}`);
  });
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))`,
  );
  return { page, noted };
}
