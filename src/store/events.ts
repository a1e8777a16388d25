// Audit trail and transcript: one append-only table of everything that happened to a job.
import { z } from 'zod';
import type { AgentUpdate } from '../job/agent-update.ts';
import type { Job } from '../job/job.ts';
import type { Ages } from '../job/outside.ts';
import type { Sql } from './database.ts';
import { toJson } from './json.ts';
import { LostJobError } from './lost-job.ts';

/**
 * What is appended. `status` is a change by `transition`, `prompt` what an agent was told, `agent` what it did,
 * `note` something the host did or noticed (pushed, opened a pull, could not merge).
 */
export type NewEvent =
  | Readonly<{ kind: 'status'; data: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: 'prompt'; data: Readonly<{ text: string; steering: boolean }> }>
  | Readonly<{ kind: 'agent'; data: AgentUpdate }>
  | Readonly<{ kind: 'note'; data: Readonly<{ name: string } & Record<string, unknown>> }>;

export type StoredEvent = NewEvent & Readonly<{ id: number; turn: number; attempt: number; at: Date }>;

/** As much of an event as its readers stand on; what else is in `data` is up to whoever wrote it. */
const readableSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), data: z.looseObject({}) }),
  z.object({ kind: z.literal('prompt'), data: z.looseObject({ text: z.string() }) }),
  z.object({ kind: z.literal('note'), data: z.looseObject({ name: z.string() }) }),
  z.object({
    kind: z.literal('agent'),
    data: z
      .looseObject({ kind: z.string() })
      .refine((update) => update.kind !== 'message' || typeof update['text'] === 'string')
      .refine((update) => update.kind !== 'tool' || typeof update['title'] === 'string'),
  }),
]);

type Holder = Pick<Job, 'id' | 'attempt' | 'turn'>;

/** Appends one event inside whatever transaction `sql` is; fenced as `appendEvents`. */
export async function appendEvent(sql: Sql, job: Holder, event: NewEvent): Promise<void> {
  await appendEvents(sql, job, [event]);
}

/**
 * Appends several events in one statement, in their order, and only while the attempt is the job's newest: there is no
 * other way into this table. Throws LostJobError, and writes nothing, when another runner has taken the job.
 */
export async function appendEvents(sql: Sql, job: Holder, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  // The row's lock makes a runner that takes the job at this very moment wait, or us see that it did. It also keeps others
  // who append waiting until we are done: whoever follows a job by the ids of its events misses none.
  const { rowCount } = await sql.query(
    `WITH held AS (SELECT id, attempt FROM jobs WHERE id = $1 AND attempt = $2 FOR NO KEY UPDATE)
     INSERT INTO events (job_id, attempt, turn, kind, data)
     SELECT held.id, held.attempt, $3, e.kind, e.data
     FROM held, unnest($4::text[], $5::jsonb[]) WITH ORDINALITY AS e (kind, data, n) ORDER BY e.n`,
    [
      job.id,
      job.attempt,
      job.turn,
      events.map((event) => event.kind),
      events.map((event) => toJson(event.data)),
    ],
  );
  if (rowCount === 0) throw LostJobError.of(job);
}

/** Appends a note by somebody who holds no job, under whatever attempt and turn it is in. */
export async function appendNote(
  sql: Sql,
  jobId: number,
  data: Extract<NewEvent, { kind: 'note' }>['data'],
): Promise<void> {
  await sql.query(
    `WITH job AS (SELECT id, attempt, (data->>'turn')::int AS turn FROM jobs WHERE id = $1 FOR NO KEY UPDATE)
     INSERT INTO events (job_id, attempt, turn, kind, data) SELECT id, attempt, turn, 'note', $2::jsonb FROM job`,
    [jobId, toJson(data)],
  );
}

/** Which turn a job was in at a moment of the database's clock; 0 before the first. */
export async function turnAt(sql: Sql, jobId: number, at: Date): Promise<number> {
  const { rows } = await sql.query<{ turn: number }>(
    `SELECT coalesce(max(turn), 0)::int AS turn FROM events WHERE job_id = $1 AND kind = 'status' AND at <= $2`,
    [jobId, at],
  );
  return rows[0]?.turn ?? 0;
}

