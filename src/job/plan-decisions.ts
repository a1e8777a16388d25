// What people may do with a plan that waits for them: run it, answer its questions, run its tasks as jobs of their own, or
// drop it. Part of `transition`, which alone calls these; each answers with the next job or a refusal. Pure.
import { type Refusal, refuse } from '../errors.ts';
import { type Job, jobName } from './job.ts';
import { type OfTurn, refuseOtherTurn } from './other-turn.ts';
import type { JobPlan } from './plan.ts';
import { awaited, MOST_ROUNDS, nameJobs, openQuestions, shownLine } from './planning.ts';

type By = Readonly<{ by: string }> & OfTurn;

export type PlanEvent =
  /** Go on from the plan as it is; `asOne`: also where it is several tasks. */
  | (Readonly<{ type: 'plan_run'; asOne?: true }> & By)
  /** One of the plan's proposals was chosen; both count from 0. */
  | (Readonly<{ type: 'plan_answered'; question: number; proposal: number; byName?: string }> & By)
  /** Its tasks were made jobs of their own, in the same transaction. */
  | (Readonly<{ type: 'plan_split'; jobs: readonly number[] }> & By)
  | (Readonly<{ type: 'plan_dropped' }> & By)
  /** Nobody answered for so long that nobody will. */
  | Readonly<{ type: 'plan_expired' }>;
type Of<T extends PlanEvent['type']> = Extract<PlanEvent, { type: T }>;

export function decidePlan(job: Job, event: PlanEvent, at: string): Job | Refusal {
  if (event.type === 'plan_expired') return expirePlan(job, at);
  const stale = refuseOtherPlan(job, event);
  if (stale) return stale;
  switch (event.type) {
    case 'plan_run':
      return runPlan(job, event);
    case 'plan_answered':
      return answerQuestion(job, event, at);
    case 'plan_split':
      return splitPlan(job, event, at);
    case 'plan_dropped':
      return dropPlan(job, event.by, at);
  }
}

/** Who presses what another one has pressed is told that, not that there is another turn. */
function refuseOtherPlan(job: Job, event: OfTurn): Refusal | undefined {
  const isDecided = job.plan?.state === 'approved' && job.plan.turn === event.turn;
  return isDecided ? undefined : refuseOtherTurn(job, event);
}

/** Approves the plan. Where it has questions, they need no answers any more: a new plan decides by itself. */
function runPlan(job: Job, event: Of<'plan_run'>): Job | Refusal {
  const plan = waitingPlan(job);
  if ('refusal' in plan) return plan;
  switch (awaited(job)) {
    case 'questions':
      return resume(job, { ...plan, rounds: MOST_ROUNDS });
    case 'split':
      if (!event.asOne)
        return refuse(
          'which_way',
          `${jobName(job)} is several tasks. Press *Run as ${plan.tasks.length} jobs* or *Run as one* on its plan.`,
        );
      return { ...resume(job, approved(plan, event.by)), asOne: true };
    default:
      return resume(job, approved(plan, event.by));
  }
}

/** Keeps one choice; the last one starts the planner again. Nobody chooses twice. */
function answerQuestion(job: Job, event: Of<'plan_answered'>, at: string): Job | Refusal {
  const plan = waitingPlan(job);
  if ('refusal' in plan) return plan;
  const { question, proposal, by, byName } = event;
  const proposed = plan.questions[question]?.proposals[proposal];
  if (proposed === undefined)
    return refuse(
      'stale',
      `${jobName(job)} has another plan by now. Look at the newest message in its thread.`,
    );
  const known = plan.chosen?.find((each) => each.question === question);
  if (known)
    return refuse(
      'already_answered',
      `<@${known.by}> answered that already. Reply in the thread to say more.`,
    );
  const text = shownLine(proposed, 'proposal');
  const chosen = [...(plan.chosen ?? []), { question, text, by, at, ...(byName ? { byName } : {}) }];
  const next = { ...plan, chosen };
  // The message keeps what was chosen there, also once there is another plan.
  const results = job.results.map((result) =>
    result.turn === plan.turn && result.plan ? { ...result, plan: { ...result.plan, chosen } } : result,
  );
  const kept = { ...job, results };
  return openQuestions(next).length === 0 ? resume(kept, next) : { ...kept, plan: next };
}

/** The tasks are jobs of their own from here on. */
function splitPlan(job: Job, event: Of<'plan_split'>, at: string): Job | Refusal {
  const plan = waitingPlan(job);
  if ('refusal' in plan) return plan;
  if (awaited(job) !== 'split') return refuse('one_task', `The plan of ${jobName(job)} is one task.`);
  const planEnd = { how: 'split' as const, by: event.by, at, jobs: [...event.jobs] };
  return { ...job, status: 'done', planEnd };
}

export function dropPlan(job: Job, by: string, at: string): Job | Refusal {
  const plan = waitingPlan(job);
  if ('refusal' in plan) return plan;
  return { ...job, status: 'cancelled', planEnd: { how: 'dropped', by, at } };
}

/** Words on a job whose tasks are jobs of their own belong to those. */
export function refuseAfterSplit(job: Job): Refusal | undefined {
  if (job.planEnd?.how !== 'split') return undefined;
  const where = nameJobs(job.planEnd.jobs);
  return refuse('went_on', `${jobName(job)} went on as ${where}. Reply in their threads.`);
}

function expirePlan(job: Job, at: string): Job | Refusal {
  const plan = waitingPlan(job);
  if ('refusal' in plan) return plan;
  return { ...job, status: 'cancelled', planEnd: { how: 'expired', at } };
}

function waitingPlan(job: Job): JobPlan | Refusal {
  const { plan } = job;
  if (plan !== undefined && awaited(job) !== undefined) return plan;
  if (plan?.state === 'approved')
    return refuse(
      'already_decided',
      `The plan of ${jobName(job)} was approved already; its thread shows how far it is.`,
    );
  if (job.planEnd?.how === 'split')
    return refuse('already_decided', `${jobName(job)} went on as ${nameJobs(job.planEnd.jobs)} already.`);
  return refuse(
    'no_plan_waits',
    `No plan of ${jobName(job)} waits for an answer. Reply in its thread to say more.`,
  );
}

function approved(plan: JobPlan, by: string): JobPlan {
  return { ...plan, state: 'approved', approvedBy: by };
}

function resume(job: Job, plan: JobPlan): Job {
  const { turnStartedAt: _at, problem: _problem, ...rest } = job;
  return { ...rest, plan, status: 'queued', turn: job.turn + 1 };
}
