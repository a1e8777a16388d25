// The wish "try that again".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act } from './act.ts';

/** Queues a failed job once more; its work so far and its story go along. */
export function retryJob(
  context: ActionContext,
  wish: { jobId: number; team: string; by: string },
): Promise<Job | Refusal> {
  return act(context, { ...wish, ask: 'retry', event: { type: 'retry', by: wish.by } });
}
