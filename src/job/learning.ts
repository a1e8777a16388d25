// What a running job learns on the way: its session, its branch, what it has spent, that it was handed over. Part of
// `transition`, which alone calls this. Pure.
import type { HandOver } from './hand-over.ts';
import type { Job, PullLink } from './job.ts';
import type { JobPlan } from './plan.ts';
import { addSpent, NOTHING_SPENT, type Spent } from './spending.ts';

/** Things the runner learned on the way and everybody should see. */
export type LearnedEvent = Readonly<{
  type: 'learned';
  session?: NonNullable<Job['session']>;
  steerable?: boolean;
  warning?: string;
  /** Another branch than planned: somebody else's stands under that name. */
  branch?: string;
  /** An attempt that was lost had opened it. */
  pull?: PullLink;
  plan?: JobPlan;
  /** Why there is none. */
  planMissing?: string;
  /** The wish to interrupt has been granted. */
  interrupted?: true;
  /** A session ended for its full context; without `handOver` it wrote nothing that could be read. */
  full?: Readonly<{ percent: number; handOver?: HandOver }>;
  /** What was spent since it was told last. */
  spent?: Spent;
}>;

export function learn(job: Job, event: LearnedEvent, at: string): Job {
  const { interrupt, ...rest } = event.full ? passOn(job, event.full, at) : job;
  return {
    ...(event.session === undefined ? rest : takeOver(rest, event.session)),
    ...(interrupt === undefined || event.interrupted ? {} : { interrupt }),
    ...(event.steerable === undefined ? {} : { steerable: event.steerable }),
    ...(event.warning === undefined ? {} : { warning: event.warning }),
    ...(event.branch === undefined ? {} : { branch: event.branch }),
    ...(event.pull === undefined ? {} : { pull: event.pull }),
    ...(event.plan === undefined ? {} : { plan: event.plan }),
    ...(event.planMissing === undefined ? {} : { planMissing: event.planMissing }),
    ...(event.spent === undefined ? {} : { spent: addSpent(job.spent ?? NOTHING_SPENT, event.spent) }),
  };
}

/** A session whose context is full is never resumed; the next one goes on from its note. */
function passOn(job: Job, { percent, handOver }: NonNullable<LearnedEvent['full']>, at: string): Job {
  const { session: _session, handOver: _former, handedOver = [], ...rest } = job;
  return {
    ...rest,
    ...(handOver === undefined ? {} : { handOver }),
    handedOver: [...handedOver, { at, percent, written: handOver !== undefined }],
  };
}

/** It has read its first prompt: a note that went along has done its work. */
function takeOver<T extends Pick<Job, 'handOver' | 'session'>>(
  job: T,
  session: NonNullable<Job['session']>,
): Omit<T, 'handOver'> {
  const { handOver: _handOver, ...rest } = job;
  return { ...rest, session };
}
