// How a human's decision on a pull goes: approved or rejected, settled by GitHub, or given back. Part of `transition`, which
// alone calls these; each answers with the next job or a refusal. Pure.
import { type Refusal, refuse } from '../errors.ts';
import { cutHead } from './cut.ts';
import { type Job, jobName } from './job.ts';
import { movePull, retarget } from './outside.ts';
import { standingBlocking } from './standing-risk.ts';
import type { JobEvent } from './transition.ts';

export function approve(job: Job, event: Extract<JobEvent, { type: 'approve' }>, at: string): Job | Refusal {
  if (job.status === 'merging')
    return refuse('already_decided', `${jobName(job)} was approved already; GitHub is merging it.`);
  const pull = job.pull;
  if (job.status !== 'in_review' || pull === undefined) {
    return refuse('not_in_review', whyUndecidable(job));
  }
  if (job.outside?.closed) {
    return refuse(
      'pull_closed',
      `The pull of ${jobName(job)} was closed on GitHub. Reopen it there to merge it, or reply in the thread to go on.`,
    );
  }
  if (pull.headSha !== event.sha) return refuseStale(pull.headSha);
  if (event.base !== undefined && event.base !== job.base) return refuseRetargeted(job);
  const blocking = standingBlocking(job);
  if (blocking.length > 0 && !event.knowing) return refuseBlocked(job, blocking);
  const { problem: _problem, mergeTicket: _ticket, ...rest } = job;
  const { by, sha, login } = event;
  const decision = { kind: 'approve' as const, by, at, sha, ...(login === undefined ? {} : { login }) };
  return { ...rest, status: 'merging', decision };
}

export function reject(job: Job, event: Extract<JobEvent, { type: 'reject' }>, at: string): Job | Refusal {
  if (job.status === 'closing')
    return refuse('already_decided', `${jobName(job)} was rejected already; its pull is being closed.`);
  if (job.pull === undefined || (job.status !== 'in_review' && job.status !== 'failed')) {
    return refuse('not_in_review', whyUndecidable(job));
  }
  if (event.sha !== undefined && job.pull.headSha !== event.sha) return refuseStale(job.pull.headSha);
  const { problem: _problem, ...rest } = job;
  return { ...rest, status: 'closing', decision: { kind: 'reject', by: event.by, at, reason: event.reason } };
}

/** Whoever decides on what is out of date hears what happened since. */
function whyUndecidable(job: Job): string {
  return job.pull !== undefined && (job.status === 'queued' || job.status === 'running')
    ? `${jobName(job)} is at work again (turn ${job.turn}). Decide when its next result is there.`
    : `${jobName(job)} has no pull that waits for a decision.`;
}

function refuseStale(headSha: string): Refusal {
  return refuse(
    'stale',
    `The pull has changed since this was shown (now at ${headSha.slice(0, 7)}). Decide on the newest result.`,
  );
}

/** Enough to know what it is about; the result has all of it. */
const BLOCKING_SHOWN = 3;
const BLOCKING_LENGTH = 300;

function refuseBlocked(job: Job, blocking: readonly string[]): Refusal {
  const first = blocking
    .slice(0, BLOCKING_SHOWN)
    .map((say) => `• ${cutHead(say.replaceAll(/\s+/g, ' '), BLOCKING_LENGTH)}`);
  const rest = blocking.length - first.length;
  const list = [...first, ...(rest > 0 ? [`• and ${rest} more`] : [])].join('\n');
  return refuse(
    'blocking',
    `${jobName(job)} is not merged yet, because something is blocking:\n${list}\nReply in the thread to have it mended, or press the button below to merge all the same.`,
  );
}

function refuseRetargeted(job: Job): Refusal {
  return refuse(
    'stale',
    `The pull goes into \`${job.base}\` now, which was not shown yet. Decide on the newest result.`,
  );
}

export function loseMerge(job: Job): Job {
  const { problem: _problem, mergeTicket: _ticket, ...rest } = job;
  return rest;
}

/** What GitHub is busy with stays known: it is asked after, not asked for anew. */
export function delaySettling(job: Job, reason: string): Job {
  return job.problem?.code === 'merge_under_way'
    ? job
    : { ...job, problem: { code: 'settle_delayed', reason } };
}

/** The pull shows what was merged, also where somebody merged another head by hand. */
export function merge(job: Job, sha: string): Job {
  return settle(job.pull ? { ...job, pull: { ...job.pull, headSha: sha } } : job, 'merged');
}

export function settle(job: Job, status: 'merged' | 'rejected'): Job {
  const { problem: _problem, workId: _work, mergeTicket: _ticket, stop: _stop, ...rest } = job;
  return { ...rest, status };
}

export function refuseSettling(
  job: Job,
  event: Extract<JobEvent, { type: 'settle_refused' }>,
  at: string,
): Job {
  const { workId: _work, mergeTicket: _ticket, decision: _decision, stop: _stop, ...rest } = job;
  const moved = event.headSha === undefined ? rest : movePull(rest, { headSha: event.headSha }, at);
  const led = event.base === undefined ? moved : retarget(moved, event.base, at);
  return { ...led, status: 'in_review', problem: { code: event.code, reason: event.say } };
}
