// The wish "make these tasks jobs of their own": one new job for each, however often and by how many people it is wished.
import { isRefusal, type Refusal } from '../errors.ts';
import { branchName, type Job, type JobData, jobName } from '../job/job.ts';
import { shownLine } from '../job/planning.ts';
import { transition } from '../job/transition.ts';
import type { Tx } from '../store/database.ts';
import { hadEffect, noteEffect } from '../store/effects.ts';
import { applyEvent, insertJob, lockJob } from '../store/jobs.ts';
import { type ActionContext, judge, noSuchJob } from './act.ts';
import type { PlanWish } from './plan-job.ts';

/** The jobs and the end of the one that they come from are one transaction. Answers with the latter. */
export async function splitPlan(context: ActionContext, wish: PlanWish): Promise<Job | Refusal> {
  const { store, now } = context;
  return store.db.transaction(async (tx) => {
    const job = await lockJob(tx, wish.jobId);
    if (job === undefined || job.team !== wish.team) return noSuchJob(wish.jobId);
    if (wish.key !== undefined && (await hadEffect(tx, wish.key))) return job;
    const refusal =
      judge(context, job, { ...wish, ask: 'start' }) ?? judge(context, job, { ...wish, ask: 'steer' });
    if (refusal) return refusal;
    const turn = wish.turn === undefined ? {} : { turn: wish.turn };
    const event = { type: 'plan_split', by: wish.by, ...turn } as const;
    // Asked before there are jobs to name: a refusal makes none.
    const possible = transition(job, { ...event, jobs: [] }, now());
    if (isRefusal(possible)) return possible;
    const jobs = await insertTasks(tx, context, job);
    const ended = await applyEvent(tx, store.queue, { job, event: { ...event, jobs }, now: now() });
    if (wish.key !== undefined && !isRefusal(ended)) await noteEffect(tx, wish.key);
    return ended;
  });
}

async function insertTasks(tx: Tx, { store, now }: ActionContext, job: Job): Promise<number[]> {
  const ids: number[] = [];
  for (const [index] of (job.plan?.tasks ?? []).entries()) {
    const { job: made } = await insertJob(tx, store.queue, {
      sourceKey: `split:${job.id}:${job.turn}:${index}`,
      build: (id) => buildTask({ job, index, id, createdAt: now().toISOString() }),
    });
    ids.push(made.id);
  }
  return ids;
}

/** A job of its own card, asked for by the same person; what a command wished of its plans has been done. */
function buildTask(given: { job: Job; index: number; id: number; createdAt: string }): JobData {
  const { job, index, id, createdAt } = given;
  const tasks = job.plan?.tasks ?? [];
  const issue = job.issue ?? job.partOf?.issue;
  const { repo, repoUrl, base, agent, model, profile, team, channel, requester, requesterName, replyPolicy } =
    job;
  const whole = job.issue
    ? `issue #${job.issue.number} (${job.issue.title}, ${job.issue.url})`
    : `this task: ${job.task}`;
  return {
    kind: 'do',
    status: 'queued',
    task: `${shownLine(tasks[index] ?? '', 'task')}\n\nThis is one part of ${whole}\n\nLeave the other parts to the other jobs that ${jobName(job)} was split into.`,
    asOne: true,
    partOf: {
      job: job.id,
      number: index + 1,
      tasks: tasks.map((each) => shownLine(each, 'task')),
      ...(issue === undefined ? {} : { issue: { number: issue.number } }),
    },
    ...(job.planMode === undefined || job.planMode === 'ask' ? {} : { planMode: job.planMode }),
    ...{ repo, repoUrl, base, team, channel, requester },
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(profile === undefined ? {} : { profile }),
    ...(requesterName === undefined ? {} : { requesterName }),
    ...(replyPolicy === undefined ? {} : { replyPolicy }),
    participants: [...job.participants],
    context: [
      ...job.context,
      ...(job.plan?.said ?? []),
      { author: `The plan of ${jobName(job)}`, text: job.plan?.understood ?? '' },
    ],
    turn: 1,
    branch: branchName(id),
    results: [],
    createdAt,
  };
}
