// The wish "throw it away".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/**
 * Stores the rejection, with the head SHA or else the turn that the person was shown. The runner comments with
 * `reason` (may be empty), closes the pull and deletes the branch.
 */
export function rejectJob(
  context: ActionContext,
  wish: JobWish & Readonly<{ reason: string; sha?: string; turn?: number }>,
): Promise<Job | Refusal> {
  const { by, reason, sha, turn } = wish;
  const seen = { ...(sha === undefined ? {} : { sha }), ...(turn === undefined ? {} : { turn }) };
  return act(context, { ...wish, ask: 'reject', event: { type: 'reject', by, reason, ...seen } });
}
