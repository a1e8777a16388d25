// What all jobs of one runner take together. Where that is too much for the machine, the job that takes most has to go.

export type TotalLimits = Readonly<{
  /** Memory of all agents together. */
  memoryBytes: number;
  /** So much of the disk under ERRAND_HOME stays free. */
  freeDiskBytes: number;
}>;

/** `diskAt` is when the disk was measured, by the process's own clock. */
export type JobUsage = Readonly<{ memoryBytes: number; diskBytes: number; diskAt: number }>;

/** Where the disk runs out, no longer than this is waited for a job's folder to be measured. */
const MEASURE_MS = 5_000;
/** After one had to go for the disk, its files take a while to go, too; nobody else is ended for them meanwhile. */
const CLEAR_AWAY_MS = 30_000;
export type RunnerTotals = ReturnType<typeof createTotals>;

/** Creates the account of one runner. */
export function createTotals(limits: TotalLimits) {
  const jobs = new Map<object, JobUsage>();
  const isFirst = (job: object, by: (usage: JobUsage) => number) =>
    [...jobs].toSorted(([, a], [, b]) => by(b) - by(a))[0]?.[0] === job;
  /** Since when the disk has been too full. */
  let fullSince: number | undefined;
  let restUntil = Number.NEGATIVE_INFINITY;
  const memoryBytes = () => [...jobs.values()].reduce((total, usage) => total + usage.memoryBytes, 0);
  return {
    limits,
    /** What all jobs took when each was looked at last. */
    memoryBytes,
    note: (job: object, usage: JobUsage) => void jobs.set(job, usage),
    forget: (job: object) => void jobs.delete(job),
    /** True for the one job that must end, because all together have too much memory. */
    mustYieldMemory: (job: object) =>
      memoryBytes() > limits.memoryBytes && isFirst(job, (usage) => usage.memoryBytes),
    /** Notes whether the disk is too full, and answers since when it is. */
    noteDisk(isFull: boolean, now: number): number | undefined {
      fullSince = isFull ? (fullSince ?? now) : undefined;
      return fullSince;
    },
    /**
     * True for the one job that must end where the disk is too full: the one that fills most of it, judged by what all were
     * found to fill since then.
     */
    mustYieldDisk(job: object, now: number): boolean {
      if (fullSince === undefined || now < restUntil) return false;
      const since = fullSince;
      const isKnown = [...jobs.values()].every(({ diskAt }) => diskAt >= since);
      return (isKnown || now - since > MEASURE_MS) && isFirst(job, ({ diskBytes }) => diskBytes);
    },
    /** A job goes for the disk's sake. */
    noteDiskYielded(now: number): void {
      restUntil = now + CLEAR_AWAY_MS;
    },
  };
}
