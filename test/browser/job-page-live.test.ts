// A job with 50,000 events: the page is there at once, holds a window of them, goes back page by page, and grows as the agent
// works, over a bot that restarts and a network that is cut, too.
import { expect, test } from 'vitest';
import { expectAccessible } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { openTcpGate } from '../support/tcp-gate.ts';

const EVENTS = 50_000;

const on = usePageRoom();

test('shows the newest of 50,000, goes back, and never holds them all', async () => {
  const job = await on.room.add({ status: 'running', phase: 'implement' });
  await on.room.store.db.sql.query(
    `INSERT INTO events (job_id, attempt, turn, kind, data)
     SELECT $1, 0, 1, 'agent', jsonb_build_object('kind', 'tool', 'id', 't' || n, 'title', 'Step ' || n,
       'toolKind', 'read', 'status', 'completed') FROM generate_series(1, $2::int) AS n`,
    [job.id, EVENTS],
  );
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, on.room.urlOf(job), 'Ann');
  await page.getByText(`Step ${EVENTS}`, { exact: true }).waitFor();
  const items = page.locator('ol.events > li');
  expect(await items.count()).toBeLessThanOrEqual(200);
  await page.getByRole('link', { name: 'Show earlier' }).click();
  await page.getByText(`Step ${EVENTS - 300}`, { exact: true }).waitFor();
  expect(await items.count()).toBeLessThanOrEqual(400);
  for (const step of [450, 650, 850]) {
    await page.getByRole('link', { name: 'Show earlier' }).click();
    await page.getByText(`Step ${EVENTS - step}`, { exact: true }).waitFor();
  }
  expect(await items.count()).toBeLessThanOrEqual(600);
  // The newest were left behind, and there is a way back to them.
  await page.getByRole('link', { name: 'Back to the newest' }).click();
  await page.getByText(`Step ${EVENTS}`, { exact: true }).waitFor();
  await expectAccessible(page);
  expect(noted).toEqual([]);
});

test('grows while the agent works, shows a tool call once, and misses nothing when the bot restarts', async () => {
  const job = await on.room.add({ status: 'running', phase: 'implement' });
  await on.room.tell(job, { kind: 'agent', data: { kind: 'message', text: 'I begin.' } });
  const { page } = await openWatchedPage(on.browser);
  await openAs(page, on.room.urlOf(job), 'Ann');
  await page.getByText('Live', { exact: true }).waitFor();
  const tool = { kind: 'tool', id: 't1', title: 'npm test', toolKind: 'execute', paths: [] } as const;
  const touch = () =>
    on.room.store.db.sql.query('UPDATE jobs SET updated_at = now() WHERE id = $1', [job.id]);
  await on.room.tell(job, { kind: 'agent', data: { ...tool, status: 'in_progress' } });
  await touch();
  await page.locator('.event.tool.in_progress').waitFor();
  await on.room.tell(job, { kind: 'agent', data: { ...tool, status: 'completed', output: '14 passed' } });
  await touch();
  await page.locator('.event.tool.completed').waitFor();
  expect(await page.locator('.event.tool').count()).toBe(1);
  await on.room.errand.stopBot();
  await page.getByText('Connecting again…').waitFor();
  await on.room.tell(job, { kind: 'agent', data: { kind: 'message', text: 'Said while nobody listened.' } });
  await on.room.errand.restartBot();
  await page.getByText('Said while nobody listened.').waitFor({ timeout: 60_000 });
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.getByText('I begin.').count()).toBe(1);
  expect(await page.getByText('Said while nobody listened.').count()).toBe(1);
});

test('draws a message that comes in pieces as one, as it grows and after a reload', async () => {
  const job = await on.room.add({ status: 'running', phase: 'implement' });
  const say = (text: string) => on.room.tell(job, { kind: 'agent', data: { kind: 'message', text } });
  const touch = () =>
    on.room.store.db.sql.query('UPDATE jobs SET updated_at = now() WHERE id = $1', [job.id]);
  await say('The cause is in `car');
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, on.room.urlOf(job), 'Ann');
  await page.getByText('Live', { exact: true }).waitFor();
  await say('t.js`:\n```\nif (a *b');
  await touch();
  const message = page.locator('.event.message');
  await message.locator('pre').getByText('if (a *b').waitFor();
  await say('* c) {}\n```\n# Next\n- **tests**');
  await touch();
  await message.locator('li strong').getByText('tests').waitFor();
  const seen = async () => [await message.count(), await message.locator('.said').innerHTML()];
  const [count, live] = await seen();
  expect(count).toBe(1);
  expect(await message.locator('code').first().textContent()).toBe('cart.js');
  await page.reload();
  await message.locator('li strong').getByText('tests').waitFor();
  expect(await seen()).toEqual([1, live]);
  await expectAccessible(page);
  expect(noted).toEqual([]);
});

test('goes on after a network that was cut and after one that swallowed everything, and tells each line once', async ({
  onTestFinished,
}) => {
  const job = await on.room.add({ status: 'running', phase: 'implement' });
  const says = (text: string) => on.room.tell(job, { kind: 'agent', data: { kind: 'message', text } });
  await says('I begin. ');
  const { page } = await openWatchedPage(on.browser);
  onTestFinished(() => page.context().close());
  await openAs(page, on.room.urlOf(job), 'Ann');
  const gate = await openTcpGate(on.room.url);
  onTestFinished(gate.close);
  await page.clock.install();
  await page.goto(new URL(`/jobs/J-${job.id}`, gate.url).href);
  const live = page.getByText('Live', { exact: true });
  await live.waitFor();

  gate.shut();
  await page.getByText('Connecting again…').waitFor();
  await says('Said while the cable was out. ');
  gate.open();
  await page.getByText('Said while the cable was out.').waitFor();
  await live.waitFor();

  // Nothing tells of this one but silence, which the page takes as an answer after half a minute.
  gate.hold();
  await says('Said into the void.');
  await page.clock.fastForward('00:31');
  await page.getByText('Connecting again…').waitFor();
  gate.open();
  // That one had been asked of the dead network, too.
  await page.clock.fastForward('00:31');
  await page.getByText('Said into the void.').waitFor();
  await live.waitFor();
  // Three pieces of one message.
  const said = await page.locator('ol.events > .message .said').allTextContents();
  expect(said.map((text) => text.trim())).toEqual([
    'I begin. Said while the cable was out. Said into the void.',
  ]);
});
