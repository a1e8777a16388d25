// One real Postgres for a whole vitest run. Every project calls this; the first starts the server, the others join it
// (same process, same home). ERRAND_TEST_DATABASE_URL names a Postgres to use instead.
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '../../src/log.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database whose user may create databases. */
    postgresUrl: string;
    /** What the names of all databases of this run begin with. */
    testRun: string;
  }
}

const RUN = `errand_test_${process.pid}`;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('testRun', RUN);
  const given = process.env['ERRAND_TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return () => dropDatabases(given);
  }
  const home = join(tmpdir(), `errand-test-postgres-${process.pid}`);
  await mkdir(home, { recursive: true });
  // As root the server runs as another user, who must be able to walk in.
  await chmod(home, 0o711);
  const log = createLog({ level: 'silent' });
  const postgres = await openEmbeddedPostgres({
    home,
    log,
    fsync: false,
    keepData: false,
    // Six workers hold several worlds each, and a world of two bots and two runners holds 40 (one run had used up 200).
    maxConnections: 1000,
  });
  project.provide('postgresUrl', postgres.connectionString);
  return async () => {
    await postgres.stop();
    if (!postgres.adopted) await rm(home, { recursive: true, force: true });
  };
}

/** A lasting server keeps nothing of us. */
async function dropDatabases(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [`${RUN}_`],
  );
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}
