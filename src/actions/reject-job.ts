// The wish "throw it away".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/**
 * Stores the rejection, with the head SHA that the person was shown where a message showed one. The runner comments with
 * `reason` (may be empty), closes the pull and deletes the branch.
 */
export function rejectJob(
  context: ActionContext,
  wish: JobWish & Readonly<{ reason: string; sha?: string }>,
): Promise<Job | Refusal> {
  const { by, reason, sha } = wish;
  const seen = sha === undefined ? {} : { sha };
  return act(context, { ...wish, ask: 'reject', event: { type: 'reject', by, reason, ...seen } });
}