/** Reads a job's events in order; `afterId` continues a read, `limit` bounds it (1,000 by default). */
export async function readEvents(
  sql: Sql,
  jobId: number,
  options: { afterId?: number; limit?: number; kinds?: readonly NewEvent['kind'][] } = {},
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql.query<EventRow>(
    `SELECT id, turn, attempt, at, kind, data FROM events
     WHERE job_id = $1 AND id > $2 AND ($4::text[] IS NULL OR kind = ANY($4)) ORDER BY id LIMIT $3`,
    [jobId, options.afterId ?? 0, options.limit ?? 1000, options.kinds ?? null],
  );
  return rows.map(readEventRow);
}

export type EventRow = { id: string; turn: number; attempt: number; at: Date; kind: string; data: unknown };

/** Total: an event of another version stands as a note, so that its place in the order is not lost. */
export function readEventRow(row: EventRow): StoredEvent {
  const said = readableSchema.safeParse({ kind: row.kind, data: row.data }).data ?? {
    kind: 'note',
    data: { name: 'unreadable' },
  };
  // What `appendEvents` of this version wrote was checked by the types there.
  return { ...said, id: Number(row.id), turn: row.turn, attempt: row.attempt, at: row.at } as StoredEvent;
}

/** How long ago the job's present turn was first taken, by the database's clock; a takeover goes on with it. */
export async function readTurnAgeMs(sql: Sql, job: Pick<Job, 'id' | 'turn'>): Promise<number> {
  const { rows } = await sql.query<{ ms: string | null }>(
    `SELECT extract(epoch FROM now() - min(at)) * 1000 AS ms FROM events
     WHERE job_id = $1 AND turn = $2 AND kind = 'status' AND data->>'event' = 'taken'`,
    [job.id, job.turn],
  );
  return Number(rows[0]?.ms ?? 0);
}

/** When the job's present turn was first taken, by the database's clock; undefined while nobody has. */
export async function readTurnBegan(sql: Sql, job: Pick<Job, 'id' | 'turn'>): Promise<Date | undefined> {
  const { rows } = await sql.query<{ at: Date | null }>(
    `SELECT min(at) AS at FROM events
     WHERE job_id = $1 AND turn = $2 AND kind = 'status' AND data->>'event' = 'taken'`,
    [job.id, job.turn],
  );
  return rows[0]?.at ?? undefined;
}

/** How long ago the pull was seen closed, and a turn ended, for the last time each; by the database's clock. */
export async function readOutsideAges(sql: Sql, jobId: number): Promise<Ages> {
  const { rows } = await sql.query<{ event: string; ms: string }>(
    `SELECT data->>'event' AS event, extract(epoch FROM now() - max(at)) * 1000 AS ms FROM events
     WHERE job_id = $1 AND kind = 'status' AND data->>'event' IN ('pull_closed', 'turn_ended') GROUP BY 1`,
    [jobId],
  );
  const agesMs = new Map(rows.map(({ event, ms }) => [event, Number(ms)]));
  const [closedMs, resultMs] = [agesMs.get('pull_closed'), agesMs.get('turn_ended')];
  return {
    ...(closedMs === undefined ? {} : { closedMs }),
    ...(resultMs === undefined ? {} : { resultMs }),
  };
}

/** How long ago somebody decided on the job's pull last, by the database's clock. */
export async function readDecisionAgeMs(sql: Sql, jobId: number): Promise<number> {
  const { rows } = await sql.query<{ ms: string | null }>(
    `SELECT extract(epoch FROM now() - max(at)) * 1000 AS ms FROM events
     WHERE job_id = $1 AND kind = 'status' AND data->>'event' IN ('approve', 'reject')`,
    [jobId],
  );
  return Number(rows[0]?.ms ?? 0);
}
