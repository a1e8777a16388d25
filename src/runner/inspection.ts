// What stands between an agent that says it is done and the people who decide: the gate's rules, the repository's own checks
// and a second opinion. What they find goes back to the agent, as often as the recipe says.
import { PermanentError } from '../errors.ts';
import { describeForAgent as describeChecks, isBroken } from '../job/checks.ts';
import { type Recipe, stepOf } from '../job/recipe.ts';
import { describeReviewForAgent } from '../job/review-prompt.ts';
import { readSplit, type SplitPart } from '../job/split.ts';
import { lossOf } from '../job/test-loss.ts';
import { describeMarkersLeft } from '../job/update-branch.ts';
import {
  describeForAgent as describeFindings,
  type Judged,
  judgePending,
  type Objection,
  objectionsTo,
} from './gate-change.ts';
import type { ForTurn } from './occasion.ts';
import { type Checked, check, createCheckMemory, hasChecks } from './phases/check.ts';
import type { Prepared } from './phases/prepare.ts';
import { type Reviewed, review } from './phases/review.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';
import { watchStop } from './watch.ts';

/** All checks of a turn together, every round and the base included: a slot is not held for ever. */
const CHECKS_LIMIT_MS = 3 * 60 * 60_000;

/** What was seen of the files as they are; each is absent where it was not asked for. */
export type Seen = Readonly<{ judged?: Judged; checked?: Checked; reviewed?: Reviewed }>;

/** Creates the inspection of one turn, which remembers what the agent was told already. */
export function createInspection(
  turn: TurnRun,
  prepared: Prepared,
  { recorder, recipe, forTurn }: { recorder: Recorder; recipe: Recipe; forTurn: ForTurn },
) {
  const told = { checks: 0, review: 0 };
  const toldOf = new Set<Objection>();
  let split: readonly SplitPart[] = [];
  const memory = createCheckMemory();
  let last: Checked | undefined;
  let opinion: Reviewed | undefined;
  let spentMs = 0;
  let toldMarkers = false;
  let toldLoss = false;

  /** What is broken is sent back as often as it may; that fewer tests run may be what was asked for, and is told once. */
  const shouldMend = ({ runs }: Checked) =>
    runs.some((run) => isBroken(run) || (!toldLoss && lossOf(run) !== undefined));

  /** Whether the agent may still hear of it before people do. */
  const maySendBack = (what: keyof typeof told) => told[what] < (stepOf(recipe, what)?.sendBack ?? 0);

  /** Nobody wants to look at a file with conflict markers, and nothing that holds some is pushed. */
  function objectToMarkers(left: readonly string[]): string {
    if (toldMarkers) throw markersLeft(left);
    toldMarkers = true;
    return describeMarkersLeft(left);
  }

  /** The same files are not checked twice. */
  async function runChecks(treeSha: string): Promise<Checked> {
    if (last?.treeSha === treeSha) return last;
    await turn.apply({ type: 'phase', phase: 'check' });
    const unwatch = watchStop(turn);
    const startedAt = performance.now();
    const leftMs = () => CHECKS_LIMIT_MS - spentMs - (performance.now() - startedAt);
    try {
      last = await check(turn, prepared, { treeSha, recorder, memory, leftMs });
      return last;
    } finally {
      spentMs += performance.now() - startedAt;
      await unwatch();
    }
  }

  /** The same files are not reviewed twice. */
  async function askForReview({ taken, notes }: Judged, checked: Checked | undefined): Promise<Reviewed> {
    const { treeSha } = taken;
    if (opinion?.treeSha === treeSha) return opinion;
    const startedAt = performance.now();
    try {
      const seen = { treeSha, checked, gates: notes, before: opinion };
      opinion = await review(turn, prepared, { ...seen, recorder, forTurn });
      return opinion;
    } finally {
      spentMs += performance.now() - startedAt;
    }
  }

  return {
    /** What checks have taken of the turn so far: no time of the agent's. */
    spentMs: () => spentMs,
    /**
     * `objection` is what the agent has to mend; absent where people should see the change as it is. `said` are the agent's
     * last words. Asked only once the agent and all that it started are gone: whatever still ran could swap a folder for a
     * link while the host reads it, and so read files of the host.
     */
    async look(said: string): Promise<Readonly<{ objection?: string }> & Seen> {
      if (toldOf.has('split') && split.length === 0) split = turn.context.redactor.deep(readSplit(said));
      const judged = { ...(await judgePending(turn, prepared)), ...(split.length > 0 ? { split } : {}) };
      const left = await turn.context.workspaces.leftConflicts(prepared.workspace, judged.taken);
      if (left.length > 0) return { objection: objectToMarkers(left) };
      // Of each kind it hears once, if the recipe lets it hear of the gate at all.
      const objections = stepOf(recipe, 'gates')?.sendBack ? objectionsTo(judged, toldOf) : [];
      for (const each of objections) toldOf.add(each);
      if (objections.length > 0) return { objection: describeFindings(judged, objections) };
      if (judged.blocking.length > 0 || !judged.isNews) return { judged };
      const { treeSha } = judged.taken;
      const checked = hasChecks(prepared) ? await runChecks(treeSha) : undefined;
      if (checked && shouldMend(checked) && maySendBack('checks')) {
        told.checks += 1;
        toldLoss ||= checked.runs.some((run) => lossOf(run) !== undefined);
        return { objection: describeChecks(checked.runs) };
      }
      const seen = { judged, ...(checked ? { checked } : {}) };
      if (!wantsReview(turn, prepared)) return seen;
      const reviewed = await askForReview(judged, checked);
      if (reviewed.review.outcome === 'objected' && maySendBack('review')) {
        told.review += 1;
        return { objection: describeReviewForAgent(reviewed.review) };
      }
      return { ...seen, reviewed };
    },
  };
}

function markersLeft(paths: readonly string[]): PermanentError {
  const named = paths.slice(0, 5).map((path) => `\`${path}\``);
  return new PermanentError(
    'conflicts_left',
    `The agent left conflict markers in ${named.join(', ')}, so nothing was pushed. The work so far is kept: reply to say how to resolve them, or press Retry.`,
  );
}

function wantsReview({ context }: TurnRun, { settings }: Prepared): boolean {
  return (settings.review ?? context.verification.review) === 'on';
}
