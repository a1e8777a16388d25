// The three ways to ask GitHub for a merge: asynchronous, classic, and into a merge queue. Each names the bare answer;
// what it means for the pull is decided in merge.ts.
import { z } from 'zod';
import type { Repo } from '../job/repo.ts';
import type { Client } from './client.ts';
import { isUnclear, readRefusal } from './failures.ts';

export type MergeAsk = Readonly<{
  repo: Repo;
  number: number;
  /** The head the human saw. No other commit is ever merged. */
  sha: string;
  method: 'squash' | 'merge' | 'rebase';
  title: string;
  message: string;
}>;

export type RouteAnswer =
  | Readonly<{ kind: 'merged' | 'enqueued' | 'unsupported' | 'queue_only' }>
  /** `expectedSha`: of the request that is under way, which need not be ours. */
  | Readonly<{ kind: 'pending'; ticket: string; expectedSha: string | undefined }>
  | Readonly<{ kind: 'refused'; status?: number; said: string }>
  /** Perhaps done, perhaps not. */
  | Readonly<{ kind: 'unclear'; said: string }>;

// github.blog changelog 2026-10-01; schema `pull-request-merge-async-result` of @octokit/openapi-types 29.0.1. The
// details have also been seen beside the status instead of under it.
const AsyncDetails = z
  .object({ message: z.string(), uuid: z.string(), expected_head_sha: z.string() })
  .partial();
const AsyncAnswer = AsyncDetails.extend({
  status: z.enum(['pending', 'merged', 'enqueued', 'failed']),
  details: AsyncDetails.nullish(),
}).transform(({ details, ...beside }) => ({ ...beside, ...details }));

/** Asks for an asynchronous merge. `unsupported` where the host does not know the route. */
export async function askAsyncMerge(client: Client, ask: MergeAsk): Promise<RouteAnswer> {
  return answering(async () => {
    const { data } = await client.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async', {
      ...toPath(ask),
      merge_method: ask.method,
      merge_action: 'default',
      sha: ask.sha,
      commit_title: ask.title,
      commit_message: ask.message,
    });
    return readAsyncAnswer(data);
  });
}

/** Reads how an asynchronous merge stands. `unsupported` when its ticket is forgotten (after 24 hours). */
export async function readAsyncMerge(
  client: Client,
  at: { repo: Repo; number: number; ticket: string },
): Promise<RouteAnswer> {
  return answering(async () => {
    const { data } = await client.request(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/merge-async/{uuid}',
      {
        ...toPath(at),
        uuid: at.ticket,
      },
    );
    return readAsyncAnswer(data, at.ticket);
  });
}

/** Asks for a merge that is done when the answer comes. `queue_only` where the branch has a merge queue. */
export async function askClassicMerge(client: Client, ask: MergeAsk): Promise<RouteAnswer> {
  const answer = await answering(async () => {
    await client.rest.pulls.merge({
      ...toPath(ask),
      merge_method: ask.method,
      sha: ask.sha,
      commit_title: ask.title,
      commit_message: ask.message,
    });
    return { kind: 'merged' };
  }, 'refused');
  // "Changes must be made through the merge queue": the only sign that the classic route gives of a queue.
  if (answer.kind === 'refused' && answer.status === 405 && /merge queue/i.test(answer.said))
    return { kind: 'queue_only' };
  return answer;
}

const ENQUEUE = `mutation ($input: EnqueuePullRequestInput!) {
  enqueuePullRequest(input: $input) { mergeQueueEntry { id } }
}`;

const DEQUEUE = `mutation ($input: DequeuePullRequestInput!) {
  dequeuePullRequest(input: $input) { mergeQueueEntry { id } }
}`;

const IN_QUEUE = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { isInMergeQueue } }
}`;

const QueueAnswer = z.object({
  repository: z.object({ pullRequest: z.object({ isInMergeQueue: z.boolean() }) }),
});

/** Puts the pull into the merge queue of its base branch; only GraphQL can where there is no asynchronous merge. */
export async function enqueue(client: Client, ask: { nodeId: string; sha: string }): Promise<RouteAnswer> {
  return answering(async () => {
    await client.graphql(ENQUEUE, { input: { pullRequestId: ask.nodeId, expectedHeadOid: ask.sha } });
    return { kind: 'enqueued' };
  }, 'refused');
}

/** Takes the pull out of its merge queue; only GraphQL can. Whether it left is asked afterwards: see `isInQueue`. */
export async function dequeue(client: Client, ask: { nodeId: string }): Promise<RouteAnswer> {
  return answering(async () => {
    await client.graphql(DEQUEUE, { input: { id: ask.nodeId } });
    return { kind: 'queue_only' };
  }, 'refused');
}

/** Whether the pull stands in a merge queue; undefined where the host cannot say. REST knows nothing of it. */
export async function isInQueue(
  client: Client,
  { repo, number }: { repo: Repo; number: number },
): Promise<boolean | undefined> {
  try {
    const answer = await client.graphql(IN_QUEUE, { owner: repo.owner, name: repo.name, number });
    return QueueAnswer.safeParse(answer).data?.repository.pullRequest.isInMergeQueue;
  } catch (thrown) {
    const refused = readRefusal(thrown);
    const cannotSay = refused && refused.status < 500 && refused.retryAfterMs === undefined;
    if (cannotSay || isGraphqlError(thrown)) return undefined;
    throw thrown;
  }
}

function readAsyncAnswer(data: unknown, ticket?: string): RouteAnswer {
  const parsed = AsyncAnswer.safeParse(data);
  if (!parsed.success) return { kind: 'unclear', said: 'GitHub answered the merge in a form unknown to us' };
  const { status, message, expected_head_sha: expectedSha } = parsed.data;
  if (status === 'failed') return { kind: 'refused', said: message ?? 'The merge failed' };
  if (status !== 'pending') return { kind: status };
  const uuid = parsed.data.uuid ?? ticket;
  if (!uuid) return { kind: 'unclear', said: 'GitHub accepted the merge without a ticket to follow' };
  return { kind: 'pending', ticket: uuid, expectedSha };
}

/** Runs one of the requests above. `missing` is what a route that is not there means to it. */
async function answering(
  ask: () => Promise<RouteAnswer>,
  missing: 'unsupported' | 'refused' = 'unsupported',
): Promise<RouteAnswer> {
  try {
    return await ask();
  } catch (thrown) {
    if (isUnclear(thrown)) return { kind: 'unclear', said: 'GitHub did not answer the merge' };
    if (isGraphqlError(thrown)) return { kind: 'refused', said: thrown.message };
    const refused = readRefusal(thrown);
    if (!refused || refused.retryAfterMs !== undefined || refused.status === 401) throw thrown;
    // 409: a request is under way already; 400: not open. Both speak in the form of a normal answer.
    const inForm = [400, 409].includes(refused.status) ? AsyncAnswer.safeParse(refused.data) : undefined;
    if (inForm?.success) return readAsyncAnswer(refused.data);
    if (missing === 'unsupported' && [404, 405, 410, 501].includes(refused.status))
      return { kind: 'unsupported' };
    return { kind: 'refused', status: refused.status, said: refused.said };
  }
}

function isGraphqlError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === 'GraphqlResponseError';
}

function toPath(at: { repo: Repo; number: number }) {
  return { owner: at.repo.owner, repo: at.repo.name, pull_number: at.number };
}
