// The wishes "stop" and "listen now".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act } from './act.ts';

type Wish = Readonly<{ jobId: number; team: string; by: string }>;

/** Stops a job: a queued one at once, a running one as soon as its runner has stopped the agent. */
export function stopJob(context: ActionContext, wish: Wish): Promise<Job | Refusal> {
  return act(context, { ...wish, ask: 'stop', event: { type: 'stop', by: wish.by } });
}

/** Breaks into the running turn: the runner cancels it and prompts again with the replies that wait. */
export function interruptJob(context: ActionContext, wish: Wish): Promise<Job | Refusal> {
  return act(context, { ...wish, ask: 'steer', event: { type: 'interrupt', by: wish.by } });
}
