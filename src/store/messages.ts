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
  shownAt?: Date;
  problem?: string;
}>;

/**
 * Takes the lease on up to `limit` jobs that Slack is behind on and whose pause is over; none of those in `except`,
 * which the caller cannot read and another bot may.
 */
export async function leaseJobsToShow(
  sql: Sql,
  options: { holder: string; leaseMs: number; limit: number; except?: readonly number[] },
): Promise<readonly Readonly<{ jobId: number; change: number }>[]> {
  const { rows } = await sql.query<{ job_id: string; change: string }>(
    `UPDATE message_sets s SET leased_by = $1, leased_until = now() + $2 * interval '1 ms'
     FROM (SELECT m.job_id, j.change FROM message_sets m JOIN jobs j ON j.id = m.job_id
           WHERE j.change > m.shown_change AND m.leased_until < now() AND m.not_before <= now()
             AND NOT m.job_id = ANY($4)
           ORDER BY j.change LIMIT $3 FOR UPDATE OF m SKIP LOCKED) due
     WHERE s.job_id = due.job_id RETURNING s.job_id, due.change`,
    [options.holder, options.leaseMs, options.limit, options.except ?? []],
  );
  return rows.map((row) => ({ jobId: Number(row.job_id), change: Number(row.change) }));
}

/** Holds on to a lease before each call that may take long; false when another bot has it by now. */
export async function renewLease(
  sql: Sql,
  options: { holder: string; jobId: number; leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE message_sets SET leased_until = now() + $3 * interval '1 ms' WHERE job_id = $1 AND leased_by = $2`,
    [options.jobId, options.holder, options.leaseMs],
  );
  return rowCount === 1;
}

/** Gives the lease back: Slack shows `shownChange` now (absent: nothing was shown), and nobody touches it for `pauseMs`. */
export async function releaseJobToShow(
  sql: Sql,
  options: { holder: string; jobId: number; shownChange?: number; pauseMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE message_sets SET leased_by = NULL, leased_until = 'epoch',
       shown_change = greatest(shown_change, $3), not_before = now() + $4 * interval '1 ms'
     WHERE job_id = $1 AND leased_by = $2`,
    [options.jobId, options.holder, options.shownChange ?? 0, options.pauseMs],
  );
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
  shown_at: Date | null;
  problem: string | null;
};

/** All messages of a job that are or should be in Slack. */
export async function loadMessages(sql: Sql, jobId: number): Promise<readonly Message[]> {
  const { rows } = await sql.query<Row>('SELECT * FROM messages WHERE job_id = $1', [jobId]);
  return rows.map((row) => ({
    slot: row.slot,
    channel: row.channel,
    ...(row.ts === null ? {} : { ts: row.ts }),
    ...(row.wanted === null ? {} : { wanted: row.wanted }),
    ...(row.shown_hash === null ? {} : { shownHash: row.shown_hash }),
    ...(row.posting_at === null ? {} : { postingAt: row.posting_at }),
    ...(row.shown_at === null ? {} : { shownAt: row.shown_at }),
    ...(row.problem === null ? {} : { problem: row.problem }),
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

/** Notes that a post is about to be sent; committed before the request leaves. */
export async function notePosting(
  sql: Sql,
  jobId: number,
  message: { slot: string; channel: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO messages (job_id, slot, channel, posting_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (job_id, slot) DO UPDATE SET posting_at = coalesce(messages.posting_at, now())`,
    [jobId, message.slot, message.channel],
  );
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

/**
 * Gives up what a slot should show: Slack will not take it (channel gone, message deleted). It is not tried again before
 * something else is wanted, and then at the pace of edits. `hash` is what was wanted.
 */
export async function noteUnshowable(
  sql: Sql,
  jobId: number,
  given: { slot: string; hash: string; problem: string },
): Promise<void> {
  await sql.query(
    `UPDATE messages SET shown_hash = $3, problem = $4, posting_at = NULL, shown_at = now() WHERE job_id = $1 AND slot = $2`,
    [jobId, given.slot, given.hash, given.problem],
  );
}
