// What the machine must bring: Node, and a home that can be written to and has room. Looks only, makes nothing.
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from './check.ts';

const NEEDED_NODE = 24;
const GIB = 1024 ** 3;
/** Below this a mirror, a tree and an agent's home no longer fit. */
const LEAST_FREE_BYTES = GIB;
const GOOD_FREE_BYTES = 5 * GIB;
const LEAST_FREE_FILES = 100_000;
const GOOD_FREE_FILES = 1_000_000;

/** Below Node 24 the launcher does not even come this far, but `node src/main.ts` may. */
export async function checkNode(version = process.versions.node): Promise<readonly Finding[]> {
  if (Number.parseInt(version, 10) >= NEEDED_NODE) return [{ ok: true, say: `Node ${version}.` }];
  const mend = `Install Node ${NEEDED_NODE} or newer from nodejs.org.`;
  return [{ ok: false, say: `Node ${version} cannot run TypeScript as it is.`, mend }];
}

/** Whether ERRAND_HOME, or the nearest folder above it that exists, can be written to, and how much room it has. */
export async function checkHome(home: string): Promise<readonly Finding[]> {
  const existing = await nearestExisting(home);
  const mayWrite = await access(existing, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!mayWrite) {
    const mend = 'Give this user the folder, or set ERRAND_HOME to one of its own.';
    return [{ ok: false, say: `${existing} cannot be written to.`, mend }];
  }
  const { bavail, bsize, files, ffree } = await statfs(existing);
  const how = existing === home ? 'can be written to' : 'will be made';
  return [{ ok: true, say: `${home} ${how}.` }, judgeRoom(bavail * bsize), ...judgeInodes(files, ffree)];
}

/** Pure: whether that many files may still be made. File systems without such a limit say 0 of 0. */
export function judgeInodes(all: number, free: number): readonly Finding[] {
  if (all === 0) return [];
  const say = `${free.toLocaleString('en-US')} more files can be made (inodes).`;
  const mend = '`errand gc` shows what can go; a tree and its packages may be 100,000 files.';
  if (free < LEAST_FREE_FILES) return [{ ok: false, say, mend }];
  return [free < GOOD_FREE_FILES ? { ok: true, say, mend } : { ok: true, say }];
}

/** Pure: whether that much room will do. */
export function judgeRoom(freeBytes: number): Finding {
  const say = `${(freeBytes / GIB).toFixed(1)} GiB of disk are free.`;
  const mend =
    'Mirrors, trees and the homes of agents live here: `errand gc` shows what can go; or move ERRAND_HOME.';
  if (freeBytes < LEAST_FREE_BYTES) return { ok: false, say, mend };
  return freeBytes < GOOD_FREE_BYTES ? { ok: true, say, mend } : { ok: true, say };
}

async function nearestExisting(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  return exists || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}
