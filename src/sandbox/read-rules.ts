// Which files a sandboxed command may see: the whole system except people's homes, secrets and other jobs.
// Looks at the disk only to follow links; decides nothing about writes or the network.
import { readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';

/** Homes of people. Hidden as a whole: a list of known secrets would always be one tool behind. */
const HOMES = { linux: ['/root', '/home'], darwin: ['/Users', '/var/root'] } as const;

/**
 * Secrets of a host outside of homes, readable where the runner is root. `/tmp` is among them on Linux: the library
 * gives the command an empty one of its own, so that jobs neither read nor meet each other there.
 */
const HOST_SECRETS = {
  linux: [
    '/tmp',
    '/var/tmp',
    '/etc/shadow',
    '/etc/gshadow',
    '/etc/ssh',
    '/etc/ssl/private',
    '/run/secrets',
    '/run/user',
  ],
  darwin: ['/etc/ssh', '/private/etc/ssh'],
} as const;

const FURTHER_LINUX_SECRETS = ['/var/lib/postgresql', '/var/lib/docker', '/var/lib/cloud', '/var/spool/cron'];

/** Where version managers keep what they install under a home. They hold programs; their tokens lie elsewhere. */
const TOOLCHAINS = [
  ...[
    '.nvm',
    '.volta',
    '.bun',
    '.deno',
    '.rustup',
    '.cargo/bin',
    '.pyenv',
    '.rbenv',
    '.asdf',
    '.sdkman',
    'go',
  ],
  ...['.local/share/mise', '.local/share/fnm', '.local/share/uv', '.local/share/pipx', '.local/lib'],
  '/home/linuxbrew/.linuxbrew',
];

export type ReadRules = Readonly<{ deny: readonly string[]; allow: readonly string[] }>;

/**
 * Says what a command may not read and what of that it may after all. `allow` wins over a wider `deny`, a deeper
 * `deny` wins over `allow`. `argv` opens the folder that its program is installed in, `path` (the PATH it will have)
 * the folders of programs under a home.
 */
export function buildReadRules(options: {
  argv: readonly string[];
  path: string;
  jobDir: string;
  denyRead: readonly string[];
  readable: readonly string[];
  writable: readonly string[];
  home?: string;
}): ReadRules {
  const home = options.home ?? homedir();
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  const further = platform === 'linux' ? FURTHER_LINUX_SECRETS : [];
  const deny = [
    ...HOMES[platform],
    ...HOST_SECRETS[platform],
    ...further,
    ...(home === sep ? [] : [home]),
    ...dotEnvFiles(),
    ...options.denyRead,
  ];
  const programs = programFolders({ argv: options.argv, path: options.path, home }).filter(
    (folder) => !deny.some((hidden) => hidden === folder || hidden.startsWith(folder + sep)),
  );
  const toolchains = TOOLCHAINS.map((folder) => resolve(home, folder));
  const allow = [options.jobDir, ...options.readable, ...programs, ...toolchains, libraryFolder()];
  return { deny: unique(deny), allow: unique(allow.flatMap((path) => openAround(path, options.writable))) };
}

/**
 * What to open so that `path` is readable and `writable` stays writable: the library mounts what is opened for reading
 * last, over everything below it (0.0.83, `pushReadDenyDirMounts`), so a folder above a writable one is opened entry by entry.
 */
export function openAround(path: string, writable: readonly string[]): string[] {
  if (writable.includes(path)) return [];
  if (!writable.some((folder) => folder.startsWith(path + sep))) return [path];
  return readdirSync(path).flatMap((name) => openAround(join(path, name), writable));
}

/** The folders that must stay readable for `argv` to start, wherever a version manager has put them. */
export function programFolders(options: { argv: readonly string[]; path: string; home: string }): string[] {
  const searched = options.path.split(delimiter).filter((folder) => isAbsolute(folder) && folder !== sep);
  const named = options.argv.slice(0, 2).filter((word) => isAbsolute(word));
  const bare = options.argv[0] !== undefined && !options.argv[0].includes(sep) ? [options.argv[0]] : [];
  const candidates = [
    ...named,
    ...searched.flatMap((folder) => [...bare, 'node'].map((name) => join(folder, name))),
  ];
  const installs = candidates.flatMap((program) => {
    const real = realPathOf(program);
    return real === undefined ? [] : [installFolder(program), installFolder(real)];
  });
  const closed = new Set([sep, options.home, dirname(options.home)]);
  return unique([...installs, ...searched]).filter((folder) => !closed.has(resolve(folder)));
}

/** A program's own folder; for one inside `node_modules` the outermost such folder, for a runtime in `bin` its prefix. */
export function installFolder(program: string): string {
  const parts = program.split(sep);
  const modules = parts.indexOf('node_modules');
  if (modules > 0) return parts.slice(0, modules + 1).join(sep);
  const folder = dirname(program);
  const prefix = dirname(folder);
  const isPrefixOfItsOwn = basename(folder) === 'bin' && /\d+\.\d+/.test(basename(prefix));
  return isPrefixOfItsOwn ? prefix : folder;
}

/** The library starts a helper of its own inside the sandbox, which may lie in a checkout under a home. */
function libraryFolder(): string {
  const require = createRequire(import.meta.url);
  return resolve(dirname(require.resolve('@anthropic-ai/sandbox-runtime')), '..', 'vendor');
}

function dotEnvFiles(): string[] {
  return [join(process.cwd(), '.env'), resolve(import.meta.dirname, '..', '..', '.env')];
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}
