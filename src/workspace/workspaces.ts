// The front door of the git room: fetch, prepare, snapshot, diff, publish, remove.
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import type { Repo } from '../job/repo.ts';
import type { Log } from '../log.ts';
import { createBringOver } from './bring-over.ts';
import { type Change, type ChangeQuestion, readChange } from './change.ts';
import { type CheckTree, createCheckTrees } from './check-tree.ts';
import { createCommitted } from './committed.ts';
import { type Diff, diffTrees } from './diff.ts';
import { createGit, type GitCredentials } from './git.ts';
import type { Limits } from './inspect.ts';
import { createLock } from './lock.ts';
import { findMarkers } from './markers.ts';
import { createMirrors } from './mirror.ts';
import { createNotes } from './notes.ts';
import { createPlaces, fetchedSnapshotRef, snapshotRef } from './places.ts';
import { createPublish } from './publish.ts';
import { removeFolder } from './remove-folder.ts';
import { createSetAside } from './set-aside.ts';
import { createSnapshots, type Taken } from './snapshot.ts';
import { createSurvey, listKept } from './survey.ts';
import { createSweep } from './sweep.ts';
import { createTrees } from './tree.ts';
import { listMirrors, loadRecord, objectsOf, type Workspace } from './workspace.ts';

/** Files with conflict markers that are named at the most; whoever resolves these is told of the next ones. */
const MOST_NAMED = 200;

const DEFAULT_LIMITS: Limits = { maxFileBytes: 20_000_000, maxFiles: 3000, maxSnapshotFiles: 20_000 };

/**
 * Creates the git room under `home` ($ERRAND_HOME), for repositories at `serverUrl` (`https://github.com`).
 * `env` is what git needs of the process environment: PATH, proxy and certificate variables.
 */
