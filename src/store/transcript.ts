// A job's record in pieces, for pages: the newest first, earlier ones by the id that they end before, new ones as they come.
// Never all of it at once: a job may have a hundred thousand events.
import type { Usage } from '../job/agent-update.ts';
import { usageSchema } from '../job/agent-update.ts';
import { isFinal, type Status } from '../job/job.ts';
import type { Sql } from './database.ts';
import { type EventRow, readEventRow, type StoredEvent } from './events.ts';

/** Numbers that agents report every second have a picture of their own. */
const SHOWN = `NOT (kind = 'agent' AND data->>'kind' = 'usage')`;

/** The `limit` events before `beforeId` (or the newest), in their order, and whether there are earlier ones. */
export async function readTranscriptBefore(
  sql: Sql,
  jobId: number,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<Readonly<{ events: readonly StoredEvent[]; hasEarlier: boolean }>> {
  const { rows } = await sql.query<EventRow>(
    `SELECT id, turn, attempt, at, kind, data FROM events
     WHERE job_id = $1 AND ($2::bigint IS NULL OR id < $2) AND ${SHOWN} ORDER BY id DESC LIMIT $3`,
    [jobId, beforeId ?? null, limit + 1],
  );
  const kept = rows.slice(0, limit).toReversed();
  return { events: kept.map(readEventRow), hasEarlier: rows.length > limit };
}

/** The next `limit` events after `afterId`. */
export async function readTranscriptAfter(
  sql: Sql,
  jobId: number,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql.query<EventRow>(
    `SELECT id, turn, attempt, at, kind, data FROM events
     WHERE job_id = $1 AND id > $2 AND ${SHOWN} ORDER BY id LIMIT $3`,
    [jobId, afterId, limit],
  );
  return rows.map(readEventRow);
}

/** Changes of a job's status, the newest 2,000 in their order. */
export async function readStatusEvents(sql: Sql, jobId: number): Promise<readonly StoredEvent[]> {
  const { rows } = await sql.query<EventRow>(
    `SELECT id, turn, attempt, at, kind, data FROM events
     WHERE job_id = $1 AND kind = 'status' ORDER BY id DESC LIMIT 2000`,
    [jobId],
  );
  return rows.toReversed().map(readEventRow);
}

export type UsageSample = Readonly<{ at: Date; turn: number; usage: Usage }>;

/** What the author's sessions reported of themselves, thinned out to about `points`; the last one is always among them. */
export async function readUsageSamples(
  sql: Sql,
  jobId: number,
  { points }: { points: number },
): Promise<readonly UsageSample[]> {
  const { rows } = await sql.query<{ at: Date; turn: number; usage: unknown }>(
    `SELECT at, turn, usage FROM (
       SELECT at, turn, data->'usage' AS usage, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS total
       FROM events WHERE job_id = $1 AND kind = 'agent' AND data->>'kind' = 'usage') AS told
     WHERE n % greatest(1, total / $2) = 0 OR n IN (1, total) ORDER BY n`,
    [jobId, points],
  );
  return rows.flatMap(({ at, turn, usage }) => {
    const read = usageSchema.safeParse(usage);
    return read.success ? [{ at, turn, usage: read.data }] : [];
  });
}

/** Whether more than `most` events come after `afterId`. */
export async function isFarBehind(
  sql: Sql,
  jobId: number,
  { afterId, most }: { afterId: number; most: number },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT 1 FROM events WHERE job_id = $1 AND id > $2 AND ${SHOWN} ORDER BY id OFFSET $3 LIMIT 1`,
    [jobId, afterId, most],
  );
  return rowCount === 1;
}

/** How a job stands for whoever follows it. `mark` moves on with everything of the job that people may see. */
export async function readChangeMark(
  sql: Sql,
  jobId: number,
): Promise<Readonly<{ mark: string; isOver: boolean }> | undefined> {
  const { rows } = await sql.query<{ change: string; status: Status }>(
    'SELECT change, status FROM jobs WHERE id = $1',
    [jobId],
  );
  const [row] = rows;
  return row && { mark: row.change, isOver: isFinal(row.status) };
}
