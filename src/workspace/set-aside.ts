// Work that no snapshot can take (a file that is too large, a repository inside the tree) must not go with its tree: the tree
// is moved out of the agent's reach and lies there until its job is over, or until a person removes it.
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../log.ts';
import type { Problem, Rule } from './inspect.ts';
import type { Places } from './places.ts';
import { removeFolder } from './remove-folder.ts';
import { loadRecord, type Workspace } from './workspace.ts';

/** What is left out by these rules is no work of anybody's, or is in the snapshot all the same. */
const NO_WORK: ReadonlySet<Rule> = new Set<Rule>([
  'tree_replaced',
  'not_a_file',
  'link_leaves_tree',
  'name_twin',
  'too_many_files',
  'lfs_pointer_lost',
]);

/** Where a tree was moved to, and some of what a snapshot could not take. */
export type SetAside = Readonly<{ dir: string; paths: readonly string[] }>;

/** The same for a tree that could not even be looked at. */
const ALL_OF_IT = ['.'];

/** Creates what moves trees aside. The agent must not be running. */
export function createSetAside({ places, log }: { places: Places; log: Log }) {
  /** Moves the tree if something in it would be lost; undefined where nothing would. `leftOut` absent: nobody knows. */
  async function setAside(
    { jobId, attempt, tree }: Workspace,
    leftOut?: readonly Problem[],
  ): Promise<SetAside | undefined> {
    const work = leftOut?.filter(({ rule }) => !NO_WORK.has(rule)).map(({ path }) => path) ?? ALL_OF_IT;
    const found = await lstat(tree).catch(() => undefined);
    if (work.length === 0 || !found?.isDirectory()) return undefined;
    // A later attempt has made its own tree here.
    const record = await loadRecord(places, jobId);
    if (record && record.attempt > attempt) return undefined;
    const dir = await freePlace(join(places.keptOf(jobId), String(attempt)));
    await mkdir(dirname(dir), { recursive: true, mode: 0o700 });
    await rename(tree, dir);
    log.warn({ jobId, dir, paths: work.slice(0, 20) }, 'workspace.tree.set_aside');
    return { dir, paths: work.slice(0, 20) };
  }

  return {
    setAside,
    /** The job is over, or somebody has looked: what was set aside goes. */
    forgetSetAside: (jobId: string) => removeFolder(places.keptOf(jobId)),
  };
}

/** One attempt may leave more than one tree, if its runner died in between. */
async function freePlace(wanted: string): Promise<string> {
  const names = await readdir(dirname(wanted)).catch((): string[] => []);
  const isFree = (path: string) => !names.some((name) => join(dirname(wanted), name) === path);
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? wanted : `${wanted}.${count}`;
    if (isFree(path)) return path;
  }
}

export type Aside = ReturnType<typeof createSetAside>;
