// What a person may be offered to do with a job as it stands, wherever it is shown: which wishes apply, about which turn and
// which commit. Who may do it is another question (permissions.ts). Pure.
import type { Job } from './job.ts';
import type { Ask } from './permissions.ts';
import { awaited, openQuestions } from './planning.ts';
import { standingBlocking } from './standing-risk.ts';

/** What every offer carries: the turn that the person sees. */
type Turn = Readonly<{ turn: number }>;

export type Offer =
  /** Merges exactly `sha` into `base`. Where something is `blocking` it is asked about with those very words. */
  | Readonly<{ act: 'approve'; sha: string; base: string; blocking: readonly string[] }>
  /** With a pull in review the head that is thrown away, else the turn. */
  | Readonly<{ act: 'reject'; sha?: string; turn?: number }>
  | (Readonly<{
      act:
        | 'update'
        | 'changes'
        | 'retry'
        | 'stop'
        | 'interrupt'
        | 'plan_run'
        | 'plan_one'
        | 'plan_split'
        | 'plan_drop'
        | 'remember';
    }> &
      Turn)
  /** A choice for one of the plan's questions; both count from 0. */
  | (Readonly<{ act: 'plan_answer'; question: number; proposal: number }> & Turn);

export type Act = Offer['act'];

/** What each wish asks of a person; where it is two, both must be allowed. */
export const ASKS: Readonly<Record<Act, readonly Ask[]>> = {
  approve: ['approve'],
  reject: ['reject'],
  update: ['steer'],
  changes: ['steer'],
  retry: ['retry'],
  stop: ['stop'],
  interrupt: ['steer'],
  plan_run: ['start', 'steer'],
  plan_one: ['start', 'steer'],
  plan_split: ['start', 'steer'],
  plan_drop: ['stop'],
  plan_answer: ['steer'],
  // It becomes a job of its own.
  remember: ['start'],
};

/** In the order in which they are shown. `pendingReplies` counts words that the agent has not heard yet. */
export function listOffers(job: Job, pendingReplies: number): readonly Offer[] {
  return [...running(job, pendingReplies), ...decisions(job), ...planned(job), ...taught(job)];
}

function taught(job: Job): readonly Offer[] {
  return taughtSomething(job) ? [{ act: 'remember', turn: job.turn }] : [];
}

/** Somebody had to say it: why not, or what to do otherwise. A retry or a red check taught nothing that people know. */
export function taughtSomething({ kind, status, decision, corrected }: Job): boolean {
  if (kind !== 'fix' && kind !== 'do') return false;
  return (
    (status === 'rejected' && Boolean(decision?.reason || corrected)) ||
    (status === 'merged' && corrected === true)
  );
}

function running(job: Job, pendingReplies: number): readonly Offer[] {
  const { status, turn, stop, steerable, interrupt } = job;
  const waits = status === 'running' && steerable === false && pendingReplies > 0 && !interrupt && !stop;
  return [
    ...(waits ? [{ act: 'interrupt', turn } as const] : []),
    ...(isStoppable(job) ? [{ act: 'stop', turn } as const] : []),
  ];
}

/** A merge can be stopped while GitHub is busy with it, in its queue say. */
function isStoppable({ status, stop, problem }: Job): boolean {
  if (status === 'merging') return !stop && problem?.code === 'merge_under_way';
  return status === 'queued' || (status === 'running' && !stop);
}

function decisions(job: Job): readonly Offer[] {
  const { status, pull, turn, outside, base } = job;
  const update: readonly Offer[] = outside?.outdated && !outside.closed ? [{ act: 'update', turn }] : [];
  if (status === 'in_review' && pull) {
    const approve: Offer = { act: 'approve', sha: pull.headSha, base, blocking: standingBlocking(job) };
    return [
      // A closed pull cannot be merged.
      ...(outside?.closed ? [] : [approve]),
      ...update,
      { act: 'changes', turn },
      { act: 'reject', sha: pull.headSha },
    ];
  }
  if (status !== 'failed' || job.results.at(-1)?.outcome !== 'failed') return [];
  return [{ act: 'retry', turn }, ...(pull ? [...update, { act: 'reject', turn } as const] : [])];
}

function planned(job: Job): readonly Offer[] {
  const { plan, turn } = job;
  const waiting = awaited(job);
  if (plan === undefined || waiting === undefined || job.results.at(-1)?.outcome !== 'plan') return [];
  const answers = openQuestions(plan).flatMap((question) =>
    (plan.questions[question]?.proposals ?? []).map(
      (_text, proposal): Offer => ({ act: 'plan_answer', turn, question, proposal }),
    ),
  );
  const run: readonly Offer[] =
    waiting === 'split'
      ? [
          { act: 'plan_split', turn },
          { act: 'plan_one', turn },
        ]
      : [{ act: 'plan_run', turn }];
  return [...answers, ...run, { act: 'changes', turn }, { act: 'plan_drop', turn }];
}
