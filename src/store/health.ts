// How the database and the queue are, for health pages and operators: one question, answered within a time limit.
import { z } from 'zod';
import { TransientError, toError } from '../errors.ts';
import type { Sql } from './database.ts';

const lineSchema = z.object({
  waiting: z.number(),
  running: z.number(),
  oldestWaitingMs: z.number().nullable(),
});

const healthSchema = z.object({
  /** The newest migration the database has had. */
  schema: z.string().nullable(),
  /** Items of each queue. Waiting counts what could begin now, not what is to begin later. */
  turn: lineSchema,
  settle: lineSchema,
  /** Open jobs by status. */
  jobs: z.record(z.string(), z.number()),
  /** Any runner looks after the queue every second or two; null before the first one ever did. */
  runnerSeenMs: z.number().nullable(),
  /** Jobs that Slack does not show as they stand, and since when. */
  behind: z.object({ jobs: z.number(), oldestMs: z.number().nullable() }),
});

/** Ages are in ms and taken from the database's own clock alone. */
export type StoreHealth =
  | Readonly<{ ok: true; latencyMs: number } & z.infer<typeof healthSchema>>
  | Readonly<{ ok: false; latencyMs: number; say: string }>;

const LINE = (name: string) => `(SELECT json_build_object(
    'waiting', count(*) FILTER (WHERE state < 'active' AND start_after <= now()),
    'running', count(*) FILTER (WHERE state = 'active'),
    'oldestWaitingMs', max(extract(epoch FROM now() - greatest(start_after, created_on)) * 1000)
      FILTER (WHERE state < 'active' AND start_after <= now()))
  FROM pgboss.job WHERE name = '${name}' AND state < 'completed')`;

const QUESTION = `SELECT json_build_object(
  'schema', (SELECT max(name) FROM errand_migrations),
  'turn', ${LINE('turn')},
  'settle', ${LINE('settle')},
  'jobs', (SELECT coalesce(json_object_agg(status, n), '{}') FROM (SELECT status, count(*) AS n FROM jobs
     WHERE status NOT IN ('merged', 'rejected', 'cancelled', 'done') GROUP BY status) open),
  'runnerSeenMs', (SELECT extract(epoch FROM now() - max(monitor_on)) * 1000 FROM pgboss.queue),
  'behind', (SELECT json_build_object('jobs', count(*), 'oldestMs', max(extract(epoch FROM now() - j.updated_at)) * 1000)
     FROM message_sets m JOIN jobs j ON j.id = m.job_id WHERE j.change > m.shown_change)
) AS health`;

/** Asks once; never throws, and answers after `limitMs` at the latest. */
export async function readHealth(sql: Sql, options: { limitMs: number }): Promise<StoreHealth> {
  const askedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - askedAt);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new TransientError(`no answer within ${options.limitMs} ms`)),
    options.limitMs,
  );
  try {
    const { rows } = await Promise.race([sql.query<{ health: unknown }>(QUESTION), late.promise]);
    return { ok: true, latencyMs: latencyMs(), ...healthSchema.parse(rows[0]?.health) };
  } catch (thrown) {
    return { ok: false, latencyMs: latencyMs(), say: toError(thrown).message };
  } finally {
    clearTimeout(timer);
  }
}
