// One at a time per folder, within this process and across processes. A holder killed by -9 loses its lock after 10 s.
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import type { Log } from '../log.ts';

const STALE_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** Creates the lock. In-process waiters queue in order, so that only one of them asks the file system. */
export function createLock({ log }: { log: Log }) {
  const tails = new Map<string, Promise<unknown>>();

  /** Runs `work` while nobody else holds `path`. Rejects with the signal's reason if that fires while waiting. */
  async function hold<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = tails.get(path) ?? Promise.resolve();
    const mine = before.then(() => holdAcrossProcesses(path, work, signal));
    const tail = mine.catch(() => undefined);
    tails.set(path, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(path) === tail) tails.delete(path);
    }
  }

  async function holdAcrossProcesses<T>(
    path: string,
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const release = await acquire(path, signal);
    try {
      return await work();
    } finally {
      await release().catch((error: unknown) => log.warn({ path, error }, 'workspace.lock.release_failed'));
    }
  }

  async function acquire(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await lockfile.lock(path, {
          lockfilePath: `${path}.lock`,
          realpath: false,
          stale: STALE_MS,
          // Git's own locks still guard the repository: a stalled process loses order, not data.
          onCompromised: (error) => log.warn({ path, error }, 'workspace.lock.lost'),
        });
      } catch (error) {
        if (!isHeldElsewhere(error)) throw error;
        await delay(ASK_AGAIN_MS, undefined, signal ? { signal } : {});
      }
    }
  }

  return { hold };
}

export type Lock = ReturnType<typeof createLock>;

function isHeldElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}
