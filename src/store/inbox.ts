// Raw requests from Slack, committed before anybody acknowledges them.
import type { Sql } from './database.ts';
import { toJson } from './json.ts';

/** What kind of request it was: Slack's own envelope types. */
export type InboxKind = 'event' | 'command' | 'interaction' | 'options';

/**
 * Stores a raw request under its dedupe key. `new`: handle it. `unfinished`: seen before but nobody finished it, so
 * this delivery may be the only one left: handle it too (everything behind is idempotent). `handled`: drop it.
 */
export async function receive(
  sql: Sql,
  request: { key: string; kind: InboxKind; body: unknown },
): Promise<'new' | 'unfinished' | 'handled'> {
  const { rowCount } = await sql.query(
    'INSERT INTO inbox (key, kind, body) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING',
    [request.key, request.kind, toJson(request.body)],
  );
  if (rowCount === 1) return 'new';
  const { rows } = await sql.query<{ handled_at: Date | null }>(
    'SELECT handled_at FROM inbox WHERE key = $1',
    [request.key],
  );
  return rows[0]?.handled_at ? 'handled' : 'unfinished';
}

/** Notes that a request has had its effect, or why it could not have one. */
export async function finishRequest(sql: Sql, key: string, error?: string): Promise<void> {
  await sql.query('UPDATE inbox SET handled_at = now(), error = $2 WHERE key = $1', [key, error ?? null]);
}

/** How old a request must be to count as left behind, and how old it may be to still be what somebody wants. */
const LEFT_BEHIND = { fromS: 20, untilS: 30 * 60 } as const;

/**
 * Takes up requests that nobody finished: a bot acknowledged them and died. Each is taken up once at the most, by one
 * caller, so that a request which kills whoever handles it does not come for ever. `busy`: keys in the caller's hands.
 */
export async function takeLeftBehind(
  sql: Sql,
  options: { busy: readonly string[]; limit: number },
): Promise<readonly Readonly<{ key: string; body: unknown }>[]> {
  const { rows } = await sql.query<{ key: string; body: unknown }>(
    `UPDATE inbox SET error = 'taken up again'
     WHERE id IN (SELECT id FROM inbox
                  WHERE handled_at IS NULL AND error IS NULL AND NOT key = ANY($1)
                    AND received_at BETWEEN now() - $2 * interval '1 s' AND now() - $3 * interval '1 s'
                  ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED)
     RETURNING key, body`,
    [options.busy, LEFT_BEHIND.untilS, LEFT_BEHIND.fromS, options.limit],
  );
  return rows;
}
