// What may come of a merge, and the naming of a refusal from facts. Pure: the asking is done in merge-facts.ts.
import type { Pull } from './pulls.ts';

/** One check run or commit status of a commit. */
export type Check = Readonly<{ name: string; state: 'passed' | 'failed' | 'pending' }>;

/**
 * The closed answer to a merge. `say` is one sentence for people. `merged`, `already_merged` and `closed` are final;
 * `queued` and `pending` are followed with `mergeStatus`; `unknown` is asked again; the rest needs a human or an agent.
 */
export type MergeOutcome =
  /** The pull is merged and its head is the commit that was asked for. */
  | Readonly<{ kind: 'merged'; sha: string; mergeCommitSha?: string }>
  /** Merged before we asked; compare `headSha` with what the human saw. */
  | Readonly<{ kind: 'already_merged'; headSha: string; mergeCommitSha?: string }>
  /** In a merge queue; not `certain` where the host cannot say whether it still is. */
  | Readonly<{ kind: 'queued'; certain: boolean }>
  | Readonly<{ kind: 'pending'; ticket: string }>
  | Readonly<{ kind: 'head_moved'; headSha?: string }>
  | Readonly<{ kind: 'conflict'; say: string }>
  | Readonly<{ kind: 'checks_pending' | 'checks_failed'; say: string; checks: readonly Check[] }>
  | Readonly<{ kind: 'review_required' | 'not_permitted'; say: string }>
  | Readonly<{ kind: 'closed' }>
  | Readonly<{ kind: 'unknown'; say: string; retryAfterMs?: number }>;

/** What was found out after a refusal. `undefined` where GitHub would not tell us. */
export type MergeFacts = Readonly<{
  pull: Pull;
  /** GitHub's mergeable_state: clean, unstable, has_hooks, blocked, behind, dirty, draft, unknown. */
  mergeableState: string;
  checks: readonly Check[] | undefined;
  requiredChecks: readonly string[] | undefined;
  /** Approvals that rules ask for and that count now; people whose last word was to ask for changes. */
  approvals:
    | Readonly<{ required: number | undefined; given: number; objecting: readonly string[] }>
    | undefined;
}>;

type Reason = Extract<MergeOutcome, { say: string }>;

/** GitHub's refusal: its HTTP status (absent for an asynchronous merge that failed) and its sentence. */
export type MergeRefusal = Readonly<{ status?: number; said: string }>;

/** What the pull alone tells about merging `sha`: merged, closed or moved; undefined when it is open at `sha`. */
export function nameSettled(pull: Pull, sha: string): MergeOutcome | undefined {
  if (pull.state === 'merged') {
    const { headSha, mergeCommitSha } = pull;
    return { kind: 'already_merged', headSha, ...(mergeCommitSha && { mergeCommitSha }) };
  }
  if (pull.state === 'closed') return { kind: 'closed' };
  return pull.headSha === sha ? undefined : { kind: 'head_moved', headSha: pull.headSha };
}

/**
 * Names why GitHub refused to merge `sha`. Facts come before GitHub's sentence, which is often generic; the sentence
 * decides only between reasons that are all true, and is passed on where no fact explains it.
 */
export function nameRefusal(facts: MergeFacts, sha: string, refusal: MergeRefusal): MergeOutcome {
  const settled = nameSettled(facts.pull, sha);
  if (settled) return settled;
  const { pull, mergeableState } = facts;
  if (pull.mergeable === false || mergeableState === 'dirty') {
    return { kind: 'conflict', say: `The branch conflicts with ${pull.baseRef}.` };
  }
  if (pull.draft)
    return { kind: 'not_permitted', say: 'The pull is still a draft. Mark it ready on GitHub.' };
  if (mergeableState === 'behind') {
    return { kind: 'conflict', say: `The branch must be brought up to date with ${pull.baseRef} first.` };
  }
  const hint = hintOf(refusal.said);
  const checks = relevantChecks(facts, hint);
  const reasons = [
    nameChecks(checks, 'failed'),
    nameReview(facts, refusal.said),
    nameChecks(checks, 'pending'),
    nameChecksBySentence(refusal.said),
  ].filter((reason) => reason !== undefined);
  return reasons.find(({ kind }) => hint && kind.startsWith(hint)) ?? reasons[0] ?? nameUnexplained(refusal);
}

