// The wish "try that again".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish, type Seen, turnOf } from './act.ts';

/** Queues a failed job once more; its work so far and its story go along. */
export async function retryJob(context: ActionContext, wish: JobWish & Seen): Promise<Job | Refusal> {
  const event = { type: 'retry', by: wish.by, ...(await turnOf(context, wish)) } as const;
  return act(context, { ...wish, ask: 'retry', event });
}
