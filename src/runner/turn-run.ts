// One turn in a runner's hands: the job as it stands, the fence around every write, and the ways a turn may be cut short.
import { hostname } from 'node:os';
import { isRefusal, type Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { JobEvent } from '../job/transition.ts';
import type { Log } from '../log.ts';
import type { Tx } from '../store/database.ts';
import { applyEvent, clearProgress, loadJob, lockJob } from '../store/jobs.ts';
import { LostJobError } from '../store/lost-job.ts';
import type { WorkItem } from '../store/queue.ts';
import { audited } from './audited.ts';
import type { RunnerContext } from './context.ts';

/** Which process took a turn, for the audit trail. */
const RUNNER = `${hostname()}:${process.pid}`;

/** Why a turn was cut short by ourselves; carried as the abort reason. */
export class ShutdownError extends Error {
  override readonly name = 'ShutdownError';
}

/** Somebody pressed Stop before there was an agent to cancel. */
export class StopError extends Error {
  override readonly name = 'StopError';
  readonly by: string;
  constructor(by: string) {
    super('Somebody stopped the job.');
    this.by = by;
  }
}

export type TurnRun = Readonly<{
  context: RunnerContext;
  log: Log;
  /** Fires when the job is lost to another runner, is stopped early, or this runner shuts down; the reason says which. */
  signal: AbortSignal;
  job(): Job;
  /** Makes an event happen to the job under this attempt. Throws LostJobError when the job moved on without us. */
  apply(
    event: JobEvent,
    options?: { startInMs?: number; also?: (tx: Tx, job: Job) => Promise<Job> },
  ): Promise<Job>;
  /** Throws LostJobError when another attempt holds the job: called right before what cannot be taken back. */
  assertHeld(): Promise<void>;
  /** Aborts the turn, as lost or as stopped. */
  abort(reason: Error): void;
}>;

/** Takes the job for this queue item; undefined when there is nothing to take any more. */
export async function takeTurn(
  context: RunnerContext,
  item: WorkItem,
  shutdown: AbortSignal,
): Promise<TurnRun | undefined> {
  const { store, now } = context;
  const taken = await store.db.transaction(async (tx): Promise<Job | Refusal | undefined> => {
    const job = await lockJob(tx, item.jobId);
    if (job === undefined) return undefined;
    const saved = await applyEvent(tx, store.queue, {
      job,
      event: { type: 'taken', workId: item.workId, runner: RUNNER },
      now: now(),
    });
    if (!isRefusal(saved)) await clearProgress(tx, job.id);
    return saved;
  });
  if (taken === undefined || isRefusal(taken)) return undefined;
  return createTurnRun(audited(context, taken), { job: taken, item, shutdown });
}

function createTurnRun(
  context: RunnerContext,
  options: { job: Job; item: WorkItem; shutdown: AbortSignal },
): TurnRun {
  let job = options.job;
  const lost = new AbortController();
  const { attempt } = job;
  const log = context.log.child({ jobId: job.id, turn: job.turn, attempt });
  return {
    context,
    log,
    signal: AbortSignal.any([options.item.signal, options.shutdown, lost.signal]),
    job: () => job,
    abort: (reason) => lost.abort(reason),
    async assertHeld() {
      const now = await loadJob(context.store.db.sql, job.id);
      if (now?.attempt === attempt && now.status === 'running') return;
      throw LostJobError.of({ id: job.id, attempt });
    },
    async apply(event, { startInMs, also } = {}) {
      const saved = await context.store.db.transaction(async (tx) => {
        const locked = await lockJob(tx, job.id);
        if (locked === undefined) throw new LostJobError(`Job ${job.id} is gone.`);
        const next = await applyEvent(tx, context.store.queue, {
          job: locked,
          // What goes wrong says why, in words of agents, servers and programs.
          event: context.redactor.deep(event),
          now: context.now(),
          attempt,
          ...(startInMs === undefined ? {} : { startInMs }),
        });
        if (isRefusal(next)) throw new LostJobError(next.refusal);
        return also ? also(tx, next) : next;
      });
      job = saved;
      return saved;
    },
  };
}
