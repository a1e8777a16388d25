// Why a seed ended as it did, in a few lines: each job that is not over with its problem and its last events, and what each
// process last warned of.
import type { EventRow, JobRow, Recorded } from './record.ts';
import type { Stage } from './stage.ts';

const LAST_EVENTS = 5;
const MOST_JOBS = 4;
const MOST_CHARS = 160;
const OVER = new Set(['merged', 'rejected', 'cancelled']);

/** The jobs that somebody would have to look at. */
export function tellJobs({ jobs, events }: Recorded): readonly string[] {
  const open = jobs.filter(({ status }) => !OVER.has(status)).slice(0, MOST_JOBS);
  return open.flatMap((job) => [
    `J-${job.id} is ${job.status}${describeFailure(job)}`,
    ...events
      .filter((event) => event.job === job.id)
      .slice(-LAST_EVENTS)
      .map(describeEvent),
  ]);
}

/** The last warnings and errors in the logs. */
export function tellTroubles({ units }: Pick<Stage, 'units'>): readonly string[] {
  return units.flatMap((unit) => unit.troubles().map((trouble) => `${unit.name}: ${trouble}`));
}

function describeFailure({ failure }: JobRow): string {
  return failure ? ` (${failure.code}: ${failure.reason.slice(0, MOST_CHARS)})` : '';
}

function describeEvent({ attempt, turn, kind, data }: EventRow): string {
  const about = JSON.stringify(data).slice(0, MOST_CHARS);
  return `  attempt ${attempt}, turn ${turn}: ${kind} ${about}`;
}
