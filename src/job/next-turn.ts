// How a job that rests goes on. Part of `transition`, whose rules alone call it.
import type { Job } from './job.ts';

/**
 * The job as it waits for its next turn; a turn that had no result yet is begun once more. What a turn was for is so again
 * after it failed.
 */
export function nextTurn(job: Job): Job {
  const {
    problem: _problem,
    decision: _decision,
    mergeTicket: _ticket,
    turnStartedAt: _at,
    occasion,
    ...rest
  } = job;
  const used = job.results.some((result) => result.turn === job.turn);
  const again = job.status === 'failed' && occasion ? { occasion } : {};
  return { ...rest, ...again, status: 'queued', turn: used ? job.turn + 1 : job.turn };
}
