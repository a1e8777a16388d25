// What Slack shows of a job: one row a message, and one row a job that says how far Slack is behind. One bot at a time
// holds a job's lease, so that two bots never post the same card.
import type { Sql, Tx } from './database.ts';
import { toJson } from './json.ts';

export type Message = Readonly<{
  slot: string;
  channel: string;
  ts?: string;
  /** Fixed words (a notice); absent for messages that are derived from the job. */
  wanted?: unknown;
  shownHash?: string;
  /** Set before a post whose answer has not come: the message may exist already. */
  postingAt?: Date;
  /** How long ago it was posted or edited, by the database's own clock. */
  shownAgoMs?: number;
  problem?: string;
  /** How often it was posted anew after somebody had deleted it. */
  reposts: number;
}>;

/**
 * Takes the lease on up to `limit` jobs that Slack is behind on and whose pause is over; none of those in `except`,
 * which the caller cannot read and another bot may. Also those whose stream is older than `streamMostMs`: it must end though
 * there is no news.
 */
export async function leaseJobsToShow(
  sql: Sql,
  options: {
    holder: string;
    leaseMs: number;
    limit: number;
    except?: readonly number[];
    streamMostMs?: number;
  },
): Promise<readonly Readonly<{ jobId: number; change: number }>[]> {
  const { rows } = await sql.query<{ job_id: string; change: string }>(
    `UPDATE message_sets s SET leased_by = $1, leased_until = now() + $2 * interval '1 ms'
     FROM (SELECT m.job_id, j.change FROM message_sets m JOIN jobs j ON j.id = m.job_id
           WHERE (j.change > m.shown_change
                  OR m.job_id IN (SELECT job_id FROM slack_sessions
                                  WHERE stream_started_at < now() - $5::float8 * interval '1 ms'))
             AND m.leased_until < now() AND m.not_before <= now() AND NOT m.job_id = ANY($4)
           ORDER BY j.change LIMIT $3 FOR UPDATE OF m SKIP LOCKED) due
     WHERE s.job_id = due.job_id RETURNING s.job_id, due.change`,
    [options.holder, options.leaseMs, options.limit, options.except ?? [], options.streamMostMs ?? null],
  );
  return rows.map((row) => ({ jobId: Number(row.job_id), change: Number(row.change) }));
}

/** Who shows a job, and for how long from each call on. */
export type Lease = Readonly<{ holder: string; jobId: number; leaseMs: number }>;

/** Holds on to a lease before each call that may take long; false when another bot has it by now. */
export async function renewLease(sql: Sql, options: Lease): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE message_sets SET leased_until = now() + $3 * interval '1 ms' WHERE job_id = $1 AND leased_by = $2`,
    [options.jobId, options.holder, options.leaseMs],
  );
  return rowCount === 1;
}

/** Why a job could not be shown: Slack does not answer, or the bot cannot get into the channel. */
export type ShowFailure = 'down' | 'shut';

/** How long the pauses may grow, and when a channel that stays shut is given up until somebody lets the bot in again. */
const GROWTH = { downMs: 30_000, shutMs: 60 * 60_000, shutForMs: 7 * 24 * 60 * 60_000 } as const;

/**
 * Gives the lease back. `change` is what of the job was looked at; `isShown` when Slack shows all of that. Nobody touches
 * the job for `pauseMs`, and after each further failure in a row for twice as long.
 */
export async function releaseJobToShow(
  sql: Sql,
  options: {
    holder: string;
    jobId: number;
    change: number;
    isShown: boolean;
    pauseMs: number;
    failure?: ShowFailure | undefined;
  },
): Promise<void> {
  const { holder, jobId, change, isShown, pauseMs, failure } = options;
  await sql.query(
    `UPDATE message_sets SET leased_by = NULL, leased_until = 'epoch',
       shown_change = CASE WHEN $3 OR ($4::text = 'shut' AND shut_since < now() - $8 * interval '1 ms')
                           THEN greatest(shown_change, $5)
                           -- What was shown before may be so no more.
                           ELSE least(shown_change, $5 - 1) END,
       not_before = now() + interval '1 ms'
         * least($6::float8 * power(2, CASE WHEN $4::text IS NULL THEN 0 ELSE least(failures, 20) END),
                 greatest($6::float8, $7::float8)),
       failures = CASE WHEN $4::text IS NULL THEN 0 ELSE failures + 1 END,
       shut_since = CASE WHEN $4::text = 'shut' THEN coalesce(shut_since, now()) END
     WHERE job_id = $1 AND leased_by = $2`,
    [
      jobId,
      holder,
      isShown,
      failure ?? null,
      change,
      pauseMs,
      failure === 'shut' ? GROWTH.shutMs : GROWTH.downMs,
      GROWTH.shutForMs,
    ],
  );
}

/**
 * Somebody let the bot into a channel, or spoke to it there: what waits for that channel is shown at once. Answers how
 * many jobs that were.
 */
export async function reopenChannel(sql: Sql, channel: string): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE message_sets s SET shut_since = NULL, failures = 0, not_before = 'epoch', shown_change = 0
     FROM jobs j WHERE j.id = s.job_id AND j.channel = $1 AND s.shut_since IS NOT NULL`,
    [channel],
  );
  return rowCount ?? 0;
}

/**
 * When the next job that Slack is behind on may be shown, in ms from now; undefined when Slack is up to date. Looks away
 * from those in `except`.
 */
