// What is known of people, for both halves: which Slack user is who at GitHub (one login belongs to one person: two would be
// four eyes of one), and what somebody is in the workspace.
import { z } from 'zod';
import type { Standing } from '../job/permissions.ts';
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

/** Whom an admin linked to this account, by its number: names change hands. */
export async function findLinked(
  sql: Sql,
  { team, accountId }: Readonly<{ team: string; accountId: number }>,
): Promise<string | undefined> {
  const { rows } = await sql.query<{ person: string }>(
    'SELECT person FROM people WHERE team = $1 AND github_id = $2 ORDER BY person LIMIT 1',
    [team, accountId],
  );
  return rows[0]?.person;
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

const standingSchema = z.enum(['member', 'guest', 'stranger', 'bot']);

/** What Slack said last, `ageMs` ago; undefined where nobody has looked. What cannot be read is a stranger. */
export async function loadStanding(
  sql: Sql,
  { team, person }: Place,
): Promise<Readonly<{ standing: Standing; ageMs: number }> | undefined> {
  const { rows } = await sql.query<{ standing: string; age_ms: string }>(
    `SELECT standing, extract(epoch FROM clock_timestamp() - read_at) * 1000 AS age_ms FROM standings
     WHERE team = $1 AND person = $2 AND standing IS NOT NULL`,
    [team, person],
  );
  const [row] = rows;
  return row && { standing: standingSchema.catch('stranger').parse(row.standing), ageMs: Number(row.age_ms) };
}

export async function saveStanding(sql: Sql, { team, person }: Place, standing: Standing): Promise<void> {
  await sql.query(
    `INSERT INTO standings (team, person, standing, read_at) VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (team, person) DO UPDATE SET standing = excluded.standing, read_at = excluded.read_at`,
    [team, person, standing],
  );
}

/** Asks whoever can see Slack to look at this person anew; answers for how long nobody has. */
export async function wantStanding(sql: Sql, { team, person }: Place): Promise<number> {
  const { rows } = await sql.query<{ age_ms: string }>(
    `INSERT INTO standings AS s (team, person, wanted_at) VALUES ($1, $2, clock_timestamp())
     ON CONFLICT (team, person) DO UPDATE
       SET wanted_at = CASE WHEN s.wanted_at > s.read_at THEN s.wanted_at ELSE excluded.wanted_at END
     RETURNING extract(epoch FROM clock_timestamp() - wanted_at) * 1000 AS age_ms`,
    [team, person],
  );
  return Number(rows[0]?.age_ms ?? 0);
}

/** The people that somebody waits for. */
export async function listWantedPeople(sql: Sql, team: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ person: string }>(
    `SELECT person FROM standings WHERE team = $1 AND wanted_at > read_at ORDER BY wanted_at DESC LIMIT 50`,
    [team],
  );
  return rows.map((row) => row.person);
}
