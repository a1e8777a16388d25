// Words for a job: stored first, delivered later, and never delivered twice to the same conversation.
import type { Sql } from './database.ts';
import { storable } from './json.ts';
import { LostJobError } from './lost-job.ts';

export type Reply = Readonly<{
  id: number;
  jobId: number;
  author: string;
  authorName?: string;
  text: string;
  /** The Slack message, absent for words from a modal. */
  message?: Readonly<{ channel: string; ts: string }>;
  receivedAt: Date;
  deliveredAt?: Date;
  /** When it was decided that no agent gets them: their author may not steer, or the job was over first. */
  refusedAt?: Date;
  /** The reaction Slack shows: `eyes` when stored, `white_check_mark` when delivered, `no_entry_sign` when refused. */
  shown?: string;
}>;

type Row = {
  id: string;
  job_id: string;
  author: string;
  author_name: string | null;
  text: string;
  channel: string | null;
  ts: string | null;
  received_at: Date;
  delivered_at: Date | null;
  refused_at: Date | null;
  shown: string | null;
};

function readRow(row: Row): Reply {
  return {
    id: Number(row.id),
    jobId: Number(row.job_id),
    author: row.author,
    ...(row.author_name === null ? {} : { authorName: row.author_name }),
    text: row.text,
    receivedAt: row.received_at,
    ...(row.channel !== null && row.ts !== null ? { message: { channel: row.channel, ts: row.ts } } : {}),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
    ...(row.refused_at === null ? {} : { refusedAt: row.refused_at }),
    ...(row.shown === null ? {} : { shown: row.shown }),
  };
}

/** Stores words under a key that is the same for every delivery of them. False when they were stored before. */
export async function insertReply(
  sql: Sql,
  reply: {
    jobId: number;
    key: string;
    author: string;
    authorName?: string;
    text: string;
    message?: { channel: string; ts: string };
  },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `INSERT INTO replies (job_id, key, author, text, channel, ts, author_name) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (key) DO NOTHING`,
    [
      reply.jobId,
      reply.key,
      reply.author,
      storable(reply.text),
      reply.message?.channel ?? null,
      reply.message?.ts ?? null,
      reply.authorName === undefined ? null : storable(reply.authorName),
    ],
  );
  return rowCount === 1;
}

/** Whether words were stored under this key before. */
export async function isKnownReply(sql: Sql, key: string): Promise<boolean> {
  const { rowCount } = await sql.query('SELECT 1 FROM replies WHERE key = $1', [key]);
  return rowCount === 1;
}

/** Words that no agent has had yet, oldest first. */
export async function pendingReplies(sql: Sql, jobId: number): Promise<readonly Reply[]> {
  const { rows } = await sql.query<Row>(
    'SELECT * FROM replies WHERE job_id = $1 AND delivered_at IS NULL AND refused_at IS NULL ORDER BY id',
    [jobId],
  );
  return rows.map(readRow);
}

/** Words that agents have had, oldest first. */
export async function deliveredReplies(sql: Sql, jobId: number): Promise<readonly Reply[]> {
  const { rows } = await sql.query<Row>(
    'SELECT * FROM replies WHERE job_id = $1 AND delivered_at IS NOT NULL ORDER BY id',
    [jobId],
  );
  return rows.map(readRow);
}

/**
 * Marks words as delivered; repeated calls change nothing. Fenced: throws LostJobError when the attempt no longer holds
 * the job.
 */
export async function markDelivered(sql: Sql, holder: Holder, ids: readonly number[]): Promise<void> {
  await close(sql, 'delivered_at', holder, ids);
}

/** Keeps words from every agent; what an agent has is left as it is. Fenced as `markDelivered`. */
export async function refuseReplies(sql: Sql, holder: Holder, ids: readonly number[]): Promise<void> {
  await close(sql, 'refused_at', holder, ids);
}

type Holder = Readonly<{ id: number; attempt: number }>;

async function close(
  sql: Sql,
  how: 'delivered_at' | 'refused_at',
  holder: Holder,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const { rowCount } = await sql.query(
    `WITH held AS (SELECT id FROM jobs WHERE id = $1 AND attempt = $2 FOR NO KEY UPDATE),
          closed AS (UPDATE replies r SET ${how} = now() FROM held
                     WHERE r.job_id = held.id AND r.id = ANY($3) AND delivered_at IS NULL AND refused_at IS NULL)
     SELECT id FROM held`,
    [holder.id, holder.attempt, ids],
  );
  if (rowCount === 0) throw LostJobError.of(holder);
}

/** Replies whose reaction in Slack is behind what happened to them. */
export async function repliesToShow(sql: Sql, jobId: number): Promise<readonly Reply[]> {
  const { rows } = await sql.query<Row>(
    `SELECT * FROM replies WHERE job_id = $1 AND ts IS NOT NULL
       AND shown IS DISTINCT FROM (CASE WHEN delivered_at IS NOT NULL THEN 'white_check_mark'
                                       WHEN refused_at IS NOT NULL THEN 'no_entry_sign' ELSE 'eyes' END)
     ORDER BY id`,
    [jobId],
  );
  return rows.map(readRow);
}

/** Remembers which reaction Slack shows. */
export async function markReplyShown(sql: Sql, id: number, shown: string): Promise<void> {
  await sql.query('UPDATE replies SET shown = $2 WHERE id = $1', [id, shown]);
}
