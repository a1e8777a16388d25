// Cleans up after runners that died: trees nobody works on (their work is kept first) and homes nobody will resume.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { removeDeadWorktrees } from './dead-worktrees.ts';
import type { Git } from './git.ts';
import type { Lock } from './lock.ts';
import type { Places } from './places.ts';
import { removeFolder } from './remove-folder.ts';
import type { Aside, SetAside } from './set-aside.ts';
import type { Snapshots } from './snapshot.ts';
import { removeStaleObjects } from './stale-objects.ts';
import { sweepTempFolders } from './temp-folders.ts';
import { type Trees, worktreesLock } from './tree.ts';
import { listMirrors, loadRecord } from './workspace.ts';

export type SweepRequest = Readonly<{
  /** Jobs that some runner is working on. */
  keepTrees: ReadonlySet<string>;
  keepHomesNewerThanMs: number;
  now: Date;
  /** Looks at this job alone, and leaves the mirrors as they are. */
  only?: string;
  /**
   * Does the work while no runner, of this process or another, can begin with the job; false when one has it. Without it
   * only `keepTrees` protects.
   */
  guard?: (jobId: string, work: () => Promise<void>) => Promise<boolean>;
  /** What else must be done about a job whose tree is about to go, within the guard. Where it throws, the tree stays. */
  beforeTreeGoes?: (jobId: string) => Promise<void>;
}>;

/**
 * What was removed; `snapshots` are jobs whose unpublished work was kept, `setAside` where trees of theirs lie as well,
 * `temps` folders that a killed process left.
 */
export type Swept = Readonly<{
  trees: string[];
  homes: string[];
  snapshots: string[];
  setAside: Array<SetAside & Readonly<{ jobId: string }>>;
  temps: string[];
}>;

type Tools = Readonly<{
  git: Git;
  places: Places;
  lock: Lock;
  snapshots: Snapshots;
  aside: Aside;
  trees: Trees;
  log: Log;
}>;

// Only here: everywhere else collecting is switched off. The number is git's own default.
const GC = ['-c', 'gc.auto=6700', '-c', 'gc.autoDetach=false'];

/** Creates the sweeper. */
export function createSweep({ git, places, lock, snapshots, aside, trees, log }: Tools) {
  /** Sweeps once. One job's trouble is logged and does not stop the others. */
  async function sweep(request: SweepRequest): Promise<Swept> {
    const swept: Swept = { trees: [], homes: [], snapshots: [], setAside: [], temps: [] };
    for (const jobId of await readdir(places.jobs).catch(() => [])) {
      if (request.keepTrees.has(jobId) || (request.only ?? jobId) !== jobId) continue;
      try {
        const sweepIt = () => sweepJob(jobId, request, swept);
        await (request.guard?.(jobId, sweepIt) ?? sweepIt());
      } catch (error) {
        log.warn({ jobId, error }, 'workspace.sweep.failed');
      }
    }
    if (request.only !== undefined) return swept;
    swept.temps.push(...(await sweepTempFolders(places.tmp, request.now)));
    for (const mirror of await listMirrors(places)) await tidy(mirror);
    return swept;
  }

  async function sweepJob(jobId: string, request: SweepRequest, swept: Swept): Promise<void> {
    const job = places.job(jobId);
    // Read first: removing the tree makes the folder look used.
    const usedAt = await stat(job.dir).then(({ mtimeMs }) => mtimeMs);
    if (await stat(job.tree).catch(() => undefined)) {
      await request.beforeTreeGoes?.(jobId);
      await keepWork(jobId, swept);
      await trees.clear(jobId);
      swept.trees.push(jobId);
    }
    if (request.now.getTime() - usedAt < request.keepHomesNewerThanMs) return;
    await removeFolder(job.dir);
    swept.homes.push(jobId);
  }

  async function keepWork(jobId: string, swept: Swept): Promise<void> {
    const workspace = await loadRecord(places, jobId);
    if (!workspace) {
      // An agent starts only once there is a note: no note, no work. One of another version is left to it, with the tree.
      if (await stat(places.record(jobId)).catch(() => undefined))
        throw new Error(`the note about ${jobId} cannot be read; its tree stays`);
      return;
    }
    // Whoever held it is dead.
    await rm(join(workspace.gitDir, 'index.lock'), { force: true });
    const taken = await snapshots.take(workspace);
    if (taken.differs) swept.snapshots.push(jobId);
    const setAside = await aside.setAside(workspace, taken.problems);
    if (setAside) swept.setAside.push({ jobId, ...setAside });
  }

  /** Packs what piled up; git decides whether it is worth it. Worktrees are locked, so none is taken for stale. */
  async function tidy(mirror: string): Promise<void> {
    await lock
      .hold(worktreesLock(mirror), () => removeDeadWorktrees(mirror))
      .catch((error: unknown) => log.warn({ mirror, error }, 'workspace.worktrees.failed'));
    await lock
      .hold(mirror, async () => {
        const count = await removeStaleObjects(mirror);
        if (count > 0) log.info({ mirror, count }, 'workspace.objects.stale');
        await git.run([...GC, 'gc', '--auto', '--quiet'], { gitDir: mirror });
      })
      .catch((error: unknown) => log.warn({ mirror, error }, 'workspace.gc.failed'));
  }

  return sweep;
}
