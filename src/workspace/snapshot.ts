// Keeps the files of a tree as a commit of the host's own, whatever the agent did with its git. Only changed files are
// read: the index knows the others. The agent must not be running.
import type { Log } from '../log.ts';
import { type Commit, loadCommits, snapshotIdentity, writeCommit } from './commits.ts';
import type { Git } from './git.ts';
import type { Limits, Problem } from './inspect.ts';
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

type Tools = Readonly<{ git: Git; mirrors: Mirrors; limits: Limits; log: Log; now: () => Date }>;

/** Creates the keeper of snapshots. */
export function createSnapshots(tools: Tools) {
  const { git, mirrors, limits, log } = tools;

  /** Takes the files into `refs/errand/J-12`. The same files give the same snapshot again. */
  async function take(workspace: Workspace): Promise<Taken> {
    const { gitDir, jobId } = workspace;
    const scan = await scanTree(git, workspace, limits);
    const { problems } = scan;
    if (problems.length > 0)
      log.info({ jobId, problems: problems.slice(0, 20) }, 'workspace.snapshot.left_out');
    await updateIndex(workspace, ['--force-remove'], scan.gone);
    await updateIndex(workspace, ['--add', '--remove', '--replace'], scan.present);
    const treeSha = (await git.run(['write-tree'], { gitDir })).trim();
    const commits = await loadCommits(git, gitDir, ['HEAD', workspace.startSha, snapshotRef(jobId)]);
    const [head, start, kept] = [
      commits.get('HEAD'),
      commits.get(workspace.startSha),
      commits.get(snapshotRef(jobId)),
    ];
    if (!head || !start) throw new Error(`the mirror lost where ${jobId} started`);
    const differs = treeSha !== start.treeSha;
    const rests = kept && (kept.sha === head.sha || kept.parents[0] === head.sha);
    if (rests && kept.treeSha === treeSha) return { treeSha, head, snapshot: kept, problems, differs };
    if (!kept && !differs) return { treeSha, head, snapshot: undefined, problems, differs };
    const snapshot = await keep(workspace, { treeSha, head, kept });
    return { treeSha, head, snapshot, problems, differs };
  }

  async function updateIndex({ gitDir, tree }: Workspace, how: string[], paths: string[]): Promise<void> {
    if (paths.length === 0) return;
    const args = ['update-index', '--verbose', ...how, '-z', '--stdin'];
    await git.run(args, { gitDir, workTree: tree, input: `${paths.join('\0')}\0` });
  }

  async function keep(
    { gitDir, jobId }: Workspace,
    { treeSha, head, kept }: { treeSha: string; head: Commit; kept: Commit | undefined },
  ): Promise<Commit> {
    // Runners compare snapshots by this time: one that follows another is never older.
    const at = Math.max(Math.floor(tools.now().getTime() / 1000), (kept?.committedAt ?? 0) + 1);
    const message = `Snapshot of ${jobId}`;
    const sha = await writeCommit(git, gitDir, {
      treeSha,
      parent: head.sha,
      message,
      identity: snapshotIdentity(at),
    });
    await mirrors.updateRefs(gitDir, [`update ${snapshotRef(jobId)} ${sha}`]);
    return { sha, treeSha, parents: [head.sha], committedAt: at };
  }

  return { take };
}

export type Snapshots = ReturnType<typeof createSnapshots>;
