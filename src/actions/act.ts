// What every action on an existing job shares: lock it, ask whether this person may, make the event happen, once.
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { JobEvent } from '../job/transition.ts';
import { hadEffect, noteEffect } from '../store/effects.ts';
import { turnAt } from '../store/events.ts';
import { applyEvent, lockJob } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';
import { type Ask, mayNot } from './may.ts';

export type ActionContext = Readonly<{
  store: Store;
  now: () => Date;
  /** Slack user ids that may decide on every job of this deployment. */
  approvers: readonly string[];
}>;

/** What every wish about an existing job carries. */
export type JobWish = Readonly<{
  jobId: number;
  team: string;
  by: string;
  /** The request it came in, the same for every delivery: it has its effect once, and a replay answers with the job. */
  key?: string;
}>;

/** What the person saw: a wish about one turn must not hit the next. */
export type Seen = Readonly<{
  /** The turn that a button stands for. */
  turn?: number;
  /** For words: when they were said; they mean the turn of that moment. */
  askedAt?: Date;
}>;

/** One short transaction, no network. */
export async function act(
  context: ActionContext,
  wish: JobWish & Readonly<{ ask: Ask; event: JobEvent }>,
): Promise<Job | Refusal> {
  const { store } = context;
  return store.db.transaction(async (tx) => {
    const job = await lockJob(tx, wish.jobId);
    if (job === undefined || job.team !== wish.team) return noSuchJob(wish.jobId);
    // The lock makes deliveries of the same wish wait for each other.
    if (wish.key !== undefined && (await hadEffect(tx, wish.key))) return job;
    const refusal = mayNot(wish.ask, { person: wish.by, job, approvers: context.approvers });
    if (refusal) return refusal;
    const next = await applyEvent(tx, store.queue, { job, event: wish.event, now: context.now() });
    if (wish.key !== undefined && !isRefusal(next)) await noteEffect(tx, wish.key);
    return next;
  });
}

/** The turn that a wish means; undefined where nothing tells, then it is the one that runs. */
export async function turnOf(
  { store }: ActionContext,
  wish: Seen & Pick<JobWish, 'jobId'>,
): Promise<{ turn?: number }> {
  const { turn, askedAt, jobId } = wish;
  if (turn !== undefined) return { turn };
  return askedAt === undefined ? {} : { turn: await turnAt(store.db.sql, jobId, askedAt) };
}

export function noSuchJob(id: number): Refusal {
  return refuse('no_such_job', `There is no job J-${id} here. \`/agent list\` shows the newest ones.`);
}
