// Decides what a turn starts from: the base, the branch's head, or unpublished work of an earlier turn.
import { PermanentError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Commit, isAncestor, isNewer, loadCommits, writeSnapshot } from './commits.ts';
import { listChanges } from './diff.ts';
import type { Git } from './git.ts';
import { findMarkers } from './markers.ts';
import { branchRef, fetchedSnapshotRef, snapshotRef } from './places.ts';
import type { Workspace } from './workspace.ts';

export type StartPoint = Readonly<{
  baseSha: string;
  headSha: string;
  startSha: string;
  restored: boolean;
  /** See Workspace. */
  unpublished: boolean;
  conflicts: string[];
  merging?: Workspace['merging'];
}>;

type Question = Readonly<{
  jobId: string;
  base: string;
  branch: string;
  /** The attempt that is about to start. */
  attempt: number;
  /** This commit and nothing else. */
  headSha?: string | undefined;
  /** Merge what the base has got since. */
  mergeBase?: boolean;
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
    return { baseSha, headSha, startSha: headSha, restored: false, unpublished: false, conflicts: [] };
  }
  const start = await chooseFiles(tools, gitDir, { question, commits, baseTip });
  if (start.merging !== undefined || !question.mergeBase) return start;
  if (await isAncestor(git, gitDir, baseTip, start.headSha)) return start;
  return mergeBase(tools, gitDir, { start, baseTip, attempt: question.attempt });
}

/** The start without what the base has got since. */
async function chooseFiles(
  tools: Tools,
  gitDir: string,
  given: Readonly<{ question: Question; commits: Map<string, Commit>; baseTip: string }>,
): Promise<StartPoint> {
  const { git } = tools;
  const { commits, baseTip, question } = given;
  const { jobId } = question;
  const headRef = branchRef(question.branch);
  const snapshot = chooseSnapshot(jobId, commits);
  const head = commits.get(headRef);
  const headSha = head?.sha ?? snapshot?.parents[0] ?? baseTip;
  const baseSha = await findForkPoint(git, gitDir, baseTip, headSha);
  const nothing = {
    baseSha,
    headSha,
    startSha: headSha,
    restored: false,
    unpublished: false,
    conflicts: [],
  };
  if (!snapshot) return nothing;
  const rest = snapshot.parents[0] ?? headSha;
  const below = await loadCommits(git, gitDir, [headSha, rest]);
  // Published as it was, or nothing was done on top of what was there.
  if ([headSha, rest].some((sha) => below.get(sha)?.treeSha === snapshot.treeSha)) return nothing;
  const [, published] = snapshot.parents;
  if (published !== undefined && (await isAncestor(git, gitDir, published, headSha))) return nothing;
  if (snapshot.parents[0] === headSha) {
    const found = { ...nothing, startSha: snapshot.sha, restored: true, unpublished: true };
    if (snapshot.merging === undefined) return found;
    // An update that was cut off before anybody added anything: the same two commits merge into the same files again.
    const bare = await mergeTrees(git, gitDir, { ours: headSha, other: snapshot.merging });
    const unpublished = bare.treeSha !== snapshot.treeSha;
    return goOnMerging(git, gitDir, { ...found, unpublished }, snapshot.merging);
  }
  if (await isAncestor(git, gitDir, snapshot.sha, headSha)) return nothing;
  const merged = await mergeOnto(tools, gitDir, {
    headSha,
    other: snapshot.sha,
    attempt: question.attempt,
    after: snapshot.committedAt,
    say: 'Unpublished work, on top of what was pushed meanwhile',
    merging: snapshot.merging,
  });
  const restored = { restored: true, unpublished: true };
  const found = { ...nothing, ...restored, startSha: merged.sha, conflicts: merged.conflicts };
  return snapshot.merging === undefined ? found : goOnMerging(git, gitDir, found, snapshot.merging);
}

/** Work that was cut off while a base was being merged: whatever the next turn is for, it must end in that merge. */
async function goOnMerging(
  git: Git,
  gitDir: string,
  start: StartPoint,
  baseSha: string,
): Promise<StartPoint> {
  // The base was rewritten since: nobody knows that commit any more, and there is nothing to merge.
  if ((await loadCommits(git, gitDir, [baseSha])).size === 0) return start;
  const changes = await listChanges(git, gitDir, baseSha, start.startSha);
  const paths = changes.filter(({ status }) => status !== 'D').map(({ path }) => path);
  const left = await findMarkers(git, gitDir, { treeSha: start.startSha, paths });
  const conflicts = [...new Set([...start.conflicts, ...left])];
  return { ...start, baseSha, conflicts, merging: { sha: baseSha, fork: start.baseSha } };
}

async function mergeBase(
  tools: Tools,
  gitDir: string,
  { start, baseTip, attempt }: Readonly<{ start: StartPoint; baseTip: string; attempt: number }>,
): Promise<StartPoint> {
  const { headSha, startSha } = start;
  const [rest] = [...(await loadCommits(tools.git, gitDir, [startSha])).values()];
  const merged = await mergeOnto(tools, gitDir, {
    headSha,
    ours: startSha,
    other: baseTip,
    attempt,
    after: start.restored ? (rest?.committedAt ?? 0) : 0,
    say: 'The base, merged into the branch',
    merging: baseTip,
  });
  const conflicts = [...new Set([...start.conflicts, ...merged.conflicts])];
  const merging = { sha: baseTip, fork: start.baseSha };
  return { ...start, baseSha: baseTip, startSha: merged.sha, restored: true, conflicts, merging };
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
  wish: Readonly<{
    /** What the next commit rests on, and what is merged with `other` unless `ours` is named. */
    headSha: string;
    ours?: string;
    other: string;
    attempt: number;
    /** In seconds: the result is younger. */
    after: number;
    say: string;
    merging?: string | undefined;
  }>,
) {
  const { headSha, ours = headSha, other, attempt, say, merging } = wish;
  const { treeSha, conflicts, stderr } = await mergeTrees(git, gitDir, { ours, other });
  if (treeSha === undefined) {
    throw new PermanentError(
      'merge_failed',
      `Earlier work does not fit on the branch any more: ${stderr.trim()}`,
    );
  }
  const at = Math.max(Math.floor(now().getTime() / 1000), wish.after + 1);
  const merged = await writeSnapshot(git, gitDir, { treeSha, parent: headSha, say, attempt, at, merging });
  return { sha: merged.sha, conflicts };
}

/** Merges two commits without a tree to work in; no `treeSha` where git cannot (a commit that is gone, say). */
async function mergeTrees(
  git: Git,
  gitDir: string,
  { ours, other }: Readonly<{ ours: string; other: string }>,
): Promise<{ treeSha?: string; conflicts: string[]; stderr: string }> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, other];
  const { stdout, stderr, exitCode } = await git.attempt(args, { gitDir });
  const [treeSha, ...conflicts] = stdout.split('\0').filter((part) => part !== '');
  const isMerged = exitCode === 0 || exitCode === 1;
  return { conflicts, stderr, ...(isMerged && treeSha !== undefined ? { treeSha } : {}) };
}
