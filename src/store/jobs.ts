// Where a job lives. The only file that reads or writes the `jobs` table's truth; every change of status goes through
// `applyEvent`, which saves, records the event and enqueues the next work in one transaction.
import { isRefusal, type Refusal } from '../errors.ts';
import { type Progress, progressSchema } from '../job/agent-update.ts';
import { isFinal, type Job, type JobData, jobDataSchema } from '../job/job.ts';
import { nextWork } from '../job/next-work.ts';
import { formatRepo } from '../job/repo.ts';
import { type JobEvent, transition } from '../job/transition.ts';
import type { Sql, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { toJson } from './json.ts';
import { LostJobError } from './lost-job.ts';
import { keepUnknown, unreadableJob } from './newer-rows.ts';
import type { Queue } from './queue.ts';
import { restRemarks } from './remarks.ts';
import { answerLeftWords } from './unheard.ts';

type Row = {
  id: string;
  revision: number;
  attempt: number;
  thread_ts: string | null;
  data: unknown;
  progress: unknown;
};

const COLUMNS = 'id, revision, attempt, thread_ts, data, progress';

function readRow(row: Row): Job {
  const parsed = jobDataSchema.safeParse(row.data);
  if (!parsed.success) {
    const fields = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'all of it');
    throw unreadableJob(Number(row.id), fields.join(', '));
  }
  return {
    ...keepUnknown(row.data, parsed.data),
    id: Number(row.id),
    revision: row.revision,
    attempt: row.attempt,
    threadTs: row.thread_ts ?? undefined,
  };
}

/** For lists: a job of a newer version is left to those who can read it and must not hide the others. */
function readReadable(rows: readonly Row[]): readonly Job[] {
  return rows.flatMap((row) => (jobDataSchema.safeParse(row.data).success ? [readRow(row)] : []));
}

/** Everything but what has a column of its own and nobody may forget: the id, revision, attempt and thread. */
function toData(job: Job): JobData {
  const { id: _id, revision: _revision, attempt: _attempt, threadTs: _thread, ...data } = job;
  return data;
}

/**
 * Stores a new job, `queued`, and enqueues its first turn. A second call with the same `sourceKey` (a redelivery)
 * stores nothing and returns the first job with `created: false`. `build` gets the id because the branch carries it.
 */
export async function insertJob(
  tx: Tx,
  queue: Queue,
  options: { sourceKey: string; threadTs?: string | undefined; build: (id: number) => JobData },
): Promise<{ job: Job; created: boolean }> {
  const known = await findBySourceKey(tx, options.sourceKey);
  if (known) return { job: known, created: false };
  const { rows: ids } = await tx.query<{ id: string }>(
    `SELECT nextval(pg_get_serial_sequence('jobs', 'id')) AS id`,
  );
  const id = Number(ids[0]?.id);
  const data = options.build(id);
  const { rows } = await tx.query<Row>(
    `INSERT INTO jobs (id, status, team, channel, thread_ts, requester, repo, source_key, data)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (source_key) DO NOTHING RETURNING ${COLUMNS}`,
    [
      id,
      data.status,
      data.team,
      data.channel,
      options.threadTs ?? null,
      data.requester,
      `${data.repo.owner}/${data.repo.name}`,
      options.sourceKey,
      toJson(data),
    ],
  );
  const row = rows[0];
  if (!row) {
    // Another process stored the same wish a moment ago.
    const theirs = await findBySourceKey(tx, options.sourceKey);
    if (!theirs) throw new Error(`The job of ${options.sourceKey} vanished.`);
    return { job: theirs, created: false };
  }
  const job = readRow(row);
  await tx.query('INSERT INTO message_sets (job_id) VALUES ($1)', [id]);
  await appendEvent(tx, job, {
    kind: 'status',
    data: { to: job.status, event: 'created', by: job.requester },
  });
  await queue.enqueue(tx, 'turn', id);
  return { job, created: true };
}

export async function findBySourceKey(sql: Sql, sourceKey: string): Promise<Job | undefined> {
  const { rows } = await sql.query<Row>(`SELECT ${COLUMNS} FROM jobs WHERE source_key = $1`, [sourceKey]);
  return rows[0] && readRow(rows[0]);
}

