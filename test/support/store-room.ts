// A store over a fresh database, and the jobs that tests put into it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import type { Job, JobData } from '../../src/job/job.ts';
import type { JobEvent } from '../../src/job/transition.ts';
import { createLog } from '../../src/log.ts';
import { applyEvent, insertJob, lockJob } from '../../src/store/jobs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createTestDatabase } from './database.ts';
import { sampleJob } from './sample-job.ts';

export const silent = createLog({ level: 'silent' });
export const now = () => new Date();

export type Room = Store & Readonly<{ url: string }>;

async function open(supervise: boolean): Promise<{ room: Room; close: () => Promise<void> }> {
  const database = await createTestDatabase();
  const store = await openStore({ url: database.url, log: silent, supervise });
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return { room: { ...store, url: database.url }, close };
}

/** Opens a store on a database of its own; both are gone after the test. */
export async function openRoom(options: { supervise?: boolean } = {}): Promise<Room> {
  const { room, close } = await open(options.supervise ?? false);
  onTestFinished(close);
  return room;
}

/** One store for all tests of a file, for tests that look only at jobs of their own. */
export function shareRoom(): () => Room {
  let shared: Awaited<ReturnType<typeof open>> | undefined;
  beforeAll(async () => {
    shared = await open(false);
  });
  afterAll(() => shared?.close());
  return () => {
    if (!shared) throw new Error('The room opens with the first test.');
    return shared.room;
  };
}

/** One more process, so to speak, on the same database. */
export async function openAnother(url: string, options: { supervise?: boolean } = {}): Promise<Store> {
  const store = await openStore({ url, log: silent, supervise: options.supervise ?? false });
  onTestFinished(() => store.close());
  return store;
}

/** Stores a job; unlike `startJob` it may begin in any status. */
export async function addJob(
  store: Store,
  fields: Partial<Job> = {},
  sourceKey = `test:${randomUUID()}`,
): Promise<Job> {
  const { id: _id, revision: _revision, attempt: _attempt, threadTs, ...data } = sampleJob(fields);
  const build = (id: number): JobData => ({
    ...data,
    participants: [...data.participants],
    context: [...data.context],
    results: [...data.results],
    branch: `errand/J-${id}`,
  });
  const { job } = await store.db.transaction((tx) =>
    insertJob(tx, store.queue, { sourceKey, threadTs, build }),
  );
  return job;
}

/** Makes events happen to a job, one transaction each; fails when one is refused. */
export async function happen(store: Store, jobId: number, ...events: readonly JobEvent[]): Promise<Job> {
  let latest: Job | undefined;
  for (const event of events) {
    latest = await store.db.transaction(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (!job) throw new Error(`No job ${jobId}`);
      const next = await applyEvent(tx, store.queue, { job, event, now: now() });
      if (isRefusal(next)) throw new Error(`Refused: ${next.refusal}`);
      return next;
    });
  }
  if (!latest) throw new Error('No event was given');
  return latest;
}

/** How many queue items there are for a job, in any state. */
export async function queueItems(store: Store, jobId: number): Promise<number> {
  const { rows } = await store.db.sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pgboss.job WHERE (data->>'jobId')::bigint = $1`,
    [jobId],
  );
  return rows[0]?.n ?? 0;
}

/** Ten at once. */
export function tenTimes<T>(work: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: 10 }, (_, n) => work(n)));
}
