// Questions to one person that wait for a click (which repository?). They outlive a restart and expire with a word.
import type { Sql, Tx } from './database.ts';
import { toJson } from './json.ts';

export type Choice = Readonly<{ id: string; team: string; channel: string; person: string; wish: unknown }>;

type Row = { id: string; team: string; channel: string; person: string; wish: unknown };

/**
 * Stores a question; `wish` is what will be done with the answer. Returns its id, which goes into the picker. A wish that
 * comes again (same `sourceKey`), at another bot at the same moment say, finds its own question, answered or not.
 */
export async function openChoice(
  tx: Tx,
  choice: Omit<Choice, 'id' | 'wish'> & { wish: Readonly<{ sourceKey: string }>; lifetimeMs: number },
): Promise<string> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('choice:' || $1, 0))`, [
    choice.wish.sourceKey,
  ]);
  const { rows } = await tx.query<{ id: string }>(
    `WITH open AS (SELECT id FROM choices WHERE wish->>'sourceKey' = $6 ORDER BY ended_at NULLS FIRST LIMIT 1),
          added AS (INSERT INTO choices (team, channel, person, wish, expires_at)
                    SELECT $1, $2, $3, $4, now() + $5 * interval '1 ms' WHERE NOT EXISTS (SELECT 1 FROM open)
                    RETURNING id)
     SELECT id FROM open UNION ALL SELECT id FROM added`,
    [
      choice.team,
      choice.channel,
      choice.person,
      toJson(choice.wish),
      choice.lifetimeMs,
      choice.wish.sourceKey,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The choice was not stored.');
  return id;
}

/**
 * Takes the question for answering; undefined when it was answered, has expired or never was. `key` is the request that
 * answers it: the same request may take it again.
 */
export async function takeChoice(sql: Sql, id: string, key: string): Promise<Choice | undefined> {
  const { rows } = await sql.query<Row>(
    `UPDATE choices SET ended_at = coalesce(ended_at, now()), ended_by = $2
     WHERE id::text = $1 AND (ended_by = $2 OR (ended_at IS NULL AND expires_at > now()))
     RETURNING id, team, channel, person, wish`,
    [id, key],
  );
  return rows[0];
}

/** Looks at a question that is open, or that this very request has ended. */
export async function peekChoice(sql: Sql, id: string, key: string): Promise<Choice | undefined> {
  const { rows } = await sql.query<Row>(
    `SELECT id, team, channel, person, wish FROM choices
     WHERE id::text = $1 AND (ended_by = $2 OR (ended_at IS NULL AND expires_at > now()))`,
    [id, key],
  );
  return rows[0];
}

/**
 * Ends every question whose time is over; each whose wish came to nothing is returned to exactly one caller, who tells of
 * it in the same transaction: at the address in the wish, which afterwards is of no use to anybody honest.
 */
export async function expireChoices(tx: Tx): Promise<readonly Choice[]> {
  const { rows } = await tx.query<Row>(
    `WITH due AS (
       SELECT id, wish FROM choices WHERE ended_at IS NULL AND expires_at <= now() FOR UPDATE SKIP LOCKED),
     ended AS (
       UPDATE choices SET ended_at = now(), wish = choices.wish - 'responseUrl' FROM due WHERE choices.id = due.id
       RETURNING choices.id, team, channel, person, due.wish)
     SELECT * FROM ended WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE source_key = ended.wish->>'sourceKey')`,
  );
  return rows;
}
