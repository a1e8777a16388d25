// From files to a pushed branch: snapshot, inspection, one commit of the host's, one push of one ref.
import type { Log } from '../log.ts';
import { type Commit, isAncestor, isNewer, loadCommits, writeCommit, writeSnapshot } from './commits.ts';
import { type Diff, type DiffStats, diffTrees, statsOf } from './diff.ts';
import { examineTree } from './examine.ts';
import type { Git, GitCredentials, GitResult } from './git.ts';
import { explainGitFailure, remoteWords } from './git-errors.ts';
import type { Limits, Problem } from './inspect.ts';
import type { Mirrors } from './mirror.ts';
import { branchRef, fetchedSnapshotRef, snapshotRef } from './places.ts';
import type { Snapshots, Taken } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

export type PublishRequest = Readonly<{
  message: string;
  author: { name: string; email: string };
  coAuthor?: { name: string; email: string } | undefined;
  branch: string;
  /** The look at the files that was judged; where the tree holds others by now, nothing is pushed. */
  judged?: Taken | undefined;
  /** Where the branch stood on the server when last seen; undefined: it must not exist yet. */
  expectedRemoteSha: string | undefined;
  /** Other machines may take the next turn: they learn with the same push that their own older work is out of date. */
  shareSnapshot?: boolean;
  credentials?: GitCredentials | undefined;
  signal?: AbortSignal | undefined;
}>;

export type Published =
  /** The server has it. `stats` and `diff` are the whole pull: everything since the base. */
  | Readonly<{ kind: 'pushed'; headSha: string; stats: DiffStats; diff: Diff }>
  | Readonly<{ kind: 'nothing_changed' }>
  /** The files are others than those that were judged. */
  | Readonly<{ kind: 'changed_meanwhile' }>
  /** Nothing was pushed, for these files. */
  | Readonly<{ kind: 'refused'; problems: Problem[] }>
  /** Somebody else pushed to the branch, or removed it (undefined). Nothing was overwritten. */
  | Readonly<{ kind: 'moved'; remoteSha: string | undefined }>
  /** The server said no; `reason` is in its own words. */
  | Readonly<{
      kind: 'denied';
      reason: string /** Told before it looked at the push. */;
      isAtTheDoor?: true;
    }>;

type Tools = Readonly<{ git: Git; mirrors: Mirrors; snapshots: Snapshots; limits: Limits; log: Log }>;

/** How often a snapshot is pushed anew after somebody else moved the server's. */
const MOST_LEASES = 3;

