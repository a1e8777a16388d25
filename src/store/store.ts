// Opens everything the two halves share: the database, the queue and the news of changes.
import type { Log } from '../log.ts';
import { type Changes, openChanges } from './changes.ts';
import { type Database, openDatabase } from './database.ts';
import { type Queue, startQueue } from './queue.ts';

export type Store = Readonly<{
  db: Database;
  queue: Queue;
  changes: Changes;
  /** Closes all of it; waits up to `timeoutMs` for queue handlers that still run. */
  close(options?: { timeoutMs?: number }): Promise<void>;
}>;

/** Opens the store on a migrated database. `supervise`: this process takes work, so it also looks for dead runners. */
export async function openStore(options: { url: string; log: Log; supervise: boolean }): Promise<Store> {
  const db = openDatabase(options);
  const closers: ((timeoutMs: number) => Promise<void>)[] = [() => db.close()];
  const closeAll = async (timeoutMs: number) => {
    for (const close of closers.splice(0).toReversed()) await close(timeoutMs);
  };
  try {
    const queue = await startQueue(options);
    closers.push((timeoutMs) => queue.stop({ timeoutMs }));
    const changes = await openChanges(options);
    closers.push(() => changes.close());
    return { db, queue, changes, close: ({ timeoutMs = 1_000 } = {}) => closeAll(timeoutMs) };
  } catch (thrown) {
    await closeAll(0);
    throw thrown;
  }
}
