// Whether a plan goes on by itself or waits for people, and for what: approval, answers, or whether it is one job. Pure.
import { cutHead } from './cut.ts';
import { dropHidden } from './hidden-text.ts';
import { type Job, jobName } from './job.ts';
import type { JobPlan, PlanBody, PlanMode } from './plan.ts';

/** After this many rounds of questions a plan decides by itself and names what it assumes. */
export const MOST_ROUNDS = 2;

/**
 * A command stands above the repository and that above the deployment; but where the repository wants plans approved, no
 * command can do without.
 */
export function choosePlanMode(
  asked: Readonly<{
    command: PlanMode | undefined;
    repository: PlanMode | undefined;
    deployment: PlanMode;
  }>,
): PlanMode {
  if (asked.repository === 'ask') return 'ask';
  return asked.command ?? asked.repository ?? asked.deployment;
}

/** `approval`: of the plan. `questions`: choices that it cannot make. `split`: whether its tasks are one job or several. */
export type Awaited = 'approval' | 'questions' | 'split';

/** What of this plan people must decide before work begins; undefined where it goes on by itself. */
export function awaitedBy(
  plan: PlanBody,
  { mode, job }: { mode: PlanMode; job: Pick<Job, 'task' | 'asOne'> },
): Awaited | undefined {
  if (plan.questions.length > 0) return 'questions';
  if (plan.tasks.length > 1 && !wantsOne(job)) return 'split';
  return mode === 'ask' ? 'approval' : undefined;
}

/** What a job waits for people to say of its plan; undefined where it waits for nothing of the kind. */
export function awaited(job: Pick<Job, 'status' | 'plan' | 'task' | 'asOne'>): Awaited | undefined {
  if (job.status !== 'waiting' || job.plan?.state !== 'waiting') return undefined;
  return awaitedBy(job.plan, { mode: 'ask', job });
}

/** People agree to what they see: longer tasks, questions and proposals are cut there and wherever they have an effect. */
export const SHOWN = { task: 260, question: 300, proposal: 200 } as const;

/** One line of a plan as people see it, and as it counts. */
export function shownLine(text: string, kind: keyof typeof SHOWN): string {
  return cutHead(dropHidden(text.replaceAll(/\s+/g, ' ')).trim(), SHOWN[kind]);
}

/** By a button, or in so many words: `do … as one`. */
export function wantsOne({ task, asOne }: Pick<Job, 'task' | 'asOne'>): boolean {
  return asOne === true || /\bas one(?: (?:job|task|pull))?[\s.!]*$/im.test(task);
}

/** The numbers of those that nobody has chosen an answer for. */
export function openQuestions(plan: JobPlan): readonly number[] {
  return plan.questions.flatMap((_question, index) =>
    plan.chosen?.some(({ question }) => question === index) ? [] : [index],
  );
}

/** What was chosen, as words of those who chose. */
export function tellChosen(plan: JobPlan): { author: string; text: string; by: string }[] {
  return (plan.chosen ?? []).map(({ question, text, by, byName }) => ({
    by,
    author: byName ?? 'A team member',
    text: `Asked "${shownLine(plan.questions[question]?.question ?? '', 'question')}": ${text}`,
  }));
}

/** Whether nobody has answered for so long that nobody will. Whoever answers a part has the whole time again. */
export function isPlanExpired(job: Job, { now, lifetimeMs }: { now: Date; lifetimeMs: number }): boolean {
  if (awaited(job) === undefined) return false;
  const last = [
    ...(job.plan?.chosen ?? []).map(({ at }) => at),
    job.results.at(-1)?.endedAt ?? job.createdAt,
  ];
  return now.getTime() - Math.max(...last.map((at) => Date.parse(at))) >= lifetimeMs;
}

/** `J-8, J-9 and J-10`. */
export function nameJobs(ids: readonly number[] = []): string {
  const names = ids.map((id) => jobName({ id }));
  const last = names.at(-1) ?? 'other jobs';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
