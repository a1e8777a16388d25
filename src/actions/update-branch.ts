// The wish "bring this up to date": the base is merged into the branch of an open pull.
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/** Queues a turn that merges the base; an agent is asked only where something conflicts. */
export function updateBranch(
  context: ActionContext,
  wish: JobWish & Readonly<{ turn?: number }>,
): Promise<Job | Refusal> {
  const { by, turn } = wish;
  const event = { type: 'update_branch', by, ...(turn === undefined ? {} : { turn }) } as const;
  return act(context, { ...wish, ask: 'steer', event });
}
