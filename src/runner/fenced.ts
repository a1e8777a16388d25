// Carries out at GitHub only what is still decided: a runner that slept through a takeover, or a decision that was given
// back meanwhile, must change nothing any more. Wraps the calls that write.
import type { Job } from '../job/job.ts';
import { loadJob } from '../store/jobs.ts';
import type { RunnerContext } from './context.ts';

/** Thrown right before a write whose decision no longer stands: somebody else has the job, and there is nothing to tell. */
export class DecisionGoneError extends Error {
  override readonly name = 'DecisionGoneError';
}

/**
 * The same context for one decision of `job`; each write at GitHub first looks whether it still stands and is ours
 * (`signal` aborts when another runner took the item). Branches are deleted by their SHA and need no fence.
 */
export function fenced(context: RunnerContext, job: Job, signal: AbortSignal): RunnerContext {
  const { github, store } = context;
  async function assertDecided(): Promise<void> {
    const now = await loadJob(store.db.sql, job.id);
    const isSame =
      now?.status === job.status &&
      now.decision?.at === job.decision?.at &&
      // A wish to stop has an item of its own, which sees to it.
      (now.stop === undefined) === (job.stop === undefined);
    if (signal.aborted || !isSame) {
      throw new DecisionGoneError(
        `What was decided about job ${job.id} no longer stands, or another runner has it.`,
      );
    }
  }
  const guard =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await assertDecided();
      return act(...args);
    };
  return {
    ...context,
    github: {
      ...github,
      merge: guard(github.merge),
      leaveQueue: guard(github.leaveQueue),
      comment: guard(github.comment),
      closePull: guard(github.closePull),
    },
  };
}
