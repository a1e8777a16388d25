// The jobs of a workspace as a board shows them, and the numbers of the last weeks. Bounded reads, newest first.
import { z } from 'zod';
import { type Job, OPEN_STATUSES } from '../job/job.ts';
import type { Sql } from './database.ts';
import { listJobs } from './jobs.ts';

const MOST_OPEN = 200;
const MOST_RECENT = 40;
const MOST_COUNTED = 2_000;
const ENDED = ['done', 'merged', 'rejected', 'cancelled'] as const;

export type Board = Readonly<{ open: readonly Job[]; recent: readonly Job[] }>;

/** Of everybody: whoever shows it keeps back what its viewer may not see. */
export async function readBoard(sql: Sql, team: string): Promise<Board> {
  const [open, recent] = await Promise.all([
    listJobs(sql, { team, statuses: OPEN_STATUSES, limit: MOST_OPEN }),
    listJobs(sql, { team, statuses: ENDED, limit: MOST_RECENT }),
  ]);
  return { open, recent };
}

/** One job as numbers need it. */
export type Counted = Readonly<{
  channel: string;
  requester: string;
  repo: string;
  status: string;
  createdAt: Date;
  endedAt?: Date | undefined;
  /** When its first pull was there. */
  pulledAt?: Date | undefined;
  /** How many turns ended with a pull: more than one means that somebody wanted something else. */
  pulls: number;
  /** In whatever money the agents count. */
  cost: number;
}>;

const date = z.coerce.date().optional().catch(undefined);
const rowSchema = z.object({
  channel: z.string(),
  requester: z.string(),
  repo: z.string(),
  status: z.string(),
  createdAt: z.date(),
  endedAt: z.preprocess((value) => value ?? undefined, date),
  pulledAt: z.preprocess((value) => value ?? undefined, date),
  pulls: z.number().catch(0),
  cost: z.coerce.number().catch(0),
});

/** The jobs of the last `days`, newest first, 2,000 at most. */
export async function readCounted(sql: Sql, team: string, days: number): Promise<readonly Counted[]> {
  const { rows } = await sql.query(
    `SELECT channel, requester, repo, status, created_at AS "createdAt", data->>'endedAt' AS "endedAt",
       coalesce(data->'spent'->>'cost', '0') AS cost, pulled.first AS "pulledAt", pulled.count::int AS pulls
     FROM jobs, LATERAL (
       SELECT min(result->>'endedAt') AS first, count(*) AS count
       FROM jsonb_array_elements(coalesce(data->'results', '[]')) AS result WHERE result->>'outcome' = 'pull'
     ) AS pulled
     WHERE team = $1 AND created_at > now() - $2 * interval '1 day' ORDER BY id DESC LIMIT $3`,
    [team, days, MOST_COUNTED],
  );
  return rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
}
