// The queue (pg-boss): who works on which job, with heartbeats, fencing and takeover. It only dispatches; the `jobs`
// row stays the authority on what there is to do.
import { type Job as BossJob, PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { Work } from '../job/next-work.ts';
import type { Log } from '../log.ts';
import type { Tx } from './database.ts';

/** A day: longer than any turn may take. The heartbeat, not this, finds dead runners. */
const EXPIRE_S = 24 * 60 * 60;
/** Repeated crashes of runners must not give a job up early; the recovery fails it visibly when all are used. */
const RETRY_LIMIT = 20;

const SHARED = {
  policy: 'standard',
  notify: true,
  retryLimit: RETRY_LIMIT,
  retryDelay: 0,
  expireInSeconds: EXPIRE_S,
  // The least pg-boss allows; with the supervisor below a dead runner's work runs elsewhere after 10 to 11 s (measured).
  heartbeatSeconds: 10,
  deleteAfterSeconds: 24 * 60 * 60,
} as const;

/** Turns wait for a slot; settling a decision never does. */
export const QUEUES = [
  { name: 'turn', ...SHARED },
  { name: 'settle', ...SHARED },
] as const satisfies readonly { name: Work }[];

/** A queue item in a worker's hands. `signal` aborts when another worker took it over. */
export type WorkItem = Readonly<{ workId: string; jobId: number; retryCount: number; signal: AbortSignal }>;

/**
 * What a worker answers: finished, or ask again after a while (the item stays one and the same wish), or that another
 * runner should have it, since this one cannot read the job or has no room: the same item then waits for whoever can, this
 * one too, and the try is not counted.
 */
export type WorkOutcome = 'done' | 'left_to_others' | Readonly<{ againInMs: number }>;

const itemSchema = z.object({ jobId: z.int() });
/** Short, because it is also what a takeover waits for once a version came that can read the job. */
const LEFT_TO_OTHERS_PAUSE_S = 5;

export type Queue = Readonly<{
  /** Puts work for a job into the queue inside the caller's transaction. */
  enqueue(tx: Tx, work: Work, jobId: number, options?: { startInMs?: number }): Promise<string>;
  /** Takes items, `slots` at a time, until `stop`. A throw hands the item back for another try. */
  work(
    work: Work,
    options: { slots: number },
    handle: (item: WorkItem) => Promise<WorkOutcome>,
  ): Promise<void>;
  /** Takes nothing more from now on; what is in hand goes on. */
  stopTaking(): Promise<void>;
  /** True while an item for the job waits or is held by a worker that still sends heartbeats. */
  hasItem(work: Work, jobId: number): Promise<boolean>;
  /** Stops taking; waits up to `timeoutMs` for handlers to return. */
  stop(options: { timeoutMs: number }): Promise<void>;
}>;

/** Starts the queue over its own small pool. `supervise` makes this process look for dead runners. */
export async function startQueue(options: { url: string; log: Log; supervise: boolean }): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: 'errand-queue',
    max: 4,
    migrate: false,
    supervise: options.supervise,
    schedule: false,
    useListenNotify: options.supervise,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
  boss.on('error', (error) => options.log.warn({ err: error }, 'queue.error'));
  boss.on('warning', (warning) => options.log.debug({ warning }, 'queue.warning'));
  await boss.start();
  return {
    enqueue: (tx, work, jobId, rest) => enqueue(boss, tx, { work, jobId, startInMs: rest?.startInMs ?? 0 }),
    work: (work, rest, handle) => takeWork(boss, { work, slots: rest.slots, log: options.log }, handle),
    stopTaking: async () => {
      for (const { name } of QUEUES) await boss.offWork(name, { wait: false });
    },
    hasItem: (work, jobId) => hasItem(boss, work, jobId),
    stop: (rest) => boss.stop({ graceful: true, timeout: rest.timeoutMs }),
  };
}

/** In seconds from now by the database's clock: those of our machines may be wrong. */
async function enqueue(
  boss: PgBoss,
  tx: Tx,
  item: { work: Work; jobId: number; startInMs: number },
): Promise<string> {
  const db = { executeSql: (text: string, values?: unknown[]) => tx.query(text, values) };
  const later = item.startInMs > 0 ? { startAfter: item.startInMs / 1000 } : {};
  const id = await boss.send(item.work, { jobId: item.jobId }, { db, ...later });
  if (id === null) throw new Error(`The queue did not take work for job ${item.jobId}.`);
  return id;
}

async function takeWork(
  boss: PgBoss,
  options: { work: Work; slots: number; log: Log },
  handle: (item: WorkItem) => Promise<WorkOutcome>,
): Promise<void> {
  const settings = {
    localConcurrency: options.slots,
    batchSize: 1,
    pollingIntervalSeconds: 0.5,
    // Retries do not notify, so this is what a takeover waits for; the library's default is 30 s.
    notifyPollingIntervalSeconds: 1,
    heartbeatRefreshSeconds: 3,
  };
  await boss.work<{ jobId: number }>(options.work, settings, async ([item]: BossJob<{ jobId: number }>[]) => {
    if (item === undefined) return;
    const { id: workId, retryCount, signal } = item;
    const wish = itemSchema.safeParse(item.data).data;
    if (wish === undefined) {
      options.log.error({ workId, work: options.work }, 'queue.item.unreadable');
      return;
    }
    const outcome = await handle({ workId, retryCount, signal, jobId: wish.jobId });
    if (outcome === 'done' || signal.aborted) return;
    if (outcome === 'left_to_others') return leaveToOthers(boss, options.work, workId);
    await boss.send(options.work, item.data, { startAfter: outcome.againInMs / 1000 });
  });
}

/** Hands the item back as a failed try does (pg-boss knows no other way), with one more try for the one it cost. */
async function leaveToOthers(boss: PgBoss, work: Work, workId: string): Promise<never> {
  await boss.getDb().executeSql(
    `UPDATE pgboss.job SET retry_limit = retry_limit + 1, retry_delay = $3
     WHERE name = $1 AND id = $2 AND state = 'active'`,
    [work, workId, LEFT_TO_OTHERS_PAUSE_S],
  );
  throw new Error('Another runner, or this one later, is to take this item.');
}

async function hasItem(boss: PgBoss, work: Work, jobId: number): Promise<boolean> {
  const items = await boss.findJobs(work, { data: { jobId } });
  return items.some((item) => ['created', 'retry', 'active'].includes(item.state));
}
