// What can happen to a job, by name, for tests of its transitions; and both ways a transition can answer.
import { isRefusal, type Refusal } from '../../src/errors.ts';
import type { Job, TurnResult } from '../../src/job/job.ts';
import { type JobEvent, transition } from '../../src/job/transition.ts';
import { SAMPLE_PULL, SHA_A, SHA_B } from './sample-job.ts';

export const NOW = new Date('2026-03-01T10:00:00Z');
export const ended = (outcome: TurnResult['outcome'], turn = 1): JobEvent => ({
  type: 'turn_ended',
  result: { turn, outcome, endedAt: NOW.toISOString(), usage: {} },
});

/** Every kind of event, named as it reads in the matrix. */
export const EVENTS: Record<string, JobEvent> = {
  taken: { type: 'taken', workId: 'w1' },
  'taken by another': { type: 'taken', workId: 'w2' },
  phase: { type: 'phase', phase: 'publish' },
  learned: { type: 'learned', steerable: true },
  'ended with a pull': { ...ended('pull'), pull: SAMPLE_PULL } as JobEvent,
  'ended with an answer': ended('answer'),
  'ended with a plan': ended('plan'),
  'ended by failure': ended('failed'),
  'ended by stop': ended('stopped'),
  put_back: { type: 'put_back', code: 'github_down', say: 'GitHub does not answer.' },
  reply: { type: 'reply', by: 'U0BOB' },
  interrupt: { type: 'interrupt', by: 'U0BOB' },
  stop: { type: 'stop', by: 'U0BOB' },
  retry: { type: 'retry', by: 'U0BOB' },
  'approve the shown': { type: 'approve', by: 'U0ADA', sha: SHA_A },
  'approve another': { type: 'approve', by: 'U0ADA', sha: SHA_B },
  reject: { type: 'reject', by: 'U0ADA', reason: '' },
  merge_under_way: { type: 'merge_under_way', say: 'GitHub is merging it' },
  settle_delayed: { type: 'settle_delayed', say: 'GitHub does not answer.' },
  merged: { type: 'merged', sha: SHA_A },
  closed: { type: 'closed' },
  settle_refused: { type: 'settle_refused', code: 'conflict', say: 'Not merged: conflict.' },
};

/** What becomes of a plan that people are asked about. */
export const PLAN_EVENTS: Record<string, JobEvent> = {
  plan_run: { type: 'plan_run', by: 'U0BOB' },
  plan_answered: { type: 'plan_answered', by: 'U0BOB', question: 0, proposal: 0 },
  plan_split: { type: 'plan_split', by: 'U0BOB', jobs: [8, 9] },
  plan_dropped: { type: 'plan_dropped', by: 'U0BOB' },
  plan_expired: { type: 'plan_expired' },
};

/** What people may do at GitHub, seen afterwards. */
export const OUTSIDE_EVENTS: Record<string, JobEvent> = {
  'merged by somebody': { type: 'merged', sha: SHA_B, login: 'carla' },
  pull_closed: { type: 'pull_closed', login: 'carla' },
  pull_reopened: { type: 'pull_reopened' },
  pull_pushed: { type: 'pull_pushed', headSha: SHA_B, login: 'carla' },
  pull_retargeted: { type: 'pull_retargeted', base: 'release' },
  repo_renamed: {
    type: 'repo_renamed',
    repo: { owner: 'acme', name: 'store' },
    repoUrl: 'https://github.test/acme/store',
    pullUrl: 'https://github.test/acme/store/pull/3',
  },
  pull_gone: { type: 'pull_gone' },
  pull_back: { type: 'pull_back' },
  issue_closed: { type: 'issue_closed', login: 'carla' },
  issue_reopened: { type: 'issue_reopened' },
};

/** The next job; throws where the event is refused. */
export function apply(job: Job, event: JobEvent): Job {
  const next = transition(job, event, NOW);
  if (isRefusal(next)) throw new Error(`Refused: ${next.refusal}`);
  return next;
}

/** The refusal; throws where the event is taken. */
export function refusal(job: Job, event: JobEvent): Refusal {
  const next = transition(job, event, NOW);
  if (!isRefusal(next)) throw new Error(`Not refused: ${next.status}`);
  return next;
}
