// Work that no snapshot can take (a file that is too large, a repository inside the tree) must not go with its tree: it is
// moved out of the agent's reach and lies there until its job is over, or until a person removes it.
import { lstat, mkdir, readdir, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toError } from '../errors.ts';
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

/** Where such work of a tree was moved to, and some of what a snapshot could not take. */
export type SetAside = Readonly<{ dir: string; paths: readonly string[] }>;

/** The same for a tree that could not even be looked at. */
const ALL_OF_IT = ['.'];

/** Creates what moves trees aside. The agent must not be running. */
export function createSetAside({ places, log }: { places: Places; log: Log }) {
  /** Moves what would be lost of the tree, which goes; undefined where nothing would. `leftOut` absent: nobody knows. */
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
    // In one step, so that nobody ever takes a snapshot of what is left of it.
    await rename(tree, dir);
    await dropTheRest(dir, work).catch((thrown: unknown) =>
      log.warn({ jobId, dir, err: toError(thrown) }, 'workspace.tree.set_aside_whole'),
    );
    log.warn({ jobId, dir, paths: work.slice(0, 20) }, 'workspace.tree.set_aside');
    return { dir, paths: work.slice(0, 20) };
  }

  return {
    setAside,
    /** The job is over, or somebody has looked: what was set aside goes. */
    forgetSetAside: (jobId: string) => removeFolder(places.keptOf(jobId)),
  };
}

/**
 * Of the tree at `dir` only the named paths stay: the rest is in the snapshot, or ignored (installed packages: gigabytes).
 * Where not all of them are found, the whole tree stays. Where it is interrupted, everything lies beside `dir`.
 */
async function dropTheRest(dir: string, paths: readonly string[]): Promise<void> {
  const named = paths.map((path) => path.replace(/\/+$/, '')).toSorted((a, b) => a.length - b.length);
  if (named.includes('.') || !(await areAllIn(dir, named))) return;
  const [wanted, rest] = [`${dir}.wanted`, `${dir}.rest`];
  for (const path of named) {
    // A folder that holds it is named as well.
    if (await lstat(join(wanted, path)).catch(() => undefined)) continue;
    await mkdir(dirname(join(wanted, path)), { recursive: true, mode: 0o700 });
    await rename(join(dir, path), join(wanted, path));
  }
  await rename(dir, rest);
  await rename(wanted, dir);
  await removeFolder(rest);
}

/** Names that are not UTF-8 (U+FFFD here) cannot be told apart, and no link may lead out. */
async function areAllIn(dir: string, paths: readonly string[]): Promise<boolean> {
  if (paths.some((path) => path.includes('\ufffd'))) return false;
  const top = await realpath(dir);
  for (const path of paths) {
    const parent = await realpath(dirname(join(dir, path))).catch(() => undefined);
    const found = await lstat(join(dir, path)).catch(() => undefined);
    if (found === undefined || parent !== dirname(join(top, path))) return false;
  }
  return true;
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
