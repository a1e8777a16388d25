// What lies under $ERRAND_HOME, for people who want to know where the disk went. Looks only.
import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import type { Places } from './places.ts';
import { listTempFolders, type TempFolder } from './temp-folders.ts';
import { listMirrors } from './workspace.ts';

export type JobFolder = Readonly<{
  /** `J-12`, or longer. */
  name: string;
  dir: string;
  /** When something last changed in the folder itself: a turn began or ended. */
  usedAt: Date;
  hasTree: boolean;
  hasHome: boolean;
}>;

export type MirrorFolder = Readonly<{
  dir: string;
  /** `acme/shop`, in lower case. */
  repo: string;
  usedAt: Date;
  /** Jobs with work kept in here that is not on the branch of a pull, as far as this machine knows. */
  snapshots: readonly string[];
  /** Trees that rest on it. */
  worktrees: number;
}>;

/** Trees of a job that were set aside, because no snapshot could take all of their work. */
export type KeptFolder = Readonly<{ name: string; dir: string; usedAt: Date }>;

export type Survey = Readonly<{
  jobs: readonly JobFolder[];
  mirrors: readonly MirrorFolder[];
  kept: readonly KeptFolder[];
  temps: readonly TempFolder[];
}>;

/** Creates the looking around. */
export function createSurvey({ git, places }: { git: Git; places: Places }) {
  async function lookAtJob(name: string): Promise<readonly JobFolder[]> {
    const dir = join(places.jobs, name);
    const found = await lookAt(dir);
    if (found === undefined) return [];
    const [hasTree, hasHome] = await Promise.all([exists(join(dir, 'tree')), exists(join(dir, 'home'))]);
    return [{ name, dir, usedAt: found.mtime, hasTree, hasHome }];
  }

  async function lookAtMirror(dir: string): Promise<MirrorFolder> {
    const said = await git.run(['for-each-ref', '--format=%(refname)', 'refs/errand/'], { gitDir: dir });
    const snapshots = said
      .split('\n')
      .filter(Boolean)
      .map((ref) => ref.slice('refs/errand/'.length));
    const times = await Promise.all(
      ['refs', 'packed-refs', 'objects', 'worktrees'].map((part) => mtimeMs(join(dir, part))),
    );
    const worktrees = (await readdir(join(dir, 'worktrees')).catch(() => [])).length;
    const repo = dir.slice(places.repos.length + 1).replace(/\.git$/, '');
    return { dir, repo, usedAt: new Date(Math.max(0, ...times)), snapshots, worktrees };
  }

  return async function survey(): Promise<Survey> {
    const names = await readdir(places.jobs).catch(() => []);
    const jobs = (await Promise.all(names.filter((name) => !name.endsWith('.lock')).map(lookAtJob))).flat();
    const mirrors: MirrorFolder[] = [];
    for (const dir of await listMirrors(places)) mirrors.push(await lookAtMirror(dir));
    return { jobs, mirrors, kept: await listKept(places), temps: await listTempFolders(places.tmp) };
  };
}

/** All that was set aside on this disk. */
export async function listKept(places: Places): Promise<readonly KeptFolder[]> {
  const names = await readdir(places.kept).catch((): string[] => []);
  const found = names.map(async (name): Promise<readonly KeptFolder[]> => {
    const dir = join(places.kept, name);
    const about = await lookAt(dir);
    return about === undefined ? [] : [{ name, dir, usedAt: about.mtime }];
  });
  return (await Promise.all(found)).flat();
}

/** Runners remove folders meanwhile: what is gone is undefined. */
async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return (await lookAt(path)) !== undefined;
}

async function mtimeMs(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}
