// What a mirror still says of trees that are gone: a process was killed after it removed a tree and before it told the
// mirror, or in the midst of `git worktree add`. Git's own prune leaves locked entries alone, and ours are all locked.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAbsent } from '../errors.ts';

/**
 * Removes the entries of a mirror whose trees do not exist and answers how many. The caller holds the lock under which
 * worktrees are added: an entry that is just being made looks the same.
 */
export async function removeDeadWorktrees(mirror: string): Promise<number> {
  const entries = join(mirror, 'worktrees');
  let removed = 0;
  for (const name of await readdir(entries).catch(() => [])) {
    const entry = join(entries, name);
    // `<tree>/.git`. The tree is asked for, not that file: an agent may have removed it from a tree in use.
    const link = ((await orAbsent(readFile(join(entry, 'gitdir'), 'utf8'))) ?? '').trim();
    if (link !== '' && (await orAbsent(stat(dirname(link)))) !== undefined) continue;
    await rm(entry, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** Only what is not there is absent: a disk that does not answer says nothing of a tree. */
async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}
