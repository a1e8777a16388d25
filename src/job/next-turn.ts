// How a job that rests goes on. Part of `transition`, whose rules alone call it.
import type { Job } from './job.ts';

/** The job as it waits for its next turn; a turn that had no result yet is begun once more. */
export function nextTurn(job: Job): Job {
  const { problem: _problem, decision: _decision, mergeTicket: _ticket, turnStartedAt: _at, ...rest } = job;
  const used = job.results.some((result) => result.turn === job.turn);
  return { ...rest, status: 'queued', turn: used ? job.turn + 1 : job.turn };
}
