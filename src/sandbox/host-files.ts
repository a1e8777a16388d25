// What a sandboxed command may see of the machine it runs on. On Linux that is a list of what is open: a list of known
// secrets would always be one tool behind. In the folders that are open, what not everybody on the machine may read stays
// hidden, too, since a runner that is root could read it. Looks at the disk; decides nothing about jobs.
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';

/** Folders of the system's own programs, which are the same on every machine (FHS 3.0, and the stores of Nix, Guix, Snap). */
const SYSTEM = /^(bin|sbin|lib|lib32|lib64|libx32|usr|etc|opt|nix|gnu|snap|proc|sys|dev)$/;

/** Opened of what is hidden: lists of installed packages and caches of the system. */
export const OPEN_OF_HOST: readonly string[] =
  process.platform === 'linux'
    ? ['/var/lib/dpkg', '/var/lib/rpm', '/var/lib/ca-certificates', '/var/cache/fontconfig']
    : [];

/** Often readable for everybody, although what they hold is for nobody's eyes. */
const OFTEN_OPEN = [
  ...[
    'cloud',
    'containers',
    'cron.d',
    'crontab',
    'default',
    'docker',
    'environment',
    'environment.d',
    'fstab',
  ],
  ...['kubernetes', 'letsencrypt', 'mysql', 'netplan', 'NetworkManager', 'openvpn', 'postgresql', 'rancher'],
  ...['shadow', 'gshadow', 'ssh', 'ssl/private', 'sudoers', 'sudoers.d', 'sysconfig', 'systemd', 'wireguard'],
].map((name) => join('/etc', name));

/** The kernel's doors to the whole machine; Docker hides them from its containers, too. */
const KERNEL = [
  '/sys/firmware',
  '/sys/kernel/debug',
  '/sys/kernel/tracing',
  '/sys/kernel/security',
  '/sys/fs/bpf',
];

const MACS_SECRETS = ['/Users', '/var/root', '/etc/ssh', '/private/etc/ssh'];

/** Read bit, and for a folder the right to enter it, of others than owner and group. */
const OTHERS = { file: 0o4, folder: 0o5 } as const;
/** A folder of settings has some thousand entries; whatever has more of them is not one. */
const MOST_ENTRIES = 50_000;
/**
 * What is hidden of one of these folders ends up in one argument of a shell, which Linux bounds to 128 KiB
 * (MAX_ARG_STRLEN, execve(2)), each path with some words around it.
 */
const MOST_HIDDEN_BYTES = 30_000;
const AROUND_PATH_BYTES = 40;

/** All that is hidden of this machine, the homes of people and the system's temp folders among it. */
export function hiddenOfHost(): readonly string[] {
  if (process.platform !== 'linux') return MACS_SECRETS;
  const atRoot = list(sep).flatMap(({ name }) => (SYSTEM.test(name) ? [] : [join(sep, name)]));
  const known = [...OFTEN_OPEN, ...KERNEL].filter((path) => statOf(path) !== undefined);
  const settings = ['/etc', '/usr/local/etc'].flatMap((folder) => closedToOthers(folder, 8));
  // `/opt` holds whole programs: only what lies on top of each is looked at.
  return [...atRoot, ...known, ...settings, ...closedToOthers('/opt', 2)];
}

/**
 * What below `folder` not everybody may read, down to `depth`; links lead to what is judged by itself. A folder with too much
 * of it, or too many entries to look at, is hidden as a whole.
 */
export function closedToOthers(
  folder: string,
  depth: number,
  mostEntries: number = MOST_ENTRIES,
): readonly string[] {
  let left = mostEntries;
  const look = (path: string, levels: number): readonly string[] => {
    const entries = list(path);
    left -= entries.length;
    if (left < 0) return [path];
    const closed = entries.flatMap((entry): readonly string[] => {
      if (entry.isSymbolicLink()) return [];
      const child = join(path, entry.name);
      const mode = statOf(child)?.mode ?? 0;
      const needed = entry.isDirectory() ? OTHERS.folder : OTHERS.file;
      if ((mode & needed) !== needed) return [child];
      return entry.isDirectory() && levels > 1 ? look(child, levels - 1) : [];
    });
    const bytes = closed.reduce((sum, one) => sum + Buffer.byteLength(one) + AROUND_PATH_BYTES, 0);
    return bytes > MOST_HIDDEN_BYTES ? [path] : closed;
  };
  return look(folder, depth);
}

function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not there, or not ours to read: then it is not the command's either, whose user is ours.
    return [];
  }
}

/** Undefined also where the system does not tell (EACCES, ESTALE, EIO …): what we cannot look at no command of ours can read. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
