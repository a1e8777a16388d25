// Whether a runner has room for one more job. Where it has none it leaves the queue to others, and to itself later; jobs
// that are queued stay queued.
import { formatBytes } from '../job/limits.ts';
import type { Log } from '../log.ts';
import { type Free, measureFree } from '../sandbox/disk-use.ts';
import type { RunnerTotals } from './totals.ts';

/** A tree and its packages may be 100,000 files; below this not even a small one fits. */
export const LEAST_FREE_FILES = 20_000;
/** A job that begins takes memory at once: one that would be ended for it right away had better wait. */
const MEMORY_SHARE = 0.9;
/** A job that begins takes disk too, and must not be ended by its own first files. */
const DISK_SHARE = 1.1;

export type Room = ReturnType<typeof createRoom>;

/** `home` is the folder whose disk counts. */
export function createRoom(options: { home: string; totals: RunnerTotals; log: Log }) {
  const { home, totals, log } = options;
  let lack: string | undefined;
  return {
    /** Why there is no room, as a sentence; undefined where there is. Looks anew; a look that fails holds nobody up. */
    async look(): Promise<string | undefined> {
      const free = await measureFree(home).catch(() => undefined);
      const found = (free && describeLack(free, DISK_SHARE * totals.limits.freeDiskBytes)) ?? lackMemory();
      if (found !== undefined && lack === undefined) log.warn({ reason: found }, 'runner.room.lost');
      if (found === undefined && lack !== undefined) log.info('runner.room.found');
      lack = found;
      return lack;
    },
    /** What the last look found, for health pages. */
    trouble: () => (lack === undefined ? undefined : `The runner takes no more jobs for now: ${lack}`),
  };

  function lackMemory(): string | undefined {
    const taken = totals.memoryBytes();
    const most = totals.limits.memoryBytes;
    if (taken < MEMORY_SHARE * most) return undefined;
    return `its jobs take ${formatBytes(taken)} of the ${formatBytes(most)} of memory that they may take together (ERRAND_RUNNER_MEMORY_LIMIT_MB).`;
  }
}

/** Pure: what is missing on a disk of which `leastBytes` are to stay free. */
export function describeLack(free: Free, leastBytes: number): string | undefined {
  if (free.bytes < leastBytes)
    return `only ${formatBytes(free.bytes)} of its disk are free (ERRAND_FREE_DISK_MB).`;
  if (free.files < LEAST_FREE_FILES)
    return `only ${free.files.toLocaleString('en-US')} more files can be made on its disk.`;
  return undefined;
}
