// The name of this deployment: made once for a database, and the same for all that work over it.
import type { Sql } from './database.ts';

/** A UUID. Whoever asks first makes it; a copy of the database keeps it. */
export async function readDeploymentId(sql: Sql): Promise<string> {
  await sql.query('INSERT INTO deployment DEFAULT VALUES ON CONFLICT DO NOTHING');
  const { rows } = await sql.query<{ id: string }>('SELECT id FROM deployment');
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The deployment has no id.');
  return id;
}
