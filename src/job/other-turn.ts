// A wish about one turn never hits another: what a person saw may be over by the time they press. Pure.
import { type Refusal, refuse } from '../errors.ts';
import { type Job, jobName } from './job.ts';

/** The turn that the person saw. */
export type OfTurn = Readonly<{ turn?: number }>;

export function refuseOtherTurn(job: Job, { turn }: OfTurn): Refusal | undefined {
  if (turn === undefined || turn === job.turn) return undefined;
  return refuse(
    'stale',
    `${jobName(job)} has begun another turn since. If you still want that, use the newest message in its thread.`,
  );
}
