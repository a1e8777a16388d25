// Checks the database for `errand doctor`: is it reachable, new enough and of which schema; or can the embedded one
// start here. Changes nothing, neither in a database nor on this machine.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import which from 'which';
import { toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { surroundings } from '../surroundings.ts';
import { joinEmbeddedPostgres } from './embedded.ts';
import { findPackage, lookUpUser } from './embedded-place.ts';
import { listApplied, listMigrations } from './migrate.ts';

/** One line of the doctor's report; `mend` says what to do about it. */
type Finding = Readonly<{ ok: boolean; say: string; mend?: string }>;

const NEEDED_VERSION = 15;
const CONNECT_LIMIT_MS = 8_000;
const USE_OWN_DATABASE = 'or set DATABASE_URL to a Postgres you run yourself (15 or newer)';

/** Asks a Postgres for its version and Errand's schema. Never throws. */
export async function checkDatabase(url: string): Promise<readonly Finding[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return [await checkVersion(client), await checkSchema(client)];
  } catch (thrown) {
    const mend = 'Check DATABASE_URL (host, port, user, password, database) and that Postgres is running.';
    return [{ ok: false, say: `Postgres cannot be reached: ${toError(thrown).message}.`, mend }];
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether Errand's own Postgres could start here, or is running already over `home`. Never throws. */
export async function checkEmbeddedPostgres(options: {
  home: string;
  log: Log;
}): Promise<readonly Finding[]> {
  try {
    if (await hasRecord(options.home)) {
      const running = await joinEmbeddedPostgres(options).catch(() => undefined);
      if (running) return await checkDatabase(running.connectionString);
    }
    const { native, version } = await findPackage();
    const { stdout } = await execa(join(native, 'bin', 'postgres'), ['--version'], {
      env: surroundings(),
      extendEnv: false,
    });
    const found = {
      ok: true,
      say: `Errand brings its own: ${stdout} (package ${version}), not running now.`,
    };
    return [found, ...(await checkUser())];
  } catch (thrown) {
    const mend = `Run \`npm ci\` again with install scripts allowed, ${USE_OWN_DATABASE}.`;
    return [{ ok: false, say: `Errand's own Postgres cannot start: ${toError(thrown).message}`, mend }];
  }
}

async function checkVersion(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  const version = rows[0]?.server_version ?? 'of unknown version';
  if (Number.parseInt(version, 10) >= NEEDED_VERSION)
    return { ok: true, say: `Postgres ${version} answers.` };
  const mend = `Upgrade it to ${NEEDED_VERSION} or newer, or leave DATABASE_URL unset.`;
  return { ok: false, say: `Postgres ${version} is too old.`, mend };
}

async function checkSchema(client: pg.Client): Promise<Finding> {
  const known = await listMigrations();
  const applied = await listApplied(client);
  if (applied.length > 0) return judgeSchema(known, applied);
  const { rows } = await client.query<{ may_create: boolean }>(
    "SELECT has_database_privilege(current_database(), 'CREATE') AS may_create",
  );
  if (rows[0]?.may_create) return judgeSchema(known, []);
  const mend = 'As its owner run: GRANT CREATE ON DATABASE … TO …, or make a database that this user owns.';
  return { ok: false, say: 'The database is empty and this user may not make schemas in it.', mend };
}

/** Pure: how the schema stands to the migrations of this version. */
export function judgeSchema(known: readonly string[], applied: readonly string[]): Finding {
  const newer = applied.filter((name) => !known.includes(name));
  if (newer.length > 0) {
    const say = `The database was brought to a newer schema (${newer.join(', ')}) than this Errand knows.`;
    return { ok: false, say, mend: 'Update Errand here to the version that the other machines run.' };
  }
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length === 0) return { ok: true, say: 'The schema is up to date.' };
  return {
    ok: true,
    say: `The schema still lacks ${missing.join(', ')}.`,
    mend: '`errand start` and `errand migrate` bring it up to date.',
  };
}

async function checkUser(): Promise<readonly Finding[]> {
  if (process.getuid?.() !== 0 || (await lookUpUser())) return [];
  if (await which('useradd', { nothrow: true })) {
    return [{ ok: true, say: 'As root it runs as the user postgres, which the first start will make.' }];
  }
  const mend = `Make a user named postgres, start Errand as a normal user, ${USE_OWN_DATABASE}.`;
  return [{ ok: false, say: 'Postgres does not run as root, and there is no user postgres.', mend }];
}

async function hasRecord(home: string): Promise<boolean> {
  return access(join(home, 'postgres.json')).then(
    () => true,
    () => false,
  );
}
