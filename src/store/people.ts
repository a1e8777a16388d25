// Which Slack user is who at GitHub. One login belongs to one person: two would be four eyes of one.
import type { Sql } from './database.ts';

/** An account at GitHub; `id` is its number, which outlives a change of the name. */
export type Account = Readonly<{ login: string; id: number }>;

type Place = Readonly<{ team: string; person: string }>;

/** Undefined where nobody linked the person. */
export async function loadLink(sql: Sql, { team, person }: Place): Promise<Account | undefined> {
  const { rows } = await sql.query<{ login: string; github_id: string }>(
    'SELECT login, github_id FROM people WHERE team = $1 AND person = $2',
    [team, person],
  );
  return rows[0] && { login: rows[0].login, id: Number(rows[0].github_id) };
}

/** Links a person, anew where there was a link. Answers whose the login is already, and then changes nothing. */
export async function saveLink(
  sql: Sql,
  link: Place & Readonly<{ account: Account; by: string }>,
): Promise<{ takenBy?: string }> {
  const { team, person, account, by } = link;
  const { rows } = await sql.query<{ person: string }>(
    `WITH taken AS (SELECT person FROM people WHERE team = $1 AND lower(login) = lower($3) AND person <> $2),
          saved AS (INSERT INTO people (team, person, login, github_id, linked_by)
                    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM taken)
                    ON CONFLICT (team, person) DO UPDATE SET login = excluded.login,
                      github_id = excluded.github_id, linked_by = excluded.linked_by, linked_at = now())
     SELECT person FROM taken`,
    [team, person, account.login, account.id, by],
  );
  return rows[0] ? { takenBy: rows[0].person } : {};
}

/** False where there was nothing to take away. */
export async function removeLink(sql: Sql, { team, person }: Place): Promise<boolean> {
  const { rowCount } = await sql.query('DELETE FROM people WHERE team = $1 AND person = $2', [team, person]);
  return (rowCount ?? 0) > 0;
}
