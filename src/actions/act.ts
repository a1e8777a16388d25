// What every action on an existing job shares: lock it, ask whether this person may, make the event happen, once.
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Ask, Asker, DeploymentRules, RepositoryRules } from '../job/permissions.ts';
import type { JobEvent } from '../job/transition.ts';
import { hadEffect, noteEffect } from '../store/effects.ts';
import { turnAt } from '../store/events.ts';
import { applyEvent, lockJob } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';
import { mayNot } from './may.ts';

export type ActionContext = Readonly<{
  store: Store;
  now: () => Date;
  /** Who may do what in this deployment. */
  rules: DeploymentRules;
}>;

/** What was learnt a moment ago of the person who asks, and of the rules of the job's repository. */
export type Standpoint = Readonly<{
  asker: Asker;
  repository: RepositoryRules;
}>;

/** What every wish about an existing job carries. */
export type JobWish = Readonly<{
  jobId: number;
  team: string;
  by: string;
  from: Standpoint;
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
  wish: JobWish & Readonly<{ ask: Ask; alsoAsk?: Ask; event: JobEvent }>,
): Promise<Job | Refusal> {
  const { store } = context;
  return store.db.transaction(async (tx) => {
    const job = await lockJob(tx, wish.jobId);
    if (job === undefined || job.team !== wish.team) return noSuchJob(wish.jobId);
    // The lock makes deliveries of the same wish wait for each other.
    if (wish.key !== undefined && (await hadEffect(tx, wish.key))) return job;
    const { alsoAsk } = wish;
    const refusal = judge(context, job, wish) ?? (alsoAsk && judge(context, job, { ...wish, ask: alsoAsk }));
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

/** Whether this person may do that to this job, by everything that is known. Pure. */
export function judge(
  { rules: deployment }: Pick<ActionContext, 'rules'>,
  job: Job,
  { ask, by: person, from }: Readonly<{ ask: Ask; by: string; from: Standpoint }>,
): Refusal | undefined {
  const { asker, repository } = from;
  return mayNot({ ask, person, asker, target: job, deployment, repository, matter: job });
}

export function noSuchJob(id: number): Refusal {
  return refuse('no_such_job', `There is no job J-${id} here. \`/agent list\` shows the newest ones.`);
}
