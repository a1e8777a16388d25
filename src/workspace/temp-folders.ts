// Folders for the time of one look or one check. Whoever is killed over one cannot clear it away: they are found again by
// their name, and removed when nobody can need them any more.
import { lstat, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './remove-folder.ts';

export type TempFolder = Readonly<{ dir: string; usedAt: Date }>;

/** The longest look takes minutes. */
export const TEMP_LIFETIME_MS = 60 * 60_000;

/** `errand-check-` is the sandbox's (`sandbox/check.ts`). */
const OURS = /^errand-(gate|check)-[A-Za-z0-9]{6}$/;

/** Does `work` in a new folder below `parent`, which nobody else may enter. */
export async function withTempFolder<T>(parent: string, work: (dir: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const dir = await mkdtemp(join(parent, 'errand-gate-'));
  try {
    return await work(dir);
  } finally {
    await removeFolder(dir);
  }
}

/** Ours below `parent` and the system's temp folder, which is everybody's: there only what belongs to this user. */
export async function listTempFolders(parent: string): Promise<readonly TempFolder[]> {
  const found: TempFolder[] = [];
  for (const folder of [parent, tmpdir()]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!OURS.test(name)) continue;
      const dir = join(folder, name);
      const stat = await lstat(dir).catch(() => undefined);
      if (stat?.isDirectory() && stat.uid === userInfo().uid) found.push({ dir, usedAt: stat.mtime });
    }
  }
  return found;
}

/** Removes those of them whose time is over; answers which. */
export async function sweepTempFolders(parent: string, now: Date): Promise<string[]> {
  const old = (await listTempFolders(parent)).filter(
    ({ usedAt }) => now.getTime() - usedAt.getTime() >= TEMP_LIFETIME_MS,
  );
  for (const { dir } of old) await removeFolder(dir);
  return old.map(({ dir }) => dir);
}
