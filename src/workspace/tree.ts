// Makes a job's folder: the tree by `git worktree add`, the agent's own git dir, its home and its environment.
import { lstat, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repo } from '../job/repo.ts';
import type { Log } from '../log.ts';
import { writeAgentGit } from './agent-git.ts';
import type { Git } from './git.ts';
import type { Lock } from './lock.ts';
import type { Mirrors } from './mirror.ts';
import { type JobPlaces, type Places, snapshotRef } from './places.ts';
import { findPorts } from './ports.ts';
import { removeFolder } from './remove-folder.ts';
import { chooseStart } from './start-point.ts';
import {
  findWorktrees,
  listRecords,
  loadRecord,
  removeRecord,
  saveRecord,
  type Workspace,
} from './workspace.ts';

export type PrepareRequest = Readonly<{
  repo: Repo;
  jobId: string;
  /** Which attempt at the job asks: its work counts as newer than that of every earlier one. */
  attempt: number;
  base: string;
  branch: string;
  /** A commit to look at in the place of the branch: the tree is filled with it, and no earlier work counts. */
  headSha?: string | undefined;
  /** Bring the branch up to date with its base: what does not merge is left with conflict markers. */
  mergeBase?: boolean;
  signal?: AbortSignal | undefined;
}>;

type Tools = Readonly<{ git: Git; mirrors: Mirrors; places: Places; lock: Lock; log: Log; now: () => Date }>;

/** Creates what makes and unmakes job folders. */
export function createTrees(tools: Tools) {
  const { git, mirrors, places, lock } = tools;

  /**
   * Fills a fresh tree. The refs it needs must have been fetched. Whatever an earlier, interrupted attempt left is
   * removed first; the agent's home stays.
   */
  async function prepare(request: PrepareRequest): Promise<Workspace> {
    const mirror = await mirrors.open(request.repo);
    const start = await chooseStart(tools, mirror, request);
    const job = places.job(request.jobId);
    await clear(request.jobId);
    await makeFolders(job);
    const gitDir = await addWorktree(mirror, { ...request, tree: job.tree, sha: start.startSha });
    if (start.restored) await rememberStart(gitDir, request.jobId, start);
    const { repo, jobId, branch, attempt } = request;
    await writeAgentGit({ ...job, gitDir, mirror, branch, base: request.base, ...start });
    const submodules = await listSubmodules(job.tree, gitDir);
    return lock.hold(places.records, async () => {
      const ports = await findPorts(await takenPorts());
      const env = buildEnv(job, jobId, ports);
      const workspace = { jobId, attempt, repo, branch, ...job, gitDir, ...start, submodules, env };
      await saveRecord(places, workspace);
      return workspace;
    });
  }

  /**
   * What `git worktree add` does, in its two steps: only the first needs the others to wait. Two that run at once fail
   * over each other's half-written folders (git 2.39: "failed to read …/commondir").
   */
  async function addWorktree(
    mirror: string,
    wish: { tree: string; sha: string; signal?: AbortSignal | undefined },
  ): Promise<string> {
    const { tree, sha, signal } = wish;
    const add = ['worktree', 'add', '--no-checkout', '--detach', '--lock', tree, sha];
    await lock.hold(worktreesLock(mirror), () => git.run(add, { gitDir: mirror, signal }), signal);
    const gitDir = await readGitLink(tree);
    await git.run(['reset', '--hard', '--no-recurse-submodules', sha], {
      gitDir,
      workTree: tree,
      signal,
    });
    return gitDir;
  }

  /** The host's HEAD is what the next commit rests on, also where the tree was filled with unpublished work. */
  async function rememberStart(gitDir: string, jobId: string, start: { headSha: string; startSha: string }) {
    await mirrors.updateRefs(gitDir, [
      `update ${snapshotRef(jobId)} ${start.startSha}`,
      'option no-deref',
      `update HEAD ${start.headSha}`,
    ]);
  }

  async function listSubmodules(tree: string, gitDir: string) {
    const declared = await stat(join(tree, '.gitmodules')).catch(() => undefined);
    if (!declared) return [];
    const listed = await git.run(['ls-files', '--stage', '-z'], { gitDir, workTree: tree });
    return [...listed.matchAll(/(?:^|\0)160000 ([0-9a-f]{40}) 0\t([^\0]+)/g)].map(
      ([, sha = '', path = '']) => ({ path, sha }),
    );
  }

  async function takenPorts(): Promise<Set<number>> {
    const jobs = await Promise.all((await listRecords(places)).map((jobId) => loadRecord(places, jobId)));
    return new Set(jobs.map((job) => Number(job?.env['PORT'])));
  }

  /** Removes tree, agent's git, tmp and what checks left, and the mirror's knowledge of them. Never throws on what is half there. */
  async function clear(jobId: string): Promise<void> {
    const job = places.job(jobId);
    await Promise.all([job.tree, job.agentGitDir, job.tmp, places.check(jobId)].map(removeFolder));
    for (const dir of await findWorktrees(places, job.tree)) await rm(dir, { recursive: true, force: true });
    await removeRecord(places, jobId);
  }

  return { prepare, clear };
}

export type Trees = ReturnType<typeof createTrees>;

/** What is held while a mirror's list of worktrees changes. */
export function worktreesLock(mirror: string): string {
  return `${mirror}.worktrees`;
}

async function makeFolders(job: JobPlaces): Promise<void> {
  // The agent may have put a link where its home was: everything here is made anew unless it is a real folder.
  for (const dir of [job.dir, job.home, job.tmp]) {
    const found = await lstat(dir).catch(() => undefined);
    if (found && !found.isDirectory()) await rm(dir, { force: true });
    await mkdir(dir, { recursive: true, mode: 0o700 });
  }
}

async function readGitLink(tree: string): Promise<string> {
  const text = await readFile(join(tree, '.git'), 'utf8');
  return text.replace(/^gitdir:/, '').trim();
}

function buildEnv(
  job: JobPlaces,
  jobId: string,
  ports: { first: number; last: number },
): Record<string, string> {
  return {
    HOME: job.home,
    TMPDIR: job.tmp,
    XDG_CONFIG_HOME: join(job.home, '.config'),
    XDG_CACHE_HOME: join(job.home, '.cache'),
    XDG_DATA_HOME: join(job.home, '.local/share'),
    XDG_STATE_HOME: join(job.home, '.local/state'),
    COMPOSE_PROJECT_NAME: `errand-${jobId.toLowerCase()}`,
    PORT: String(ports.first),
    ERRAND_FIRST_PORT: String(ports.first),
    ERRAND_LAST_PORT: String(ports.last),
  };
}
