// A running turn as Slack's own task cards: a task for every phase and every step of the plan. Pure.
import type { PlanStep, Progress } from '../job/agent-update.ts';
import { type Job, jobName, PHASES } from '../job/job.ts';
import type { Streamed } from '../store/sessions.ts';
import { plainTask } from './card.ts';
import { cutText, quietSentence } from './text-limits.ts';
import { PHASE_TITLES } from './words/session.ts';

/** `@slack/types` 3.2.0, chunk.d.ts. An update under a known id changes that task. */
export type TaskUpdate = Readonly<{
  type: 'task_update';
  id: string;
  title: string;
  status: 'pending' | 'in_progress' | 'complete' | 'error';
}>;

const MOST = { steps: 15, title: 150, heading: 190 } as const;

/** What the ids of a turn's tasks begin with; a stream whose start was never answered is known by it. */
export function taskPrefix({ id, turn }: Pick<Job, 'id' | 'turn'>): string {
  return `${jobName({ id })}.${turn}.`;
}

/** What the session, and the plan in its stream, are called. */
export function sessionTitle(job: Job): string {
  return cutText(quietSentence(`${jobName(job)}: ${plainTask(job)}`), MOST.heading);
}

/** All tasks as they should be; phases that were streamed before are over. */
export function buildTasks(job: Job, progress: Progress, streamed: Streamed): readonly TaskUpdate[] {
  const prefix = taskPrefix(job);
  const now = job.phase ?? 'prepare';
  const phases = PHASES.filter((phase) => phase === now || `${prefix}${phase}` in streamed).map((phase) =>
    task(`${prefix}${phase}`, phaseTitle(phase, phase === now ? progress.activity : undefined), {
      status: phase === now ? 'in_progress' : 'complete',
    }),
  );
  const steps = stepsOf(job, progress)
    .slice(0, MOST.steps)
    .map(({ text, status }, index) => task(`${prefix}step.${index + 1}`, text, { status: STATUSES[status] }));
  return [...phases, ...steps];
}

/** Of all tasks those that Slack shows otherwise, or not at all. */
export function changedTasks(tasks: readonly TaskUpdate[], streamed: Streamed): readonly TaskUpdate[] {
  return tasks.filter((task) => streamed[task.id] !== describe(task));
}

/** What Slack shows once these are told. */
export function asStreamed(tasks: readonly TaskUpdate[]): Streamed {
  return Object.fromEntries(tasks.map((task) => [task.id, describe(task)]));
}

function describe({ status, title }: TaskUpdate): string {
  return `${status} ${title}`;
}

const STATUSES: Readonly<Record<PlanStep['status'], TaskUpdate['status']>> = {
  completed: 'complete',
  in_progress: 'in_progress',
  pending: 'pending',
};

function stepsOf(job: Job, { plan }: Progress): readonly PlanStep[] {
  if (plan.length > 0) return plan;
  return (job.plan?.steps ?? []).map((text) => ({ text, status: 'pending' as const }));
}

function phaseTitle(phase: keyof typeof PHASE_TITLES, activity: string | undefined): string {
  return activity === undefined ? PHASE_TITLES[phase] : `${PHASE_TITLES[phase]}: ${activity}`;
}

function task(id: string, title: string, { status }: Pick<TaskUpdate, 'status'>): TaskUpdate {
  const line = quietSentence(title.replaceAll(/\s+/g, ' ').trim()) || '…';
  return { type: 'task_update', id, title: cutText(line, MOST.title), status };
}
