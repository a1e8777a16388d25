// The few GraphQL questions for which GitHub has no REST: the merge queue, leaving draft and threads of a review. Not a GraphQL engine: it
// recognises the field that is asked for and answers with everything it knows about that pull.
import { z } from 'zod';
import { type Answer, apiError, ok } from '../answer.ts';
import { mayDo, mayReach } from '../auth.ts';
import { leaveQueue } from '../branches.ts';
import { enqueue } from '../merge-requests.ts';
import { announcePull } from '../pulls.ts';
import { type Call, parseBody, type Route, route } from '../router.ts';
import { exclusively, type Pull, type Repository, type State } from '../state.ts';

const request = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });
const pullPlace = z
  .object({ owner: z.string(), name: z.string().optional(), repo: z.string().optional(), number: z.number() })
  .loose();
const input = z
  .object({
    pullRequestId: z.string().optional(),
    id: z.string().optional(),
    expectedHeadOid: z.string().optional(),
  })
  .loose()
  // GitHub names the pull `id` where it leaves the queue and `pullRequestId` everywhere else.
  .transform(({ pullRequestId, id, ...rest }) => ({ ...rest, pullRequestId: pullRequestId ?? id ?? '' }));

export function graphqlRoutes(state: State): Route[] {
  return [
    route('POST /graphql', (call) => {
      const { query, variables } = parseBody(request, call.body);
      if (query.includes('enqueuePullRequest')) return onPull(state, call, variables, enqueuePull);
      if (query.includes('dequeuePullRequest')) return onPull(state, call, variables, dequeuePull);
      if (query.includes('markPullRequestReadyForReview')) return onPull(state, call, variables, leaveDraft);
      if (query.includes('resolveReviewThread')) return resolveThread(state, call, variables);
      if (/pullRequest\s*\(/.test(query)) return readPull(state, call, variables);
      throw apiError(400, 'The local GitHub does not know this GraphQL query.');
    }),
  ];
}

const failed = (type: string, message: string): Answer => ok({ data: null, errors: [{ type, message }] });

function readPull(state: State, call: Call, variables: Record<string, unknown>): Answer {
  const where = parseBody(pullPlace, variables);
  const repository = state.find(`${where.owner}/${where.name ?? where.repo}`);
  if (!repository || !mayReach(call.identity, repository)) {
    const named = `${where.owner}/${where.name ?? where.repo}`;
    return failed('NOT_FOUND', `Could not resolve to a Repository with the name '${named}'.`);
  }
  const pull = repository.pulls.get(where.number);
  if (!pull)
    return failed('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${where.number}.`);
  return ok({ data: { repository: { pullRequest: pullNode(repository, pull) } } });
}

const threadInput = z.object({ threadId: z.string() }).loose();

/** The caller needs what it needs to change the pull. */
function resolveThread(state: State, call: Call, variables: Record<string, unknown>): Answer {
  const { threadId } = parseBody(threadInput, variables['input'] ?? variables);
  for (const repository of state.repositories.values()) {
    if (!mayDo(call.identity, repository, 'pull_requests', 'write')) continue;
    for (const pull of repository.pulls.values()) {
      const first = pull.reviewComments.find(({ id }) => `PRRT_${id}` === threadId);
      if (first === undefined) continue;
      pull.resolvedThreads.set(first.id, call.login);
      state.changed();
      return ok({ data: { resolveReviewThread: { thread: { id: threadId, isResolved: true } } } });
    }
  }
  return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${threadId}'`);
}

type Work = (
  state: State,
  repository: Repository,
  pull: Pull,
  wish: { sha: string; by: string },
) => Promise<Answer>;

function onPull(
  state: State,
  call: Call,
  variables: Record<string, unknown>,
  work: Work,
): Answer | Promise<Answer> {
  const wish = parseBody(input, variables['input'] ?? variables);
  for (const repository of state.repositories.values()) {
    if (!mayDo(call.identity, repository, 'pull_requests', 'write')) continue;
    const pull = [...repository.pulls.values()].find(({ id }) => `PR_${id}` === wish.pullRequestId);
    if (!pull) continue;
    const sha = wish.expectedHeadOid ?? pull.head.sha;
    return exclusively(repository, () => work(state, repository, pull, { sha, by: call.login }));
  }
  return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${wish.pullRequestId}'`);
}

const enqueuePull: Work = async (state, repository, pull, wish) => {
  const outcome = await enqueue(state, repository, pull, wish);
  if (outcome.status === 'failed') return failed('UNPROCESSABLE', outcome.message);
  const { mergeQueueEntry } = pullNode(repository, pull);
  return ok({ data: { enqueuePullRequest: { mergeQueueEntry } } });
};

const dequeuePull: Work = async (state, repository, pull, wish) => {
  leaveQueue(state, repository, pull, wish.by);
  return ok({ data: { dequeuePullRequest: { mergeQueueEntry: null } } });
};

const leaveDraft: Work = async (state, repository, pull, wish) => {
  pull.draft = false;
  announcePull(state, repository, pull, { action: 'ready_for_review', by: wish.by });
  return ok({ data: { markPullRequestReadyForReview: { pullRequest: pullNode(repository, pull) } } });
};

function pullNode(repository: Repository, pull: Pull) {
  const at = repository.queue.findIndex((entry) => entry.pull === pull.number);
  const entry = repository.queue[at];
  return {
    id: `PR_${pull.id}`,
    number: pull.number,
    state: pull.mergedAt ? 'MERGED' : pull.state.toUpperCase(),
    merged: pull.mergedAt !== null,
    isDraft: pull.draft,
    isInMergeQueue: entry !== undefined,
    headRefOid: pull.head.sha,
    mergeCommit: pull.mergeCommitSha ? { oid: pull.mergeCommitSha } : null,
    reviewThreads: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: threadNodes(pull) },
    mergeQueueEntry: entry
      ? {
          id: `MQE_${entry.id}`,
          state: 'QUEUED',
          position: at + 1,
          enqueuedAt: entry.enqueuedAt.toISOString(),
        }
      : null,
  };
}

/** GraphQL's Int has 32 bits. */
const MAX_INT = 2 ** 31 - 1;

function threadNodes(pull: Pull) {
  const firsts = pull.reviewComments.filter(({ inReplyTo }) => inReplyTo === null);
  return firsts.map(({ id }) => ({
    id: `PRRT_${id}`,
    isResolved: pull.resolvedThreads.has(id),
    comments: { nodes: [{ databaseId: id > MAX_INT ? null : id, fullDatabaseId: String(id) }] },
  }));
}
