// Words under a pull: stored once for each text of theirs, taken along by a turn, answered once. What keeps a doubled
// webhook, a second look or a killed runner from doing anything twice stands here.
import { z } from 'zod';
import { type Remark, type RemarkAnswer, remarkAnswerSchema, remarkSchema } from '../job/remarks.ts';
import type { Database, Sql, Tx } from './database.ts';
import { storable, toJson } from './json.ts';
import { LostJobError } from './lost-job.ts';

type Holder = Readonly<{ id: number; attempt: number; turn: number }>;

/** Stores words that are new, or written anew since; answers how many there were. */
export async function noteRemarks(sql: Sql, jobId: number, remarks: readonly Remark[]): Promise<number> {
  if (remarks.length === 0) return 0;
  const { rowCount } = await sql.query(
    `INSERT INTO remarks AS r (job_id, key, data)
     SELECT $1, n.key, n.data FROM unnest($2::text[], $3::jsonb[]) AS n (key, data)
     ON CONFLICT (job_id, key) DO UPDATE
       SET data = excluded.data, seen_at = now(), turn = NULL, answer = NULL, ended_at = NULL, posted_at = NULL
       WHERE r.data->>'text' IS DISTINCT FROM excluded.data->>'text'`,
    [jobId, remarks.map(({ key }) => key), remarks.map(toJson)],
  );
  return rowCount ?? 0;
}

/** Of `remarks` those that are not stored with these very words. */
export async function newRemarks<T extends Remark>(
  sql: Sql,
  jobId: number,
  remarks: readonly T[],
): Promise<readonly T[]> {
  if (remarks.length === 0) return [];
  const { rows } = await sql.query<{ key: string; text: string }>(
    `SELECT key, data->>'text' AS text FROM remarks WHERE job_id = $1 AND key = ANY($2)`,
    [jobId, remarks.map(({ key }) => key)],
  );
  const known = new Map(rows.map(({ key, text }) => [key, text]));
  return remarks.filter(({ key, text }) => known.get(key) !== storable(text));
}

/** How many wait for a turn that nobody has asked for yet, and for how long none has been added to them. */
export async function waitingRemarks(sql: Sql, jobId: number): Promise<{ count: number; quietMs: number }> {
  const { rows } = await sql.query<{ count: number; quiet_ms: string | null }>(
    `SELECT count(*)::int AS count, extract(epoch FROM clock_timestamp() - max(seen_at)) * 1000 AS quiet_ms
     FROM remarks WHERE job_id = $1 AND turn IS NULL`,
    [jobId],
  );
  return { count: rows[0]?.count ?? 0, quietMs: Number(rows[0]?.quiet_ms ?? 0) };
}

/**
 * Those that nobody has answered yet, new ones before those that a turn had already, oldest first. `newFor`: only what no
 * turn before this one had.
 */
export async function openRemarks(
  sql: Sql,
  jobId: number,
  { newFor }: Readonly<{ newFor?: number }> = {},
): Promise<readonly Remark[]> {
  const { rows } = await sql.query<{ data: unknown }>(
    `SELECT data FROM remarks
     WHERE job_id = $1 AND ended_at IS NULL AND ($2::int IS NULL OR turn IS NULL OR turn = $2)
     ORDER BY turn IS NOT NULL, seen_at, length(key), key`,
    [jobId, newFor ?? null],
  );
  // Of a newer version: that one's runners take it along.
  return rows.flatMap(({ data }) => remarkSchema.safeParse(data).data ?? []);
}

/** This turn takes them along. Fenced: throws LostJobError when the attempt no longer holds the job. */
export async function takeRemarks(sql: Sql, job: Holder, keys: readonly string[]): Promise<void> {
  await held(sql, job, { set: 'turn = $3', where: 'r.ended_at IS NULL', keys, value: job.turn });
}

/** No agent gets them: their author may not steer by now. Fenced as `takeRemarks`. */
export async function refuseRemarks(sql: Sql, job: Holder, keys: readonly string[]): Promise<void> {
  await held(sql, job, {
    set: 'turn = $3, ended_at = now()',
    where: 'r.ended_at IS NULL',
    keys,
    value: job.turn,
  });
}

/** Keeps an answer before it is posted; words that were written anew meanwhile keep waiting for theirs. Fenced as above. */
export async function saveAnswer(sql: Sql, job: Holder, key: string, answer: RemarkAnswer): Promise<void> {
  await held(sql, job, {
    set: 'answer = $3::jsonb',
    where: `r.turn = ${Math.trunc(job.turn)}`,
    keys: [key],
    value: toJson(answer),
  });
}

