// The job page in each state that a job can be in, all of it unfolded: it says how the job stands, and keeps nobody out.
import { expect, test } from 'vitest';
import { STATUSES } from '../../src/job/job.ts';
import { savePatch } from '../../src/store/patches.ts';
import { expectAccessible } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { jobInStatus, SHA_A, SHA_B } from '../support/sample-job.ts';

const on = usePageRoom();

const PATCH = `diff --git a/src/cart.js b/src/cart.js
--- a/src/cart.js
+++ b/src/cart.js
@@ -1,2 +1,2 @@
 const lines = [];
-const total = round(round(sum));
+const total = round(sum);
`;

/** What stands in most transcripts. */
const TOLD = [
  { kind: 'status', data: { event: 'taken', runner: 'host:1' } },
  { kind: 'prompt', data: { text: 'Prices are rounded twice.', steering: false } },
  { kind: 'agent', data: { kind: 'thought', text: 'Where is it rounded?' } },
  { kind: 'agent', data: { kind: 'usage', usage: { contextUsed: 40_000, contextSize: 200_000 } } },
  {
    kind: 'agent',
    data: {
      kind: 'tool',
      id: 't1',
      title: 'npm test',
      toolKind: 'execute',
      status: 'completed',
      paths: [],
      output: '14 passed',
    },
  },
  { kind: 'agent', data: { kind: 'egress_denied', host: 'registry.example' } },
  {
    kind: 'note',
    data: {
      name: 'checked',
      check: 'tests',
      command: 'npm test',
      outcome: 'passed',
      on: 'change',
      output: 'ok',
    },
  },
] as const;

test('axe finds nothing in any state, with every fold and question open', async () => {
  const { errand, store } = on.room;
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, `${on.room.url}/`, 'Ann');
  for (const status of STATUSES) {
    const job = await on.room.add({
      ...jobInStatus(status),
      team: errand.slack.teamId,
      channel: errand.channel,
      requester: errand.ann,
    });
    await on.room.tell(job, ...TOLD);
    const whole = { text: PATCH, cut: false };
    await savePatch(store.db.sql, job, { baseSha: SHA_B, headSha: SHA_A, whole });
    await page.goto(on.room.urlOf(job));
    for (const part of ['checks', 'diff', 'costs', 'audit']) {
      await page.locator(`#part-${part}`).scrollIntoViewIfNeeded();
      await page.locator(`[data-part$="/${part}"] a[href$="/${part}"]`).waitFor({ state: 'detached' });
    }
    await page.evaluate(
      `document.querySelectorAll('details:not(.offer)').forEach((one) => { one.open = true; })`,
    );
    await expectAccessible(page);
    // One question at a time can be open.
    for (const offer of await page.locator('details.offer > summary').all()) {
      await offer.click();
      await expectAccessible(page);
    }
  }
  expect(noted).toEqual([]);
});
