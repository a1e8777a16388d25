// Who is signed in to the pages. The browser has a random token; only its hash is stored, so that whoever reads the database
// cannot sign in with what stands there.
import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from './database.ts';

export type WebSession = Readonly<{ team: string; person: string }>;

/** Begins a session for `lifetimeMs`, by the database's clock; answers its token (256 random bits, base64url). */
export async function openWebSession(
  sql: Sql,
  session: WebSession,
  { lifetimeMs }: { lifetimeMs: number },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await sql.query('DELETE FROM web_sessions WHERE expires_at < now()');
  await sql.query(
    `INSERT INTO web_sessions (token_hash, team, person, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 ms')`,
    [hashOf(token), session.team, session.person, lifetimeMs],
  );
  return token;
}

/** Whose token this is; undefined where it is nobody's, or nobody's any more. */
export async function findWebSession(sql: Sql, token: string): Promise<WebSession | undefined> {
  const { rows } = await sql.query<{ team: string; person: string }>(
    'SELECT team, person FROM web_sessions WHERE token_hash = $1 AND expires_at > now()',
    [hashOf(token)],
  );
  return rows[0];
}

/** Ends a session; a token that is nobody's ends nothing. */
export async function endWebSession(sql: Sql, token: string): Promise<void> {
  await sql.query('DELETE FROM web_sessions WHERE token_hash = $1', [hashOf(token)]);
}

/** 256 random bits need no salt and no slow hash. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
