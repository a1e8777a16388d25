// Somebody has the job page open while the job goes on without them: they are told and nothing is taken from under their
// hands; and whoever presses all the same hears what changed.
import { afterEach, expect, test } from 'vitest';
import { expectAccessible } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { jobInStatus, SHA_B } from '../support/sample-job.ts';
import { happen } from '../support/store-room.ts';

const on = usePageRoom();
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Ann, live at the page of a job that waits for her decision. */
async function watching() {
  const { errand, store } = on.room;
  const job = await on.room.add({
    ...jobInStatus('in_review'),
    team: errand.slack.teamId,
    channel: errand.channel,
    requester: errand.ann,
  });
  const { page, noted } = await openWatchedPage(on.browser);
  opened.push(() => page.context().close());
  await openAs(page, on.room.urlOf(job), 'Ann');
  await page.getByText('Live', { exact: true }).waitFor();
  return {
    page,
    noted,
    url: on.room.urlOf(job),
    alert: page.getByRole('alert'),
    changed: page.getByRole('status').filter({ hasText: 'This changed.' }),
    opens: (name: string) => page.locator('summary', { hasText: name }).click(),
    happens: (...events: Parameters<typeof happen>[2][]) => happen(store, job.id, ...events),
  };
}

const push = (headSha: string) => ({ type: 'pull_pushed', headSha, login: 'mira' }) as const;

test('the head follows by itself, but not while somebody has a question open: they are told, and bring it when they like', async () => {
  const ann = await watching();
  const { page } = ann;
  await ann.opens('Approve & merge');
  await ann.happens(push(SHA_B));
  await ann.changed.waitFor();
  // What she read and would confirm is still what she sees.
  expect(await page.locator('details.offer[open]').textContent()).toContain('Merges exactly aaaaaaa');
  await expectAccessible(page);
  await ann.changed.getByRole('button', { name: 'Show it' }).click();
  await page.locator('summary', { hasText: 'Approve & merge anyway' }).waitFor();
  expect(await ann.changed.count()).toBe(0);
  expect(await page.locator('details.offer[open]').count()).toBe(0);

  // With nothing in hand the next change is simply there.
  await page.getByRole('heading', { level: 1 }).click();
  await ann.happens({ type: 'reply', by: on.room.errand.bob });
  await page.locator('.status', { hasText: 'Queued' }).waitFor();
  expect(await page.getByText('Approve & merge').count()).toBe(0);
  expect(ann.noted).toEqual([]);
});

test('a merge of what was pushed over is refused with what changed, and the page asks about the new state', async () => {
  const ann = await watching();
  const { page } = ann;
  await ann.opens('Approve & merge');
  await ann.happens(push(SHA_B));
  await ann.changed.waitFor();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await ann.alert.getByText('The pull has changed since this was shown (now at bbbbbbb)').waitFor();
  await expectAccessible(page);
  // It stays while the head goes on under it, and the answer's address is that of the job: no reload presses again.
  expect(page.url()).toBe(ann.url);
  await page.getByText('Live', { exact: true }).waitFor();
  await ann.happens({ type: 'pull_closed', login: 'mira' });
  await page.locator('.status', { hasText: 'closed on GitHub' }).waitFor();
  expect(await ann.alert.textContent()).toContain('That was not done.');
  await page.reload();
  expect(await ann.alert.count()).toBe(0);
});

test('words for a turn that is over are not sent to another one, and not lost', async () => {
  const ann = await watching();
  const { page } = ann;
  await ann.opens('Request changes');
  const words = page.getByLabel('What should be different?');
  await words.fill('Half a sen');
  await ann.happens({ type: 'reply', by: on.room.errand.bob });
  await ann.changed.waitFor();
  expect(await words.inputValue()).toBe('Half a sen');
  await words.fill('Half a sentence <b>more</b>.');
  await page.getByRole('button', { name: 'Send' }).click();
  await ann.alert.getByText('has begun another turn since').waitFor();
  expect(await ann.alert.textContent()).toContain('Half a sentence <b>more</b>.');
  await page.locator('.status', { hasText: 'Queued' }).waitFor();
});

test('a decision on a job that is at work again hears so', async () => {
  const ann = await watching();
  await ann.opens('Approve & merge');
  await ann.happens({ type: 'reply', by: on.room.errand.bob });
  await ann.changed.waitFor();
  await ann.page.getByRole('button', { name: 'Merge', exact: true }).click();
  await ann.alert.getByText('is at work again (turn 2). Decide when its next result is there.').waitFor();
});
