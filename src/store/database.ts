// The connection to Postgres and how transactions are run. Knows no table.
import pg from 'pg';
import { TransientError, toError } from '../errors.ts';
import type { Log } from '../log.ts';

/** Anything that runs a statement: the pool for a single one, a `Tx` inside a transaction. */
export type Sql = Pick<pg.Pool, 'query'>;
/** A connection inside an open transaction. Only `transaction` makes one. */
export type Tx = pg.PoolClient;

export type Database = Readonly<{
  url: string;
  sql: Sql;
  /** Runs `work` in one transaction: commits when it returns, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}>;

/** SQLSTATE classes that say "try again": connection trouble, serialization, deadlock, shutting down, too many clients. */
const TRANSIENT = /^(08|40|53|57P0)/;

/** What pg says, without any code, when a connection breaks off or none comes to be. */
const BROKEN_OFF =
  /^Connection terminated|connection error and is not queryable|^timeout exceeded when trying/;

/** Opens a pool on `url` (`postgres://…`). `maxConnections` bounds it. */
export function openDatabase(options: { url: string; log: Log; maxConnections?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    // The pool closes idle connections after 10 s, and a burst that must open them first waits three times as long
    // (measured on a busy machine: fifty commands at once acknowledged within 490 ms, with open connections 165 ms).
    min: options.maxConnections ?? 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'errand',
  });
  // A connection that dies while idle is replaced by the pool; unheard, the event would end the process.
  pool.on('error', (error) => options.log.warn({ err: error }, 'database.connection.lost'));
  return {
    url: options.url,
    sql: pool,
    transaction: (work) => runTransaction(pool, work),
    close: () => closePool(pool, options.log),
  };
}

/** How long connections in use may take; whoever still waits for an answer then is cut off by the end of the process. */
const CLOSE_LIMIT_MS = 5_000;

async function closePool(pool: pg.Pool, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn({ inUse: pool.totalCount - pool.idleCount }, 'database.close.late');
      resolve();
    }, CLOSE_LIMIT_MS);
  });
  await Promise.race([pool.end(), late]);
  clearTimeout(timer);
}

async function runTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  // While it is checked out the pool does not listen for the connection's own end.
  const ignore = () => {};
  tx.on('error', ignore);
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
    const value = await work(tx);
    await tx.query('COMMIT');
    return value;
  } catch (thrown) {
    await tx.query('ROLLBACK').catch((error: unknown) => {
      broken = toError(error);
    });
    throw thrown;
  } finally {
    tx.off('error', ignore);
    tx.release(broken);
  }
}

/** Whether asking the database again may help, by SQLSTATE or by Node's connection error code. */
export function isTransientDatabaseError(thrown: unknown): boolean {
  if (thrown instanceof TransientError) return true;
  const error = toError(thrown) as Error & { code?: unknown }; // pg and net both put a code there
  if (typeof error.code !== 'string') return BROKEN_OFF.test(error.message);
  return TRANSIENT.test(error.code) || /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH)/.test(error.code);
}
