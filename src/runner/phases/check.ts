// Phase `check`: the repository's own checks on a fresh copy of what would be pushed. What is red there and green on the base
// is the change's doing; what is red on both is told and blames nobody.
import { type Check, type CheckRun, isBroken, planChecks, SETUP } from '../../job/checks.ts';
import { runCommand } from '../check-command.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** So much of a check's output stands in the transcript. */
const MOST_RECORDED = 8_000;

export type Checked = Readonly<{
  /** The files that were checked. */
  treeSha: string;
  runs: readonly CheckRun[];
}>;

/** Remembers through one turn what the checks come to on the base: that does not change while it lasts. */
export type Baseline = Map<string, CheckRun>;

/** Whether the repository names anything to run. */
export function hasChecks({ settings }: Prepared): boolean {
  return planChecks(settings).checks.length > 0;
}

/** What is left of the time that all checks of a turn may take together. */
export type ChecksLeft = () => number;

/** Runs everything that the settings name, in its order; a set-up that fails leaves the checks unrun. */
export async function check(
  turn: TurnRun,
  prepared: Prepared,
  options: { treeSha: string; recorder: Recorder; baseline: Baseline; leftMs: ChecksLeft },
): Promise<Checked> {
  const { treeSha, recorder, baseline, leftMs } = options;
  const runs = await runAll(turn, prepared, { treeSha, leftMs, ...recordIn(recorder, 'change') });
  const red = runs.filter(isBroken).filter(({ name }) => !baseline.has(name));
  if (red.length > 0) {
    const only = new Set(red.map(({ name }) => name));
    const before = await runAll(turn, prepared, { only, leftMs, ...recordIn(recorder, 'base') });
    for (const run of before) baseline.set(run.name, run);
  }
  return { treeSha, runs: runs.map((run) => compare(run, baseline.get(run.name))) };
}

function compare(run: CheckRun, before: CheckRun | undefined): CheckRun {
  return before === undefined || run.outcome === 'passed' ? run : { ...run, onBase: before.outcome };
}

type Run = Readonly<{
  /** The files; those of the base without it. */
  treeSha?: string;
  /** Names of the checks to run; all without it. The set-up runs in any case. */
  only?: ReadonlySet<string>;
  leftMs: ChecksLeft;
  record: (run: CheckRun) => void;
  onDenied: (host: string) => void;
}>;

async function runAll(turn: TurnRun, prepared: Prepared, options: Run): Promise<readonly CheckRun[]> {
  const { treeSha, only, leftMs, record, onDenied } = options;
  const { signal } = turn;
  const place = treeSha === undefined ? { signal } : { treeSha, signal };
  const tree = await turn.context.workspaces.prepareCheck(prepared.workspace, place);
  const plan = planChecks(prepared.settings);
  const run = async (wanted: Check) => {
    const limitMs = Math.min(wanted.limitMs, leftMs());
    if (limitMs <= 0) return notRun(turn, wanted);
    const ran = await runCommand(turn, prepared, { check: { ...wanted, limitMs }, tree, onDenied });
    record(ran);
    return ran;
  };
  for (const step of plan.setup) {
    const ran = await run(step);
    if (ran.outcome !== 'passed') return [ran, ...plan.checks.map((left) => notRun(turn, left))];
  }
  const runs: CheckRun[] = only?.has(SETUP) ? [setUp] : [];
  for (const wanted of plan.checks) {
    if (only === undefined || only.has(wanted.name)) runs.push(await run(wanted));
  }
  return runs;
}

/** Stands for all steps of a set-up that went well. */
const setUp: CheckRun = { name: SETUP, command: '', outcome: 'passed', durationMs: 0, output: '' };

function notRun(turn: TurnRun, { name, command }: Check): CheckRun {
  return {
    name,
    command: turn.context.redactor.text(command),
    outcome: 'not_run',
    durationMs: 0,
    output: '',
  };
}

function recordIn(recorder: Recorder, on: 'change' | 'base'): Pick<Run, 'record' | 'onDenied'> {
  return {
    record: ({ output, ...ran }) =>
      recorder.note({
        kind: 'note',
        data: { ...ran, name: 'checked', check: ran.name, on, output: output.slice(-MOST_RECORDED) },
      }),
    onDenied: (host) => recorder.add({ kind: 'egress_denied', host }),
  };
}
