// Turns that no word in Slack asked for: what people and checks say of an open pull. When one begins, how many there may be
// in a row, and how a person ends or renews them. Pure; part of `transition`, which alone calls it.
import { type Refusal, refuse } from '../errors.ts';
import { type Job, jobName } from './job.ts';
import { nextTurn } from './next-turn.ts';
import type { Occasion } from './occasion.ts';

/** In a row, since somebody last spoke in Slack: of any kind, and for red checks. */
export const MOST_FOLLOWED = { turns: 6, checks: 2 } as const;

/** `turn`: the one that the button stood for. */
type ByPerson = Readonly<{ by: string; turn?: number }>;

export type FollowUpEvent =
  /** Something at GitHub wants a turn. */
  | Readonly<{ type: 'follow_up'; occasion: Exclude<Occasion, { kind: 'update' }> }>
  /** A person wants the branch brought up to date with its base. */
  | (Readonly<{ type: 'update_branch' }> & ByPerson)
  /** A person wants no turns by what happens at GitHub, or wants them again. */
  | Readonly<{ type: 'mute' | 'unmute'; by: string }>;

/** Whether what is said at GitHub may begin a turn now: somebody has a pull to decide on, and wants to hear of it. */
export function listensToPull(job: Job): boolean {
  // A lesson is a page that the host writes: an agent's own change to it would not pass.
  if (job.kind === 'remember') return false;
  const { status, pull, muted, outside } = job;
  if (pull === undefined || muted || outside?.closed || outside?.gone) return false;
  return status === 'in_review' || status === 'failed';
}

/** What one of these events makes of a job that is not final. */
export function followUp(job: Job, event: FollowUpEvent, at: string): Job | Refusal {
  switch (event.type) {
    case 'follow_up':
      return listensToPull(job) ? begin(job, event.occasion) : refuseNow(job);
    case 'update_branch':
      return updateBranch(job, event.by);
    case 'mute':
      return job.muted ? job : { ...job, muted: { by: event.by, at } };
    case 'unmute':
      return unmute(job);
  }
}

/** Words in Slack: whatever came by itself is counted anew. */
export function heardPerson(job: Job): Job {
  const { followed, ...rest } = job;
  return followed === undefined ? job : rest;
}

/** Words to a job that has shown something: somebody wants it otherwise. An answer to a plan's questions is none of these. */
export function noteCorrection(job: Job): Job {
  const isOfPlan =
    job.status === 'waiting' && job.plan?.state === 'waiting' && job.plan.questions.length === 0;
  return job.pull !== undefined || isOfPlan ? { ...job, corrected: true } : job;
}

function begin(job: Job, occasion: Exclude<Occasion, { kind: 'update' }>): Job | Refusal {
  const { turns, checks, sha } = job.followed ?? { turns: 0, checks: 0 };
  const isChecks = occasion.kind === 'checks';
  // Another head by now, or an answer to exactly this one was found before.
  if (isChecks && (job.status !== 'in_review' || occasion.sha !== job.pull?.headSha || occasion.sha === sha))
    return job;
  if (turns >= MOST_FOLLOWED.turns) return giveUp(job, 'turns');
  if (isChecks && checks >= MOST_FOLLOWED.checks) return giveUp(job, 'checks');
  const seen = isChecks ? occasion.sha : sha;
  return {
    ...nextTurn(isChecks ? job : noteCorrection(job)),
    occasion,
    followed: {
      turns: turns + 1,
      // People have looked since.
      checks: isChecks ? checks + 1 : 0,
      ...(seen === undefined ? {} : { sha: seen }),
    },
  };
}

function giveUp(job: Job, over: 'turns' | 'checks'): Job {
  const { followed } = job;
  return followed === undefined || followed.over === over ? job : { ...job, followed: { ...followed, over } };
}

function updateBranch(job: Job, by: string): Job | Refusal {
  if (job.pull === undefined || (job.status !== 'in_review' && job.status !== 'failed'))
    return refuseNow(job);
  if (job.outside?.closed)
    return refuse(
      'pull_closed',
      'The pull request is closed. Reopen it on GitHub first, or reply here to go on.',
    );
  return { ...nextTurn(heardPerson(job)), occasion: { kind: 'update', by } };
}

function unmute(job: Job): Job {
  const { muted, ...rest } = job;
  return muted === undefined ? job : rest;
}

function refuseNow(job: Job): Refusal {
  return refuse('wrong_status', `${jobName(job)} is ${job.status}, so this no longer applies.`);
}
