// The wish "do this": one new job, however often the request is delivered.

import { type Refusal, refuse } from '../errors.ts';
import { branchName, type Job, type ReplyPolicy } from '../job/job.ts';
import type { PlanMode } from '../job/plan.ts';
import type { Repo } from '../job/repo.ts';
import { takeChoice } from '../store/choices.ts';
import { insertJob } from '../store/jobs.ts';
import type { ActionContext, Standpoint } from './act.ts';
import { mayNot } from './may.ts';

/** Everything that was settled before a job exists: the repository is in reach, the issue is open. */
export type StartWish = Readonly<{
  /** The same for every delivery of the same request, e.g. `msg:T1:C1:1700000000.000100`. */
  sourceKey: string;
  kind: Job['kind'];
  task: string;
  lessonOf?: number;
  reviewOf?: Job['reviewOf'];
  issue?: Readonly<{ number: number; title: string; url: string }>;
  repo: Repo;
  repoUrl: string;
  base: string;
  agent?: string;
  model?: string;
  profile?: string;
  planMode?: PlanMode;
  replyPolicy?: ReplyPolicy;
  team: string;
  channel: string;
  /** Set when the wish stood in a message: the job lives in that message's thread. */
  threadTs?: string;
  threadUrl?: string;
  requester: string;
  requesterName?: string;
  /** Earlier messages of the thread; `by` is whose words they are, by Slack's id. */
  context?: readonly Readonly<{ author: string; text: string; by?: string | undefined }>[];
  /** The open question that the wish waited for, and the request that answers it: both end in one. */
  question?: Readonly<{ id: string; key: string }>;
  from: Standpoint;
}>;

/** Stores the job and enqueues its first turn. `created` is false for a repeated delivery. */
export async function startJob(
  { store, now, rules: deployment }: ActionContext,
  wish: StartWish,
): Promise<{ job: Job; created: boolean } | Refusal> {
  const { sourceKey, threadTs, context, question, from, ...asked } = wish;
  const { requester: person } = asked;
  const refusal = mayNot({ ask: 'start', person, ...from, target: asked, deployment, matter: asked });
  if (refusal) return refusal;
  return store.db.transaction(async (tx) => {
    if (question && (await takeChoice(tx, question.id, question.key)) === undefined) return questionOver();
    return insertJob(tx, store.queue, {
      sourceKey,
      threadTs,
      build: (id) => ({
        ...asked,
        status: 'queued',
        participants: [],
        context: (context ?? []).map((message) => ({ ...message })),
        turn: 1,
        branch: branchName(id),
        results: [],
        createdAt: now().toISOString(),
      }),
    });
  });
}

function questionOver(): Refusal {
  return refuse('question_over', 'This question is over. Send your command again.');
}
