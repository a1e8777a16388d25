// The numbers of the last weeks: how much came through, how fast, how often right at once, for how much. Pure.
import type { Counted } from '../../store/overview.ts';

export type Figures = Readonly<{
  /** Merged pulls a day, oldest day first. */
  mergedPerDay: readonly number[];
  merged: number;
  /** Minutes from the wish to the pull of each job that has one, oldest first. */
  minutesToPull: readonly number[];
  medianMinutesToPull?: number;
  /** Of the merged ones those whose first pull it was. */
  unchanged: number;
  /** What each merged pull cost, oldest first; none where agents tell nothing. */
  costs: readonly number[];
  meanCost?: number;
}>;

const DAY_MS = 86_400_000;

/** `counted` newest first, as it is read; days are counted back from `now`. */
export function figure(counted: readonly Counted[], { now, days }: { now: Date; days: number }): Figures {
  const jobs = counted.toReversed();
  const merged = jobs.filter(({ status }) => status === 'merged');
  const mergedPerDay = new Array<number>(days).fill(0);
  for (const { endedAt } of merged) {
    if (endedAt === undefined) continue;
    const day = days - 1 - Math.floor((now.getTime() - endedAt.getTime()) / DAY_MS);
    if (day >= 0 && day < days) mergedPerDay[day] = (mergedPerDay[day] ?? 0) + 1;
  }
  const minutesToPull = jobs.flatMap(({ createdAt, pulledAt }) =>
    pulledAt === undefined ? [] : [Math.max(0, pulledAt.getTime() - createdAt.getTime()) / 60_000],
  );
  const costs = merged.flatMap(({ cost }) => (cost > 0 ? [cost] : []));
  const median = medianOf(minutesToPull);
  return {
    mergedPerDay,
    merged: merged.length,
    minutesToPull,
    ...(median === undefined ? {} : { medianMinutesToPull: median }),
    unchanged: merged.filter(({ pulls }) => pulls <= 1).length,
    costs,
    ...(costs.length === 0 ? {} : { meanCost: costs.reduce((sum, cost) => sum + cost, 0) / costs.length }),
  };
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
