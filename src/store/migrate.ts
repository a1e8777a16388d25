// Brings a database to the schema this version needs, under node-pg-migrate's own advisory lock.
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';
import { QUEUES } from './queue.ts';

/** Where the numbered SQL files are. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Applies what is missing of `migrations/` and of the queue's own schema; safe to run by many processes at once.
 * Returns the names of the files that were applied now.
 */
export async function migrate(options: { url: string; log: Log }): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    await waitForTurn(client);
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'errand_migrations',
      noLock: true,
      logger: quiet(options.log),
    });
    await prepareQueue(options.url);
    return applied.map((migration) => migration.name);
  } finally {
    await client.end();
  }
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
