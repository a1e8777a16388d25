// What people read in Slack, in every status, and that nothing anybody wrote breaks its limits or notifies somebody.
import { expect, test } from 'vitest';
import type { Progress } from '../../src/job/agent-update.ts';
import { type Job, STATUSES } from '../../src/job/job.ts';
import { checkMessageBlocks } from '../../src/playground/slack/block-check.ts';
import { renderBlocks } from '../../src/playground/slack/render-blocks.ts';
import { taskModal } from '../../src/slack/modals.ts';
import { describeRequest } from '../../src/slack/start-request.ts';
import { escapeMrkdwn } from '../../src/slack/text-limits.ts';
import { buildThreadMessages } from '../../src/slack/thread-messages.ts';
import { choiceExpired, choiceQuestion } from '../../src/slack/words/answers.ts';
import { jobList, jobStatus } from '../../src/slack/words/job-lines.ts';
import { noSuchBranch } from '../../src/slack/words/refusals.ts';
import { jobInStatus, SAMPLE_PULL, SHA_B, sampleJob, sampleResult } from '../support/sample-job.ts';

const PROGRESS: Progress = {
  plan: [
    { text: 'Read the cart', status: 'completed' },
    { text: 'Round once', status: 'in_progress' },
    { text: 'Run the tests', status: 'pending' },
  ],
  activity: 'npm test',
  activityAt: '2026-03-01T09:01:00.000Z',
  usage: {
    contextUsed: 86_000,
    contextSize: 200_000,
    totalTokens: 51_234,
    cost: { amount: 0.42, currency: 'USD' },
  },
};
const EMPTY: Progress = { plan: [], usage: {} };
const names = { user: (id: string) => id.replace('U0', '').toLowerCase(), channel: (id: string) => id };

function build(job: Job, progress: Progress, pendingReplies = 0) {
  return buildThreadMessages({ job, progress, pendingReplies, stored: [] });
}

/** All messages of a job as lines, checked by the local Slack first. */
function read(job: Job, progress = EMPTY, pendingReplies = 0): string {
  const messages = build(job, progress, pendingReplies).map(({ blocks }) =>
    renderBlocks(checkMessageBlocks(structuredClone(blocks)), names).join('\n'),
  );
  return `\n${messages.join('\n\n')}\n`;
}

test('a running card shows plan, last activity, usage and what waits', () => {
  const job = { ...jobInStatus('running'), steerable: false, warning: 'No sandbox is used here.' };
  expect(read(job, PROGRESS, 2)).toMatchInlineSnapshot(`
    "
    *J-7* · Fix #12: Prices are rounded twice (https://github.test/acme/shop/issues/12)
    :hammer_and_wrench: Working
    :white_check_mark: Read the cart
    :arrow_forward: Round once
    :white_large_square: Run the tests
    · Last: npm test · 2026-03-01T09:01:00.000Z
    :warning: No sandbox is used here.
    2 replies wait for the end of this turn.
    · asked by Ada · acme/shop (https://github.test/acme/shop) (main) · started 2026-03-01T09:00:00.000Z · context 43 % · 51,234 tokens · 0.42 USD
    [ Interrupt now ] [ Stop ]
    "
  `);
});

test('card and result say where a fresh session took over', () => {
  const at = '2026-03-01T09:01:00.000Z';
  const once = [{ at, percent: 61.4, written: true }];
  const twice = [...once, { at, percent: 93, written: false }];
  expect(read({ ...jobInStatus('running'), handedOver: once }, PROGRESS)).toContain(
    'context 43 % · session 2 of this turn (handed over at 61 %) · 51,234 tokens',
  );
  const done = read({ ...jobInStatus('in_review'), results: [sampleResult({ handedOver: twice })] });
  const words = '3 sessions (handed over at 61 %, 93 % without a note, told from the record)';
  expect(done.split(words), 'on the card and on the result').toHaveLength(3);
});

test.each(STATUSES)('the thread of a job that is %s', (status) => {
  expect(read(jobInStatus(status))).toMatchSnapshot();
});

test('a job whose pull somebody merged or closed on GitHub does not claim a decision', () => {
  const outside = (status: 'merged' | 'rejected') => {
    const { decision: _decision, ...job } = jobInStatus(status);
    return read(job);
  };
  expect(outside('merged')).toContain('Merged on GitHub at `aaaaaaa`');
  expect(outside('rejected')).toContain('closed on GitHub');
  const { decision } = jobInStatus('rejected');
  expect(read({ ...jobInStatus('merged'), ...(decision ? { decision } : {}) })).not.toContain('Approved');
});

test('after a moved head the reason is shown, and buttons and head name the new SHA', () => {
  const text = read({
    ...jobInStatus('in_review'),
    pull: { ...SAMPLE_PULL, headSha: SHA_B },
    problem: { code: 'head_moved', reason: 'Not merged: somebody pushed.' },
  });
  expect(text).toContain(':warning: Not merged: somebody pushed.');
  expect(text).toContain('head `bbbbbbb`');
});

const NASTY = [
  '<!channel> <!here> <@U0EVE> <#C1> <!subteam^S1> @channel (@everyone)',
  '\u202Egnp.exe\u202C \u2066x\u2069 \u001b[31m red \u0000',
  '&&&<<<>>>'.repeat(40),
  '"\\\n'.repeat(300),
  '```js\nlet a = `<!channel>`',
  '*_~`|>'.repeat(50),
  '😀'.repeat(700),
  '<https://evil.test|click> ](x) [a](b)',
];
const SIZES = [1, 30];

