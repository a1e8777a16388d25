// A page offers exactly what Slack offers: the rule stands in job/offers.ts for pages and in the messages for Slack, and this
// holds the two together.
import { expect, test } from 'vitest';
import { type Job, STATUSES } from '../../src/job/job.ts';
import { listOffers, type Offer } from '../../src/job/offers.ts';
import { ACTION, ANSWER_ACTIONS, parseButtonValue } from '../../src/slack/ids.ts';
import { buildThreadMessages } from '../../src/slack/thread-messages.ts';
import { jobInStatus, SAMPLE_PLAN, SHA_A } from '../support/sample-job.ts';

const ACTS: Readonly<Record<string, Offer['act']>> = {
  [ACTION.approve]: 'approve',
  [ACTION.reject]: 'reject',
  [ACTION.changes]: 'changes',
  [ACTION.update]: 'update',
  [ACTION.retry]: 'retry',
  [ACTION.stop]: 'stop',
  [ACTION.interrupt]: 'interrupt',
  [ACTION.planRun]: 'plan_run',
  [ACTION.planOne]: 'plan_one',
  [ACTION.planSplit]: 'plan_split',
  [ACTION.planDrop]: 'plan_drop',
  [ACTION.remember]: 'remember',
  ...Object.fromEntries(ANSWER_ACTIONS.map((id) => [id, 'plan_answer'])),
};

/** Act, and what it is about, of every button in the thread. */
function inSlack(job: Job, pendingReplies: number): string[] {
  const messages = buildThreadMessages({
    job,
    progress: { plan: [], usage: {} },
    pendingReplies,
    stored: [],
  });
  const text = JSON.stringify(messages.map(({ blocks }) => blocks));
  const buttons = [...text.matchAll(/"action_id":"([\w:]+)","value":"((?:[^"\\]|\\.)*)"/g)];
  return buttons
    .flatMap(([, id = '', value = '']) => {
      const act = ACTS[id];
      if (act === undefined) return [];
      const { sha, turn, choice } = parseButtonValue(JSON.parse(`"${value}"`)) ?? {};
      return [[act, sha ?? turn, ...(choice ? [choice.question, choice.proposal] : [])].join(' ')];
    })
    .toSorted();
}

function onPage(job: Job, pendingReplies: number): string[] {
  return listOffers(job, pendingReplies)
    .map((offer) => {
      const about =
        'sha' in offer && offer.sha !== undefined ? offer.sha : 'turn' in offer ? offer.turn : undefined;
      const choice = offer.act === 'plan_answer' ? [offer.question, offer.proposal] : [];
      return [offer.act, about, ...choice].join(' ');
    })
    .toSorted();
}

const question = { question: 'Which?', proposals: ['This', 'That'] };
const cases: readonly (readonly [string, Job, number])[] = [
  ...STATUSES.map((status) => [status, jobInStatus(status), 0] as const),
  ['stopping', { ...jobInStatus('running'), stop: { by: 'U1', at: '2026-03-01T09:00:00.000Z' } }, 0],
  ['unsteerable', { ...jobInStatus('running'), steerable: false }, 2],
  ['outdated', { ...jobInStatus('in_review'), outside: { outdated: { how: 'behind', at: 'x' } } }, 0],
  ['closed', { ...jobInStatus('in_review'), outside: { closed: { at: 'x' } } }, 0],
  ['red', { ...jobInStatus('in_review'), outside: { red: { sha: SHA_A, names: ['lint'], known: [] } } }, 0],
  ['failed with a pull', { ...jobInStatus('failed'), pull: jobInStatus('in_review').pull }, 0],
  ['merge under way', { ...jobInStatus('merging'), problem: { code: 'merge_under_way', reason: 'x' } }, 0],
  ['questions', { ...jobInStatus('waiting'), plan: { ...SAMPLE_PLAN, questions: [question] } }, 0],
  ['merged after words', { ...jobInStatus('merged'), corrected: true }, 0],
  ['rejected after words', { ...jobInStatus('rejected'), corrected: true }, 0],
  ['several tasks', { ...jobInStatus('waiting'), plan: { ...SAMPLE_PLAN, tasks: ['One', 'Two'] } }, 0],
];

test.for(cases)('%s', ([, job, pendingReplies]) => {
  expect(onPage(job, pendingReplies)).toEqual(inSlack(job, pendingReplies));
});
