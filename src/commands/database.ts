// Where the database of a command comes from: the one that is named, or Errand's own.
import type { DatabaseConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { joinEmbeddedPostgres, openEmbeddedPostgres } from '../store/embedded.ts';

export type OpenedDatabase = Readonly<{ url: string; stop(): Promise<void> }>;

/** `own` starts Errand's own Postgres where none is named; else a running one over the same home is joined. */
export async function openCommandDatabase(options: {
  database: DatabaseConfig;
  home: string;
  own: boolean;
  log: Log;
}): Promise<OpenedDatabase> {
  const { database, home, log } = options;
  if (database.kind === 'url') return { url: database.url, stop: async () => {} };
  if (!options.own) {
    const { connectionString } = await joinEmbeddedPostgres({ home, log });
    return { url: connectionString, stop: async () => {} };
  }
  const postgres = await openEmbeddedPostgres({ home, log });
  return { url: postgres.connectionString, stop: postgres.stop };
}
