// A plan as people read it in Slack: all of it and the right buttons, within Slack's limits, notifying nobody it names.
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { type JobPlan, MOST_QUESTIONS } from '../../src/job/plan.ts';
import { checkMessageBlocks } from '../../src/playground/slack/block-check.ts';
import { renderBlocks } from '../../src/playground/slack/render-blocks.ts';
import { buildThreadMessages } from '../../src/slack/thread-messages.ts';
import { jobInStatus, SAMPLE_PLAN } from '../support/sample-job.ts';

const names = { user: (id: string) => id.replace('U0', '').toLowerCase(), channel: (id: string) => id };

function waiting(plan: Partial<JobPlan> = {}, fields: Partial<Job> = {}): Job {
  const whole = { ...SAMPLE_PLAN, ...plan };
  const results = [
    { turn: 1, outcome: 'plan' as const, endedAt: '2026-03-01T09:05:00.000Z', plan: whole, usage: {} },
  ];
  return { ...jobInStatus('waiting'), plan: whole, results, ...fields };
}

/** The job's messages, checked as Slack does: the card, then what is put before people. */
function read(job: Job): readonly string[] {
  const messages = buildThreadMessages({
    job,
    progress: { plan: [], usage: {} },
    pendingReplies: 0,
    stored: [],
  });
  return messages.map(({ blocks }) =>
    renderBlocks(checkMessageBlocks(structuredClone(blocks)), names).join('\n'),
  );
}

const QUESTIONS = [
  { question: 'Which page is slow?', proposals: ['The start page', 'The cart'] },
  { question: 'Why?', proposals: [] },
];

test('questions stand with their answers; what was chosen says by whom', () => {
  const chosen = [{ question: 0, text: 'The cart', by: 'U0BOB', at: '2026-03-01T09:06:00.000Z' }];
  const [, open = ''] = read(waiting({ questions: QUESTIONS }));
  expect(open).toContain('has 2 questions before it begins');
  expect(open).toContain('[ The start page ] [ The cart ]');
  expect(open).toContain('[ Decide yourself ] [ Change ] [ Drop ]');
  const [, half = ''] = read(waiting({ questions: QUESTIONS, chosen }));
  expect(half).toContain(':ballot_box_with_check: The cart (@bob)');
  expect(half).not.toContain('[ The start page ]');
});

test('several tasks are named, with the way to run them', () => {
  const [card = '', shown = ''] = read(waiting({ tasks: ['Refactor', 'Speed up'] }));
  expect(card).toContain('It is several tasks');
  expect(shown).toContain('1. Refactor\n2. Speed up');
  expect(shown).toContain('[ Run as 2 jobs ] [ Run as one ] [ Change ] [ Drop ]');
});

test.each([
  ['dropped', { status: 'cancelled', planEnd: { how: 'dropped', by: 'U0BOB', at: '' } }, 'Dropped by @bob'],
  ['expired', { status: 'cancelled', planEnd: { how: 'expired', at: '' } }, 'expired since nobody answered'],
  [
    'split',
    { status: 'done', planEnd: { how: 'split', by: 'U0BOB', at: '', jobs: [8, 9] } },
    'Went on as J-8 and J-9',
  ],
] as const)(
  'a plan that was %s says so on the card and on its message, without buttons',
  (_how, end, words) => {
    const [card = '', shown = ''] = read(
      waiting({ tasks: ['One', 'Two'] }, { ...end, planEnd: { ...end.planEnd, jobs: [8, 9] } }),
    );
    expect(card).toContain(words);
    expect(shown).toContain(words);
    expect(shown).not.toContain('[ ');
  },
);

test('a plan that runs says who let it; one that was answered keeps what it said', () => {
  const approved = waiting({ state: 'approved', approvedBy: 'U0BOB' }, { status: 'running', turn: 2 });
  expect(read(approved)[1]).toContain('Approved by @bob');
  const later: JobPlan = { ...SAMPLE_PLAN, turn: 2, understood: 'Another one' };
  const shown = read({ ...waiting(), plan: later, status: 'running', turn: 2 })[1];
  expect(shown).toContain(SAMPLE_PLAN.understood);
  expect(shown).not.toContain('Another one');
});

describe('whatever a planner says', () => {
  const long = (count: number) => 'lorem <!channel> `x` '.repeat(count);
  const huge: Partial<JobPlan> = {
    understood: long(190),
    assumptions: Array(12).fill({ assumed: long(90), instead: Array(5).fill(long(90)) }),
    files: Array(200).fill(`src/${'a'.repeat(200)}.ts`),
    steps: Array(40).fill(long(90)),
    tests: Array(30).fill({ level: 'unit', must: long(90) }),
    objections: Array(10).fill(long(90)),
    tasks: Array(10).fill(long(90)),
  };
  const questions = Array(MOST_QUESTIONS).fill({ question: long(90), proposals: Array(4).fill(long(90)) });

  test.each([
    ['a huge plan', huge],
    ['huge questions', { ...huge, questions }],
    ['words that nobody sees', { questions: [{ question: '\u202e', proposals: ['\u202e', '<@U0ADA>'] }] }],
  ])('%s fits, and only the requester is mentioned', (_name, plan) => {
    const job = waiting(plan);
    const [, message] = buildThreadMessages({
      job,
      progress: { plan: [], usage: {} },
      pendingReplies: 0,
      stored: [],
    });
    const blocks = structuredClone(message?.blocks ?? []);
    expect(() => checkMessageBlocks(blocks)).not.toThrow();
    const text = JSON.stringify(blocks.filter(({ type }) => type !== 'actions'));
    expect(text).not.toContain('<!channel>');
    expect(text.match(/<@U0/g)).toHaveLength(1);
  });
});
