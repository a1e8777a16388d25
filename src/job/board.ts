// All jobs at a glance, as everybody shows them: what waits for this person, what is under way, what came to an end. Pure.
import type { Job, Status } from './job.ts';

export type Board = Readonly<{
  /** Those that this person may decide, the one that waits longest first. */
  waiting: readonly Job[];
  /** Under way, or waiting for somebody else; the newest first. */
  underWay: readonly Job[];
  /** Merged, rejected, failed and the like, the latest first. */
  recent: readonly Job[];
}>;

/** A person must say something before these go on. */
const AWAITS_PERSON: readonly Status[] = ['waiting', 'in_review'];

/** Nobody works on these any more, and no question is open. */
export const RESTING_STATUSES: readonly Status[] = ['failed', 'done', 'merged', 'rejected', 'cancelled'];

export function awaitsPerson({ status }: Pick<Job, 'status'>): boolean {
  return AWAITS_PERSON.includes(status);
}

/** Sorts what a person may see; `isTheirs` says of a job that waits whether they may decide it. `recent` comes in its order. */
export function sortBoard(
  jobs: Readonly<{ open: readonly Job[]; recent: readonly Job[] }>,
  isTheirs: (job: Job) => boolean,
): Board {
  const open = jobs.open.filter(({ status }) => !RESTING_STATUSES.includes(status));
  const isWaiting = (job: Job) => awaitsPerson(job) && isTheirs(job);
  return {
    waiting: open.filter(isWaiting).toSorted((one, other) => one.id - other.id),
    underWay: open.filter((job) => !isWaiting(job)).toSorted((one, other) => other.id - one.id),
    recent: jobs.recent.filter(({ status }) => RESTING_STATUSES.includes(status)),
  };
}
