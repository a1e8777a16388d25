// When files that no snapshot could take, and that were set aside, may go. Pure.
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
