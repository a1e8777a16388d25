// Raw requests from Slack, committed before anybody acknowledges them, and taken up again where a bot died over them.
import { INBOX_LIFETIME_MS } from '../job/timing.ts';
import type { Sql } from './database.ts';
import { toJson } from './json.ts';

/** What kind of request it was: Slack's own envelope types. */
export type InboxKind = 'event' | 'command' | 'interaction';

/**
 * `new`: handle it. `unfinished`: seen before but nobody finished it, so this delivery may be the only one left: handle
 * it too (everything behind is idempotent). `handled`: drop it. `receivedAt` is the first delivery's.
 */
export type Receipt = Readonly<{ seen: 'new' | 'unfinished' | 'handled'; receivedAt: Date }>;

/** Stores a raw request under its dedupe key. */
export async function receive(
  sql: Sql,
  request: { key: string; kind: InboxKind; body: unknown },
): Promise<Receipt> {
  const { rows: added } = await sql.query<{ received_at: Date }>(
    'INSERT INTO inbox (key, kind, body) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING received_at',
    [request.key, request.kind, toJson(request.body)],
  );
  if (added[0]) return { seen: 'new', receivedAt: added[0].received_at };
  const { rows } = await sql.query<{ received_at: Date; handled_at: Date | null }>(
    'SELECT received_at, handled_at FROM inbox WHERE key = $1',
    [request.key],
  );
  const known = rows[0];
  if (known === undefined) throw new Error(`The request ${request.key} was swept away while it came again.`);
  return { seen: known.handled_at ? 'handled' : 'unfinished', receivedAt: known.received_at };
}

/**
 * With these anybody may speak as the bot to whoever sent the request, for up to half an hour (Slack, "Handling user
 * interaction"). Needed until the request is handled, and not after.
 */
const CAPABILITIES = `'{response_url,response_urls,trigger_id}'::text[]`;

/** Notes that a request has had its effect, or why it could not have one, and forgets what it allowed us. */
export async function finishRequest(sql: Sql, key: string, error?: string): Promise<void> {
  await sql.query(
    `WITH answered AS (UPDATE choices SET wish = wish - 'responseUrl' WHERE ended_by = $1)
     UPDATE inbox SET handled_at = now(), error = $2, body = body - ${CAPABILITIES} WHERE key = $1`,
    [key, error ?? null],
  );
}

/** Notes that a form is about to be closed although its effect is still to come; committed before Slack is told. */
export async function noteAcknowledged(sql: Sql, key: string): Promise<void> {
  await sql.query('UPDATE inbox SET acked_at = coalesce(acked_at, now()) WHERE key = $1', [key]);
}

/**
 * When a request counts as left behind, how old it may be to still be what somebody wants, and how often it is taken up:
 * one that kills whoever handles it must not come for ever.
 */
const LEFT_BEHIND = { fromS: 20, untilS: 30 * 60, takes: 5 } as const;

export type LeftBehind = Readonly<{
  key: string;
  body: unknown;
  receivedAt: Date;
  /** The sender's form was closed. */
  isAcknowledged: boolean;
  /** Too old, or tried too often: it is only answered. */
  isHopeless: boolean;
}>;

/**
 * Takes up requests that nobody finished: a bot acknowledged them and died. Each is in one caller's hands for 20 s.
 * `busy`: keys that the caller works on already.
 */
export async function takeLeftBehind(
  sql: Sql,
  options: { busy: readonly string[]; limit: number },
): Promise<readonly LeftBehind[]> {
  const { rows } = await sql.query<{
    key: string;
    body: unknown;
    received_at: Date;
    acknowledged: boolean;
    hopeless: boolean;
  }>(
    `UPDATE inbox SET taken_at = now(), takes = takes + 1
     WHERE id IN (SELECT id FROM inbox
                  WHERE handled_at IS NULL AND NOT key = ANY($1)
                    AND greatest(received_at, taken_at) < now() - $2 * interval '1 s'
                  ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING key, body, received_at, acked_at IS NOT NULL AS acknowledged,
       (takes > $4 OR received_at < now() - $5 * interval '1 s') AS hopeless`,
    [options.busy, LEFT_BEHIND.fromS, options.limit, LEFT_BEHIND.takes, LEFT_BEHIND.untilS],
  );
  return rows.map((row) => ({
    key: row.key,
    body: row.body,
    receivedAt: row.received_at,
    isAcknowledged: row.acknowledged,
    isHopeless: row.hopeless,
  }));
}

/**
 * A take that came to nothing through no fault of the request does not count: only its age ends it then. Until 20 s after
 * that take nobody takes it up again.
 */
export async function giveBackTake(sql: Sql, key: string): Promise<void> {
  await sql.query('UPDATE inbox SET takes = greatest(takes - 1, 0) WHERE key = $1', [key]);
}

/**
 * Removes what is long over: requests hold people's words, and Slack repeats none after an hour. Answers how many rows.
 * A question of that age was answered or has expired.
 */
export async function sweepInbox(sql: Sql): Promise<number> {
  const old = `< now() - $1 * interval '1 ms'`;
  const { rows } = await sql.query<{ swept: string }>(
    `WITH requests AS (DELETE FROM inbox WHERE handled_at ${old} RETURNING 1),
          noted AS (DELETE FROM effects WHERE at ${old} RETURNING 1),
          said AS (DELETE FROM answers WHERE ended_at ${old} RETURNING 1),
          asked AS (DELETE FROM choices WHERE ended_at ${old} RETURNING 1)
     SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM noted)
          + (SELECT count(*) FROM said) + (SELECT count(*) FROM asked) AS swept`,
    [INBOX_LIFETIME_MS],
  );
  return Number(rows[0]?.swept ?? 0);
}
