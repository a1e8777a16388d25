// Merging a pull: checks everything GitHub checks, builds the merge, moves the base and lets the consequences follow.
// Callers hold the repository (`exclusively`).
import { readPushes } from './branches.ts';
import { attemptGit } from './git.ts';
import { buildMerge } from './merge.ts';
import { BASE_MODIFIED, blockingRule, HEAD_MODIFIED, methodRefusal, NOT_MERGEABLE } from './merge-rules.ts';
import { markMerged } from './pulls.ts';
import { authorOf, type MergeMethod, type Pull, type Repository, type State } from './state.ts';

export type MergeAttempt = {
  method: MergeMethod;
  by: string;
  sha?: string | undefined;
  title?: string | undefined;
  message?: string | undefined;
};
export type MergeOutcome = { merged: string } | { status: 405 | 409; message: string };

/** Merges a pull if everything allows it, or says why not with the status of the classic endpoint. */
export async function mergePull(
  state: State,
  repository: Repository,
  pull: Pull,
  attempt: MergeAttempt,
): Promise<MergeOutcome> {
  await readPushes(state, repository, attempt.by);
  if (pull.state === 'closed') return { status: 405, message: NOT_MERGEABLE };
  if (attempt.sha !== undefined && attempt.sha !== pull.head.sha)
    return { status: 409, message: HEAD_MODIFIED };
  const refusal = mergeRefusal(repository, pull, attempt.method);
  if (refusal) return { status: 405, message: refusal };
  const base = repository.branches.get(pull.base.ref);
  if (!base) return { status: 405, message: NOT_MERGEABLE };
  const wish = {
    ...attempt,
    author: authorOf(attempt.method === 'squash' ? pull.author : attempt.by),
    at: state.now(),
  };
  const sha = await buildMerge(repository, pull, base, wish);
  if (!sha) return { status: 405, message: NOT_MERGEABLE };
  const moved = await attemptGit(repository.directory, [
    'update-ref',
    `refs/heads/${pull.base.ref}`,
    sha,
    base,
  ]);
  if (moved.code !== 0) return { status: 405, message: BASE_MODIFIED };
  await settleMerged(state, repository, pull, { sha, by: attempt.by });
  return { merged: sha };
}

function mergeRefusal(repository: Repository, pull: Pull, method: MergeMethod): string | undefined {
  if (pull.draft) return 'Pull Request is still a draft';
  if (pull.forcedMergeable === false) return NOT_MERGEABLE;
  return methodRefusal(repository, method) ?? blockingRule(repository, pull);
}

/** Everything that follows once a pull's work is on its base: state, issues it fixes, its branch, webhooks. */
async function settleMerged(
  state: State,
  repository: Repository,
  pull: Pull,
  merge: { sha: string; by: string },
): Promise<void> {
  markMerged(state, repository, pull, merge);
  await readPushes(state, repository, merge.by);
  if (repository.settings.deleteBranchOnMerge && !pull.head.fork) {
    await attemptGit(repository.directory, [
      'update-ref',
      '-d',
      `refs/heads/${pull.head.ref}`,
      pull.head.sha,
    ]);
    await readPushes(state, repository, merge.by);
  }
}
