// How far each open job was looked at on GitHub, and the webhooks that ask for another look. One runner at a time holds a
// job's lease; what is due is read off the clock of the database, so a runner that died only makes a look late.
import { z } from 'zod';
import { OPEN_STATUSES } from '../job/job.ts';
import { type Hint, issueSightingSchema, pullSightingSchema } from '../job/outside.ts';
import { checksSeenSchema } from '../job/red-checks.ts';
import { formatRepo } from '../job/repo.ts';
import type { Database, Sql, Tx } from './database.ts';
import { toJson } from './json.ts';

/** Jobs in these statuses may be changed from outside; in all others nothing is open any more. */
const WATCHED = OPEN_STATUSES;

/** An answer of GitHub with its ETag. `of` names what was asked for, e.g. `acme/shop#3`. */
const answerSchema = <T extends z.ZodType>(value: T) =>
  z.object({ of: z.string(), etag: z.string().optional(), value: z.union([z.literal('gone'), value]) });

const seenSchema = z.object({
  pull: answerSchema(pullSightingSchema).optional().catch(undefined),
  issue: answerSchema(issueSightingSchema).optional().catch(undefined),
  /** Check runs and statuses of the pull's head. */
  runs: answerSchema(checksSeenSchema).optional().catch(undefined),
  statuses: answerSchema(checksSeenSchema).optional().catch(undefined),
  /** What is said under the pull: ETags of lists whose words are stored. */
  said: z
    .object({ of: z.string(), tags: z.record(z.string(), z.string()) })
    .optional()
    .catch(undefined),
  /** When words and checks were read last, after how many hints, and whether more is on its way. */
  read: z.object({ at: z.string(), hints: z.number(), settled: z.boolean() }).optional().catch(undefined),
});
/** The last answers; what another version wrote and this one cannot read is asked for anew. */
export type SeenBefore = Readonly<z.infer<typeof seenSchema>>;

/** A look in a runner's hands. */
export type Watch = Readonly<{ jobId: number; hints: number; failures: number; seen: SeenBefore }>;

/** How often to look: `everyMs` for jobs with news, down to `atLeastEveryMs` for old ones. */
export type LookPace = Readonly<{ everyMs: number; atLeastEveryMs: number }>;

/** A job that has been quiet for twenty times this long is looked at this often. */
const AGE_SHARE = 20;

/** When a job is due, as SQL over `w` (watches) and `j` (jobs); $1 and $2 are the two ends of the pace in ms. */
const DUE_AT = `CASE WHEN w.looked_at IS NULL OR w.hints > w.heard THEN '-infinity'::timestamptz ELSE w.looked_at
  + greatest($1::float8, least($2::float8, extract(epoch FROM now() - j.updated_at) * 1000 / ${AGE_SHARE}))
    * (0.85 + 0.3 * w.spread) * interval '1 ms' END`;

/** Takes the lease on up to `limit` jobs that are due; one that waits after trouble is due once for each new hint. */
export async function takeDueWatches(
  sql: Sql,
  options: LookPace & { leaseMs: number; limit: number },
): Promise<readonly Watch[]> {
  await sql.query(
    `INSERT INTO watches (job_id) SELECT j.id FROM jobs j
     WHERE j.status = ANY($1) AND (j.data ? 'pull' OR j.data ? 'issue')
       AND NOT EXISTS (SELECT 1 FROM watches w WHERE w.job_id = j.id) ON CONFLICT DO NOTHING`,
    [WATCHED],
  );
  const { rows } = await sql.query<{ job_id: string; hints: string; failures: number; seen: unknown }>(
    `UPDATE watches w SET leased_until = now() + $3 * interval '1 ms', heard = w.hints
     FROM (SELECT w.job_id FROM watches w JOIN jobs j ON j.id = w.job_id
           WHERE j.status = ANY($4) AND w.leased_until < now()
             AND (w.not_before <= now() OR w.hints > w.heard) AND ${DUE_AT} <= now()
           ORDER BY w.looked_at NULLS FIRST LIMIT $5 FOR UPDATE OF w SKIP LOCKED) due
     WHERE w.job_id = due.job_id RETURNING w.job_id, w.hints, w.failures, w.seen`,
    [options.everyMs, options.atLeastEveryMs, options.leaseMs, WATCHED, options.limit],
  );
  return rows.map((row) => ({
    jobId: Number(row.job_id),
    hints: Number(row.hints),
    failures: row.failures,
    seen: seenSchema.safeParse(row.seen).data ?? {},
  }));
}

/**
 * Gives the lease back after a look; `seen` is kept for the next one, which is due at once after the pause where `soon`. A
 * hint that came meanwhile makes it due in any case.
 */
export async function noteLook(
  sql: Sql,
  watch: Watch,
  look: { seen: SeenBefore; pauseMs: number; soon?: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE watches SET leased_until = 'epoch', looked_at = CASE WHEN $4 THEN NULL ELSE now() END,
       spread = random(), failures = 0, seen = $2, not_before = now() + $3 * interval '1 ms' WHERE job_id = $1`,
    [watch.jobId, toJson(look.seen), look.pauseMs, look.soon ?? false],
  );
}

/** Gives the lease back without a look: GitHub did not answer, or the job changed meanwhile. Due again after `pauseMs`. */
export async function putOffLook(
  sql: Sql,
  watch: Watch,
  why: { pauseMs: number; failed: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE watches SET leased_until = 'epoch', failures = $2, looked_at = NULL,
       not_before = now() + $3 * interval '1 ms' WHERE job_id = $1`,
    [watch.jobId, why.failed ? watch.failures + 1 : 0, why.pauseMs],
  );
}

/**
 * Stores a webhook under its delivery id and marks the jobs that it speaks of; false when it came before. All or nothing,
 * so a delivery that GitHub was not told of may come again.
 */
export async function receiveDelivery(
  db: Database,
  delivery: { id: string; event: string; hint: Hint | undefined },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      'INSERT INTO webhook_deliveries (id, event, hint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [delivery.id, delivery.event, delivery.hint === undefined ? null : toJson(delivery.hint)],
    );
    if (rowCount === 0) return false;
    if (delivery.hint !== undefined) await noteHint(tx, delivery.hint);
    return true;
  });
}

/** Makes the open jobs that a hint speaks of due for a look at GitHub, and wakes who looks. */
export async function noteHint(tx: Tx, hint: Hint): Promise<void> {
  const { rows } = await tx.query<{ job_id: string }>(
    `UPDATE watches w SET hints = w.hints + 1 FROM jobs j
     WHERE j.id = w.job_id AND j.status = ANY($1) AND ($2 = 'everything' OR (lower(j.repo) = lower($3)
       AND CASE $2 WHEN 'pull' THEN j.data->'pull'->>'number' WHEN 'issue' THEN j.data->'issue'->>'number'
                   ELSE j.data->>'branch' END = $4))
     RETURNING w.job_id`,
    [WATCHED, hint.kind, 'repo' in hint ? formatRepo(hint.repo) : null, whatOf(hint)],
  );
  if (rows.length > 0) await tx.query(`SELECT pg_notify('errand_changes', $1)`, [rows[0]?.job_id]);
}

function whatOf(hint: Hint): string | null {
  switch (hint.kind) {
    case 'everything':
      return null;
    case 'branch':
      return hint.branch;
    default:
      return String(hint.number);
  }
}

/** Forgets webhooks older than GitHub keeps them for a redelivery (3 days, docs.github.com). */
export async function forgetOldDeliveries(sql: Sql): Promise<void> {
  await sql.query(`DELETE FROM webhook_deliveries WHERE received_at < now() - interval '7 days'`);
}
