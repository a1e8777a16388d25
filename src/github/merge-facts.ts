// Asks GitHub why a pull cannot be merged. Reads only; what it may not read it leaves undefined.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Repo } from '../job/repo.ts';
import type { Client } from './client.ts';
import { isStatus } from './failures.ts';
import type { Check, MergeFacts } from './merge-outcome.ts';
import { type Pull, toPull } from './pulls.ts';

type Where = Readonly<{ repo: Repo; number: number; sha: string }>;

/** Reads everything `nameRefusal` wants. Waits up to `patienceMs` for GitHub to compute `mergeable`. */
export async function readMergeFacts(
  client: Client,
  where: Where,
  waiting: { pollMs: number; patienceMs: number },
): Promise<MergeFacts> {
  const { pull, mergeableState } = await readComputedPull(client, where, waiting);
  const nothing = { checks: undefined, requiredChecks: undefined, approvals: undefined };
  if (pull.state !== 'open' || pull.headSha !== where.sha) return { pull, mergeableState, ...nothing };
  const [checks, rules, reviews] = await Promise.all([
    readChecks(client, where),
    readRules(client, where.repo, pull.baseRef),
    readReviews(client, where),
  ]);
  const approvals = reviews && { ...reviews, required: rules.approvals };
  return { pull, mergeableState, checks, requiredChecks: rules.checks, approvals };
}

async function readComputedPull(
  client: Client,
  { repo, number }: Where,
  waiting: { pollMs: number; patienceMs: number },
) {
  const until = performance.now() + waiting.patienceMs;
  for (;;) {
    const { data } = await client.rest.pulls.get({ owner: repo.owner, repo: repo.name, pull_number: number });
    const pull: Pull = toPull(data);
    const computed = pull.state !== 'open' || pull.mergeable !== undefined;
    if (computed || performance.now() >= until)
      return { pull, mergeableState: data.mergeable_state ?? 'unknown' };
    await sleep(waiting.pollMs);
  }
}

async function readChecks(client: Client, { repo, sha }: Where): Promise<Check[] | undefined> {
  const at = { owner: repo.owner, repo: repo.name, ref: sha };
  const [runs, statuses] = await Promise.all([
    readable(() => client.paginate(client.rest.checks.listForRef, { ...at, per_page: 100 })),
    readable(() => client.rest.repos.getCombinedStatusForRef({ ...at, per_page: 100 })),
  ]);
  if (!runs && !statuses) return undefined;
  const fromRuns = (runs ?? []).map(({ name, status, conclusion }) => ({
    name,
    state: toState(status, conclusion),
  }));
  const fromStatuses = (statuses?.data.statuses ?? []).map(({ context, state }) => ({
    name: context,
    state:
      state === 'success'
        ? ('passed' as const)
        : state === 'pending'
          ? ('pending' as const)
          : ('failed' as const),
  }));
  return [...fromRuns, ...fromStatuses];
}

/** Conclusions that let a required check pass: docs.github.com, "About status checks". */
function toState(status: string, conclusion: string | null): Check['state'] {
  if (status !== 'completed') return 'pending';
  return ['success', 'neutral', 'skipped'].includes(conclusion ?? '') ? 'passed' : 'failed';
}

/** What rulesets and (as far as we may see it) classic branch protection ask for. */
async function readRules(client: Client, repo: Repo, branch: string) {
  const at = { owner: repo.owner, repo: repo.name, branch };
  const [rulesets, protectedBranch, reviewRule] = await Promise.all([
    readable(() => client.paginate(client.rest.repos.getBranchRules, { ...at, per_page: 100 })),
    readable(() => client.rest.repos.getBranch(at)),
    readable(() => client.rest.repos.getPullRequestReviewProtection(at)),
  ]);
  const contexts = new Set(protectedBranch?.data.protection?.required_status_checks?.contexts ?? []);
  let approvals = reviewRule?.data.required_approving_review_count;
  for (const rule of rulesets ?? []) {
    if (rule.type === 'required_status_checks') {
      for (const { context } of rule.parameters?.required_status_checks ?? []) contexts.add(context);
    }
    if (rule.type === 'pull_request') {
      approvals = Math.max(approvals ?? 0, rule.parameters?.required_approving_review_count ?? 0);
    }
  }
  return { checks: rulesets || protectedBranch ? [...contexts] : undefined, approvals };
}

/** The last word of each reviewer counts; a plain comment takes nothing back. */
async function readReviews(client: Client, { repo, number }: Where) {
  const at = { owner: repo.owner, repo: repo.name, pull_number: number, per_page: 100 };
  const reviews = await readable(() => client.paginate(client.rest.pulls.listReviews, at));
  if (!reviews) return undefined;
  const lastWord = new Map<string, string>();
  for (const { user, state } of reviews) {
    if (state !== 'COMMENTED' && state !== 'PENDING') lastWord.set(user?.login ?? 'ghost', state);
  }
  const saying = (state: string) =>
    [...lastWord].filter(([, word]) => word === state).map(([login]) => login);
  return { given: saying('APPROVED').length, objecting: saying('CHANGES_REQUESTED') };
}

/** Undefined where we lack the right, or where the host lacks the route; other trouble is thrown on. */
async function readable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (isStatus(thrown, 403, 404, 405, 410, 501)) return undefined;
    throw thrown;
  }
}
