// What every action on an existing job shares: lock it, ask whether this person may, make the event happen, once.
import { type Refusal, refuse } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { JobEvent } from '../job/transition.ts';
import { applyEvent, lockJob } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';
import { type Ask, mayNot } from './may.ts';

export type ActionContext = Readonly<{
  store: Store;
  now: () => Date;
  /** Slack user ids that may decide on every job of this deployment. */
  approvers: readonly string[];
}>;

/** One short transaction, no network. */
export async function act(
  context: ActionContext,
  wish: {
    jobId: number;
    team: string;
    ask: Ask;
    by: string;
    event: JobEvent;
  },
): Promise<Job | Refusal> {
  const { store } = context;
  return store.db.transaction(async (tx) => {
    const job = await lockJob(tx, wish.jobId);
    if (job === undefined || job.team !== wish.team) return noSuchJob(wish.jobId);
    const refusal = mayNot(wish.ask, { person: wish.by, job, approvers: context.approvers });
    if (refusal) return refusal;
    return applyEvent(tx, store.queue, { job, event: wish.event, now: context.now() });
  });
}

export function noSuchJob(id: number): Refusal {
  return refuse('no_such_job', `There is no job J-${id} here. \`/agent list\` shows the newest ones.`);
}