/** Whether this request has started a job, also one that this version cannot read. */
export async function hasStartedJob(sql: Sql, sourceKey: string): Promise<boolean> {
  const { rowCount } = await sql.query('SELECT 1 FROM jobs WHERE source_key = $1', [sourceKey]);
  return rowCount === 1;
}

export async function loadJob(sql: Sql, id: number): Promise<Job | undefined> {
  const { rows } = await sql.query<Row>(`SELECT ${COLUMNS} FROM jobs WHERE id = $1`, [id]);
  return rows[0] && readRow(rows[0]);
}

/** The newest job whose thread this is. */
export async function findJobByThread(
  sql: Sql,
  place: { channel: string; threadTs: string },
): Promise<Job | undefined> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM jobs WHERE channel = $1 AND thread_ts = $2 ORDER BY id DESC LIMIT 1`,
    [place.channel, place.threadTs],
  );
  return rows[0] && readRow(rows[0]);
}

/** Where a job is told, also of one that this version cannot read. */
export async function findJobPlace(
  sql: Sql,
  id: number,
): Promise<{ channel: string; threadTs?: string } | undefined> {
  const { rows } = await sql.query<{ channel: string; thread_ts: string | null }>(
    'SELECT channel, thread_ts FROM jobs WHERE id = $1',
    [id],
  );
  const row = rows[0];
  return row && { channel: row.channel, ...(row.thread_ts === null ? {} : { threadTs: row.thread_ts }) };
}

/** Whether a young job of this channel does not know its thread yet: its card is just being posted. */
export async function isAwaitingThread(sql: Sql, channel: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT 1 FROM jobs WHERE channel = $1 AND thread_ts IS NULL AND created_at > now() - interval '1 minute' LIMIT 1`,
    [channel],
  );
  return rowCount === 1;
}

/**
 * Newest first, 20 by default, without what another version stored; `latestFirst`: by their last change. `seenBy`: their own,
 * and those in the channels.
 */
export async function listJobs(
  sql: Sql,
  filter: {
    team?: string;
    requester?: string;
    statuses?: readonly string[];
    seenBy?: Readonly<{ person: string; channels: readonly string[] }>;
    latestFirst?: boolean;
    limit?: number;
  },
): Promise<readonly Job[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM jobs
     WHERE ($1::text IS NULL OR team = $1) AND ($2::text IS NULL OR requester = $2)
       AND ($3::text[] IS NULL OR status = ANY($3))
       AND ($5::text[] IS NULL OR channel = ANY($5) OR requester = $6)
     ORDER BY CASE WHEN $7 THEN updated_at END DESC, id DESC LIMIT $4`,
    [
      filter.team ?? null,
      filter.requester ?? null,
      filter.statuses ?? null,
      filter.limit ?? 20,
      filter.seenBy?.channels ?? null,
      filter.seenBy?.person ?? null,
      filter.latestFirst ?? false,
    ],
  );
  return readReadable(rows);
}

/** Where the jobs in these statuses live. */
export async function listChannels(
  sql: Sql,
  filter: { team: string; statuses: readonly string[] },
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ channel: string }>(
    'SELECT DISTINCT channel FROM jobs WHERE team = $1 AND status = ANY($2)',
    [filter.team, filter.statuses],
  );
  return rows.map(({ channel }) => channel);
}

/** The branches of all jobs that runners hold, those of newer versions too; a job's folder is named after its branch. */
export async function listRunningBranches(sql: Sql): Promise<readonly Readonly<{ branch: string }>[]> {
  const { rows } = await sql.query<{ branch: string }>(
    `SELECT data->>'branch' AS branch FROM jobs WHERE status = 'running'`,
  );
  return rows;
}

/** Jobs in one of `statuses` that nothing has happened to for `quietMs`. */
export async function listQuietJobs(
  sql: Sql,
  filter: { statuses: readonly string[]; quietMs: number },
): Promise<readonly Job[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM jobs
     WHERE status = ANY($1) AND updated_at < now() - $2 * interval '1 ms' ORDER BY id`,
    [filter.statuses, filter.quietMs],
  );
  return readReadable(rows);
}

