// Ends plans that nobody answers: after some days the job is cancelled and its message says so. Any number of runners look;
// each job is ended once, under its lock.
import { isRefusal, toError } from '../errors.ts';
import { isPlanExpired } from '../job/planning.ts';
import { applyEvent, listQuietJobs, lockJob } from '../store/jobs.ts';
import type { RunnerContext } from './context.ts';

type Means = Pick<RunnerContext, 'store' | 'log' | 'now'> &
  Readonly<{ limits: Pick<RunnerContext['limits'], 'planLifetimeMs'> }>;

/** One look at all jobs that wait. Never throws. */
export async function expirePlans({ store, log, now, limits }: Means): Promise<void> {
  const lifetimeMs = limits.planLifetimeMs;
  try {
    const waiting = await listQuietJobs(store.db.sql, { statuses: ['waiting'], quietMs: 0 });
    for (const { id } of waiting.filter((job) => isPlanExpired(job, { now: now(), lifetimeMs }))) {
      await store.db.transaction(async (tx) => {
        // Somebody may answer at this very moment.
        const job = await lockJob(tx, id);
        if (job === undefined || !isPlanExpired(job, { now: now(), lifetimeMs })) return;
        const ended = await applyEvent(tx, store.queue, { job, event: { type: 'plan_expired' }, now: now() });
        if (!isRefusal(ended)) log.info({ jobId: id }, 'runner.plan.expired');
      });
    }
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'runner.plan.not_expired');
  }
}
