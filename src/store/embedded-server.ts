// The embedded Postgres as processes: initdb, start and stop through pg_ctl, and finding one that already runs.
// Knows nothing of locks and owners; embedded.ts decides who may call what.
import { access, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExecaError } from 'execa';
import pg from 'pg';
import { PermanentError, toError } from '../errors.ts';
import { type Place, runAsPostgres } from './embedded-place.ts';

const USER = 'errand';
const DATABASE = 'errand';
/** Recovery after a power cut replays at most a checkpoint's worth of log; two minutes are plenty. */
const START_DEADLINE_S = 120;
const STOP_DEADLINE_S = 60;
/** How long a postmaster that is already there may take to answer (it may be recovering). */
const ANSWER_DEADLINE_MS = START_DEADLINE_S * 1000;
const ANSWER_POLL_MS = 100;

/** Where a server is asked for: port on 127.0.0.1 and the password of its only user. */
export type Address = Readonly<{ port: number; password: string }>;

/** The URL for pg, pg-boss and psql. */
export function connectionString(address: Address, database = DATABASE): string {
  return `postgres://${USER}:${address.password}@127.0.0.1:${address.port}/${database}`;
}

function dataFolder(cluster: string): string {
  return join(cluster, 'data');
}

function serverLog(cluster: string): string {
  return join(cluster, 'postgres.log');
}

/** Whether initdb has ever finished here. */
export async function isInitialised(cluster: string): Promise<boolean> {
  return access(join(dataFolder(cluster), 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** Makes the data folder; under another name first, so that a start killed half-way leaves nothing half-made. */
export async function initialise(options: {
  place: Place;
  password: string;
  fsync: boolean;
  maxConnections: number;
}): Promise<void> {
  const { place } = options;
  const unfinished = join(place.cluster, 'data.unfinished');
  const passwordFile = join(place.cluster, 'initdb.password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (place.runAs) await chown(passwordFile, place.runAs.uid, place.runAs.gid);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${options.maxConnections}`,
  ];
  try {
    await runAsPostgres(place, join(place.bin, 'initdb'), [
      `--pgdata=${unfinished}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Built-in, so that sorting never depends on the machine's own locales.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...settings.flatMap((setting) => ['-c', setting]),
      ...['timezone', 'log_timezone'].flatMap((name) => ['-c', `${name}=UTC`]),
      ...(options.fsync ? [] : ['--no-sync']),
    ]);
    await rename(unfinished, dataFolder(place.cluster));
  } catch (thrown) {
    throw trouble('could not make its data folder', place, toError(thrown));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * Starts the server and waits until it accepts connections. pg_ctl gives it a session of its own, so neither Ctrl-C
 * nor our death reaches it. Answers `port_taken` when another program has the port.
 */
export async function start(options: {
  place: Place;
  port: number;
  fsync: boolean;
}): Promise<'started' | 'port_taken'> {
  const { place, port } = options;
  // Commits still reach the operating system: a kill -9 loses nothing, only a power cut may.
  const fast = '-c fsync=off -c full_page_writes=off';
  const log = serverLog(place.cluster);
  await rm(log, { force: true });
  const flags = ['-D', dataFolder(place.cluster), '-l', log, '-w', '-t', String(START_DEADLINE_S)];
  const server = `-p ${port} ${options.fsync ? '' : fast}`;
  try {
    await runAsPostgres(place, join(place.bin, 'pg_ctl'), ['start', '--silent', ...flags, '-o', server]);
    return 'started';
  } catch (thrown) {
    const said = await readFile(log, 'utf8').catch(() => '');
    if (/could not bind .* address/i.test(said)) return 'port_taken';
    throw trouble(`did not start (${lastFatal(said)})`, place, toError(thrown));
  }
}

/** Stops the server: open transactions are rolled back, connections closed, data written. Fine if it is gone already. */
export async function stop(place: Place): Promise<void> {
  const flags = ['-D', dataFolder(place.cluster), '-m', 'fast', '-w', '-t', String(STOP_DEADLINE_S)];
  try {
    await runAsPostgres(place, join(place.bin, 'pg_ctl'), ['stop', '--silent', ...flags]);
  } catch (thrown) {
    if ((await readPostmaster(place.cluster)) === undefined) return;
    throw trouble('did not stop', place, toError(thrown));
  }
}

/**
 * Finds a live server over this cluster and waits until it answers; its port is the one it really listens on.
 * Undefined when none runs; the traces of one that was killed are removed.
 */
export async function findRunning(cluster: string, password: string): Promise<Address | undefined> {
  const deadline = performance.now() + ANSWER_DEADLINE_MS;
  for (;;) {
    const postmaster = await readPostmaster(cluster);
    if (postmaster === undefined) return undefined;
    const address = { port: postmaster.port, password };
    const answer = await ask(address, 'show data_directory').catch(toError);
    if (!(answer instanceof Error)) return address;
    if (performance.now() > deadline) {
      const say = `A Postgres over ${cluster} is running (process ${postmaster.pid}) but does not answer: ${answer.message}. Stop it and start Errand again.`;
      throw new PermanentError('postgres_silent', say, { cause: answer });
    }
    await sleep(ANSWER_POLL_MS);
  }
}

/** Creates Errand's database where it is missing. */
export async function ensureDatabase(address: Address): Promise<void> {
  const found = await ask(address, `select 1 from pg_database where datname = '${DATABASE}'`);
  if (found.length === 0) await ask(address, `create database ${DATABASE}`);
}

/** How guests are told from everybody else who is connected. */
const GUEST = 'errand-guest';

/**
 * Opens a connection that only says that somebody is here; it ends with the process, however that ends. `isLast` tells
 * whether no other guest is connected; true where the server is gone already.
 */
export async function enterAsGuest(
  address: Address,
): Promise<Readonly<{ isLast(): Promise<boolean>; leave(): Promise<void> }>> {
  const client = new pg.Client({
    connectionString: connectionString(address, 'postgres'),
    connectionTimeoutMillis: 5000,
    application_name: GUEST,
  });
  client.on('error', () => {});
  await client.connect();
  const others = `select 1 from pg_stat_activity where application_name = '${GUEST}' and pid <> pg_backend_pid()`;
  return {
    isLast: () =>
      client.query(others).then(
        ({ rows }) => rows.length === 0,
        () => true,
      ),
    leave: () => client.end().catch(() => {}),
  };
}

/** Lines 1 and 4 of postmaster.pid: process id and port (Postgres, src/include/utils/pidfile.h). */
async function readPostmaster(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  const file = join(dataFolder(cluster), 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (await isPostmaster(pid, cluster)) return { pid, port: Number(lines[3]) };
  // After a container's restart the old number often belongs to somebody else, and Postgres would then refuse to start.
  await rm(file, { force: true });
  return undefined;
}

async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(dataFolder(cluster));
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return toError(thrown).message.includes('EPERM');
  }
}

async function ask(address: Address, sql: string): Promise<unknown[]> {
  const client = new pg.Client({
    connectionString: connectionString(address, 'postgres'),
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

function lastFatal(log: string): string {
  const line = log.split('\n').findLast((text) => /FATAL|PANIC|could not/.test(text));
  return line?.replace(/^.*?(FATAL|PANIC): */, '') ?? 'it said nothing';
}

function trouble(what: string, place: Place, cause: Error): PermanentError {
  const said = cause instanceof ExecaError ? cause.shortMessage : cause.message;
  const say = `The embedded Postgres in ${place.cluster} ${what}: ${said}. Look into ${serverLog(place.cluster)}, or set DATABASE_URL.`;
  return new PermanentError('postgres_failed', say, { cause });
}