/** Creates what publishes. */
export function createPublish(tools: Tools) {
  const { git, mirrors, snapshots, limits, log } = tools;

  /**
   * Publishes the tree's files. Safe to repeat: the same files make the same commit, and a commit that the server has
   * already counts as pushed. Throws TransientError when the server did not answer, PermanentError on bad credentials.
   */
  async function publish(workspace: Workspace, request: PublishRequest): Promise<Published> {
    const { judged } = request;
    const taken =
      judged && (await snapshots.isCurrent(workspace, judged)) ? judged : await snapshots.take(workspace);
    if (taken.problems.length > 0) return { kind: 'refused', problems: taken.problems };
    if (judged && judged.treeSha !== taken.treeSha) return { kind: 'changed_meanwhile' };
    const unchanged = taken.treeSha === taken.head.treeSha && !mergesMore(workspace, taken);
    // HEAD moves only when a push arrived: then the caller asks again after an answer that never came.
    if (unchanged && taken.head.sha === workspace.headSha) return { kind: 'nothing_changed' };
    if (!unchanged) {
      const problems = await examineTree({ git, limits }, workspace, {
        // What the base brings along has passed there.
        from: workspace.merging?.sha ?? taken.head.treeSha,
        to: taken.treeSha,
      });
      if (problems.length > 0) return { kind: 'refused', problems };
    }
    const published = unchanged ? taken.head : await writeFinal(workspace, taken, request);
    const commit = published.sha;
    const expected = request.expectedRemoteSha;
    // A head that our files do not contain must never be pushed over, whatever the caller believes.
    if (expected !== undefined && !(await isAncestor(git, workspace.gitDir, expected, commit))) {
      return { kind: 'moved', remoteSha: expected };
    }
    const mark = await writeMark(workspace, { treeSha: taken.treeSha, published });
    const { refused, isShared } = await push(workspace, request, { commit, mark });
    const shared = isShared ? [`update ${fetchedSnapshotRef(workspace.jobId)} ${mark.sha}`] : [];
    if (refused) {
      if (isShared) await mirrors.updateRefs(workspace.gitDir, shared);
      return refused;
    }
    await mirrors.updateRefs(workspace.gitDir, [
      `update ${branchRef(request.branch)} ${commit}`,
      `update ${snapshotRef(workspace.jobId)} ${mark.sha}`,
      ...shared,
      'option no-deref',
      `update HEAD ${commit}`,
    ]);
    const diff = await diffTrees(git, workspace.gitDir, workspace.baseSha, commit);
    return { kind: 'pushed', headSha: commit, stats: statsOf(diff), diff };
  }

  async function writeFinal(workspace: Workspace, taken: Taken, request: PublishRequest): Promise<Commit> {
    const { gitDir, merging } = workspace;
    const { treeSha, head, snapshot } = taken;
    const { coAuthor, author } = request;
    // A name is one line, or it could add trailers of its own.
    const clean = (text: string) => text.replace(/[\p{Cc}<>]/gu, ' ').trim();
    const trailer = coAuthor ? `\n\nCo-authored-by: ${clean(coAuthor.name)} <${clean(coAuthor.email)}>` : '';
    // The snapshot's time, not the clock's: a repeated publish must make the same commit.
    const { committedAt } = snapshot ?? head;
    const parents = [head.sha, ...(merging && mergesMore(workspace, taken) ? [merging.sha] : [])];
    const message = `${request.message.trim()}${trailer}\n`;
    const identity = { ...author, date: `${committedAt} +0000` };
    const sha = await writeCommit(git, gitDir, { treeSha, parents, message, identity });
    return { sha, treeSha, parents, committedAt, attempt: 0 };
  }

  /** What was published is the newest work there is: older work that waits on another machine must not come back. */
  async function writeMark(
    { gitDir, jobId, attempt }: Workspace,
    { treeSha, published }: { treeSha: string; published: Commit },
  ): Promise<Commit> {
    const { sha, committedAt: at } = published;
    const parent = published.parents[0] ?? sha;
    const say = `Published ${jobId}`;
    return writeSnapshot(git, gitDir, { treeSha, parent, published: sha, say, attempt, at });
  }

  /** `isShared`: the server took the snapshot, whatever it said of the branch. */
  async function push(
    workspace: Workspace,
    request: PublishRequest,
    { commit, mark }: { commit: string; mark: Commit },
  ): Promise<{ refused: Published | undefined; isShared: boolean }> {
    const ref = branchRef(request.branch);
    const args = ['push', '--porcelain', `--force-with-lease=${ref}:${request.expectedRemoteSha ?? ''}`];
    const shared = request.shareSnapshot ? await leaseSnapshot(workspace, mark) : undefined;
    const refs = [`${commit}:${ref}`, ...(shared ? [shared.refspec] : [])];
    const said = await git.attempt(
      [...args, ...(shared ? [shared.lease] : []), mirrors.urlOf(workspace.repo), ...refs],
      callOf(workspace, request),
    );
    const told = (name: string) => said.stdout.split('\n').find((line) => line.includes(`:${name}\t`));
    const isShared = shared !== undefined && told(snapshotRef(workspace.jobId))?.startsWith('!') === false;
    const isTaken = said.exitCode === 0 || told(ref)?.startsWith('!') === false;
    const refused = isTaken
      ? undefined
      : await explainRefusal(workspace, request, { commit, said, verdict: told(ref) });
    return { refused, isShared };
  }

  /** Undefined where the branch stands as wished all the same. */
  async function explainRefusal(
    workspace: Workspace,
    request: PublishRequest,
    { commit, said, verdict }: { commit: string; said: GitResult; verdict: string | undefined },
  ): Promise<Published | undefined> {
    const forbidden = /error: 403/.test(said.stderr);
    if (verdict === undefined && !forbidden) throw explainGitFailure('push', said);
    // Why a ref was not taken is told in many words. Where it stands now tells more: a push repeated inside curl after
    // a lost answer is refused although it arrived.
    const remoteSha = forbidden ? request.expectedRemoteSha : await askBranch(workspace, request);
    if (remoteSha === commit) return undefined;
    if (remoteSha !== request.expectedRemoteSha) return { kind: 'moved', remoteSha };
    const reason = remoteWords(said.stderr) || /\((.*)\)\s*$/.exec(verdict ?? '')?.[1];
    return {
      kind: 'denied',
      reason: reason || 'The Git server does not let us push here.',
      ...(forbidden ? { isAtTheDoor: true } : {}),
    };
  }

  async function askBranch({ repo }: Workspace, request: PublishRequest): Promise<string | undefined> {
    const remote = await mirrors.askRemote({ ...request, repo, refs: [request.branch] });
    return remote.get(branchRef(request.branch));
  }

  /** Moves the server's snapshot only from where we last saw it, so that nobody's later work is replaced unseen. */
  async function leaseSnapshot({ gitDir, jobId }: Workspace, to: Commit) {
    const seen = await mirrors.readRefs(gitDir, [fetchedSnapshotRef(jobId)]);
    const ref = snapshotRef(jobId);
    const expected = seen.get(fetchedSnapshotRef(jobId)) ?? '';
    return { lease: `--force-with-lease=${ref}:${expected}`, refspec: `${to.sha}:${ref}` };
  }

  async function rememberShared({ gitDir, jobId }: Workspace, sha: string): Promise<void> {
    await mirrors.updateRefs(gitDir, [`update ${fetchedSnapshotRef(jobId)} ${sha}`]);
  }

  /**
   * Keeps the job's snapshot on the server, unless newer work is there. Returns whether the server took it; a refusal is
   * logged, not thrown.
   */
  async function pushSnapshot(
    workspace: Workspace,
    access: Pick<PublishRequest, 'credentials' | 'signal'>,
  ): Promise<boolean> {
    const { gitDir, jobId, repo } = workspace;
    for (let tries = 1; tries <= MOST_LEASES; tries += 1) {
      const [own, theirs] = [snapshotRef(jobId), fetchedSnapshotRef(jobId)];
      const commits = await loadCommits(git, gitDir, [own, theirs]);
      const [kept, seen] = [commits.get(own), commits.get(theirs)];
      if (kept === undefined || kept.sha === seen?.sha) return kept !== undefined;
      if (seen && isNewer(seen, kept)) {
        log.warn({ jobId, attempt: kept.attempt, newer: seen.attempt }, 'workspace.snapshot.outdated');
        return false;
      }
      const { lease, refspec } = await leaseSnapshot(workspace, kept);
      const said = await git.attempt(
        ['push', '--porcelain', lease, mirrors.urlOf(repo), refspec],
        callOf(workspace, access),
      );
      if (said.exitCode === 0) {
        await rememberShared(workspace, kept.sha);
        return true;
      }
      if (!/stale info/.test(said.stdout)) {
        log.warn({ jobId, said: said.stderr.slice(0, 500) }, 'workspace.snapshot.not_pushed');
        return false;
      }
      // Somebody moved it: whether their work is newer is seen once it is here.
      await mirrors.fetch({ ...access, repo, refs: [snapshotRef(jobId)] });
    }
    return false;
  }

  return { publish, pushSnapshot };
}

/** A merge is news even where it leaves the files as they were; one that was pushed before is none. */
function mergesMore({ merging }: Workspace, { head }: Taken): boolean {
  return merging !== undefined && !head.parents.includes(merging.sha);
}

function callOf(
  { gitDir }: Workspace,
  { credentials, signal }: Pick<PublishRequest, 'credentials' | 'signal'>,
) {
  return { gitDir, signal, credentials };
}
