// Decides what a turn starts from: the base, the branch's head, or unpublished work of an earlier turn.
import { PermanentError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Commit, isAncestor, isNewer, loadCommits, writeSnapshot } from './commits.ts';
import type { Git } from './git.ts';
import { branchRef, fetchedSnapshotRef, snapshotRef } from './places.ts';

export type StartPoint = Readonly<{
  baseSha: string;
  headSha: string;
  startSha: string;
  restored: boolean;
  conflicts: string[];
}>;

type Question = Readonly<{
  jobId: string;
  base: string;
  branch: string;
  /** The attempt that is about to start. */
  attempt: number;
  /** This commit and nothing else. */
  headSha?: string | undefined;
}>;

type Tools = Readonly<{ git: Git; log: Log; now: () => Date }>;

/**
 * Finds the start in the mirror `gitDir`. Unpublished work rests on the head it was made on; when somebody pushed to
 * the branch meanwhile the two are merged, and what does not merge is left in the files with conflict markers.
 */
export async function chooseStart(tools: Tools, gitDir: string, question: Question): Promise<StartPoint> {
  const { git } = tools;
  const { jobId } = question;
  const [baseRef, headRef] = [branchRef(question.base), branchRef(question.branch)];
  const names = [baseRef, headRef, snapshotRef(jobId), fetchedSnapshotRef(jobId)];
  const commits = await loadCommits(git, gitDir, names);
  const baseTip = commits.get(baseRef)?.sha;
  if (baseTip === undefined) {
    throw new PermanentError(
      'base_missing',
      `There is no branch ${question.base}. Name another one with base=…`,
    );
  }
  if (question.headSha !== undefined) {
    const { headSha } = question;
    const baseSha = await findForkPoint(git, gitDir, baseTip, headSha);
    return { baseSha, headSha, startSha: headSha, restored: false, conflicts: [] };
  }
  const snapshot = chooseSnapshot(jobId, commits);
  const head = commits.get(headRef);
  const headSha = head?.sha ?? snapshot?.parents[0] ?? baseTip;
  const baseSha = await findForkPoint(git, gitDir, baseTip, headSha);
  const nothing = { baseSha, headSha, startSha: headSha, restored: false, conflicts: [] };
  if (!snapshot) return nothing;
  const rest = snapshot.parents[0] ?? headSha;
  const below = await loadCommits(git, gitDir, [headSha, rest]);
  // Published as it was, or nothing was done on top of what was there.
  if ([headSha, rest].some((sha) => below.get(sha)?.treeSha === snapshot.treeSha)) return nothing;
  const [, published] = snapshot.parents;
  if (published !== undefined && (await isAncestor(git, gitDir, published, headSha))) return nothing;
  if (snapshot.parents[0] === headSha) return { ...nothing, startSha: snapshot.sha, restored: true };
  if (await isAncestor(git, gitDir, snapshot.sha, headSha)) return nothing;
  const merged = await mergeOnto(tools, gitDir, { headSha, snapshot, attempt: question.attempt });
  return { ...nothing, startSha: merged.sha, restored: true, conflicts: merged.conflicts };
}

function chooseSnapshot(jobId: string, commits: Map<string, Commit>) {
  const own = commits.get(snapshotRef(jobId));
  const fetched = commits.get(fetchedSnapshotRef(jobId));
  if (!own || !fetched) return own ?? fetched;
  return isNewer(fetched, own) ? fetched : own;
}

async function findForkPoint(git: Git, gitDir: string, baseTip: string, headSha: string): Promise<string> {
  if (baseTip === headSha) return baseTip;
  const said = await git.attempt(['merge-base', baseTip, headSha], { gitDir });
  // Histories without a common commit: the whole branch is new.
  return said.stdout.trim() || baseTip;
}

async function mergeOnto(
  { git, now }: Tools,
  gitDir: string,
  wish: { headSha: string; snapshot: Commit; attempt: number },
) {
  const { headSha, snapshot, attempt } = wish;
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', headSha, snapshot.sha];
  const said = await git.attempt(args, { gitDir });
  const [treeSha, ...conflicts] = said.stdout.split('\0').filter((part) => part !== '');
  if (said.exitCode > 1 || said.exitCode < 0 || treeSha === undefined) {
    throw new PermanentError(
      'merge_failed',
      `Earlier work does not fit on the branch any more: ${said.stderr.trim()}`,
    );
  }
  const at = Math.max(Math.floor(now().getTime() / 1000), snapshot.committedAt + 1);
  const say = 'Unpublished work, on top of what was pushed meanwhile';
  const merged = await writeSnapshot(git, gitDir, { treeSha, parent: headSha, say, attempt, at });
  return { sha: merged.sha, conflicts };
}