export function createWorkspaces(options: {
  home: string;
  serverUrl: string;
  log: Log;
  limits?: Partial<Limits>;
  env?: Readonly<Record<string, string>>;
  now?: () => Date;
}) {
  const { log, serverUrl, now = () => new Date() } = options;
  mkdirSync(options.home, { recursive: true });
  // Git writes real paths into its files; ours must be the same.
  const places = createPlaces(realpathSync(options.home));
  // Private code, and what agents made of it. The home itself may hold a database of another user.
  for (const dir of [places.repos, places.records, places.jobs])
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  const git = createGit({ serverUrl, env: options.env ?? {} });
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const lock = createLock({ log });
  const mirrors = createMirrors({ git, places, lock });
  const snapshots = createSnapshots({ git, mirrors, limits, log, now });
  const trees = createTrees({ git, mirrors, places, lock, log, now });
  const aside = createSetAside({ places, log });
  const { publish, pushSnapshot } = createPublish({ git, mirrors, snapshots, limits, log });

  const survey = createSurvey({ git, places });

  /** Keeps the files as `refs/errand/J-12`; undefined when nothing differs from what the tree was filled with. */
  async function snapshot(workspace: Workspace) {
    const taken = await snapshots.take(workspace);
    if (!taken.differs || !taken.snapshot) return undefined;
    return { sha: taken.snapshot.sha, treeSha: taken.treeSha, leftOut: taken.problems };
  }

  /**
   * Keeps all work of a tree that is about to go: as a snapshot, and what that cannot take by moving the tree aside. The
   * snapshot is undefined as above.
   */
  async function retire(workspace: Workspace) {
    const kept = await snapshots.take(workspace);
    const setAside = await aside.setAside(workspace, kept.problems);
    return { snapshot: kept.differs ? kept.snapshot?.sha : undefined, setAside };
  }

  /** What the pull would show (everything since the base), or the difference between two commits of a mirror. */
  async function diff(of: Workspace | { repo: Repo; from: string; to: string }): Promise<Diff> {
    if ('from' in of) return diffTrees(git, await mirrors.open(of.repo), of.from, of.to);
    const taken = await snapshots.take(of);
    return diffTrees(git, of.gitDir, of.baseSha, taken.treeSha);
  }

  /**
   * What a push of these files would change against the base, for whoever judges it; `published` is the part of it that
   * is on the server already. Whoever publishes what was judged hands `taken` on.
   */
  async function readPending(
    workspace: Workspace,
    options: Pick<ChangeQuestion, 'wants' | 'signal'>,
  ): Promise<{ taken: Taken; pending: Change; published: () => Promise<Change | undefined> }> {
    const { gitDir, baseSha, headSha, merging } = workspace;
    const taken = await snapshots.take(workspace);
    const objects = objectsOf(gitDir);
    const read = (from: string, to: string) =>
      readChange(git, { ...options, objects, from, to, tmp: places.tmp });
    const fork = merging?.fork ?? baseSha;
    return {
      taken,
      pending: await read(baseSha, taken.treeSha),
      published: async () => (headSha === fork ? undefined : read(fork, headSha)),
    };
  }

  /** Is there anything under this job's name here already: a folder, or work of it, its own or fetched? */
  async function isKnown({ repo, jobId }: { repo: Repo; jobId: string }): Promise<boolean> {
    if (existsSync(places.job(jobId).dir)) return true;
    if (!(await mirrors.has(repo))) return false;
    const names = [snapshotRef(jobId), fetchedSnapshotRef(jobId)];
    return (await mirrors.readRefs(await mirrors.open(repo), names)).size > 0;
  }

  /**
   * Removes a job's tree, its agent's git and tmp. The home stays. Safe to repeat and on what is half there. A tree that a
   * later attempt made in the place of this one is left alone.
   */
  async function remove(of: Workspace | string): Promise<void> {
    const jobId = typeof of === 'string' ? of : of.jobId;
    const record = await loadRecord(places, jobId);
    if (typeof of !== 'string' && record && record.attempt > of.attempt) return;
    await trees.clear(jobId);
  }

  /** Removes all there is of a job on this machine, and its snapshot on the server when `at` says where. */
  async function forget(
    jobId: string,
    at?: { repo: Repo; credentials?: GitCredentials; signal?: AbortSignal },
  ) {
    await trees.clear(jobId);
    await removeFolder(places.job(jobId).dir);
    await aside.forgetSetAside(jobId);
    for (const mirror of await listMirrors(places)) {
      const names = [snapshotRef(jobId), fetchedSnapshotRef(jobId)];
      const held = await mirrors.readRefs(mirror, names);
      if (held.size > 0)
        await mirrors.updateRefs(
          mirror,
          [...held.keys()].map((name) => `delete ${name}`),
        );
    }
    if (!at) return;
    const gitDir = await mirrors.open(at.repo);
    const said = await git.attempt(
      ['push', '--porcelain', mirrors.urlOf(at.repo), `:${snapshotRef(jobId)}`],
      { ...at, gitDir },
    );
    if (said.exitCode !== 0)
      log.info({ jobId, said: said.stderr.slice(0, 300) }, 'workspace.forget.remote_kept');
  }

  /** Removes snapshots from this machine's mirror; what is on the server stays. */
  async function forgetSnapshot(mirror: string, jobId: string): Promise<void> {
    const held = await mirrors.readRefs(mirror, [snapshotRef(jobId), fetchedSnapshotRef(jobId)]);
    if (held.size > 0)
      await mirrors.updateRefs(
        mirror,
        [...held.keys()].map((name) => `delete ${name}`),
      );
  }

  /** Removes a mirror that keeps nothing; false when it has got a snapshot or a tree since. */
  async function removeMirror(mirror: string): Promise<boolean> {
    return lock.hold(mirror, () =>
      lock.hold(`${mirror}.worktrees`, async () => {
        const { mirrors: found } = await survey();
        const one = found.find(({ dir }) => dir === mirror);
        if (one === undefined || one.snapshots.length > 0 || one.worktrees > 0) return false;
        await removeFolder(mirror);
        return true;
      }),
    );
  }

  return {
    /** What lies here, for `errand gc`. */
    survey,
    forgetSnapshot,
    removeMirror,
    /** Removes a folder that a killed process has left; `dir` comes from `survey`. */
    removeTemp: removeFolder,
    /** What git calls itself, for `errand doctor`; 2.38 or later is needed. */
    gitVersion: async () => (await git.run(['version'], { gitDir: options.home })).trim(),
    /** Brings the mirror up to date in these refs; returns the SHA of each. */
    fetch: mirrors.fetch,
    /** Brings a job's kept work along when its repository got another name; call it after `fetch`. */
    bringOver: createBringOver({ git, mirrors, places }),
    prepare: trees.prepare,
    /**
     * Removes a copy made by `prepareCheck`, once nothing in it is alive any more: what stood in its home is no business of
     * the author's, who can read the job's folder.
     */
    removeCheck: ({ dir }: CheckTree) => removeFolder(dir),
    prepareCheck: createCheckTrees({ git, mirrors, places, now }),
    /** The workspace that this machine has for a job, after a restart. */
    open: (jobId: string) => loadRecord(places, jobId),
    snapshot,
    retire,
    setAside: aside.setAside,
    forgetSetAside: aside.forgetSetAside,
    /** What was set aside and lies here still. */
    listKept: () => listKept(places),
    pushSnapshot,
    diff,
    readPending,
    /** Which of the files that had conflict markers at the start still have them in this look at the tree. */
    leftConflicts: async ({ gitDir, conflicts }: Workspace, { treeSha }: Pick<Taken, 'treeSha'>) =>
      (await findMarkers(git, gitDir, { treeSha, paths: conflicts })).slice(0, MOST_NAMED),
    publish,
    isKnown,
    ...createCommitted({ git, mirrors }),
    ...createNotes({ mirrors }),
    remove,
    forget,
    sweep: createSweep({ git, places, lock, snapshots, aside, trees, log }),
  };
}

export type Workspaces = ReturnType<typeof createWorkspaces>;
