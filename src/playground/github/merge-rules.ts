// Why a pull cannot be merged right now, in GitHub's own words. Reads the state, changes nothing.
import type { BranchProtection, CheckRun, CommitStatus, MergeMethod, Pull, Repository } from './state.ts';

export const HEAD_MODIFIED = 'Head branch was modified. Review and try the merge again.';
export const BASE_MODIFIED = 'Base branch was modified. Review and try the merge again.';
export const NOT_MERGEABLE = 'Pull Request is not mergeable';
export const QUEUE_REQUIRED = 'Changes must be made through the merge queue.';

/** The protection of the branch a pull goes to. */
export function protectionOf(repository: Repository, pull: Pull): BranchProtection {
  return repository.protections.get(pull.base.ref) ?? {};
}

/** The rule of the base branch that blocks this pull: reviews first, then checks; undefined when none does. */
export function blockingRule(repository: Repository, pull: Pull): string | undefined {
  const rules = protectionOf(repository, pull);
  return (
    missingReviews(repository, pull, rules.requiredApprovals ?? 0) ?? missingChecks(repository, pull, rules)
  );
}

/** What the repository's settings say to a merge method. */
export function methodRefusal(repository: Repository, method: MergeMethod): string | undefined {
  const { allowSquashMerge, allowMergeCommit, allowRebaseMerge } = repository.settings;
  if (method === 'squash' && !allowSquashMerge) return 'Squash merges are not allowed on this repository.';
  if (method === 'merge' && !allowMergeCommit) return 'Merge commits are not allowed on this repository.';
  if (method === 'rebase' && !allowRebaseMerge) return 'Rebase merges are not allowed on this repository.';
  return undefined;
}

function missingReviews(repository: Repository, pull: Pull, required: number): string | undefined {
  if (required === 0) return undefined;
  const verdicts = new Map(
    pull.reviews
      .filter((review) => review.state !== 'COMMENTED')
      .filter((review) => ['admin', 'write'].includes(repository.collaborators.get(review.author) ?? 'none'))
      .map((review) => [review.author, review.state]),
  );
  const states = [...verdicts.values()];
  const approvals = states.filter((state) => state === 'APPROVED').length;
  if (approvals >= required && !states.includes('CHANGES_REQUESTED')) return undefined;
  const reviews = required === 1 ? 'approving review is' : 'approving reviews are';
  return `At least ${required} ${reviews} required by reviewers with write access.`;
}

type CheckWord = 'expected' | 'pending' | 'failing';

function missingChecks(repository: Repository, pull: Pull, rules: BranchProtection): string | undefined {
  const required = rules.requiredChecks ?? [];
  const missing = required.flatMap((name): [string, CheckWord][] => {
    const word = checkWord(repository, pull.head.sha, name);
    return word ? [[name, word]] : [];
  });
  const [first] = missing;
  if (!first) return undefined;
  if (missing.length === 1) return `Required status check "${first[0]}" is ${first[1]}.`;
  const words = new Set(missing.map(([, word]) => word));
  if (words.size === 1 && missing.length === required.length) {
    return `${missing.length} of ${required.length} required status checks are ${first[1]}.`;
  }
  const counts = (['expected', 'pending', 'failing'] as const)
    .map((word) => [missing.filter(([, is]) => is === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const total = `${missing.length} of ${required.length} required status checks have not succeeded`;
  return `${total}: ${counts.join(' and ')}.`;
}

function checkWord(repository: Repository, sha: string, name: string): CheckWord | undefined {
  const run = latestChecks(repository, sha).find((check) => check.name === name);
  if (run) {
    if (run.status !== 'completed') return 'pending';
    return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? undefined : 'failing';
  }
  const status = latestStatuses(repository, sha).find((one) => one.context === name);
  if (!status) return 'expected';
  if (status.state === 'success') return undefined;
  return status.state === 'pending' ? 'pending' : 'failing';
}

/** The newest check run of every name on a commit. */
export function latestChecks(repository: Repository, sha: string): CheckRun[] {
  const runs = repository.checks.filter((check) => check.sha === sha);
  return [...new Map(runs.map((check) => [check.name, check])).values()];
}

/** The newest status of every context on a commit. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const statuses = repository.statuses.filter((status) => status.sha === sha);
  return [...new Map(statuses.map((status) => [status.context, status])).values()];
}
