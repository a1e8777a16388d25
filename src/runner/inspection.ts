// What stands between an agent that says it is done and the people who decide: the gate's rules and the repository's own
// checks. What they find goes back to the agent, a bounded number of times.
import { describeForAgent as describeChecks, isBroken } from '../job/checks.ts';
import { describeForAgent as describeFindings, type Judged, judgePending } from './gate-change.ts';
import { type Baseline, type Checked, check, hasChecks } from './phases/check.ts';
import type { Prepared } from './phases/prepare.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';
import { watchStop } from './watch.ts';

/** How often an agent hears of each before people do. */
const ROUNDS = { gate: 1, checks: 2 } as const;

/** All checks of a turn together, every round and the base included: a slot is not held for ever. */
const CHECKS_LIMIT_MS = 3 * 60 * 60_000;

/** Creates the inspection of one turn, which remembers what the agent was told already. */
export function createInspection(turn: TurnRun, prepared: Prepared, recorder: Recorder) {
  const told = { gate: 0, checks: 0 };
  const baseline: Baseline = new Map();
  let last: Checked | undefined;
  let spentMs = 0;

  /** The same files are not checked twice. */
  async function runChecks(treeSha: string): Promise<Checked> {
    if (last?.treeSha === treeSha) return last;
    await turn.apply({ type: 'phase', phase: 'check' });
    const unwatch = watchStop(turn);
    const startedAt = performance.now();
    const leftMs = () => CHECKS_LIMIT_MS - spentMs - (performance.now() - startedAt);
    try {
      last = await check(turn, prepared, { treeSha, recorder, baseline, leftMs });
      return last;
    } finally {
      spentMs += performance.now() - startedAt;
      await unwatch();
    }
  }

  return {
    /** What checks have taken of the turn so far: no time of the agent's. */
    spentMs: () => spentMs,
    /**
     * `objection` is what the agent has to mend; absent where people should see the change as it is. Asked only once the
     * agent and all that it started are gone: whatever still ran could swap a folder for a link while the host reads it,
     * and so read files of the host.
     */
    async look(): Promise<Readonly<{ objection?: string; judged?: Judged; checked?: Checked }>> {
      const judged = await judgePending(turn, prepared);
      if (judged.blocking.length > 0) {
        if (told.gate >= ROUNDS.gate) return { judged };
        told.gate += 1;
        return { objection: describeFindings(judged.blocking) };
      }
      if (!judged.isNews || !hasChecks(prepared)) return { judged };
      const checked = await runChecks(judged.taken.treeSha);
      if (!checked.runs.some(isBroken) || told.checks >= ROUNDS.checks) return { judged, checked };
      told.checks += 1;
      return { objection: describeChecks(checked.runs) };
    },
  };
}
