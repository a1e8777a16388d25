// Which requests have had their effect. Noted in the transaction of the effect itself, so that a request that comes again,
// however late and whoever died in between, changes nothing more.
import type { Sql, Tx } from './database.ts';

/** Whether the request of this key has had its effect. Ask under the lock of what it changes. */
export async function hadEffect(sql: Sql, key: string): Promise<boolean> {
  const { rowCount } = await sql.query('SELECT 1 FROM effects WHERE key = $1', [key]);
  return rowCount === 1;
}

/** Notes the effect of a request; false when it was noted before. A second caller waits for the first one's transaction. */
export async function noteEffect(tx: Tx, key: string): Promise<boolean> {
  const { rowCount } = await tx.query('INSERT INTO effects (key) VALUES ($1) ON CONFLICT DO NOTHING', [key]);
  return rowCount === 1;
}

/** The request changed nothing after all: it may come again. */
export async function forgetEffect(tx: Tx, key: string): Promise<void> {
  await tx.query('DELETE FROM effects WHERE key = $1', [key]);
}

/**
 * Whether any of these keys has left a trace: an effect, a job, words for one, an ended question, or an answer. For requests
 * that nobody has in hand any more.
 */
export async function hasTrace(sql: Sql, keys: readonly string[]): Promise<boolean> {
  const { rows } = await sql.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM effects WHERE key = ANY($1))
         OR EXISTS (SELECT 1 FROM jobs WHERE source_key = ANY($1))
         OR EXISTS (SELECT 1 FROM replies WHERE key = ANY($1))
         OR EXISTS (SELECT 1 FROM choices WHERE ended_by = ANY($1))
         OR EXISTS (SELECT 1 FROM answers WHERE key = ANY($1)) AS found`,
    [keys],
  );
  return rows[0]?.found === true;
}
