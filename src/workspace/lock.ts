// One at a time per folder, within this process and across processes. A holder killed by -9 loses its lock after 10 s.
import { rmdir, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import type { Log } from '../log.ts';

const STALE_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** Creates the lock. In-process waiters queue in order, so that only one of them asks the file system. */
export function createLock({ log, staleMs = STALE_MS }: { log: Log; staleMs?: number }) {
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
    const isDead = watchForStillness(`${path}.lock`, 2 * staleMs);
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await lockfile.lock(path, {
          lockfilePath: `${path}.lock`,
          realpath: false,
          stale: staleMs,
          // Git's own locks still guard the repository: a stalled process loses order, not data.
          onCompromised: (error) => log.warn({ path, error }, 'workspace.lock.lost'),
        });
      } catch (error) {
        if (!isHeldElsewhere(error)) throw error;
        if (await isDead()) await rmdir(`${path}.lock`).catch(() => undefined);
        await delay(ASK_AGAIN_MS, undefined, signal ? { signal } : {});
      }
    }
  }

  return { hold };
}

export type Lock = ReturnType<typeof createLock>;

/**
 * Whether a lock was left behind by a dead holder, told by its file standing still for `stillMs` while we wait; a living
 * holder touches it all the time. The library compares its date with the clock instead, and where the clock was set back
 * by two hours since, that says for two hours that somebody holds it.
 */
function watchForStillness(lockPath: string, stillMs: number): () => Promise<boolean> {
  let seen: number | undefined;
  let since = performance.now();
  return async () => {
    const mtimeMs = await stat(lockPath).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
    if (mtimeMs !== seen || mtimeMs === undefined) {
      seen = mtimeMs;
      since = performance.now();
    }
    return performance.now() - since > stillMs;
  };
}

function isHeldElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}
