// Whatever agents, people and repositories write is text on the page: nothing of it runs, leads away, hides or poses as
// something else.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { savePatch } from '../../src/store/patches.ts';
import { takePictures } from '../support/browser.ts';
import { openWatchedPage, usePageRoom } from '../support/page-room.ts';
import { openAs } from '../support/pages.ts';
import { SAMPLE_PULL, SHA_A, SHA_B, sampleResult } from '../support/sample-job.ts';
import { APPROVAL, sampleVerdict } from '../support/sample-verdict.ts';

const RUNS = '<script>window.hacked=1;alert(1)</script><img src=x onerror="window.hacked=1;alert(2)">';
const ESCAPES = '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007';
const TURNED = 'access = "user\u202E \u2066// admin\u2069 \u2066"';
const HUGE = 'x'.repeat(50_000);
const JS_LINK = 'javascript:window.hacked=1';
const MARKDOWN = [
  '[go](javascript:window.hacked=1) [out](/sign-out) ![x](https://evil.example/x.png) <javascript:alert(1)>',
  '# A heading of theirs',
  '| `"><img src=x>` |\n|--:|\n| x |',
  '```"><script>alert(5)</script>\n</code></pre><script>alert(6)</script>\n```',
  '&#x202E;',
].join('\n\n');
const ALL = `${RUNS} ${ESCAPES} ${TURNED} ${JS_LINK} {{constructor}} \${7*7} </pre></details></li></ol>`;

const on = usePageRoom();

test('nothing that others wrote runs, in any part of the page', async () => {
  const finding = { severity: 'blocking' as const, claim: ALL, fix: ALL, file: 'src/a.js', line: 2 };
  const verdict = sampleVerdict({
    checks: [{ name: 'tests', command: ALL, outcome: 'failed', exitCode: 1, durationMs: 5 }],
    gates: [{ rule: 'secret', file: ALL, line: 1, severity: 'warn', say: ALL }],
    review: { ...APPROVAL, outcome: 'objected', summary: ALL, findings: [finding], agent: ALL },
    summary: { title: ALL, changed: `${ALL}\n${HUGE}`, checked: ALL, risks: ALL },
  });
  const job = await on.room.add({
    status: 'in_review',
    task: ALL,
    issue: { number: 1, title: ALL, url: JS_LINK },
    repoUrl: JS_LINK,
    threadUrl: JS_LINK,
    agent: ALL,
    model: ALL,
    base: ALL,
    pull: { ...SAMPLE_PULL, url: JS_LINK },
    results: [
      sampleResult({
        summary: { title: ALL, changed: ALL, checked: ALL, risks: ALL },
        verdict,
        warnings: [ALL],
      }),
    ],
  });
  await on.room.tell(
    job,
    { kind: 'prompt', data: { text: ALL, steering: false } },
    { kind: 'agent', data: { kind: 'message', text: `${ALL}\n${HUGE}` } },
    {
      kind: 'agent',
      data: { kind: 'tool', id: 'x', title: 'x', toolKind: 'read', status: 'completed', paths: [] },
    },
    { kind: 'agent', data: { kind: 'message', text: MARKDOWN } },
    { kind: 'agent', data: { kind: 'thought', text: ALL } },
    { kind: 'agent', data: { kind: 'stderr', text: ALL } },
    {
      kind: 'agent',
      data: {
        kind: 'tool',
        id: `"><script>alert(3)</script>`,
        title: ALL,
        toolKind: ALL,
        status: 'completed',
        paths: [ALL],
        output: ALL,
        diffs: [{ path: ALL, text: `+${ALL}\n-${ALL}` }],
      },
    },
    { kind: 'agent', data: { kind: 'permission', title: ALL, allowed: false, reason: ALL } },
    { kind: 'agent', data: { kind: 'egress_denied', host: ALL } },
    { kind: 'agent', data: { kind: 'plan', steps: [{ text: ALL, status: 'pending' }] } },
    { kind: 'note', data: { name: ALL, by: ALL, say: ALL } },
    {
      kind: 'note',
      data: { name: 'checked', check: 'tests', command: ALL, outcome: 'failed', on: 'change', output: ALL },
    },
    { kind: 'status', data: { event: ALL, by: ALL, to: ALL } },
  );
  const file = `src/${RUNS.replaceAll('/', '')}.js`;
  const whole = {
    text: [
      `diff --git a/${file} b/${file}`,
      `--- a/${file}`,
      `+++ b/${file}`,
      '@@ -1,3 +1,3 @@ </td></tr></table><script>alert(4)</script>',
      ` ${RUNS}`,
      `--- a/innocent.js`,
      `+++ b/innocent.js`,
      ` ${TURNED}\rdiff --git a/forged.js b/forged.js\r${ESCAPES}`,
      `diff --git a/src/a.js b/src/a.js`,
      `--- a/src/a.js`,
      `+++ b/src/a.js`,
      '@@ -1,1 +1,2 @@',
      ' one',
      '+two',
      '',
    ].join('\n'),
    cut: false,
  };
  await savePatch(on.room.store.db.sql, job, { baseSha: SHA_B, headSha: SHA_A, whole });
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, on.room.urlOf(job), 'Ann');
  for (const part of ['checks', 'diff', 'costs', 'audit']) {
    await page.locator(`#part-${part}`).scrollIntoViewIfNeeded();
    await page.locator(`[data-part$="/${part}"] a[href$="/${part}"]`).waitFor({ state: 'detached' });
  }
  await page.evaluate(
    `document.querySelectorAll('details:not(.offer)').forEach((one) => { one.open = true; })`,
  );
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('script:not([src])').count()).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
  const links = z
    .array(z.string())
    .parse(
      await page.evaluate(
        `[...document.querySelectorAll('main a[href]')].map((one) => one.getAttribute('href'))`,
      ),
    );
  // Links of the library's own to the files of the diff, ours to our pages, and of those that others wrote the one to the web.
  const others = links.filter((href) => !/^(\/|#d2h-\d+$|#e\d+$)/.test(href));
  expect(others).toEqual(['https://evil.example/x.png']);
  expect(links.includes('/sign-out')).toBe(false);
  expect(await page.getByRole('heading', { name: 'A heading of theirs' }).count()).toBe(0);
  const text = (await page.locator('main').textContent()) ?? '';
  expect(text.includes('<script>window.hacked=1') && text.includes('[U+202E]')).toBe(true);
  const hidden = ['\u001b', '\u202e', '\u2066'].map((one) => text.indexOf(one)).filter((at) => at >= 0);
  expect(hidden.map((at) => text.slice(at - 80, at + 20))).toEqual([]);
  // What a file says is no part of the patch: two files were changed, whatever their lines pose as.
  expect(await page.locator('.d2h-file-wrapper').count()).toBe(2);
  expect(await page.locator('tr.remark').count()).toBe(1);
  // No line is wider than the page.
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await takePictures(page, 'job-page-hostile');
  expect(noted).toEqual([]);
});

test('a title that runs shows as a title, on the start page too', async () => {
  await on.room.add({ status: 'failed', issue: undefined, task: ALL });
  const { page, noted } = await openWatchedPage(on.browser);
  await openAs(page, `${on.room.url}/`, 'Ann');
  await page.getByRole('heading', { name: 'Waits for a decision' }).waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('main img').count()).toBe(0);
  expect(noted).toEqual([]);
});
