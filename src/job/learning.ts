// What a running job learns on the way: its session, its branch, what it has spent, that it was handed over. Part of
// `transition`, which alone calls this. Pure.
import type { Job } from './job.ts';
import { addSpent, NOTHING_SPENT } from './spending.ts';
import type { JobEvent } from './transition.ts';

type Learned = Extract<JobEvent, { type: 'learned' }>;

export function learn(job: Job, event: Learned, at: string): Job {
  const { interrupt, ...rest } = event.full ? passOn(job, event.full, at) : job;
  return {
    ...(event.session === undefined ? rest : takeOver(rest, event.session)),
    ...(interrupt === undefined || event.interrupted ? {} : { interrupt }),
    ...(event.steerable === undefined ? {} : { steerable: event.steerable }),
    ...(event.warning === undefined ? {} : { warning: event.warning }),
    ...(event.branch === undefined ? {} : { branch: event.branch }),
    ...(event.plan === undefined ? {} : { plan: event.plan }),
    ...(event.planMissing === undefined ? {} : { planMissing: event.planMissing }),
    ...(event.spent === undefined ? {} : { spent: addSpent(job.spent ?? NOTHING_SPENT, event.spent) }),
  };
}

/** A session whose context is full is never resumed; the next one goes on from its note. */
function passOn(job: Job, { percent, handOver }: NonNullable<Learned['full']>, at: string): Job {
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
