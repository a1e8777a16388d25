// Where the database of a command comes from: the one that is named, or Errand's own.
import type { DatabaseConfig } from '../config.ts';
import { PermanentError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { borrowEmbeddedPostgres, joinEmbeddedPostgres, openEmbeddedPostgres } from '../store/embedded.ts';
import { listApplied, listMigrations } from '../store/migrate.ts';
import { letGoOnSignal } from './signals.ts';

export type OpenedDatabase = Readonly<{ url: string; stop(): Promise<void> }>;

type Where = Readonly<{ database: DatabaseConfig; home: string; log: Log }>;

/**
 * Where no database is named: `own` starts Errand's own Postgres and keeps it, `join` needs one that runs over the same home,
 * `borrow` uses that one, or starts it for the moment.
 */
export async function openCommandDatabase(
  options: Where & Readonly<{ how: 'own' | 'join' | 'borrow' }>,
): Promise<OpenedDatabase> {
  const { database, home, log, how } = options;
  if (database.kind === 'url') return { url: database.url, stop: async () => {} };
  switch (how) {
    case 'own': {
      const { connectionString, stop } = await openEmbeddedPostgres({ home, log });
      return { url: connectionString, stop };
    }
    case 'join': {
      const { connectionString } = await joinEmbeddedPostgres({ home, log });
      return { url: connectionString, stop: async () => {} };
    }
    case 'borrow': {
      const { connectionString, stop } = await borrowEmbeddedPostgres({ home, log });
      // It has a session of its own: Ctrl-C would leave it behind.
      letGoOnSignal(stop);
      return { url: connectionString, stop };
    }
  }
}

/**
 * Does `work` over the deployment's database, also while nothing of Errand runs. Throws PermanentError `schema_older` where
 * the schema is not yet that of this version.
 */
export async function withCommandDatabase<T>(
  options: Where & Readonly<{ maxConnections: number }>,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const { url, stop } = await openCommandDatabase({ ...options, how: 'borrow' });
  const db = openDatabase({ ...options, url });
  try {
    await requireSchema(url, db);
    return await work(db);
  } finally {
    await db.close();
    await stop();
  }
}

async function requireSchema(url: string, { sql }: Database): Promise<void> {
  const applied = await listApplied(sql);
  if ((await listMigrations()).every((name) => applied.includes(name))) return;
  const where = new URL(url).pathname.slice(1);
  const say = `The database ${JSON.stringify(where)} does not have this version's schema yet. Run \`errand migrate\` first; every start does so, too.`;
  throw new PermanentError('schema_older', say);
}
