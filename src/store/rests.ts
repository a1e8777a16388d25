// What Slack asked to be left alone with (HTTP 429), for all processes: a method, or posts into one channel.
import type { Sql } from './database.ts';

/** Notes a rest of `restMs` from now; a longer one that was noted before stays. */
export async function noteRest(sql: Sql, what: string, restMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO slack_rests (what, until) VALUES ($1, now() + $2 * interval '1 ms')
     ON CONFLICT (what) DO UPDATE SET until = greatest(slack_rests.until, excluded.until)`,
    [what, restMs],
  );
}

/** All rests that are not over, with what is left of them in ms; forgets the others. */
export async function loadRests(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ what: string; ms: string }>(
    `SELECT what, extract(epoch FROM until - now()) * 1000 AS ms FROM slack_rests`,
  );
  const over = rows.filter((row) => Number(row.ms) <= 0).map((row) => row.what);
  if (over.length > 0)
    await sql.query('DELETE FROM slack_rests WHERE what = ANY($1) AND until <= now()', [over]);
  return new Map(rows.flatMap((row) => (Number(row.ms) > 0 ? [[row.what, Number(row.ms)]] : [])));
}
