// The asynchronous merge API and the merge queue: requests that are accepted now and settled a moment later.
// Message texts follow github/gh-stack docs/reference/merge-api.md.
import { randomUUID } from 'node:crypto';
import { leaveQueue } from './branches.ts';
import { mergesCleanly } from './merge.ts';
import { blockingRule, HEAD_MODIFIED, NOT_MERGEABLE, protectionOf, QUEUE_REQUIRED } from './merge-rules.ts';
import { mergePull } from './merging.ts';
import { announcePull } from './pulls.ts';
import {
  addEvent,
  exclusively,
  type MergeMethod,
  type MergeRequest,
  type Pull,
  type Repository,
  type State,
} from './state.ts';

const CONFLICT = 'Merge conflict: the pull request could not be merged.';
/** GitHub forgets results after 24 hours. */
const RESULT_LIFE_MS = 24 * 60 * 60_000;

export type MergeRequestWish = Pick<MergeRequest, 'method' | 'action' | 'title' | 'message' | 'by'> & {
  sha: string | undefined;
};

/** Keeps the requests and settles them in the background; `hold(true)` leaves them pending until it is lifted. */
export function createMergeRequests(state: State) {
  let held = false;
  const waiting: (() => void)[] = [];

  function submit(repository: Repository, pull: Pull, wish: MergeRequestWish): MergeRequest {
    const { sha, ...rest } = wish;
    const request: MergeRequest = {
      ...rest,
      uuid: randomUUID(),
      pull: pull.number,
      expectedHeadSha: sha ?? pull.head.sha,
      updatedAt: state.now(),
      result: { status: 'pending', message: 'Merge request enqueued.' },
    };
    repository.mergeRequests.set(request.uuid, request);
    const run = () => void exclusively(repository, () => settle(state, repository, pull, request));
    if (held) waiting.push(run);
    else setImmediate(run);
    state.changed();
    return request;
  }

  return {
    submit,
    /** The request of a pull that is still pending. */
    pending: (repository: Repository, pull: Pull) =>
      [...repository.mergeRequests.values()].find(
        (request) => request.pull === pull.number && request.result.status === 'pending',
      ),
    find(repository: Repository, pull: Pull, uuid: string): MergeRequest | undefined {
      const request = repository.mergeRequests.get(uuid);
      const fresh = request && state.now().getTime() - request.updatedAt.getTime() < RESULT_LIFE_MS;
      return fresh && request.pull === pull.number ? request : undefined;
    },
    hold(on: boolean) {
      held = on;
      if (!on) for (const run of waiting.splice(0)) run();
    },
  };
}
export type MergeRequests = ReturnType<typeof createMergeRequests>;

/** Runs a request and writes down how it ended; never throws. */
async function settle(
  state: State,
  repository: Repository,
  pull: Pull,
  request: MergeRequest,
): Promise<void> {
  request.result = await attempt(state, repository, pull, request).catch((error: unknown) => ({
    status: 'failed' as const,
    message: `Something went wrong: ${String(error)}`,
  }));
  request.updatedAt = state.now();
  state.changed();
}

async function attempt(
  state: State,
  repository: Repository,
  pull: Pull,
  request: MergeRequest,
): Promise<MergeRequest['result']> {
  const queued = protectionOf(repository, pull).mergeQueue === true;
  if (request.action === 'direct_merge' && queued) return { status: 'failed', message: QUEUE_REQUIRED };
  if (request.action === 'merge_queue' && !queued) {
    return { status: 'failed', message: 'The base branch does not have a merge queue.' };
  }
  if (queued) return enqueue(state, repository, pull, { sha: request.expectedHeadSha, by: request.by });
  const { title, message, by } = request;
  const method = request.method ?? 'merge';
  const outcome = await mergePull(state, repository, pull, {
    method,
    title,
    message,
    by,
    sha: request.expectedHeadSha,
  });
  if ('merged' in outcome)
    return { status: 'merged', message: 'Pull request was merged.', sha: outcome.merged };
  return { status: 'failed', message: outcome.message === NOT_MERGEABLE ? CONFLICT : outcome.message };
}

/** Puts a pull at the end of its base branch's queue, or says why it may not enter. */
export async function enqueue(
  state: State,
  repository: Repository,
  pull: Pull,
  wish: { sha: string; by: string },
): Promise<{ status: 'enqueued' | 'failed'; message: string }> {
  if (wish.sha !== pull.head.sha) return { status: 'failed', message: HEAD_MODIFIED };
  const rule = blockingRule(repository, pull);
  if (rule) return { status: 'failed', message: rule };
  const base = repository.branches.get(pull.base.ref) ?? pull.base.sha;
  if (!(await mergesCleanly(repository.directory, base, pull.head.sha)))
    return { status: 'failed', message: CONFLICT };
  const entry = {
    id: state.nextId(),
    pull: pull.number,
    headSha: wish.sha,
    by: wish.by,
    enqueuedAt: state.now(),
  };
  repository.queue.push(entry);
  addEvent(state, pull, 'added_to_merge_queue', wish.by);
  announcePull(state, repository, pull, { action: 'enqueued', by: wish.by });
  return { status: 'enqueued', message: 'Pull request was added to the merge queue.' };
}

/** The queue takes its first entry: merges it, or throws it out (`kickOut`, as when its checks fail there). */
export function advanceQueue(
  state: State,
  repository: Repository,
  options: { kickOut?: boolean; method?: MergeMethod } = {},
): Promise<'merged' | 'removed' | 'empty'> {
  return exclusively(repository, async () => {
    const [entry] = repository.queue;
    const pull = entry && repository.pulls.get(entry.pull);
    if (!entry || !pull) return 'empty';
    const by = 'github-merge-queue[bot]';
    const attempt = { method: options.method ?? 'squash', by, sha: entry.headSha };
    const outcome = options.kickOut ? undefined : await mergePull(state, repository, pull, attempt);
    if (outcome && 'merged' in outcome) return 'merged';
    leaveQueue(state, repository, pull, by);
    return 'removed';
  });
}
