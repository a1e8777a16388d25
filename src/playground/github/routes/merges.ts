// Merging over REST: the classic endpoint and the asynchronous one (FACTS §2.5).
import { z } from 'zod';
import { type Answer, apiError, noContent, notFound, ok } from '../answer.ts';
import type { MergeRequests } from '../merge-requests.ts';
import { protectionOf, QUEUE_REQUIRED } from '../merge-rules.ts';
import { mergePull } from '../merging.ts';
import { parseBody, type RepositoryCall, type Route, repositoryRoute } from '../router.ts';
import { exclusively, type MergeRequest, type State } from '../state.ts';
import { pullOf } from './pulls.ts';

const classicMerge = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
});
const asyncMerge = classicMerge.extend({
  merge_action: z.enum(['default', 'direct_merge', 'merge_queue']).optional(),
});

export function mergeRoutes(
  state: State,
  requests: MergeRequests,
  options: { asyncMerge: () => boolean },
): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /pulls/:number/merge', { pull_requests: 'read' }, (call) => {
      if (!pullOf(call).mergedAt) throw notFound();
      return noContent();
    }),
    on('PUT /pulls/:number/merge', { contents: 'write' }, (call) =>
      exclusively(call.repository, () => mergeNow(state, call)),
    ),
    on('PUT /pulls/:number/merge-async', { contents: 'write' }, (call) => {
      if (!options.asyncMerge()) throw notFound();
      return exclusively(call.repository, async () => submit(requests, call));
    }),
    on('GET /pulls/:number/merge-async/:uuid', { pull_requests: 'read', contents: 'read' }, (call) => {
      const request = requests.find(call.repository, pullOf(call), call.params['uuid'] ?? '');
      if (!options.asyncMerge() || !request) throw notFound();
      return ok(resultView(request));
    }),
  ];
}

async function mergeNow(state: State, call: RepositoryCall): Promise<Answer> {
  const { repository, login } = call;
  const wish = parseBody(classicMerge, call.body);
  const pull = pullOf(call);
  if (pull.state === 'open' && protectionOf(repository, pull).mergeQueue) throw apiError(405, QUEUE_REQUIRED);
  const outcome = await mergePull(state, repository, pull, {
    method: wish.merge_method ?? 'merge',
    sha: wish.sha,
    title: wish.commit_title,
    message: wish.commit_message,
    by: login,
  });
  if (!('merged' in outcome)) throw apiError(outcome.status, outcome.message);
  return ok({ sha: outcome.merged, merged: true, message: 'Pull Request successfully merged' });
}

/** Only the simple things are looked at here; rules, conflicts and the SHA show when the merge runs. */
function submit(requests: MergeRequests, call: RepositoryCall): Answer {
  const wish = parseBody(asyncMerge, call.body);
  const pull = pullOf(call);
  const result = (status: number, word: string, message: string, more = {}) => ({
    status,
    body: { status: word, details: { message, ...more } },
  });
  if (pull.mergedAt) return result(200, 'merged', 'Pull request was merged.', { sha: pull.mergeCommitSha });
  if (pull.state === 'closed') return result(400, 'failed', 'Pull request is closed.');
  if (pull.draft) return result(400, 'failed', 'Pull request is still a draft.');
  if (call.repository.queue.some((entry) => entry.pull === pull.number)) {
    return result(200, 'enqueued', 'Pull request is already in the merge queue.');
  }
  const existing = requests.pending(call.repository, pull);
  if (existing) return { status: 409, body: resultView(existing) };
  const request = requests.submit(call.repository, pull, {
    method: wish.merge_method,
    action: wish.merge_action ?? 'default',
    title: wish.commit_title,
    message: wish.commit_message,
    sha: wish.sha,
    by: call.login,
  });
  return { status: 202, body: resultView(request) };
}

function resultView(request: MergeRequest) {
  const { result } = request;
  if (result.status === 'merged') {
    return { status: 'merged', details: { message: result.message, sha: result.sha } };
  }
  if (result.status !== 'pending') return { status: result.status, details: { message: result.message } };
  return {
    status: 'pending',
    details: {
      message: result.message,
      uuid: request.uuid,
      merge_method: request.method ?? 'default',
      merge_action: request.action,
      expected_head_sha: request.expectedHeadSha,
    },
  };
}
