// When what is kept of a job may go: files that no snapshot could take and were set aside, and the diffs for its page. Pure.
import type { Status } from './job.ts';

/** A person has decided about the whole job. */
const DECIDED: ReadonlySet<string> = new Set<Status>(['merged', 'rejected']);
/** Nobody works on it any more, though a reply or a retry would begin again. */
const ENDED: ReadonlySet<string> = new Set<Status>(['cancelled', 'failed', 'done']);

/** `ageMs`: since the files or the job changed last. A status that is not known here belongs to work that goes on. */
export function mayForgetFiles(
  status: string,
  { ageMs, lifetimeMs }: Readonly<{ ageMs: number; lifetimeMs: number }>,
): boolean {
  return DECIDED.has(status) || (ENDED.has(status) && ageMs >= lifetimeMs);
}

/** Whether only time is missing. */
export function willForgetFiles(status: string): boolean {
  return ENDED.has(status);
}

/** Over, with nothing left to decide: from then on the diffs for its page are kept for as long as set-aside files are. */
export const DIFFS_END: readonly Status[] = ['merged', 'rejected', 'cancelled', 'done'];
