// Jobs as whoever cleans up sees them: by the name of their folder, and held still while something of theirs is removed.
// Reads columns only, so that jobs of other versions count as well.
import { jobName } from '../job/job.ts';
import type { Database, Sql } from './database.ts';

export type IdleState = Readonly<{ id: number; status: string; repo: string }>;

/** All jobs by the name of their folder (`J-12`, or longer). */
export async function readJobStates(sql: Sql): Promise<ReadonlyMap<string, IdleState>> {
  const { rows } = await sql.query<{ id: string; status: string; repo: string; branch: string | null }>(
    `SELECT id, status, repo, data->>'branch' AS branch FROM jobs`,
  );
  return new Map(
    rows.map(({ id, status, repo, branch }) => [
      branch?.replace(/^errand\//, '') ?? jobName({ id: Number(id) }),
      { id: Number(id), status, repo },
    ]),
  );
}

/**
 * Does `work` while no runner can take the job: its row is locked for as long. False, and nothing done, when one holds it
 * already. A job that the database does not know is nobody's.
 */
export async function whileIdle(db: Database, name: string, work: () => Promise<void>): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ status: string }>(
      `SELECT status FROM jobs WHERE data->>'branch' = $1 ORDER BY id FOR UPDATE`,
      [`errand/${name}`],
    );
    if (rows.some(({ status }) => status === 'running')) return false;
    await work();
    return true;
  });
}
