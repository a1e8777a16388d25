// Whether a pull can be merged, worked out lazily as GitHub does: the first who asks after a change is told null.
import { mergesCleanly } from './merge.ts';
import { blockingRule, latestChecks, latestStatuses, protectionOf } from './merge-rules.ts';
import { isAncestor } from './repositories.ts';
import type { Pull, Repository } from './state.ts';

export type MergeableAnswer = { mergeable: boolean | null; mergeable_state: string };

/** What `GET /pulls/{n}` says about merging, and starts working it out where nobody knows yet. */
export async function askMergeable(repository: Repository, pull: Pull): Promise<MergeableAnswer> {
  if (pull.state === 'closed') return { mergeable: null, mergeable_state: 'unknown' };
  const { forcedMergeable } = pull;
  if (forcedMergeable === null) return { mergeable: null, mergeable_state: 'unknown' };
  if (forcedMergeable !== undefined) return describe(repository, pull, forcedMergeable);
  const baseSha = repository.branches.get(pull.base.ref) ?? pull.base.sha;
  const known = pull.mergeability;
  if (known?.headSha === pull.head.sha && known.baseSha === baseSha) {
    return describe(repository, pull, await known.value);
  }
  const value = mergesCleanly(repository.directory, baseSha, pull.head.sha).catch(() => false);
  pull.mergeability = { headSha: pull.head.sha, baseSha, value };
  return { mergeable: null, mergeable_state: 'unknown' };
}

async function describe(repository: Repository, pull: Pull, mergeable: boolean): Promise<MergeableAnswer> {
  if (!mergeable) return { mergeable, mergeable_state: 'dirty' };
  const base = repository.branches.get(pull.base.ref) ?? pull.base.sha;
  const isBehind =
    protectionOf(repository, pull).strict && !(await isAncestor(repository.directory, base, pull.head.sha));
  return { mergeable, mergeable_state: isBehind ? 'behind' : cleanState(repository, pull) };
}

function cleanState(repository: Repository, pull: Pull): string {
  if (pull.draft) return 'draft';
  if (blockingRule(repository, pull)) return 'blocked';
  const { sha } = pull.head;
  const unhappy =
    latestChecks(repository, sha).some(
      (check) => check.status !== 'completed' || check.conclusion === 'failure',
    ) || latestStatuses(repository, sha).some((status) => status.state !== 'success');
  return unhappy ? 'unstable' : 'clean';
}
