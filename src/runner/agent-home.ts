// Puts settings and login files into the agent's home. An earlier turn's agent could leave links there that lead to the
// host's own files, so nothing is followed below the home and nothing is written over: what is in the way is removed.
import { constants, type Stats } from 'node:fs';
import { access, lstat, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { listAgents } from '../agent/registry.ts';
import type { AgentSpec } from '../agent/spec.ts';
import { isAbsent, PermanentError, toError } from '../errors.ts';
import type { Log } from '../log.ts';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export type HomeOptions = Readonly<{
  /** Absolute path of the agent's HOME; no agent can put a link in its own place. */
  home: string;
  spec: Pick<AgentSpec, 'keys' | 'login'>;
  /** Settings; paths are relative to `home`. */
  files: readonly Readonly<{ path: string; content: string }>[];
  /** The operator's environment: whoever has set a key does not want a subscription used. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the operator's login files lie (`~`). */
  userHome: string;
  log: Log;
}>;

/**
 * Whether a session would find the operator's subscription login in its home: no key is set, and there is one. A key stays
 * outside of the sandbox; a file is there to be read by whoever talks the agent into it.
 */
export async function lendsLogin({
  spec,
  env,
  userHome,
}: Pick<HomeOptions, 'spec' | 'env' | 'userHome'>): Promise<boolean> {
  if (spec.keys.some((key) => env[key])) return false;
  const found = await Promise.all(
    (spec.login?.files ?? []).map(({ from }) =>
      access(placeOf(from, userHome)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

function placeOf(from: string, userHome: string): string {
  return from.replace(/^~(?=\/)/, userHome);
}

/** Writes the agent's settings, and where no key is set the operator's login files, fresh for every turn. */
export async function fillAgentHome(options: HomeOptions): Promise<void> {
  const { home, spec, env, log } = options;
  for (const file of options.files) await writeBelow(home, file.path, file.content);
  if (spec.keys.some((key) => env[key])) return;
  for (const file of spec.login?.files ?? []) {
    const content = await readFile(placeOf(file.from, options.userHome)).catch((thrown: unknown) => {
      // Without the file the agent works without a login, or says itself that nobody is logged in.
      log.debug({ err: toError(thrown) }, 'runner.login.missing');
    });
    if (content !== undefined) await writeBelow(home, file.to, content);
  }
}

/** Login files of every agent we know, as paths in a home. */
const LOGIN_FILES = listAgents().flatMap(({ login }) => (login?.files ?? []).map(({ to }) => to));

/** Takes the operator's logins out of a home that stays until its agent goes on: they are put in again for each turn. */
export async function clearLogins(home: string): Promise<void> {
  for (const path of LOGIN_FILES) await removeBelow(home, path);
}

/** Follows no link on the way: it would lead to a file of the host's own. */
async function removeBelow(home: string, path: string): Promise<void> {
  let at = home;
  for (const part of path.split(sep)) {
    if (!(await lookAt(at))?.isDirectory()) return;
    at = join(at, part);
  }
  await rm(at, { recursive: true, force: true });
}

/** Writes a new file that only this user may read. Links and files on the way give way to real folders. */
export async function writeBelow(home: string, path: string, content: string | Uint8Array): Promise<void> {
  const parts = path.split(sep);
  const name = parts.pop();
  if (!name || [...parts, name].some((part) => part === '' || part === '.' || part === '..')) {
    throw new PermanentError('agent_settings', `${path} is no path inside of the agent's home.`);
  }
  let folder = home;
  for (const part of parts) {
    folder = join(folder, part);
    await makeFolder(folder);
  }
  const target = join(folder, name);
  await rm(target, { recursive: true, force: true });
  const file = await open(target, NEW_FILE, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

async function makeFolder(folder: string): Promise<void> {
  const found = await lookAt(folder);
  if (found?.isDirectory()) return;
  if (found) await rm(folder, { force: true });
  await mkdir(folder);
}

/** Looks at the thing itself, never at what it links to; undefined where nothing is. */
async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((thrown: unknown) => {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  });
}