export async function nextShowInMs(sql: Sql, except: readonly number[] = []): Promise<number | undefined> {
  const { rows } = await sql.query<{ ms: string | null }>(
    `SELECT extract(epoch FROM min(greatest(m.not_before, m.leased_until)) - now()) * 1000 AS ms
     FROM message_sets m JOIN jobs j ON j.id = m.job_id
     WHERE j.change > m.shown_change AND NOT m.job_id = ANY($1)`,
    [except],
  );
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(0, Number(ms));
}

type Row = {
  slot: string;
  channel: string;
  ts: string | null;
  wanted: unknown;
  shown_hash: string | null;
  posting_at: Date | null;
  shown_ago_ms: number | null;
  problem: string | null;
  reposts: number;
};

/** All messages of a job that are or should be in Slack. */
export async function loadMessages(sql: Sql, jobId: number): Promise<readonly Message[]> {
  const { rows } = await sql.query<Row>(
    `SELECT *, (extract(epoch FROM now() - shown_at) * 1000)::float8 AS shown_ago_ms FROM messages WHERE job_id = $1`,
    [jobId],
  );
  return rows.map((row) => ({
    slot: row.slot,
    channel: row.channel,
    ...(row.ts === null ? {} : { ts: row.ts }),
    ...(row.wanted === null ? {} : { wanted: row.wanted }),
    ...(row.shown_hash === null ? {} : { shownHash: row.shown_hash }),
    ...(row.posting_at === null ? {} : { postingAt: row.posting_at }),
    ...(row.shown_ago_ms === null ? {} : { shownAgoMs: row.shown_ago_ms }),
    ...(row.problem === null ? {} : { problem: row.problem }),
    reposts: row.reposts,
  }));
}

/** Puts a notice (fixed words) into the job's thread, once a slot. Part of whatever transaction `tx` is. */
export async function addNotice(
  tx: Tx,
  notice: { jobId: number; slot: string; channel: string; wanted: unknown },
): Promise<void> {
  const { rowCount } = await tx.query(
    `INSERT INTO messages (job_id, slot, channel, wanted) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [notice.jobId, notice.slot, notice.channel, toJson(notice.wanted)],
  );
  if (rowCount === 1) await tx.query('UPDATE jobs SET updated_at = now() WHERE id = $1', [notice.jobId]);
}

/**
 * Notes that a post is about to be sent, and holds on to the lease, in one step; committed before the request leaves. False,
 * and nothing noted, when another bot has the job by now or the message stands in Slack already.
 */
export async function notePosting(
  sql: Sql,
  lease: Lease,
  message: { slot: string; channel: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `WITH held AS (UPDATE message_sets SET leased_until = now() + $5 * interval '1 ms'
                   WHERE job_id = $1 AND leased_by = $4 RETURNING job_id)
     INSERT INTO messages (job_id, slot, channel, posting_at) SELECT job_id, $2, $3, now() FROM held
     ON CONFLICT (job_id, slot) DO UPDATE SET posting_at = coalesce(messages.posting_at, now())
       WHERE messages.ts IS NULL`,
    [lease.jobId, message.slot, message.channel, lease.holder, lease.leaseMs],
  );
  return rowCount === 1;
}

/** Notes what Slack shows in a slot now. */
export async function noteShown(
  sql: Sql,
  jobId: number,
  shown: { slot: string; ts: string; hash: string; problem?: string },
): Promise<void> {
  await sql.query(
    `UPDATE messages SET ts = $3, shown_hash = $4, shown_at = now(), posting_at = NULL, problem = $5
     WHERE job_id = $1 AND slot = $2`,
    [jobId, shown.slot, shown.ts, shown.hash, shown.problem ?? null],
  );
}

/** Slack said no before it took the message: there is nothing to look for. */
export async function noteNotPosted(sql: Sql, jobId: number, slot: string): Promise<void> {
  await sql.query('UPDATE messages SET posting_at = NULL WHERE job_id = $1 AND slot = $2', [jobId, slot]);
}

/** Why a message is not shown for now, for whoever looks into the database. */
export async function noteProblem(
  sql: Sql,
  jobId: number,
  given: { slot: string; problem: string },
): Promise<void> {
  await sql.query('UPDATE messages SET problem = $3 WHERE job_id = $1 AND slot = $2', [
    jobId,
    given.slot,
    given.problem,
  ]);
}

/** Somebody deleted the message in Slack: it is posted anew. */
export async function forgetPosted(sql: Sql, jobId: number, slot: string): Promise<void> {
  await sql.query(
    `UPDATE messages SET ts = NULL, posting_at = NULL, shown_hash = NULL, reposts = reposts + 1
     WHERE job_id = $1 AND slot = $2`,
    [jobId, slot],
  );
}

/**
 * Gives up what a slot should show: Slack will not take it (channel gone, message deleted). It is not tried again before
 * something else is wanted, and then at the pace of edits. `hash` is what was wanted.
 */
export async function noteUnshowable(
  sql: Sql,
  jobId: number,
  given: { slot: string; channel: string; hash: string; problem: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO messages (job_id, slot, channel, shown_hash, problem, shown_at) VALUES ($1, $2, $3, $4, $5, now())
     ON CONFLICT (job_id, slot) DO UPDATE SET shown_hash = $4, problem = $5, posting_at = NULL, shown_at = now()`,
    [jobId, given.slot, given.channel, given.hash, given.problem],
  );
}
