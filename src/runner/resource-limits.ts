// The watchdog of one agent: looks again and again at what the agent and all it started take, and ends them at once where
// that is more than the job or the runner may. It works the same everywhere; what the system itself enforces comes on top.
import type { Meter } from '../agent/meter.ts';
import { type PermanentError, toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Free, measureFolder, measureFree } from '../sandbox/disk-use.ts';
import {
  diskLimit,
  type Held,
  judgeTaken,
  memoryLimit,
  runnerDiskLimit,
  runnerMemoryLimit,
} from './limit-reasons.ts';
import { describeLack } from './room.ts';
import type { RunnerTotals } from './totals.ts';

/** Often enough for a fork bomb, rare enough to cost a busy runner about one percent of a core. */
const LOOK_MS = 400;
/** While a job has half of the memory it may: the fastest filler takes some 2 GB a second. */
const CLOSE_LOOK_MS = 100;
/** Looking through a job's folder costs: it takes at most a tenth of the time, or follows a sudden loss of free space. */
const DISK = { leastMs: 2_000, share: 10, suddenShare: 1 / 4 } as const;
/** Looking through all open files for those in memory costs, too. */
const FILE_MEMORY = { leastMs: 800, share: 10 } as const;

export type ResourceWatch = Readonly<{
  /** Starts looking; for `openAgent`. */
  attach(meter: Meter): void;
  /** Rejects with the limit that was reached, as soon as it is; never resolves. */
  reached: Promise<never>;
  /** The same, afterwards. */
  reason(): PermanentError | undefined;
  /** Resolves when the last look is over. */
  stop(): Promise<void>;
}>;

export function watchResources(options: {
  /** What holds for the job, and what the deployment allows at most. */
  held: Held;
  totals: RunnerTotals;
  /** The job's folder. */
  dir: string;
  log: Log;
}): ResourceWatch {
  const { held, totals, dir, log } = options;
  const { promise: reached, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting on it at the moment it fires.
  reached.catch(() => {});
  const self = {};
  const lookAround = createLookAround({ held, totals, dir, self });
  let reason: PermanentError | undefined;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let pauseMs = LOOK_MS;

  async function look(meter: Meter): Promise<void> {
    const usage = meter.usage();
    pauseMs = usage.memoryBytes > held.limits.memoryBytes / 2 ? CLOSE_LOOK_MS : LOOK_MS;
    const found = judgeTaken(usage, held) ?? (await lookAround(meter, usage.memoryBytes));
    if (found === undefined || stopped) return;
    reason = found;
    stopped = true;
    // First, since an agent that is killed says so, which is not the reason.
    reject(found);
    const gone = await meter.kill();
    log.warn({ code: found.code, ...usage, gone }, 'runner.limit.reached');
  }

  const again = (meter: Meter) => {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look(meter)
        .catch((thrown: unknown) => log.warn({ err: toError(thrown) }, 'runner.limit.unknown'))
        .finally(() => again(meter));
    }, pauseMs);
  };

  return {
    attach: again,
    reached,
    reason: () => reason,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      totals.forget(self);
    },
  };
}

/** What the process tree alone does not show: all of its memory, its disk, and what the other jobs take. */
function createLookAround(options: { held: Held; totals: RunnerTotals; dir: string; self: object }) {
  const { held, totals, self } = options;
  const { limits } = held;
  const disk = createDiskLook(options.dir, limits.diskBytes);
  const readFileMemory = createFileMemoryLook();
  return async (meter: Meter, ownBytes: number): Promise<PermanentError | undefined> => {
    let memoryBytes = ownBytes + readFileMemory(meter);
    // The quick number counts what is shared more than once: only where it is too high is it worth looking closely.
    if (memoryBytes > limits.memoryBytes) memoryBytes = meter.exactMemory();
    if (memoryBytes > limits.memoryBytes) return memoryLimit(memoryBytes, held);
    const free = await measureFree(options.dir);
    const lack = describeLack(free, totals.limits.freeDiskBytes);
    await disk.look(free, totals.noteDisk(lack !== undefined, performance.now()));
    const diskBytes = disk.usedBytes();
    totals.note(self, { memoryBytes, diskBytes, diskAt: disk.at() });
    if (diskBytes > limits.diskBytes) return diskLimit(diskBytes, held);
    if (totals.mustYieldMemory(self)) return runnerMemoryLimit(memoryBytes, totals.limits.memoryBytes);
    if (lack === undefined || !totals.mustYieldDisk(self, performance.now())) return undefined;
    totals.noteDiskYielded(performance.now());
    return runnerDiskLimit(diskBytes, lack);
  };
}

/** Looks at the files in memory now and then; answers what it found last. */
function createFileMemoryLook(): (meter: Meter) => number {
  let bytes = 0;
  let nextAt = 0;
  return (meter) => {
    const startedAt = performance.now();
    if (startedAt < nextAt) return bytes;
    bytes = meter.fileMemory();
    const now = performance.now();
    nextAt = now + Math.max(FILE_MEMORY.leastMs, FILE_MEMORY.share * (now - startedAt));
    return bytes;
  };
}

/** Looks through the folder now and then, at once where free space went away suddenly, and once since it is too little. */
function createDiskLook(dir: string, limitBytes: number) {
  let usedBytes = 0;
  let freeThen = Number.POSITIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let nextAt = 0;
  return {
    usedBytes: () => usedBytes,
    /** When the look began that found this. */
    at: () => lookedAt,
    async look(free: Free, fullSince = Number.NEGATIVE_INFINITY): Promise<void> {
      const lost = freeThen - free.bytes;
      const startedAt = performance.now();
      const isDue = startedAt >= nextAt || lookedAt < fullSince || lost >= limitBytes * DISK.suddenShare;
      if (!isDue) return;
      usedBytes = (await measureFolder(dir)) ?? usedBytes;
      freeThen = free.bytes;
      lookedAt = startedAt;
      const tookMs = performance.now() - startedAt;
      nextAt = performance.now() + Math.max(DISK.leastMs, DISK.share * tookMs);
    },
  };
}