/** Locks the job's row for the rest of the transaction. Everything that changes a job starts here. */
export async function lockJob(tx: Tx, id: number): Promise<Job | undefined> {
  const { rows } = await tx.query<Row>(`SELECT ${COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE`, [id]);
  return rows[0] && readRow(rows[0]);
}

/**
 * Makes one event happen to a locked job: decides, saves under the revision that was read, appends to the audit trail
 * and enqueues what comes next (after `startInMs`). `attempt` fences runners: another attempt throws LostJobError.
 */
export async function applyEvent(
  tx: Tx,
  queue: Queue,
  options: { job: Job; event: JobEvent; now: Date; attempt?: number; startInMs?: number },
): Promise<Job | Refusal> {
  const { job, event } = options;
  if (options.attempt !== undefined && options.attempt !== job.attempt) {
    throw new LostJobError(`Attempt ${options.attempt} of job ${job.id} was taken over by ${job.attempt}.`);
  }
  const next = transition(job, event, options.now);
  // Words change nothing of a job that runs, and are in its record all the same.
  if (isRefusal(next) || (next === job && event.type !== 'reply')) return next;
  const saved = next === job ? job : await saveJob(tx, job, next);
  const { type, ...data } = event;
  await appendEvent(tx, saved, {
    kind: 'status',
    data: { from: job.status, to: saved.status, event: type, ...data },
  });
  // Whatever ended it: words that waited are answered, not left.
  if (isFinal(saved.status) && saved !== job) await answerLeftWords(tx, saved);
  if (hasGivenUpRemarks(job, saved)) await restRemarks(tx, job);
  const work = nextWork(saved);
  // A wish to stop what already waits at GitHub should not wait for the next look.
  if (work !== undefined && (job.status !== saved.status || (saved.stop && !job.stop))) {
    await queue.enqueue(tx, work, saved.id, { startInMs: options.startInMs ?? 0 });
  }
  return saved;
}

/** A turn for what was said under the pull ended, and not by having gone through it. */
function hasGivenUpRemarks(before: Job, after: Job): boolean {
  const outcome = after.results.length > before.results.length ? after.results.at(-1)?.outcome : undefined;
  return before.occasion?.kind === 'remarks' && (outcome === 'stopped' || outcome === 'failed');
}

async function saveJob(tx: Tx, read: Job, next: Job): Promise<Job> {
  const { rows } = await tx.query<Row>(
    `UPDATE jobs SET revision = revision + 1, attempt = $3, status = $4, data = $5, repo = $6
     WHERE id = $1 AND revision = $2 RETURNING ${COLUMNS}`,
    [read.id, read.revision, next.attempt, next.status, toJson(toData(next)), formatRepo(next.repo)],
  );
  const row = rows[0];
  if (!row) throw new Error(`Job ${read.id} changed while it was locked.`);
  return readRow(row);
}

export async function loadProgress(sql: Sql, id: number): Promise<Progress> {
  const { rows } = await sql.query<{ progress: unknown }>('SELECT progress FROM jobs WHERE id = $1', [id]);
  // A newer version may show more; what cannot be read is only not shown.
  return progressSchema.safeParse(rows[0]?.progress ?? {}).data ?? { plan: [], usage: {} };
}

/** A new turn begins with nothing to show. */
export async function clearProgress(tx: Tx, id: number): Promise<void> {
  await tx.query(`UPDATE jobs SET progress = '{}' WHERE id = $1`, [id]);
}

/** Saves what the card shows of a running turn. Fenced: throws LostJobError when the attempt no longer holds. */
export async function saveProgress(
  sql: Sql,
  holder: { id: number; attempt: number },
  progress: Progress,
): Promise<void> {
  const { rowCount } = await sql.query(
    `UPDATE jobs SET progress = $3 WHERE id = $1 AND attempt = $2 AND status = 'running'`,
    [holder.id, holder.attempt, toJson(progress)],
  );
  if (rowCount === 0) throw LostJobError.of(holder);
}