/** Everything that others can write into a job, filled with `words`. */
function filled(words: string): Job {
  const failure = { code: 'x', reason: words };
  return sampleJob({
    task: words,
    issue: { number: 1, title: words, url: `https://github.test/a/b/issues/1?${words.slice(0, 20)}` },
    agent: words,
    model: words,
    requesterName: words,
    base: `release/${words.slice(0, 100)}`,
    outside: {
      closed: { at: '2026-03-01T09:00:00.000Z', by: words },
      pushed: { at: '2026-03-01T09:00:00.000Z', by: words, shown: SHA_B },
      retargeted: { at: '2026-03-01T09:00:00.000Z', from: words },
      issueClosed: { at: '2026-03-01T09:00:00.000Z', by: words },
      mergedBy: words,
    },
    warning: words,
    problem: failure,
    pull: SAMPLE_PULL,
    results: [
      sampleResult({
        summary: { title: words, changed: words, checked: words, risks: words },
        size: {
          fileCount: 500,
          added: 1,
          deleted: 1,
          files: Array.from({ length: 500 }, () => ({ path: words.slice(0, 300), added: 1, deleted: 0 })),
        },
      }),
      { turn: 2, outcome: 'answer', endedAt: '2026-03-01T09:05:00.000Z', answer: words, usage: {} },
      { turn: 3, outcome: 'failed', endedAt: '2026-03-01T09:05:00.000Z', failure, usage: {} },
      sampleResult({ turn: 4, summary: { title: words, changed: words, checked: words, risks: words } }),
    ],
  });
}

test.each(STATUSES)('nothing anybody wrote breaks a limit or notifies somebody while %s', (status) => {
  for (const piece of NASTY) {
    for (const size of status === 'running' || status === 'in_review' ? [...SIZES, 300] : SIZES) {
      const words = piece.repeat(size);
      const progress: Progress = {
        plan: Array.from({ length: 100 }, () => ({ text: words, status: 'pending' as const })),
        activity: words,
        activityAt: '2026-03-01T09:01:00.000Z',
        usage: { cost: { amount: 1, currency: words } },
      };
      const job = { ...filled(words), status };
      for (const { slot, text, blocks } of build(job, progress, 3)) {
        checkMessageBlocks(structuredClone(blocks));
        expect(text.length).toBeLessThan(4_000);
        const all = JSON.stringify([text, blocks], (key, part) => (key === 'value' ? undefined : part));
        const own = slot === 'card' ? [] : ['<@U0ADA>', '<@U0ADA>'];
        expect(all.match(/<[@#!](?!date\^)[^>]*>/g) ?? []).toEqual(own);
        expect(all).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|\\u00(?!0a)[01]/);
        expect(all).not.toMatch(/(^|[^\w])@(channel|here|everyone)/);
      }
    }
  }
});

test('a summary of 50,000 characters is cut, and its code fence closed', () => {
  const changed = `Before\n\`\`\`js\n${'let a = 1;\n'.repeat(5_000)}`;
  const job = jobInStatus('in_review');
  const result = sampleResult({ summary: { title: 'T', changed, checked: 'c', risks: 'r' } });
  const [, message] = build({ ...job, results: [result] }, EMPTY);
  const markdown = message?.blocks.find((block) => block.type === 'markdown');
  const text = markdown?.type === 'markdown' ? markdown.text : '';
  expect(text.match(/```/g)).toHaveLength(2);
  expect(text).toContain('**How it was checked:** c');
  expect(text.length).toBeGreaterThan(2_000);
});

test('lists, questions, notices and forms quote what others wrote without notifying anybody', () => {
  for (const words of NASTY) {
    const job: Job = { ...filled(words), status: 'in_review' };
    const stored = [{ slot: 'notice:1', channel: 'C1', wanted: { text: words }, reposts: 0 }];
    const notices = buildThreadMessages({ job, progress: EMPTY, pendingReplies: 0, stored }).filter(
      ({ slot }) => slot === 'notice:1',
    );
    expect(notices).toHaveLength(1);
    const said = [
      jobList([job, job], { heading: 'Open:', empty: '' }),
      jobStatus(job),
      choiceQuestion(escapeMrkdwn(describeRequest({ kind: 'do', task: words }))),
      choiceExpired(escapeMrkdwn(describeRequest({ kind: 'do', task: words }))),
      noSuchBranch(job.repo, words, words).refusal,
      JSON.stringify(notices),
    ].join('\n');
    const mentions = said.match(/<[@#!](?!date\^)[^>]*>/g) ?? [];
    expect(mentions.filter((one) => one !== '<@U0ADA>')).toEqual([]);
    expect(said).not.toMatch(/(^|[^\w])@(channel|here|everyone)/);
    expect(JSON.stringify(said)).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|\\u001b/);
    // A form's text is no mrkdwn: nothing in it is ever a mention.
    const form = taskModal({
      place: { channel: 'C1', threadTs: '1.1', messageTs: '1.1', inThread: false },
      task: words,
      repo: undefined,
    });
    expect(JSON.stringify(form)).not.toContain('mrkdwn');
  }
});
