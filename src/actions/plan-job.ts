// What people wish of a plan that waits for them: run it, answer a question of it, drop it.
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/** `turn`: the one whose plan the person saw; without it the plan that waits now is meant. */
export type PlanWish = JobWish & Readonly<{ turn?: number }>;

function seen({ turn }: PlanWish): { turn?: number } {
  return turn === undefined ? {} : { turn };
}

/** Work begins from the plan. Whoever wishes that must be let start jobs and steer this one. */
export function runPlan(
  context: ActionContext,
  wish: PlanWish & Readonly<{ asOne?: true }>,
): Promise<Job | Refusal> {
  const { by, asOne } = wish;
  const event = { type: 'plan_run', by, ...seen(wish), ...(asOne ? { asOne } : {}) } as const;
  return act(context, { ...wish, ask: 'start', alsoAsk: 'steer', event });
}

/** Chooses a proposal for a question; both count from 0. `byName` is the person's display name, for the planner. */
export function answerPlan(
  context: ActionContext,
  wish: PlanWish & Readonly<{ question: number; proposal: number; byName?: string }>,
): Promise<Job | Refusal> {
  const { by, question, proposal, byName } = wish;
  const who = { by, ...(byName === undefined ? {} : { byName }) };
  const event = { type: 'plan_answered', ...who, ...seen(wish), question, proposal } as const;
  return act(context, { ...wish, ask: 'steer', event });
}

/** Nothing is done; who may stop a job may drop its plan. */
export function dropPlan(context: ActionContext, wish: PlanWish): Promise<Job | Refusal> {
  return act(context, { ...wish, ask: 'stop', event: { type: 'plan_dropped', by: wish.by, ...seen(wish) } });
}
