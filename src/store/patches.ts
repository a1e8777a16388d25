// What each turn changed, as text. Stored by the runner when it has pushed, so that pages need no git.
import type { Job } from '../job/job.ts';
import { DIFFS_END } from '../job/kept-files.ts';
import type { Sql } from './database.ts';
import { storable } from './json.ts';
import { LostJobError } from './lost-job.ts';

/** A patch in git's own form; `cut` says that it is only the beginning. */
export type Patch = Readonly<{ text: string; cut: boolean }>;

export type TurnPatch = Readonly<{
  turn: number;
  baseSha: string;
  headSha: string;
  /** Everything since the base. */
  whole: Patch;
  /** What this turn added to what people were shown before; absent in a first turn. */
  step?: Patch | undefined;
}>;

/** Stores what the job's present turn changed, once more if need be. Throws LostJobError when another runner has the job. */
export async function savePatch(
  sql: Sql,
  job: Pick<Job, 'id' | 'attempt' | 'turn'>,
  { baseSha, headSha, whole, step }: Omit<TurnPatch, 'turn'>,
): Promise<void> {
  const { rowCount } = await sql.query(
    `WITH held AS (SELECT id FROM jobs WHERE id = $1 AND attempt = $2 FOR SHARE)
     INSERT INTO turn_patches (job_id, turn, base_sha, head_sha, whole, whole_cut, step, step_cut)
     SELECT held.id, $3, $4, $5, $6, $7, $8, $9 FROM held
     ON CONFLICT (job_id, turn) DO UPDATE SET base_sha = excluded.base_sha, head_sha = excluded.head_sha,
       whole = excluded.whole, whole_cut = excluded.whole_cut, step = excluded.step, step_cut = excluded.step_cut,
       stored_at = now()`,
    [
      job.id,
      job.attempt,
      job.turn,
      baseSha,
      headSha,
      storable(whole.text),
      whole.cut,
      step === undefined ? null : storable(step.text),
      step?.cut ?? false,
    ],
  );
  if (rowCount === 0) throw LostJobError.of(job);
}

/** The turns of a job that have a patch, oldest first. */
export async function listPatchTurns(sql: Sql, jobId: number): Promise<readonly number[]> {
  const { rows } = await sql.query<{ turn: number }>(
    'SELECT turn FROM turn_patches WHERE job_id = $1 ORDER BY turn',
    [jobId],
  );
  return rows.map(({ turn }) => turn);
}

/** Of one turn, or the newest there is. */
export async function loadPatch(sql: Sql, jobId: number, turn?: number): Promise<TurnPatch | undefined> {
  const { rows } = await sql.query<{
    turn: number;
    base_sha: string;
    head_sha: string;
    whole: string;
    whole_cut: boolean;
    step: string | null;
    step_cut: boolean;
  }>(
    `SELECT turn, base_sha, head_sha, whole, whole_cut, step, step_cut FROM turn_patches
     WHERE job_id = $1 AND ($2::int IS NULL OR turn = $2) ORDER BY turn DESC LIMIT 1`,
    [jobId, turn ?? null],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    turn: row.turn,
    baseSha: row.base_sha,
    headSha: row.head_sha,
    whole: { text: row.whole, cut: row.whole_cut },
    ...(row.step === null ? {} : { step: { text: row.step, cut: row.step_cut } }),
  };
}

const IS_OVER = `j.status = ANY($1) AND j.updated_at < now() - $2 * interval '1 ms'`;

/** Forgets those of jobs that have been over for this long; how many turns had one. */
export async function forgetOldPatches(sql: Sql, lifetimeMs: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM turn_patches p USING jobs j WHERE j.id = p.job_id AND ${IS_OVER}`,
    [DIFFS_END, lifetimeMs],
  );
  return rowCount ?? 0;
}

export type StoredPatches = Readonly<{
  /** Whether they may be forgotten. */
  isOld: boolean;
  turns: number;
  bytes: number;
  /** Since the oldest of them was stored. */
  ageMs: number;
}>;

/** What the patches weigh in the database, those that may go apart from those that stay. */
export async function weighPatches(sql: Sql, lifetimeMs: number): Promise<readonly StoredPatches[]> {
  const { rows } = await sql.query<{ old: boolean; turns: number; bytes: number; age_ms: number }>(
    `SELECT (${IS_OVER}) AS old, count(*)::int AS turns,
       sum(pg_column_size(p.whole) + coalesce(pg_column_size(p.step), 0))::float8 AS bytes,
       (extract(epoch FROM now() - min(p.stored_at)) * 1000)::float8 AS age_ms
     FROM turn_patches p JOIN jobs j ON j.id = p.job_id GROUP BY 1 ORDER BY 1`,
    [DIFFS_END, lifetimeMs],
  );
  return rows.map(({ old, turns, bytes, age_ms: ageMs }) => ({ isOld: old, turns, bytes, ageMs }));
}
