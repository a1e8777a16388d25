// App homes that people opened: whose is due to be drawn anew, what stands there, what came of the last press. One bot at a
// time holds a home's lease. Jobs never wait for any of it.
import type { Sql } from './database.ts';
import { toJson } from './json.ts';

type Place = Readonly<{ team: string; person: string }>;

export type DueHome = Readonly<{
  person: string;
  /** The hash of what Slack shows; absent before the first time. */
  shownHash?: string;
  /** What came of the last press there, while it is news. */
  notice?: unknown;
}>;

export type HomePace = Readonly<{
  /** How far apart two looks for one person are at the least, unless they wait for it. */
  everyMs: number;
  /** How far apart the looks of all people are at the least: with many of them each has fewer. */
  apartMs: number;
  /** What moves without any change of a job (rights, an answer that is old) shows after this long. */
  sweepMs: number;
  /** Whoever did not open it for this long has closed it for good. */
  keptMs: number;
  /** How long the answer to a press stands there, from when it was shown. */
  noticeMs: number;
}>;

/** Somebody opened their home: it is drawn at once, whatever is thought to stand there. */
export async function openHome(sql: Sql, { team, person }: Place): Promise<void> {
  await sql.query(
    `INSERT INTO slack_homes (team, person) VALUES ($1, $2)
     ON CONFLICT (team, person) DO UPDATE SET opened_at = now(), wanted_at = clock_timestamp(), not_before = 'epoch',
       shown_hash = NULL`,
    [team, person],
  );
}

/**
 * A button was pressed at home: it is drawn at once, with `notice` above everything; without one the last is gone. Its time
 * begins when Slack shows it.
 */
export async function noteAtHome(sql: Sql, { team, person }: Place, notice?: unknown): Promise<void> {
  await sql.query(
    `INSERT INTO slack_homes (team, person, notice, noticed_at) VALUES ($1, $2, $3, NULL)
     ON CONFLICT (team, person) DO UPDATE SET opened_at = now(), wanted_at = clock_timestamp(), not_before = 'epoch',
       notice = excluded.notice, noticed_at = excluded.noticed_at`,
    [team, person, notice === undefined ? null : toJson(notice)],
  );
}

/**
 * Takes the lease on up to `limit` homes that may be behind. Any change of an open job, and any that begins or ends, moves the
 * sum of their changes; taken before the board is read, it can only be older than what was read.
 */
export async function takeDueHomes(
  sql: Sql,
  options: HomePace & Readonly<{ team: string; holder: string; leaseMs: number; limit: number }>,
): Promise<readonly DueHome[]> {
  const { rows } = await sql.query<{
    person: string;
    shown_hash: string | null;
    notice: unknown;
  }>(
    `WITH newest AS (SELECT coalesce(sum(change), 0)::bigint AS change FROM jobs
                     WHERE status NOT IN ('merged', 'rejected', 'cancelled', 'done')),
       pace AS (SELECT greatest($5::float8, $6::float8 * count(*)) * interval '1 ms' AS every FROM slack_homes
                WHERE team = $1 AND opened_at > now() - $8 * interval '1 ms'),
       due AS (SELECT h.person FROM slack_homes h, newest, pace
               WHERE h.team = $1 AND h.opened_at > now() - $8 * interval '1 ms'
                 AND h.leased_until < now() AND h.not_before <= now()
                 -- A lease that ended without having been given back: that bot died over it.
                 AND (h.leased_by IS NOT NULL OR h.wanted_at > h.looked_at OR (h.looked_at < now() - pace.every
                      AND (h.looked_change <> newest.change OR h.looked_at < now() - $7 * interval '1 ms')))
               ORDER BY h.wanted_at > h.looked_at DESC, h.looked_at LIMIT $4 FOR UPDATE OF h SKIP LOCKED)
     UPDATE slack_homes s SET leased_by = $2, leased_until = now() + $3 * interval '1 ms',
       looked_at = clock_timestamp(), looked_change = (SELECT change FROM newest)
     FROM due WHERE s.team = $1 AND s.person = due.person
     RETURNING s.person, s.shown_hash,
       CASE WHEN s.noticed_at IS NULL OR s.noticed_at > now() - $9 * interval '1 ms' THEN s.notice END AS notice`,
    [
      options.team,
      options.holder,
      options.leaseMs,
      options.limit,
      options.everyMs,
      options.apartMs,
      options.sweepMs,
      options.keptMs,
      options.noticeMs,
    ],
  );
  return rows.map((row) => ({
    person: row.person,
    ...(row.shown_hash === null ? {} : { shownHash: row.shown_hash }),
    ...(row.notice === null ? {} : { notice: row.notice }),
  }));
}

/**
 * Holds on to the lease right before Slack is called; false when another bot has the home by now. From here on nobody knows
 * what stands there.
 */
export async function renewHome(
  sql: Sql,
  { team, person, holder, leaseMs }: Place & Readonly<{ holder: string; leaseMs: number }>,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE slack_homes SET leased_until = now() + $4 * interval '1 ms', shown_hash = NULL
     WHERE team = $1 AND person = $2 AND leased_by = $3`,
    [team, person, holder, leaseMs],
  );
  return rowCount === 1;
}

/** Gives the lease back. `hash`: what Slack shows now. `pauseMs`: it is still behind, and due again after that. */
export async function releaseHome(
  sql: Sql,
  { team, person, ...given }: Place & Readonly<{ holder: string; hash?: string; pauseMs?: number }>,
): Promise<void> {
  await sql.query(
    `UPDATE slack_homes SET leased_by = NULL, leased_until = 'epoch', shown_hash = coalesce($4, shown_hash),
       noticed_at = CASE WHEN $5::float8 IS NULL THEN coalesce(noticed_at, now()) ELSE noticed_at END,
       wanted_at = CASE WHEN $5::float8 IS NULL THEN wanted_at ELSE clock_timestamp() END,
       not_before = now() + coalesce($5::float8, 0) * interval '1 ms'
     WHERE team = $1 AND person = $2 AND leased_by = $3`,
    [team, person, given.holder, given.hash ?? null, given.pauseMs ?? null],
  );
}

/** Forgets a person's home: Slack will not show it to them any more, or they have not come for long. */
export async function forgetHome(sql: Sql, { team, person }: Place): Promise<void> {
  await sql.query('DELETE FROM slack_homes WHERE team = $1 AND person = $2', [team, person]);
}

/** Forgets those who have not come for `keptMs`. */
export async function forgetOldHomes(sql: Sql, keptMs: number): Promise<void> {
  await sql.query(`DELETE FROM slack_homes WHERE opened_at < now() - $1 * interval '1 ms'`, [keptMs]);
}
