// Merges exactly the commit a human saw, and follows merges that take time. Each unclear answer is settled by looking
// at the pull again, never by guessing. Decides nothing about jobs.
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors.ts';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import type { Client } from './client.ts';
import { asking } from './failures.ts';
import { readMergeFacts } from './merge-facts.ts';
import { type MergeOutcome, type MergeRefusal, nameRefusal, nameSettled } from './merge-outcome.ts';
import {
  askAsyncMerge,
  askClassicMerge,
  dequeue,
  enqueue,
  isInQueue,
  type MergeAsk,
  type RouteAnswer,
  readAsyncMerge,
} from './merge-routes.ts';
import { readPull } from './pulls.ts';

type Waiting = Readonly<{ pollMs: number; patienceMs: number }>;
type Where = Readonly<{ repo: Repo; number: number; sha: string }>;

/**
 * The two verbs of merging. `waiting.patienceMs` bounds how long `merge` itself follows a merge under way before it
 * hands out a ticket, asking every `waiting.pollMs`.
 */
export function createMerging(options: { access: Access; waiting: Waiting }) {
  const { access, waiting } = options;

  /** Trouble that will pass is an outcome here, so that nobody forgets to ask again. */
  const settling = async (
    where: Where,
    run: (client: Client) => Promise<MergeOutcome>,
  ): Promise<MergeOutcome> => {
    try {
      return await asking(`merging pull #${where.number}`, async () =>
        run((await access.reach(where.repo)).client),
      );
    } catch (thrown) {
      if (!(thrown instanceof TransientError)) throw thrown;
      const { message: say, retryAfterMs } = thrown;
      return { kind: 'unknown', say, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
  };

  return {
    /** Merges the pull if its head is `ask.sha`. Throws PermanentError only for credentials and missing repositories. */
    merge: (ask: MergeAsk): Promise<MergeOutcome> =>
      settling(ask, async (client) => {
        const first = await askAsyncMerge(client, ask);
        const answer = first.kind === 'unsupported' ? await askClassicMerge(client, ask) : first;
        return settle(client, ask, { answer, waiting });
      }),

    /** How a `queued` or `pending` merge stands now. `ticket` is the one that `merge` gave, if it gave one. */
    mergeStatus: ({ ticket, ...where }: Where & { ticket?: string }): Promise<MergeOutcome> =>
      settling(where, async (client) => {
        const settled = nameSettled(await readPull(client, where), where.sha);
        if (settled) return asMerged(settled, where.sha);
        if (ticket === undefined) return followQueue(client, where, waiting);
        const answer = await readAsyncMerge(client, { ...where, ticket });
        if (answer.kind !== 'pending') return settle(client, where, { answer, waiting });
        return follow(client, where, { pending: answer, waiting: { ...waiting, patienceMs: 0 } });
      }),

    /** Takes the pull out of its merge queue; `not_left` where it stands in none or the host will not. */
    leaveQueue: ({ repo, number }: { repo: Repo; number: number }): Promise<'left' | 'not_left'> =>
      asking(`taking pull #${number} out of the merge queue`, async () => {
        const { client } = await access.reach(repo);
        const at = { repo, number, sha: '' };
        if (!(await isInQueue(client, at))) return 'not_left';
        await dequeue(client, { nodeId: await readNodeId(client, at) });
        return (await isInQueue(client, at)) === false ? 'left' : 'not_left';
      }),
  };
}

async function settle(
  client: Client,
  where: Where,
  { answer, waiting }: { answer: RouteAnswer; waiting: Waiting },
): Promise<MergeOutcome> {
  switch (answer.kind) {
    case 'merged':
      return confirmMerged(client, where, waiting);
    case 'enqueued':
      return confirmQueued(client, where);
    case 'pending':
      return follow(client, where, { pending: answer, waiting });
    case 'queue_only':
      return joinQueue(client, where, waiting);
    case 'refused':
      return explain(client, where, { refusal: answer, waiting });
    case 'unsupported':
      return lookAgain(client, where, 'GitHub no longer knows this merge request.');
    case 'unclear':
      return lookAgain(client, where, `${answer.said}.`);
  }
}

/** After an answer that says nothing: the pull itself knows. */
async function lookAgain(client: Client, where: Where, say: string): Promise<MergeOutcome> {
  const settled = nameSettled(await readPull(client, where), where.sha);
  return settled ? asMerged(settled, where.sha) : { kind: 'unknown', say };
}

/** GitHub says merged: believed once the pull itself says so, with our head. */
async function confirmMerged(client: Client, where: Where, waiting: Waiting): Promise<MergeOutcome> {
  const until = performance.now() + waiting.patienceMs;
  for (;;) {
    const settled = nameSettled(await readPull(client, where), where.sha);
    if (settled?.kind === 'already_merged') return asMerged(settled, where.sha);
    if (performance.now() >= until)
      return { kind: 'unknown', say: 'GitHub says merged, but the pull does not show it yet.' };
    await sleep(waiting.pollMs);
  }
}

/** A queue may hold another head than ours: then nothing of ours is under way. */
async function confirmQueued(client: Client, where: Where): Promise<MergeOutcome> {
  const settled = nameSettled(await readPull(client, where), where.sha);
  return settled ? asMerged(settled, where.sha) : { kind: 'queued', certain: true };
}

async function follow(
  client: Client,
  where: Where,
  { pending, waiting }: { pending: Extract<RouteAnswer, { kind: 'pending' }>; waiting: Waiting },
): Promise<MergeOutcome> {
  const { ticket, expectedSha } = pending;
  if (expectedSha !== undefined && expectedSha !== where.sha) {
    return lookAgain(client, where, 'Somebody else asked GitHub to merge another commit of this pull.');
  }
  const until = performance.now() + waiting.patienceMs;
  while (performance.now() < until) {
    await sleep(waiting.pollMs);
    const answer = await readAsyncMerge(client, { ...where, ticket });
    if (answer.kind !== 'pending' && answer.kind !== 'unclear')
      return settle(client, where, { answer, waiting });
  }
  return { kind: 'pending', ticket };
}

async function joinQueue(client: Client, where: Where, waiting: Waiting): Promise<MergeOutcome> {
  const answer = await enqueue(client, { nodeId: await readNodeId(client, where), sha: where.sha });
  return settle(client, where, { answer, waiting });
}

async function followQueue(client: Client, where: Where, waiting: Waiting): Promise<MergeOutcome> {
  const queued = await isInQueue(client, where);
  if (queued !== false) return { kind: 'queued', certain: queued === true };
  return explain(client, where, { refusal: { said: 'the merge queue let go of the pull.' }, waiting });
}

async function explain(
  client: Client,
  where: Where,
  { refusal, waiting }: { refusal: MergeRefusal; waiting: Waiting },
): Promise<MergeOutcome> {
  return nameRefusal(await readMergeFacts(client, where, waiting), where.sha, refusal);
}

async function readNodeId(client: Client, { repo, number }: Where): Promise<string> {
  const { data } = await client.rest.pulls.get({ owner: repo.owner, repo: repo.name, pull_number: number });
  return data.node_id;
}

/** `already_merged` with our head is simply `merged` where we asked for it ourselves. */
function asMerged(outcome: MergeOutcome, sha: string): MergeOutcome {
  if (outcome.kind !== 'already_merged' || outcome.headSha !== sha) return outcome;
  const { mergeCommitSha } = outcome;
  return { kind: 'merged', sha, ...(mergeCommitSha && { mergeCommitSha }) };
}
