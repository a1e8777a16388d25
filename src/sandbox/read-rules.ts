// Which files a sandboxed command may see: the system's own folders, its job and the programs it needs. Looks at the disk
// only to follow links and list folders; decides nothing about writes or the network.
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { hiddenOfHost, OPEN_OF_HOST } from './host-files.ts';
import { followLinks, type Link } from './links.ts';

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

/** The names by which NixOS and Guix find their programs: below /run, which is hidden for its sockets and secrets. */
const SYSTEM_LINKS = ['/run/current-system'];

export type ReadRules = Readonly<{
  deny: readonly string[];
  allow: readonly string[];
  /** What leads to the folders of `allow`, and is missing where it is hidden itself. */
  links: readonly Link[];
}>;

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
  const deny = [...hiddenOfHost(), ...(home === sep ? [] : [home]), ...dotEnvFiles(), ...options.denyRead];
  // A hidden file stays hidden in whatever folder is opened (0.0.83, `denyRead` of files).
  const folders = deny.filter((hidden) => !isFile(hidden)).flatMap(spellings);
  const isTooWide = (folder: string) =>
    folder === sep || folders.some((hidden) => hidden === folder || hidden.startsWith(folder + sep));
  const { argv, path } = options;
  const opened = [
    ...programFolders({ argv, path, home }),
    ...TOOLCHAINS.map((folder) => resolve(home, folder)),
    ...OPEN_OF_HOST,
    libraryFolder(),
  ];
  const installed = opened.flatMap(spellings).filter((folder) => !isTooWide(folder));
  const allow = [options.jobDir, ...options.readable, ...installed];
  const named = [...opened, ...programFiles({ argv, path }), ...SYSTEM_LINKS];
  return {
    deny: unique(deny),
    allow: unique(allow.flatMap((folder) => openAround(folder, options.writable))),
    links: uniqueLinks(named.flatMap((name) => followLinks(name).links)),
  };
}

/** Where a folder really lies. macOS judges a link on the way by its own name, so that is opened there, too. */
function spellings(folder: string): string[] {
  const { real } = followLinks(folder);
  return process.platform === 'linux' ? [real] : unique([folder, real]);
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
  const installs = programFiles(options).flatMap((program) => {
    const real = realPathOf(program);
    if (real === undefined) return [];
    const beside = real.startsWith(options.home + sep) ? [] : librariesBeside(real);
    return [installFolder(program), installFolder(real), ...packageFolders(real), ...beside];
  });
  const closed = new Set([sep, options.home, dirname(options.home)]);
  return unique([...installs, ...searchedFolders(options.path)]).filter(
    (folder) => !closed.has(resolve(folder)),
  );
}

/** Where the programs that `argv` names would lie, and with them the runtime that most agents are scripts of. */
function programFiles({ argv, path }: { argv: readonly string[]; path: string }): string[] {
  const named = argv.slice(0, 2).filter((word) => isAbsolute(word));
  const bare = argv[0] !== undefined && !argv[0].includes(sep) ? [argv[0]] : [];
  const found = searchedFolders(path).flatMap((folder) =>
    [...bare, 'node'].map((name) => join(folder, name)),
  );
  return [...named, ...found];
}

function searchedFolders(path: string): string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && folder !== sep);
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

/** What a program in a `bin` of its own needs: a Python environment's packages, say. */
function librariesBeside(program: string): string[] {
  const folder = dirname(program);
  if (basename(folder) !== 'bin') return [];
  return ['lib', 'lib64', 'libexec', 'pyvenv.cfg']
    .map((name) => join(dirname(folder), name))
    .filter((path) => existsSync(path));
}

/** A script's own package with what it imports; its `node_modules` may be a link to another place. */
function packageFolders(program: string): string[] {
  if (!/\.[cm]?[jt]s$/.test(program) || program.split(sep).includes('node_modules')) return [];
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const modules = realPathOf(join(folder, 'node_modules'));
    return modules === undefined ? [folder] : [folder, modules];
  }
  return [];
}

/** The library starts a helper of its own inside the sandbox, which may lie in a checkout under a home. */
function libraryFolder(): string {
  const require = createRequire(import.meta.url);
  return resolve(dirname(require.resolve('@anthropic-ai/sandbox-runtime')), '..', 'vendor');
}

/** Also what lies beside the one that is read: `.env.production`, `.env.old`. */
function dotEnvFiles(): string[] {
  const folders = [process.cwd(), resolve(import.meta.dirname, '..', '..')];
  return folders.flatMap((folder) =>
    listOf(folder).flatMap((name) => (/^\.env(\.|$)/.test(name) ? [join(folder, name)] : [])),
  );
}

/** What we may not look into (a runner may stand in a folder of another user) no command of ours can read either. */
function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What we cannot look at (EACCES, ELOOP, ESTALE, EIO) counts as a folder: then nothing below it is opened either. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
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

function uniqueLinks(links: readonly Link[]): Link[] {
  return [...new Map(links.map((link) => [link.at, link])).values()];
}
