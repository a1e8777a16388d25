// A Postgres of the suite's own that may be killed: the postmaster, or one of its backends. The embedded one, so that
// nobody else's database is ever touched; one serves all seeds of a lane.
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

const log = createLog({ level: 'silent' });
const TEMPLATE = 'chaos_template';
/** Backends of a killed postmaster go within a second; recovery takes about as long. */
const START_AGAIN_MS = 30_000;
const ASK_AGAIN_MS = 100;

export type Postgres = Awaited<ReturnType<typeof openPostgres>>;

export async function openPostgres(dir: string) {
  const home = join(dir, 'postgres');
  await mkdir(home, { recursive: true });
  // As root the server runs as another user, who must be able to walk in.
  await chmod(home, 0o711);
  const open = () => openEmbeddedPostgres({ home, log, fsync: false, keepData: false });
  let server = await open();
  const urlOf = (database: string) => {
    const url = new URL(server.connectionString);
    url.pathname = `/${database}`;
    return url.href;
  };
  const admin = (sql: string) => queryOnce(server.connectionString, sql);
  await admin(`create database ${TEMPLATE}`);
  await migrate({ url: urlOf(TEMPLATE), log });

  return {
    urlOf,
    async createDatabase(name: string): Promise<string> {
      await admin(`create database ${name} template ${TEMPLATE}`);
      return urlOf(name);
    },
    dropDatabase: (name: string) => admin(`drop database if exists ${name} with (force)`),
    /** kill -9 of the postmaster: everybody is cut off, and nobody answers until `startAgain`. */
    async kill(): Promise<void> {
      process.kill(await postmasterPid(home), 'SIGKILL');
    },
    /** Starts the server over the same data and port; it recovers what was committed. */
    async startAgain(): Promise<void> {
      server = await untilItAnswers(open);
    },
    /** kill -9 of a backend that serves `database`: Postgres then throws everybody out and recovers. */
    async killBackend(database: string, dice: number): Promise<boolean> {
      // It may still recover from another such kill.
      const rows = await untilItAnswers(() =>
        queryOnce<{ pid: number }>(
          server.connectionString,
          `select pid from pg_stat_activity where datname = $1 and application_name like 'errand%' order by pid`,
          [database],
        ),
      );
      const victim = rows[dice % Math.max(1, rows.length)];
      if (victim === undefined) return false;
      try {
        process.kill(victim.pid, 'SIGKILL');
        return true;
      } catch {
        // It has ended meanwhile, with its connection.
        return false;
      }
    },
    async stop(): Promise<void> {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + START_AGAIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
      await delay(ASK_AGAIN_MS);
    }
  }
}

/** One statement over a connection of its own. Rejects while the server is away. */
export async function queryOnce<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

async function postmasterPid(home: string): Promise<number> {
  const record: unknown = JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8'));
  if (typeof record !== 'object' || record === null || !('cluster' in record))
    throw new Error('There is no record of the embedded Postgres.');
  const pid = await readFile(join(String(record.cluster), 'data', 'postmaster.pid'), 'utf8');
  return Number(pid.split('\n')[0]);
}
