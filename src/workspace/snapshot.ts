// Keeps the files of a tree as a commit of the host's own, whatever the agent did with its git. Only changed files are
// read: the index knows the others. The agent must not be running.
import { TransientError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Commit, isNewer, loadCommits, writeSnapshot } from './commits.ts';
import type { Git } from './git.ts';
import { explainGitFailure } from './git-errors.ts';
import { type Limits, type Problem, problem } from './inspect.ts';
import type { Mirrors } from './mirror.ts';
import { snapshotRef } from './places.ts';
import { scanTree } from './scan.ts';
import type { Workspace } from './workspace.ts';

/** What a look at the tree gave. */
export type Taken = Readonly<{
  /** The files, less those with problems. */
  treeSha: string;
  /** What the next commit rests on. */
  head: Commit;
  /** The kept snapshot; undefined when this job never had unpublished work. */
  snapshot: Commit | undefined;
  /** Files that were left out. */
  problems: Problem[];
  /** Whether the files differ from what the tree was filled with. */
  differs: boolean;
}>;

/** Files that git cannot take are searched for by halves, so often at the most. */
const MOST_SPLITS = 100;
/** How git writes that a ref must not exist. */
const NO_SHA = '0'.repeat(40);

type Tools = Readonly<{ git: Git; mirrors: Mirrors; limits: Limits; log: Log; now: () => Date }>;

/** Creates the keeper of snapshots. */
export function createSnapshots(tools: Tools) {
  const { git, mirrors, limits, log } = tools;

  /** Takes the files into `refs/errand/J-12`. The same files give the same snapshot again. */
  async function take(workspace: Workspace): Promise<Taken> {
    const { gitDir, jobId } = workspace;
    const scan = await scanTree(git, workspace, limits);
    if (scan.gone.length > 0)
      await git.run(['update-index', '--force-remove', '-z', '--stdin'], listOf(workspace, scan.gone));
    const problems = [...scan.problems, ...(await addFiles(workspace, scan.present, { tries: MOST_SPLITS }))];
    if (problems.length > 0)
      log.info({ jobId, problems: problems.slice(0, 20) }, 'workspace.snapshot.left_out');
    const treeSha = (await git.run(['write-tree'], { gitDir })).trim();
    const commits = await loadCommits(git, gitDir, ['HEAD', workspace.startSha, snapshotRef(jobId)]);
    const [head, start, kept] = [
      commits.get('HEAD'),
      commits.get(workspace.startSha),
      commits.get(snapshotRef(jobId)),
    ];
    if (!head || !start) throw new Error(`the mirror lost where ${jobId} started`);
    const differs = treeSha !== start.treeSha;
    const rests = kept && (kept.sha === head.sha || kept.parents.includes(head.sha));
    if (rests && kept.treeSha === treeSha) return { treeSha, head, snapshot: kept, problems, differs };
    if (!kept && !differs) return { treeSha, head, snapshot: undefined, problems, differs };
    const snapshot = await keep(workspace, { treeSha, head, kept });
    return { treeSha, head, snapshot, problems, differs };
  }

  /** Takes all files that git can take. One that it cannot must not lose the others: halves tell which it is. */
  async function addFiles(
    workspace: Workspace,
    paths: readonly string[],
    left: { tries: number },
  ): Promise<Problem[]> {
    if (paths.length === 0) return [];
    const args = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
    const said = await git.attempt(args, listOf(workspace, paths));
    if (said.exitCode === 0) return [];
    const failure = explainGitFailure('update-index', said);
    if (failure instanceof TransientError || failure.code === 'disk_full') throw failure;
    left.tries -= 1;
    if (paths.length === 1 || left.tries <= 0) return paths.map(notTaken);
    const half = Math.ceil(paths.length / 2);
    const first = await addFiles(workspace, paths.slice(0, half), left);
    return [...first, ...(await addFiles(workspace, paths.slice(half), left))];
  }

  /** Work of a later attempt on this machine is never replaced: whoever holds an older tree has lost the job. */
  async function keep(
    { gitDir, jobId, attempt, merging }: Workspace,
    { treeSha, head, kept }: { treeSha: string; head: Commit; kept: Commit | undefined },
  ): Promise<Commit> {
    // Runners compare snapshots by this time: one that follows another is never older.
    const at = Math.max(Math.floor(tools.now().getTime() / 1000), (kept?.committedAt ?? 0) + 1);
    const say = `Snapshot of ${jobId}`;
    const snapshot = await writeSnapshot(git, gitDir, {
      treeSha,
      parent: head.sha,
      say,
      attempt,
      at,
      merging: merging?.sha,
    });
    if (kept && isNewer(kept, snapshot)) {
      log.warn({ jobId, attempt, kept: kept.attempt }, 'workspace.snapshot.outdated');
      return kept;
    }
    // Only if it still is what we looked at.
    await mirrors.updateRefs(gitDir, [`update ${snapshotRef(jobId)} ${snapshot.sha} ${kept?.sha ?? NO_SHA}`]);
    return snapshot;
  }

  /** Whether the tree still holds what the last look at it took. One `git status`, where a new look needs several steps. */
  async function isCurrent(workspace: Workspace, taken: Taken): Promise<boolean> {
    const { present, gone, problems } = await scanTree(git, workspace, limits);
    return [present, gone, problems, taken.problems].every((list) => list.length === 0);
  }

  return { take, isCurrent };
}

function listOf({ gitDir, tree }: Workspace, paths: readonly string[]) {
  return { gitDir, workTree: tree, input: paths.map((path) => `${path}\0`).join('') };
}

function notTaken(path: string): Problem {
  return problem(path, 'not_taken', 'cannot be read by git. Remove it or write it anew.');
}

export type Snapshots = ReturnType<typeof createSnapshots>;
