// A real Postgres for who has none: opened by `errand start`, joined by `errand bot` and `errand runner` on the same
// machine, borrowed by commands. Decides under a lock who starts, adopts, joins and stops it; the processes are
// embedded-server.ts.
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import getPort from 'get-port';
import { PermanentError } from '../errors.ts';
import type { Log } from '../log.ts';
import { choosePlace, type Place } from './embedded-place.ts';
import { loadRecord, recordFile, type ServerRecord, saveRecord, withLock } from './embedded-record.ts';
import {
  type Address,
  connectionString,
  ensureDatabase,
  enterAsGuest,
  findRunning,
  initialise,
  isAlive,
  isInitialised,
  start,
  stop,
} from './embedded-server.ts';

const PORT_ATTEMPTS = 5;
const MAX_CONNECTIONS = 200;

type OpenOptions = Readonly<{
  /** ERRAND_HOME; made when missing. */
  home: string;
  log: Log;
  /** Wished port; a free one when it is missing or taken. */
  port?: number;
  /** False makes it fast and unsafe against power cuts: for tests and the demo only. */
  fsync?: boolean;
  /** False deletes the data when the server is stopped: for tests and the demo only. */
  keepData?: boolean;
  /** For a server that is made anew; a bot with its runner uses at most 20. */
  maxConnections?: number;
}>;

export type EmbeddedPostgres = Readonly<{
  connectionString: string;
  /** True when it was running already: left by a process that was killed, or started by one that is still there. */
  adopted: boolean;
  /** Stops the server where it is ours to stop: not while another live process has started or adopted it. */
  stop(): Promise<void>;
}>;

/**
 * Starts Postgres over `<home>`, or takes over the one that is running there already. It listens on 127.0.0.1 only,
 * with a random password. Of several processes that call this at once, one starts it and the others join.
 * Throws PermanentError with a sentence that says how to mend it.
 */
export async function openEmbeddedPostgres(options: OpenOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.home);
  await mkdir(home, { recursive: true });
  return withLock(home, options.log, async () => {
    const known = await loadRecord(home);
    const place = await choosePlace(home, known?.cluster);
    const running = known && (await findRunning(place.cluster, known.password));
    const joined = running !== undefined && known !== undefined && !known.lent && isAlive(known.ownerPid);
    const address = running ?? (await startServer({ ...options, home, place, known }));
    await ensureDatabase(address);
    if (!joined) await saveRecord(home, { ...address, cluster: place.cluster, ownerPid: process.pid });
    const how = joined ? 'joined' : running ? 'adopted' : 'started';
    options.log.info({ how, cluster: place.cluster, port: address.port }, 'postgres.opened');
    return {
      connectionString: connectionString(address),
      adopted: running !== undefined,
      stop: async () => (joined ? undefined : stopServer({ ...options, home, place })),
    };
  });
}

/**
 * Finds the Postgres that `errand start` keeps over the same home; waits for one that is just starting.
 * Throws PermanentError `postgres_not_running` when there is none.
 */
export async function joinEmbeddedPostgres(options: {
  home: string;
  log: Log;
}): Promise<{ connectionString: string }> {
  const home = resolve(options.home);
  await mkdir(home, { recursive: true });
  return withLock(home, options.log, async () => {
    const known = await loadRecord(home);
    const running = known && (await findRunning(known.cluster, known.password));
    // One that a command started goes with the command.
    if (running && !known.lent) return { connectionString: connectionString(running) };
    const say = `No database is running for ${home}. Run \`errand start\` there first, or set DATABASE_URL for every process.`;
    throw new PermanentError('postgres_not_running', say);
  });
}

/**
 * For a command that needs the data for a moment: uses the Postgres that runs over `home` and leaves it as it is, or starts
 * it and stops it again with the last such command. An `errand start` that begins meanwhile takes it over.
 * Throws PermanentError `postgres_never_started` where there are no data yet.
 */
export async function borrowEmbeddedPostgres(options: {
  home: string;
  log: Log;
}): Promise<Pick<EmbeddedPostgres, 'connectionString' | 'stop'>> {
  const { log } = options;
  const home = resolve(options.home);
  const hasRecord = await access(recordFile(home)).then(
    () => true,
    () => false,
  );
  if (!hasRecord) throw neverStarted(home);
  return withLock(home, log, async () => {
    const known = await loadRecord(home);
    if (known === undefined || !(await isInitialised(known.cluster))) throw neverStarted(home);
    const place = await choosePlace(home, known.cluster);
    const running = await findRunning(place.cluster, known.password);
    const address = running ?? (await startServer({ home, log, place, known, lent: true }));
    if (!running)
      await saveRecord(home, { ...address, cluster: place.cluster, ownerPid: process.pid, lent: true });
    // Within the lock: whoever leaves later must see that somebody is still here.
    const guest = await enterAsGuest(address);
    const leave = async () => {
      const lent = (await loadRecord(home))?.lent === true;
      if (lent && (await guest.isLast())) await stop(place);
    };
    return {
      connectionString: connectionString(address),
      stop: () => withLock(home, log, leave).finally(guest.leave),
    };
  });
}

function neverStarted(home: string): PermanentError {
  const say = `There is no database for ${home} yet. Run \`errand start\` first, or set DATABASE_URL or ERRAND_HOME to those of the Errand you mean.`;
  return new PermanentError('postgres_never_started', say);
}

async function startServer(
  options: OpenOptions & { place: Place; known: ServerRecord | undefined; lent?: true },
): Promise<Address> {
  const { home, place, known, lent, fsync = true } = options;
  const initialised = await isInitialised(place.cluster);
  if (initialised && !known) {
    const say = `${place.cluster} holds a database but ${recordFile(home)}, which holds its password, is gone. Put that file back, or move the folder away to begin anew.`;
    throw new PermanentError('postgres_password_lost', say);
  }
  const password = known?.password ?? randomBytes(24).toString('hex');
  let port = known?.port ?? options.port ?? (await getPort());
  // Written before initdb: a start that is killed half-way must not leave data with an unknown password.
  const record = { cluster: place.cluster, port, password, ownerPid: process.pid };
  await saveRecord(home, { ...record, ...(lent ? { lent } : {}) });
  const { maxConnections = MAX_CONNECTIONS } = options;
  if (!initialised) await initialise({ place, password, fsync, maxConnections });
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    if ((await start({ place, port, fsync })) === 'started') return { port, password };
    port = await getPort();
  }
  throw new PermanentError(
    'postgres_no_port',
    'Postgres found no free port on 127.0.0.1. Start Errand again.',
  );
}

async function stopServer(options: OpenOptions & { place: Place }): Promise<void> {
  const { home, place, log, keepData = true } = options;
  await withLock(home, log, async () => {
    const known = await loadRecord(home);
    if (known?.ownerPid !== process.pid) return;
    await stop(place);
    if (keepData) return;
    await rm(place.cluster, { recursive: true, force: true });
    await rm(recordFile(home), { force: true });
  });
  log.info({ cluster: place.cluster }, 'postgres.stopped');
}
