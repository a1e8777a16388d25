// Words to one person. Each is a row until Slack has taken it, so that neither a dead address nor a dead bot swallows it.
import type { Sql } from './database.ts';
import { toJson } from './json.ts';

/** `recipient` and `message` are the caller's own shapes, kept as they are. */
export type StoredAnswer = Readonly<{
  id: number;
  recipient: unknown;
  message: unknown;
  /** How often it was tried, this time included. */
  tries: number;
  ageMs: number;
}>;

/**
 * Stores an answer before it is said. `key` is the request's: one request gets one answer, and whoever comes second gets
 * undefined and says nothing. For `leaseMs` nobody else takes it.
 */
export async function openAnswer(
  sql: Sql,
  answer: { key: string; recipient: unknown; message: unknown; leaseMs: number },
): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO answers (key, recipient, message, not_before) VALUES ($1, $2, $3, now() + $4 * interval '1 ms')
     ON CONFLICT (key) DO NOTHING RETURNING id`,
    [answer.key, toJson(answer.recipient), toJson(answer.message), answer.leaseMs],
  );
  return rows[0] && Number(rows[0].id);
}

/** Takes answers whose time has come again, each for `leaseMs`. */
export async function takeDueAnswers(
  sql: Sql,
  options: { leaseMs: number; limit: number },
): Promise<readonly StoredAnswer[]> {
  const { rows } = await sql.query<{
    id: string;
    recipient: unknown;
    message: unknown;
    tries: number;
    age_ms: string;
  }>(
    `UPDATE answers SET tries = tries + 1, not_before = now() + $1 * interval '1 ms'
     WHERE id IN (SELECT id FROM answers WHERE ended_at IS NULL AND not_before <= now()
                  ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, recipient, message, tries, extract(epoch FROM now() - created_at) * 1000 AS age_ms`,
    [options.leaseMs, options.limit],
  );
  return rows.map(({ id, age_ms, ...row }) => ({ ...row, id: Number(id), ageMs: Number(age_ms) }));
}

/** Slack has it, or never will: then `problem` says why. The address it went to could be used by anybody, so it goes. */
export async function endAnswer(sql: Sql, id: number, problem?: string): Promise<void> {
  await sql.query(
    `UPDATE answers SET ended_at = now(), problem = $2, recipient = recipient - 'responseUrl' WHERE id = $1`,
    [id, problem ?? null],
  );
}

/** What a request was to be answered is out of date; said already, it stays. */
export async function dropAnswer(sql: Sql, key: string, why: string): Promise<void> {
  await sql.query('UPDATE answers SET ended_at = now(), problem = $2 WHERE key = $1 AND ended_at IS NULL', [
    key,
    why,
  ]);
}

/** It could not be said now and is tried again after `pauseMs`. */
export async function postponeAnswer(
  sql: Sql,
  id: number,
  later: { pauseMs: number; problem: string },
): Promise<void> {
  await sql.query(
    `UPDATE answers SET not_before = now() + $2 * interval '1 ms', problem = $3 WHERE id = $1 AND ended_at IS NULL`,
    [id, later.pauseMs, later.problem],
  );
}
