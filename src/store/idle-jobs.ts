// Jobs as whoever cleans up sees them: by the name of their folder, and held still while something of theirs is removed.
// Reads columns only, so that jobs of other versions count as well.
import { jobName } from '../job/job.ts';
import type { Database, Sql } from './database.ts';

/** `quietMs`: how long ago anything of it changed, by the database's own clock. */
export type IdleState = Readonly<{ id: number; status: string; repo: string; quietMs: number }>;

const QUIET_MS = '(extract(epoch FROM now() - updated_at) * 1000)::float8 AS quiet_ms';

/** All jobs by the name of their folder (`J-12`, or longer). */
export async function readJobStates(sql: Sql): Promise<ReadonlyMap<string, IdleState>> {
  const { rows } = await sql.query<{
    id: string;
    status: string;
    repo: string;
    quiet_ms: number;
    branch: string | null;
  }>(`SELECT id, status, repo, ${QUIET_MS}, data->>'branch' AS branch FROM jobs`);
  return new Map(
    rows.map(({ id, status, repo, quiet_ms: quietMs, branch }) => [
      branch?.replace(/^errand\//, '') ?? jobName({ id: Number(id) }),
      { id: Number(id), status, repo, quietMs },
    ]),
  );
}

/**
 * Does `work` while no runner can take the job: its row is locked for as long. False, and nothing done, when one holds it
 * already. A job that the database does not know is nobody's; `work` is told of those that it knows.
 */
export async function whileIdle(
  db: Database,
  name: string,
  work: (states: readonly Pick<IdleState, 'status' | 'quietMs'>[]) => Promise<void>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ status: string; quiet_ms: number }>(
      `SELECT status, ${QUIET_MS} FROM jobs WHERE data->>'branch' = $1 ORDER BY id FOR UPDATE`,
      [`errand/${name}`],
    );
    if (rows.some(({ status }) => status === 'running')) return false;
    await work(rows.map(({ status, quiet_ms: quietMs }) => ({ status, quietMs })));
    return true;
  });
}
