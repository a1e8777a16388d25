// Files that are memory: what processes keep in file systems of memory that the host does not have, and in files without a
// name (memfd). No process's own memory shows them, and they stay when their writers end. Only Linux tells, in /proc; asked
// synchronously, which for so many small answers is ten times cheaper.
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs';

/** What the kernel keeps in memory for one file or folder, whatever is in it: about 1 KB on 64 bit. */
const FILE_BYTES = 1_024;
const BLOCK_BYTES = 512;
const NAMELESS = /^\/(memfd:|SYSV|dev\/zero)/;

/** Bytes in all file systems of memory which these processes see and we do not. */
export function measureMemoryFolders(pids: readonly number[]): number {
  const counted = new Set(readMounts('self').map(({ device }) => device));
  const worlds = new Set<string>();
  let bytes = 0;
  for (const pid of pids) {
    const world = attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`));
    if (world === undefined || worlds.has(world)) continue;
    worlds.add(world);
    for (const { device, place } of readMounts(pid)) {
      if (counted.has(device)) continue;
      counted.add(device);
      bytes += measureMount(`/proc/${pid}/root${place}`);
    }
  }
  return bytes;
}

/** Bytes in files without a name which these processes hold open, each counted once. */
export function measureNamelessFiles(pids: readonly number[]): number {
  const found = new Map<string, number>();
  for (const pid of pids) {
    for (const name of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const path = `/proc/${pid}/fd/${name}`;
      if (!NAMELESS.test(attempt(() => readlinkSync(path)) ?? '')) continue;
      const file = attempt(() => statSync(path));
      if (file) found.set(`${file.dev}:${file.ino}`, file.blocks * BLOCK_BYTES);
    }
  }
  return [...found.values()].reduce((total, each) => total + each, 0);
}

function measureMount(path: string): number {
  const room = attempt(() => statfsSync(path));
  // A folder in memory that something else was mounted over shows the other: its size is then unknown.
  if (room === undefined) return 0;
  const { bsize, blocks, bfree, files, ffree } = room;
  return (blocks - bfree) * bsize + (files - ffree) * FILE_BYTES;
}

type Mount = Readonly<{ device: string; place: string }>;

/** The mounts of type tmpfs: id, parent, device, root, place, options … - type source (proc(5), mountinfo). */
function readMounts(pid: number | 'self'): readonly Mount[] {
  const text = attempt(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8')) ?? '';
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device, , place] = before.split(' ');
    if (device === undefined || place === undefined || !after.startsWith('tmpfs ')) return [];
    // Spaces and the like stand in there as `\040`.
    const path = place.replaceAll(/\\(\d{3})/g, (_all, code) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    return [{ device, place: path }];
  });
}

/** Processes end while they are looked at. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
