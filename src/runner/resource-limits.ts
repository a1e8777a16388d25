// The watchdog of one agent: looks again and again at what the agent and all it started take, and ends them at once where
// that is more than the job or the runner may. It works the same everywhere; what the system itself enforces comes on top.
import type { Meter } from '../agent/meter.ts';
import { PermanentError, toError } from '../errors.ts';
import { type JobLimits, MB } from '../job/limits.ts';
import type { Log } from '../log.ts';
import { measureFolder, measureFree } from '../sandbox/disk-use.ts';
import type { RunnerTotals } from './totals.ts';

/** Often enough for a fork bomb, rare enough to cost a busy runner about one percent of a core. */
const LOOK_MS = 400;
/** Looking through a job's folder costs: it takes at most a tenth of the time, or follows a sudden loss of free space. */
const DISK = { leastMs: 2_000, share: 10, suddenShare: 1 / 4 } as const;

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
  limits: JobLimits;
  totals: RunnerTotals;
  /** The job's folder. */
  dir: string;
  log: Log;
}): ResourceWatch {
  const { limits, totals, dir, log } = options;
  const { promise: reached, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting on it at the moment it fires.
  reached.catch(() => {});
  const self = {};
  const disk = createDiskLook(dir, limits.diskBytes);
  let reason: PermanentError | undefined;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(meter: Meter): Promise<void> {
    const usage = meter.usage();
    const found = exceeded(usage, limits, meter) ?? (await lookAround(usage.memoryBytes));
    if (found === undefined || stopped) return;
    reason = found;
    stopped = true;
    reject(found);
    const gone = await meter.kill();
    log.warn({ code: found.code, ...usage, diskBytes: disk.usedBytes(), gone }, 'runner.limit.reached');
  }

  async function lookAround(memoryBytes: number): Promise<PermanentError | undefined> {
    const freeBytes = await disk.look();
    const diskBytes = disk.usedBytes();
    totals.note(self, { memoryBytes, diskBytes });
    if (diskBytes > limits.diskBytes) return tooMuch('disk_limit', 'filled', 'disk', limits.diskBytes);
    if (totals.mustYieldMemory(self)) return runnerFull('runner_memory_limit', 'memory');
    if (totals.mustYieldDisk(self, freeBytes)) return runnerFull('runner_disk_limit', 'disk');
    return undefined;
  }

  const again = (meter: Meter) => {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look(meter)
        .catch((thrown: unknown) => log.warn({ err: toError(thrown) }, 'runner.limit.unknown'))
        .finally(() => again(meter));
    }, LOOK_MS);
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

/** What the process tree alone shows. */
function exceeded(
  usage: ReturnType<Meter['usage']>,
  limits: JobLimits,
  meter: Meter,
): PermanentError | undefined {
  if (usage.processes > limits.processes) {
    const say = `ran more than ${limits.processes} processes at once`;
    return new PermanentError('process_limit', ended(say));
  }
  // The quick number counts shared memory once a process: only where it is too high is it worth looking closely.
  if (usage.memoryBytes > limits.memoryBytes && meter.exactMemory() > limits.memoryBytes)
    return tooMuch('memory_limit', 'took', 'memory', limits.memoryBytes);
  if (usage.outputBytes > limits.outputBytes)
    return tooMuch('output_limit', 'printed', 'output', limits.outputBytes);
  if (usage.messages > limits.messages) {
    const say = `sent more than ${limits.messages.toLocaleString('en-US')} messages in one turn`;
    return new PermanentError('message_limit', ended(say));
  }
  return undefined;
}

/** Looks through the folder now and then, and at once where free space went away suddenly. Answers the free bytes. */
function createDiskLook(dir: string, limitBytes: number) {
  let usedBytes = 0;
  let freeThen = Number.POSITIVE_INFINITY;
  let nextAt = 0;
  return {
    usedBytes: () => usedBytes,
    async look(): Promise<number> {
      const free = await measureFree(dir);
      const lost = freeThen - free;
      const startedAt = performance.now();
      if (startedAt < nextAt && lost < limitBytes * DISK.suddenShare) return free;
      usedBytes = (await measureFolder(dir)) ?? usedBytes;
      freeThen = free;
      const tookMs = performance.now() - startedAt;
      nextAt = performance.now() + Math.max(DISK.leastMs, DISK.share * tookMs);
      return free;
    },
  };
}

function tooMuch(code: string, verb: string, what: string, limitBytes: number): PermanentError {
  return new PermanentError(code, ended(`${verb} more than ${formatBytes(limitBytes)} of ${what}`));
}

function ended(say: string): string {
  return `The agent ${say}, so it was stopped. Its work so far is kept: press Retry to go on, or ask for a smaller task; whoever runs Errand can raise the limit.`;
}

function runnerFull(code: string, what: string): PermanentError {
  return new PermanentError(
    code,
    `The runner is short of ${what}, and this job used most of it, so it was stopped. Its work so far is kept: press Retry when fewer jobs are running.`,
  );
}

function formatBytes(bytes: number): string {
  return bytes >= 1_000 * MB ? `${(bytes / (1_000 * MB)).toFixed(1)} GB` : `${Math.round(bytes / MB)} MB`;
}
