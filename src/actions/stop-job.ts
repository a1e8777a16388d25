// The wishes "stop" and "listen now".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish, type Seen, turnOf } from './act.ts';

/** Stops a job: a queued one at once, a running one as soon as its runner has stopped the agent. */
export async function stopJob(context: ActionContext, wish: JobWish & Seen): Promise<Job | Refusal> {
  const event = { type: 'stop', by: wish.by, ...(await turnOf(context, wish)) } as const;
  return act(context, { ...wish, ask: 'stop', event });
}

/** Breaks into the running turn: the runner cancels it and prompts again with the replies that wait. */
export async function interruptJob(context: ActionContext, wish: JobWish & Seen): Promise<Job | Refusal> {
  const event = { type: 'interrupt', by: wish.by, ...(await turnOf(context, wish)) } as const;
  return act(context, { ...wish, ask: 'steer', event });
}
