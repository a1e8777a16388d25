// Brings a database to the schema this version needs, under node-pg-migrate's own advisory lock.
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pRetry from 'p-retry';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { PermanentError } from '../errors.ts';
import type { Log } from '../log.ts';
import { QUEUES } from './queue.ts';

/** Where the numbered SQL files are. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Older processes go on working beside a migration: one that cannot get its lock steps aside and tries again. */
const LOCK_PATIENCE_MS = 2_000;
const LOCK_TRIES = 20;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Applies what is missing of `migrations/` and of the queue's own schema; safe to run by many processes at once and
 * beside older ones that work. Returns the names of the files that were applied now. Throws PermanentError
 * `schema_newer` on a database of a newer version, and `schema_busy` when somebody holds a table for a minute.
 */
export async function migrate(options: {
  url: string;
  log: Log;
  /** Another folder of numbered files, for tests. */
  dir?: string;
}): Promise<readonly string[]> {
  const { url, log, dir = MIGRATIONS } = options;
  const client = new pg.Client({ connectionString: url, application_name: 'errand-migrate' });
  client.on('error', (error) => log.warn({ err: error }, 'migrate.connection.lost'));
  await client.connect();
  try {
    await waitForTurn(client);
    await refuseNewer(client, dir);
    await client.query(`SET lock_timeout = ${LOCK_PATIENCE_MS}`);
    const applied = await pRetry(() => apply(client, dir, log), {
      retries: LOCK_TRIES,
      minTimeout: 200,
      maxTimeout: 1_000,
      shouldRetry: ({ error }) => isLockTaken(error),
      onFailedAttempt: async ({ error }) => {
        log.warn({ err: error }, 'migrate.step_aside');
        await client.query('ROLLBACK');
      },
    }).catch((thrown: unknown) => {
      throw isLockTaken(thrown) ? busy(thrown) : thrown;
    });
    await prepareQueue(url);
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, dir: string, log: Log): Promise<readonly string[]> {
  const applied = await runner({
    dbClient: client,
    dir,
    direction: 'up',
    migrationsTable: 'errand_migrations',
    noLock: true,
    logger: quiet(log),
  });
  return applied.map((migration) => migration.name);
}

/** The names of all migrations that this version brings along, or of those in another folder, in their order. */
export async function listMigrations(dir: string = MIGRATIONS): Promise<readonly string[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql'));
  return files.map((file) => file.slice(0, -'.sql'.length)).toSorted();
}

/** The names of the migrations that a database has had; none on an empty one. */
export async function listApplied(client: Pick<pg.Client, 'query'>): Promise<readonly string[]> {
  const { rows: found } = await client.query<{ applied: string | null }>(
    "SELECT to_regclass('errand_migrations') AS applied",
  );
  if (!found[0]?.applied) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM errand_migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

/**
 * A process that runs already keeps working beside a newer schema, since migrations only add. One that starts does not:
 * it would be the old version coming back, and what the newer one stored would rest with it.
 */
async function refuseNewer(client: pg.Client, dir: string): Promise<void> {
  const known = await listMigrations(dir);
  const newer = (await listApplied(client)).filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new PermanentError(
    'schema_newer',
    `The database was brought to a newer schema (${newer.join(', ')}) than this Errand knows, so it does not start. Update Errand here to the version that the other machines run.`,
  );
}

function isLockTaken(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === LOCK_NOT_AVAILABLE;
}

function busy(cause: unknown): PermanentError {
  const say =
    'Something has held a table of the database for a minute, so its schema could not be brought up to date. Nothing was changed; end that session (pg_stat_activity names it) and start again.';
  return new PermanentError('schema_busy', say, { cause });
}

/**
 * The library's own lock refuses a second migrator instead of letting it wait; ours is held until the connection
 * ends, so that twenty processes may start at once.
 */
async function waitForTurn(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock(hashtext($1))', ['errand.migrate']);
}

async function prepareQueue(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 2 });
  boss.on('error', () => {});
  await boss.start();
  try {
    for (const queue of QUEUES) {
      await boss.createQueue(queue.name, queue);
      const { name, policy: _policy, ...settings } = queue;
      await boss.updateQueue(name, settings);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

function quiet(log: Log) {
  const debug = (message: string) => log.debug({ detail: message }, 'migrate.step');
  return {
    debug,
    info: debug,
    warn: debug,
    error: (message: string) => log.error({ detail: message }, 'migrate.step'),
  };
}
