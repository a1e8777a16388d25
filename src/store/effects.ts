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
