// What the job page calls things. Small pure functions, the voice of a calm colleague.
import { html } from 'hono/html';
import type { Job, Phase, Status, TurnResult } from '../../job/job.ts';
import type { Act } from '../../job/offers.ts';
import { awaited } from '../../job/planning.ts';
import type { Html } from '../pages/layout.ts';
import { shownLine } from '../pages/text.ts';

const PHASES: Readonly<Record<Phase, string>> = {
  prepare: 'Getting the code ready',
  plan: 'Planning',
  implement: 'Working',
  check: 'Running the checks',
  review: 'Second opinion',
  publish: 'Publishing',
  answer: 'Looking for the answer',
  remember: 'Writing down what was learned',
};

export function phaseWords(phase: string): string {
  const known: Readonly<Record<string, string>> = PHASES;
  return Object.hasOwn(known, phase) ? (known[phase] ?? phase) : shownLine(phase, 40);
}

/** What was asked, in a line. */
export function titleOf(job: Job): string {
  if (job.reviewOf) return `Review pull #${job.reviewOf.number}: ${shownLine(job.reviewOf.title)}`;
  if (job.issue) return `Fix #${job.issue.number}: ${shownLine(job.issue.title)}`;
  return shownLine(job.task, 160) || 'A task without words';
}

/** `tone`: how it looks. */
type Tone = 'rest' | 'busy' | 'ask' | 'good' | 'bad';

const STATUSES: Readonly<Record<Status, readonly [say: string, tone: Tone]>> = {
  queued: ['Queued', 'rest'],
  running: ['Running', 'busy'],
  waiting: ['Waits for an answer', 'ask'],
  in_review: ['Ready for a decision', 'ask'],
  merging: ['Merging', 'busy'],
  closing: ['Closing', 'busy'],
  failed: ['Failed', 'bad'],
  done: ['Done', 'good'],
  merged: ['Merged', 'good'],
  rejected: ['Rejected', 'rest'],
  cancelled: ['Stopped', 'rest'],
};

export function statusBadge(status: Status): Readonly<{ say: string; tone: Tone }> {
  const [say, tone] = STATUSES[status];
  return { say, tone };
}

/** The status in a sentence. */
export function statusSentence(job: Job): string {
  switch (job.status) {
    case 'queued':
      return 'It starts as soon as a runner is free.';
    case 'running':
      if (job.stop) return 'Somebody stopped it; the agent is being ended.';
      return `${phaseWords(job.phase ?? 'prepare')}, turn ${job.turn}.`;
    case 'waiting':
      return WAITS[awaited(job) ?? 'approval'];
    case 'in_review':
      return job.outside?.closed
        ? 'The pull request was closed on GitHub. Reopen it there to go on, or reject the job.'
        : 'The pull request is open. A person decides.';
    case 'merging':
      return job.problem?.reason ?? 'Somebody approved; GitHub is merging.';
    case 'closing':
      return job.problem?.reason ?? 'Somebody rejected it; the pull request is being closed.';
    case 'failed':
      return job.results.at(-1)?.failure?.reason ?? 'It could not go on. The work so far is kept.';
    case 'done':
      return 'It ended without a pull request.';
    case 'merged':
      return 'The change is in.';
    case 'rejected':
      return 'The pull request is closed and its branch deleted.';
    case 'cancelled':
      return 'It was stopped before it came to anything.';
  }
}

const WAITS = {
  approval: 'Its plan waits for somebody to run it. Nothing was changed yet.',
  questions: 'It has questions before it begins. Nothing was changed yet.',
  split: 'It is several tasks in one. Somebody says whether it becomes one job or several.',
} as const;

export const LABELS: Readonly<Record<Exclude<Act, 'plan_answer'>, string>> = {
  approve: 'Approve & merge',
  reject: 'Reject',
  changes: 'Request changes',
  update: 'Update branch',
  retry: 'Retry',
  stop: 'Stop',
  interrupt: 'Interrupt now',
  plan_run: 'Run the plan',
  plan_one: 'Run as one',
  plan_split: 'Run as several jobs',
  plan_drop: 'Drop the plan',
  remember: 'Remember this',
};

const OUTCOMES: Readonly<Record<TurnResult['outcome'], string>> = {
  pull: 'ended with a pull request',
  answer: 'ended with an answer',
  review: 'ended with a review',
  plan: 'ended with a plan',
  failed: 'failed',
  stopped: 'was stopped',
};

export function outcomeWords(outcome: TurnResult['outcome']): string {
  return OUTCOMES[outcome];
}

/** A commit, with all of its name for whoever asks for it. */
export function commit(sha: string | undefined): Html {
  return html`<code title="${sha ?? ''}">${short(sha)}</code>`;
}

export function short(sha: string | undefined): string {
  return (sha ?? '').slice(0, 7);
}