async function held(
  sql: Sql,
  job: Holder,
  change: Readonly<{ set: string; where: string; keys: readonly string[]; value: unknown }>,
): Promise<void> {
  if (change.keys.length === 0) return;
  const { rowCount } = await sql.query(
    `WITH held AS (SELECT id FROM jobs WHERE id = $1 AND attempt = $2 FOR NO KEY UPDATE),
          changed AS (UPDATE remarks r SET ${change.set} FROM held
                      WHERE r.job_id = held.id AND r.key = ANY($4) AND ${change.where})
     SELECT id FROM held`,
    [job.id, job.attempt, change.value, change.keys],
  );
  if (rowCount === 0) throw LostJobError.of(job);
}

/**
 * The turn that was for them was stopped, or failed, before or after it took them: they begin no other one by themselves, and
 * go along with the next that somebody asks for. In the transaction of that end.
 */
export async function restRemarks(tx: Tx, job: Readonly<{ id: number; turn: number }>): Promise<void> {
  await tx.query('UPDATE remarks SET turn = $2 WHERE job_id = $1 AND turn IS NULL', [job.id, job.turn]);
}

/**
 * The turn that took them along came to its end; in the transaction of that end. Those that its agent left unanswered are not
 * settled: they begin no turn by themselves, and go along with the next one.
 */
export async function endRemarks(tx: Tx, job: Readonly<{ id: number; turn: number }>): Promise<void> {
  await tx.query(
    `UPDATE remarks SET ended_at = now()
     WHERE job_id = $1 AND turn = $2 AND ended_at IS NULL AND answer IS NOT NULL`,
    [job.id, job.turn],
  );
}

/** What people said under the pull to the agents of a job, in the order it was said; not what nobody was to hear. */
export async function heardRemarksOf(sql: Sql, jobId: number): Promise<readonly Remark[]> {
  const { rows } = await sql.query<{ data: unknown }>(
    `SELECT data FROM remarks WHERE job_id = $1 AND turn IS NOT NULL AND (ended_at IS NULL OR answer IS NOT NULL)
     ORDER BY seen_at, length(key), key`,
    [jobId],
  );
  return rows.flatMap(({ data }) => remarkSchema.safeParse(data).data ?? []);
}

/** What agents answered in turns that are over, in the order it was said. */
export async function settledRemarks(sql: Sql, jobId: number): Promise<readonly Remark[]> {
  const { rows } = await sql.query<{ data: unknown }>(
    `SELECT data FROM remarks WHERE job_id = $1 AND ended_at IS NOT NULL AND answer IS NOT NULL
     ORDER BY seen_at, length(key), key`,
    [jobId],
  );
  return rows.flatMap(({ data }) => remarkSchema.safeParse(data).data ?? []);
}

const unpostedSchema = z.object({ data: remarkSchema, answer: remarkAnswerSchema });
export type Unposted = Readonly<{ remark: Remark; answer: RemarkAnswer }>;

/** Answers that do not stand at GitHub as far as anybody knows. */
export async function unpostedAnswers(sql: Sql, jobId: number): Promise<readonly Unposted[]> {
  const { rows } = await sql.query(
    `SELECT data, answer FROM remarks WHERE job_id = $1 AND answer IS NOT NULL AND posted_at IS NULL
     ORDER BY seen_at, length(key), key`,
    [jobId],
  );
  return rows.flatMap((row) => {
    const read = unpostedSchema.safeParse(row).data;
    return read ? [{ remark: read.data, answer: read.answer }] : [];
  });
}

/** An answer to exactly these words stands at GitHub. */
export async function markPosted(sql: Sql, jobId: number, { key, text }: Remark): Promise<void> {
  await sql.query(
    `UPDATE remarks SET posted_at = now() WHERE job_id = $1 AND key = $2 AND data->>'text' = $3`,
    [jobId, key, text],
  );
}

/**
 * Lets one at a time, in all processes, post the answers of a job; false where somebody is just doing it. Held by the
 * transaction of `work`, so that nobody who died holds it.
 */
export async function holdAnswers(
  db: Pick<Database, 'transaction'>,
  jobId: number,
  work: () => Promise<void>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ held: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('answers:' || $1, 0)) AS held`,
      [String(jobId)],
    );
    if (!rows[0]?.held) return false;
    await work();
    return true;
  });
}
