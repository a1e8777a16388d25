// The app's home as blocks: what stands there in every case, within Slack's limits however much there is.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortBoard } from '../../src/job/board.ts';
import { type Job, STATUSES } from '../../src/job/job.ts';
import type { Ask } from '../../src/job/permissions.ts';
import { renderBlocks } from '../../src/playground/slack/render-blocks.ts';
import { checkView } from '../../src/playground/slack/view-shape.ts';
import { askOnceMore } from '../../src/slack/approve-button.ts';
import { buildHome, HOME_BLOCKS_MOST } from '../../src/slack/home-view.ts';
import { anyText } from '../property/hostile.ts';
import { jobInStatus, sampleJob } from '../support/sample-job.ts';

const names = { user: (id: string) => id.replace('U0', '').toLowerCase(), channel: (id: string) => id };
const ALL: ReadonlySet<Ask> = new Set(['approve', 'reject', 'stop', 'steer']);
const THREAD = 'https://slack.test/archives/C1/p1';

function board(jobs: readonly Job[], may: ReadonlySet<Ask> = ALL) {
  const sorted = sortBoard({ open: jobs, recent: jobs }, () => may.has('approve'));
  return { ...sorted, rightsOf: () => may };
}

/** As the local Slack takes it and shows it. */
function read(...shown: Parameters<typeof buildHome>): string {
  const { blocks } = checkView({ type: 'home', blocks: structuredClone(buildHome(...shown)) }, 'home');
  return `\n${renderBlocks(blocks, names).join('\n')}\n`;
}

const at = (id: number, job: Job): Job => ({ ...job, id, threadUrl: THREAD });

test('an approver finds what waits with its buttons, what runs with Stop, and how the rest ended', () => {
  const jobs = [at(1, jobInStatus('in_review')), at(2, jobInStatus('running')), at(3, jobInStatus('merged'))];
  expect(read(board(jobs))).toMatchInlineSnapshot(`
    "
    # Waiting for you
    *J-1 (https://slack.test/archives/C1/p1)* #3 Round prices once (https://github.test/acme/shop/pull/3)
    :eyes: Ready for your decision
    · acme/shop · @ada · 2 files, +12 −4 · head \`aaaaaaa\`
    [ Approve & merge ] [ Reject ] [ Open thread ]
    # Under way
    *J-2 (https://slack.test/archives/C1/p1)* Fix #12: Prices are rounded twice (https://github.test/acme/shop/issues/12)
    :hammer_and_wrench: working · since 2026-03-01T09:00:01.000Z · acme/shop · @ada
    [ Stop ]
    # Recent
    *J-3 (https://slack.test/archives/C1/p1)* #3 Round prices once (https://github.test/acme/shop/pull/3)
    :tada: merged · acme/shop · @ada
    ────
    · \`/agent fix #12\` · \`/agent do <task>\` · \`/agent ask <question>\` · \`/agent help\` says the rest
    "
  `);
});

test('whoever may nothing sees how it stands, and no buttons but the way to the thread', () => {
  const jobs = [at(1, jobInStatus('in_review')), at(2, jobInStatus('running'))];
  const shown = read(board(jobs, new Set()));
  expect(shown).toContain('Nothing waits for you.');
  expect(shown).toContain(':eyes: ready, others decide');
  expect(shown).not.toMatch(/\[ (Approve|Reject|Stop)/);
});

test('somebody new is told how it goes', () => {
  expect(read(board([]))).toMatchInlineSnapshot(`
    "
    # Waiting for you
    *Nothing has happened here yet. This is how it goes:*
    1. In a channel type \`/agent fix #12\`, or \`/agent do <task>\` in your own words.
    2. An agent works in the background. Its card in the channel says how far it is; reply in its thread to steer it.
    3. You are mentioned when the pull request is ready: look at it, and press *Approve & merge* there or here.
    ────
    · \`/agent fix #12\` · \`/agent do <task>\` · \`/agent ask <question>\` · \`/agent help\` says the rest
    "
  `);
});

test('the answer to a press stands above everything, with the question that it asks', () => {
  const job = at(1, jobInStatus('in_review'));
  const shown = read(board([job]), askOnceMore(job, 'The check `lint` is red at GitHub.'));
  expect(shown.indexOf('The check `lint` is red')).toBeLessThan(shown.indexOf('# Waiting for you'));
  expect(shown.match(/\[ Approve & merge/g)).toHaveLength(2);
});

test('what has no room is counted, and nothing breaks the limit of blocks', () => {
  const many = (status: Job['status'], from: number) =>
    Array.from({ length: 60 }, (_, index) => at(from + index, jobInStatus(status)));
  const jobs = [...many('in_review', 100), ...many('running', 200), ...many('merged', 300)];
  const blocks = buildHome(board(jobs), { text: 'x'.repeat(5_000) });
  expect(blocks.length).toBeLessThanOrEqual(HOME_BLOCKS_MOST);
  const shown = read(board(jobs), { text: 'x'.repeat(5_000) });
  expect(shown).toContain('…and 48 more. `/agent list waiting` lists them.');
  expect(shown).toContain('…and 45 more. `/agent list all` lists them.');
});

test('nothing that anybody wrote breaks the home or makes a mention of its own', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STATUSES), anyText, (status, text) => {
      const base = jobInStatus(status);
      const job = at(1, { ...sampleJob(base), ...base, task: text, issue: undefined });
      const shown = JSON.stringify(buildHome(board([job]), { text }));
      checkView({ type: 'home', blocks: JSON.parse(shown) }, 'home');
      expect(shown).not.toMatch(/<!(channel|here|everyone)/);
    }),
  );
});
