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
  return {
    limits,
    note: (job: object, usage: JobUsage) => void jobs.set(job, usage),
    forget: (job: object) => void jobs.delete(job),
    /** True for the one job that must end, because all together have too much memory. */
    mustYieldMemory(job: object): boolean {
      const all = [...jobs.values()].reduce((total, { memoryBytes }) => total + memoryBytes, 0);
      return all > limits.memoryBytes && isFirst(job, ({ memoryBytes }) => memoryBytes);
    },
    /** True for the one job that must end, because so little of the disk is free. */
    mustYieldDisk: (job: object, freeBytes: number) =>
      freeBytes < limits.freeDiskBytes && isFirst(job, ({ diskBytes }) => diskBytes),
  };
}