function hintOf(said: string): 'review' | 'checks' | undefined {
  // Not every "review": "Base branch was modified. Review and try the merge again." asks for none.
  if (
    /\b(?:approving|required|owner) reviews?\b|\breviews? (?:is |are )?required\b|\bapprovals?\b/i.test(said)
  ) {
    return 'review';
  }
  return /\b(?:status|required) checks?\b/i.test(said) ? 'checks' : undefined;
}

/** Where required checks are known only those count, and one that never reported counts as pending. */
function relevantChecks(facts: MergeFacts, hint: ReturnType<typeof hintOf>): readonly Check[] {
  const { checks = [], requiredChecks, mergeableState } = facts;
  if (requiredChecks && requiredChecks.length > 0) {
    return requiredChecks.map(
      (name) => checks.find((check) => check.name === name) ?? { name, state: 'pending' },
    );
  }
  // An unhappy check that nobody requires stops nothing, unless GitHub says otherwise and hides its rules from us.
  const hidden = mergeableState === 'blocked' && requiredChecks === undefined;
  return hidden || hint === 'checks' ? checks : [];
}

function nameChecks(checks: readonly Check[], state: 'failed' | 'pending'): Reason | undefined {
  const names = listNames(checks.filter((check) => check.state === state));
  if (names === '') return undefined;
  if (state === 'failed') return { kind: 'checks_failed', say: `Checks failed: ${names}.`, checks };
  return { kind: 'checks_pending', say: `Checks are not finished: ${names}.`, checks };
}

function nameChecksBySentence(said: string): Reason | undefined {
  if (hintOf(said) !== 'checks') return undefined;
  const kind = /\bfail/i.test(said) ? 'checks_failed' : 'checks_pending';
  return { kind, say: `GitHub waits for checks: ${sentence(said)}`, checks: [] };
}

function nameReview({ approvals }: MergeFacts, said: string): Reason | undefined {
  const objecting = approvals?.objecting ?? [];
  if (objecting.length > 0 && approvals?.required !== 0) {
    return { kind: 'review_required', say: `${objecting.join(', ')} asked for changes on GitHub.` };
  }
  const missing = (approvals?.required ?? 0) - (approvals?.given ?? 0);
  if (missing > 0) {
    const reviews = missing === 1 ? 'one approving review' : `${missing} approving reviews`;
    return { kind: 'review_required', say: `GitHub's rules ask for ${reviews} on the pull first.` };
  }
  if (hintOf(said) !== 'review') return undefined;
  return {
    kind: 'review_required',
    say: `GitHub's rules ask for a review on the pull first: ${sentence(said)}`,
  };
}

function nameUnexplained({ status, said }: MergeRefusal): MergeOutcome {
  // The base moved, or GitHub's replicas disagree about the head: both pass.
  if (status === 409 || /\bwas modified\b/i.test(said))
    return { kind: 'unknown', say: `GitHub could not merge just now: ${sentence(said)}` };
  return { kind: 'not_permitted', say: `GitHub does not permit this merge: ${sentence(said)}` };
}

function listNames(checks: readonly Check[]): string {
  const names = checks.slice(0, 5).map(({ name }) => name);
  return checks.length > 5 ? `${names.join(', ')} and ${checks.length - 5} more` : names.join(', ');
}

/** GitHub's words without octokit's link to the documentation, on one line, bounded, ending in a full stop. */
function sentence(said: string): string {
  const line = said
    .replace(/ - https:\S+$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
