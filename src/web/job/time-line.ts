// Which phases a job went through, turn by turn, and how long each took. Reads the changes of status alone. Pure.
import { z } from 'zod';
import type { StoredEvent } from '../../store/events.ts';

export type Span = Readonly<{
  phase: string;
  from: Date;
  /** Absent while it goes on. */
  to?: Date;
  /** The attempt of a runner; more than one in a turn where another took over. */
  attempt: number;
}>;

export type TurnLine = Readonly<{
  turn: number;
  /** Who or what began it. */
  by?: string;
  began: Date;
  ended?: Date;
  spans: readonly Span[];
  /** What else changed its course: stopped, put back, taken over. */
  marks: readonly Readonly<{ what: string; at: Date; by?: string }>[];
}>;

const dataSchema = z.object({
  event: z.string().catch(''),
  phase: z.string().optional().catch(undefined),
  by: z.string().optional().catch(undefined),
});

/** Ends whatever phase was under way. */
const ENDS = new Set(['turn_ended', 'put_back']);
/** Begins a turn, with the words of a person or of GitHub. */
const BEGINS = new Set([
  'created',
  'reply',
  'retry',
  'plan_run',
  'plan_answered',
  'follow_up',
  'update_branch',
]);
const MARKS = new Set(['stop', 'interrupt', 'put_back', 'plan_dropped', 'plan_expired', 'plan_split']);

type Draft = {
  turn: number;
  by?: string;
  began: Date;
  ended?: Date;
  spans: { phase: string; from: Date; to?: Date; attempt: number }[];
  marks: { what: string; at: Date; by?: string }[];
};

/** Oldest turn first. */
export function readTimeLine(events: readonly StoredEvent[]): readonly TurnLine[] {
  const turns = new Map<number, Draft>();
  let starter: string | undefined;
  for (const { kind, data, turn, at, attempt } of events) {
    if (kind !== 'status') continue;
    const { event, phase, by } = dataSchema.parse(data);
    if (BEGINS.has(event) && by !== undefined) starter = by;
    if (turn === 0) continue;
    const draft: Draft = turns.get(turn) ?? {
      turn,
      began: at,
      spans: [],
      marks: [],
      ...(starter === undefined ? {} : { by: starter }),
    };
    turns.set(turn, draft);
    const open = draft.spans.findLast(({ to }) => to === undefined);
    if (event === 'phase' && phase !== undefined) {
      if (open) open.to = at;
      draft.spans.push({ phase, from: at, attempt });
    }
    if (ENDS.has(event) && open) open.to = at;
    if (event === 'turn_ended') draft.ended = at;
    if (event === 'taken' && open && open.attempt < attempt) draft.marks.push({ what: 'taken_over', at });
    if (MARKS.has(event)) draft.marks.push({ what: event, at, ...(by === undefined ? {} : { by }) });
  }
  return [...turns.values()];
}
