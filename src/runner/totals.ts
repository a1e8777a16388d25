// What all jobs of one runner take together. Where that is too much for the machine, the job that takes most has to go.

export type TotalLimits = Readonly<{
  /** Memory of all agents together. */
  memoryBytes: number;
  /** So much of the disk under ERRAND_HOME stays free. */
  freeDiskBytes: number;
}>;

export type JobUsage = Readonly<{ memoryBytes: number; diskBytes: number }>;
export type RunnerTotals = ReturnType<typeof createTotals>;

/** Creates the account of one runner. */
export function createTotals(limits: TotalLimits) {
  const jobs = new Map<object, JobUsage>();
  const isFirst = (job: object, by: (usage: JobUsage) => number) =>
    [...jobs].toSorted(([, a], [, b]) => by(b) - by(a))[0]?.[0] === job;
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
    /** True for the one job that must end where the disk runs out: the one that fills most of it. */
    fillsMostDisk: (job: object) => isFirst(job, ({ diskBytes }) => diskBytes),
  };
}
