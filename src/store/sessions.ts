// The agent session of a job's thread in Slack, where a workspace offers them: what Slack was told of it, and the message that a
// turn is streamed into. Only the bot that holds the job's lease writes here.
import { z } from 'zod';
import type { Sql } from './database.ts';
import { toJson } from './json.ts';
import type { Lease } from './messages.ts';

/** What each task of a stream shows, by its id. */
export type Streamed = Readonly<Record<string, string>>;

export type Stream = Readonly<{
  turn: number;
  ts?: string;
  /** Set before a start whose answer has not come: the message may exist already. */
  postingAt?: Date;
  /** Ages by the database's own clock. */
  startedAgoMs?: number;
  streamedAgoMs?: number;
  streamed: Streamed;
}>;

export type ShownSession = Readonly<{
  /** What Slack was told last. */
  status?: string;
  stream?: Stream;
  /** The turn that streams no more. */
  overTurn?: number;
}>;

type Row = {
  status: string | null;
  stream_turn: number | null;
  stream_ts: string | null;
  stream_posting_at: Date | null;
  started_ago_ms: number | null;
  streamed_ago_ms: number | null;
  streamed: unknown;
  stream_over: number | null;
};

const streamedSchema = z.record(z.string(), z.string()).catch({});

/** Empty for a job that has none. */
export async function loadSession(sql: Sql, jobId: number): Promise<ShownSession> {
  const { rows } = await sql.query<Row>(
    `SELECT *, (extract(epoch FROM now() - stream_started_at) * 1000)::float8 AS started_ago_ms,
       (extract(epoch FROM now() - streamed_at) * 1000)::float8 AS streamed_ago_ms
     FROM slack_sessions WHERE job_id = $1`,
    [jobId],
  );
  const row = rows[0];
  if (row === undefined) return {};
  const stream = readStream(row);
  return {
    ...(row.status === null ? {} : { status: row.status }),
    ...(stream === undefined ? {} : { stream }),
    ...(row.stream_over === null ? {} : { overTurn: row.stream_over }),
  };
}

function readStream(row: Row): Stream | undefined {
  if (row.stream_turn === null) return undefined;
  return {
    turn: row.stream_turn,
    ...(row.stream_ts === null ? {} : { ts: row.stream_ts }),
    ...(row.stream_posting_at === null ? {} : { postingAt: row.stream_posting_at }),
    ...(row.started_ago_ms === null ? {} : { startedAgoMs: row.started_ago_ms }),
    ...(row.streamed_ago_ms === null ? {} : { streamedAgoMs: row.streamed_ago_ms }),
    streamed: streamedSchema.parse(row.streamed),
  };
}

/** Whether no later job lives in the same thread: the session is the newest one's. */
export async function isNewestInThread(
  sql: Sql,
  job: Readonly<{ id: number; channel: string; threadTs: string }>,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    'SELECT 1 FROM jobs WHERE channel = $1 AND thread_ts = $2 AND id > $3 LIMIT 1',
    [job.channel, job.threadTs, job.id],
  );
  return rowCount === 0;
}

export async function noteSessionStatus(sql: Sql, jobId: number, status: string): Promise<void> {
  await sql.query(
    `INSERT INTO slack_sessions (job_id, status) VALUES ($1, $2)
     ON CONFLICT (job_id) DO UPDATE SET status = excluded.status`,
    [jobId, status],
  );
}

/**
 * Notes that a stream is about to be started, and holds on to the job's lease, in one step; committed before the request
 * leaves. False, and nothing noted, when another bot has the job by now or the turn has its stream.
 */
export async function noteStreamPosting(sql: Sql, lease: Lease, turn: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `WITH held AS (UPDATE message_sets SET leased_until = now() + $4 * interval '1 ms'
                   WHERE job_id = $1 AND leased_by = $3 RETURNING job_id)
     UPDATE slack_sessions s SET stream_turn = $2, stream_ts = NULL, stream_posting_at = now(), streamed = '{}',
       stream_started_at = now(), streamed_at = NULL
     FROM held WHERE s.job_id = held.job_id AND s.stream_ts IS NULL`,
    [lease.jobId, turn, lease.holder, lease.leaseMs],
  );
  return rowCount === 1;
}

/** Slack said no before it took the message: there is nothing to look for. */
export async function noteStreamNotPosted(sql: Sql, jobId: number): Promise<void> {
  await sql.query(
    'UPDATE slack_sessions SET stream_turn = NULL, stream_posting_at = NULL WHERE job_id = $1 AND stream_ts IS NULL',
    [jobId],
  );
}

/** The stream stands in Slack and shows this. */
export async function noteStreamed(
  sql: Sql,
  jobId: number,
  shown: Readonly<{ ts: string; streamed: Streamed }>,
): Promise<void> {
  await sql.query(
    `UPDATE slack_sessions SET stream_ts = $2, stream_posting_at = NULL, streamed = $3, streamed_at = now()
     WHERE job_id = $1`,
    [jobId, shown.ts, toJson(shown.streamed)],
  );
}

/** The turn streams no more; from now on its card says everything again. The message is still to be taken away. */
export async function noteStreamOver(sql: Sql, jobId: number, turn: number): Promise<void> {
  await sql.query('UPDATE slack_sessions SET stream_over = $2 WHERE job_id = $1', [jobId, turn]);
}

/** The message is gone. */
export async function noteStreamGone(sql: Sql, jobId: number): Promise<void> {
  await sql.query(
    `UPDATE slack_sessions SET stream_turn = NULL, stream_ts = NULL, stream_posting_at = NULL, stream_started_at = NULL,
       streamed = '{}', streamed_at = NULL WHERE job_id = $1`,
    [jobId],
  );
}
