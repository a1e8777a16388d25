// Whether a turn plans before its author begins, and whether work may go on from that plan or waits for people.
import { PermanentError } from '../errors.ts';
import type { JobPlan } from '../job/plan.ts';
import { choosePlanMode } from '../job/planning.ts';
import { type Recipe, stepOf } from '../job/recipe.ts';
import { plan } from './phases/plan.ts';
import type { Prepared } from './phases/prepare.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';

/** `waits`: the turn ends here. `plannedMs`: what of the turn was no time of the author's. */
export type PlannedFirst =
  | Readonly<{ kind: 'goes_on'; plannedMs: number }>
  | Readonly<{ kind: 'waits'; plan: JobPlan }>;

/** Throws PermanentError where people wish to see a plan and none came. */
export async function planFirst(
  turn: TurnRun,
  prepared: Prepared,
  { recipe, recorder }: { recipe: Recipe; recorder: Recorder },
): Promise<PlannedFirst> {
  const job = turn.job();
  const known = job.plan;
  // An earlier attempt at this turn made it and died before it could say so.
  if (known?.state === 'waiting' && known.turn === job.turn) return { kind: 'waits', plan: shown(known) };
  const mode = choosePlanMode({
    command: job.planMode,
    repository: prepared.settings.plan,
    deployment: turn.context.verification.plan,
  });
  if (stepOf(recipe, 'plan') === undefined || (mode === 'off' && known === undefined))
    return { kind: 'goes_on', plannedMs: 0 };
  const startedAt = performance.now();
  const planned = await plan(turn, prepared, { recorder, mode });
  if (planned.kind === 'missing')
    await goOnWithout(turn, { why: firstSentence(planned.why), isWanted: mode === 'ask' });
  else if (planned.plan.state === 'waiting') return { kind: 'waits', plan: shown(planned.plan) };
  return { kind: 'goes_on', plannedMs: performance.now() - startedAt };
}

/** Who wished to see a plan, or has answered to one, does not get work that follows none. */
async function goOnWithout(
  turn: TurnRun,
  { why, isWanted }: { why: string; isWanted: boolean },
): Promise<void> {
  if (isWanted || turn.job().plan !== undefined)
    throw new PermanentError(
      'no_plan',
      `No plan came: whoever was to make it ${why}. Nothing was changed. Press Retry to plan once more.`,
    );
  await turn.apply({ type: 'learned', planMissing: why });
}

/** What to do about an agent that died is said of authors; it does not help here. */
function firstSentence(text: string): string {
  return (text.split(/(?<=[.!?…])\s/)[0] ?? text).replace(/[.!?]+$/, '');
}

/** What people said is in the thread already; what it took is told with the work. */
function shown({ said: _said, sessions: _sessions, ...plan }: JobPlan): JobPlan {
  return plan;
}
