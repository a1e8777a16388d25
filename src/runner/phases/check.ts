// Phase `check`: the repository's own checks on a fresh copy of what would be pushed. What is red there and green on the base
// is the change's doing; what is red on both is told and blames nobody, and so is what cannot be run here at all.
import { type Check, type CheckGroup, type CheckRun, compareRuns, isBroken } from '../../job/checks.ts';
import type { CheckTree } from '../../workspace/check-tree.ts';
import { type BaseTests, noteTests, recallTests, wantsCount } from '../base-tests.ts';
import { runCommand } from '../check-command.ts';
import { findMissing } from '../missing-programs.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** So much of a check's output stands in the transcript. */
const MOST_RECORDED = 8_000;

/** Runs on the base that only count tests take no longer than this together. */
const COUNT_LIMIT_MS = 5 * 60_000;

export type Checked = Readonly<{
  /** The files that were checked. */
  treeSha: string;
  runs: readonly CheckRun[];
}>;

/** Remembers through one turn what does not change while it lasts. */
export type CheckMemory = {
  /** What the checks come to on the base. */
  base: Map<string, CheckRun>;
  /** How many tests they run there, by the name of the check; undefined where nobody can say. */
  tests: BaseTests;
  /** Programs that this machine lacks; undefined while nobody looked. */
  missing: ReadonlySet<string> | undefined;
};

export function createCheckMemory(): CheckMemory {
  return { base: new Map(), tests: new Map(), missing: undefined };
}

/** Whether there is anything to run, or to say of what is not run. */
export function hasChecks({ checks }: Prepared): boolean {
  return checks.groups.length + checks.left.length > 0;
}

/** What is left of the time that all checks of a turn may take together. */
export type ChecksLeft = () => number;

type Options = Readonly<{
  treeSha: string;
  recorder: Recorder;
  memory: CheckMemory;
  leftMs: ChecksLeft;
}>;

/** Runs everything that the settings name, or what was found where they name nothing, in its order. */
export async function check(turn: TurnRun, prepared: Prepared, options: Options): Promise<Checked> {
  const { treeSha, memory } = options;
  const runs = await runAll(turn, prepared, { ...options, on: 'change' });
  const red = runs.filter(isBroken).filter(({ name }) => !memory.base.has(name));
  if (red.length > 0) {
    const only = new Set(red.map(({ name }) => name));
    for (const run of await runAll(turn, prepared, { ...options, on: 'base', only }))
      memory.base.set(run.name, run);
  }
  await countOnBase(turn, prepared, { ...options, runs });
  const left = prepared.checks.left.map((one) => ({ ...one, output: '' }));
  const compared = runs.map((run) =>
    compareRuns(run, { before: memory.base.get(run.name), tests: memory.tests.get(run.name) }),
  );
  return { treeSha, runs: [...compared, ...left] };
}

/**
 * How many tests green checks run on the base, so that one that looks at less is noticed. Run once for each base commit, and
 * never for long: where it is not known in time nobody is told anything.
 */
async function countOnBase(
  turn: TurnRun,
  prepared: Prepared,
  options: Options & Readonly<{ runs: readonly CheckRun[] }>,
): Promise<void> {
  const { memory, runs, leftMs } = options;
  const { base, tests } = memory;
  const wanted = runs.filter((run) => wantsCount(run) && !base.has(run.name) && !tests.has(run.name));
  const unknown = await recallTests(turn, prepared, { wanted, tests });
  if (unknown.length === 0) return;
  const only = new Set(unknown.map(({ name }) => name));
  const endsAt = performance.now() + COUNT_LIMIT_MS;
  const left = () => Math.min(leftMs(), endsAt - performance.now());
  const ran = await runAll(turn, prepared, { ...options, on: 'base', only, leftMs: left });
  await noteTests(turn, prepared, { unknown, ran, tests });
}

type Run = Options &
  Readonly<{
    on: 'change' | 'base';
    /** Names of the checks to run; all without it. Their set-up runs in any case. */
    only?: ReadonlySet<string>;
    /** A folder of its own, where another run is not over yet. */
    as?: string;
  }>;

async function runAll(turn: TurnRun, prepared: Prepared, options: Run): Promise<readonly CheckRun[]> {
  const { treeSha, memory, on, only, as } = options;
  const { signal } = turn;
  const at = { signal, ...(as === undefined ? {} : { as }) };
  const place = on === 'base' ? at : { ...at, treeSha };
  const tree = await turn.context.workspaces.prepareCheck(prepared.workspace, place);
  const { groups } = prepared.checks;
  memory.missing ??= await findMissing(turn, prepared, { groups, tree });
  const runs: CheckRun[] = [];
  for (const group of groups.map((one) => narrow(one, only))) {
    if (group) runs.push(...(await runGroup(turn, prepared, { ...options, group, tree })));
  }
  return runs;
}

/** Undefined where nothing of the group is wanted. */
function narrow(group: CheckGroup, only: Run['only']): CheckGroup | undefined {
  if (only === undefined) return group;
  const checks = group.checks.filter(({ name }) => only.has(name));
  return checks.length > 0 || group.setup.some(({ name }) => only.has(name))
    ? { ...group, checks }
    : undefined;
}

async function runGroup(
  turn: TurnRun,
  prepared: Prepared,
  options: Run & Readonly<{ group: CheckGroup; tree: CheckTree }>,
): Promise<readonly CheckRun[]> {
  const { group, memory, only } = options;
  const lacks = (wanted: Check) => wanted.needs?.find((program) => memory.missing?.has(program));
  const runnable = group.checks.filter((wanted) => lacks(wanted) === undefined);
  const runs = group.checks
    .filter((wanted) => lacks(wanted) !== undefined)
    .map((wanted) => notRun(turn, wanted, `\`${lacks(wanted)}\` is not installed where Errand runs`));
  if (runnable.length === 0 && group.checks.length > 0) return runs;
  for (const step of group.setup) {
    const { run, denied } = await runOne(turn, prepared, { ...options, wanted: step });
    if (run.outcome === 'passed') continue;
    // Nobody asked for it, and it lies in nobody's change that the network is closed, unless the base did without it.
    const isNobodys =
      step.found === true && denied.length > 0 && !(await passesOnBase(turn, prepared, options, step));
    const why = isNobodys ? closedNetwork(step, denied) : undefined;
    const unrun = runnable.map((wanted) => notRun(turn, wanted, why));
    return why === undefined ? [run, ...runs, ...unrun] : [...runs, ...unrun];
  }
  const [first] = group.setup;
  if (first && only?.has(first.name)) runs.push({ ...notRun(turn, first), command: '', outcome: 'passed' });
  for (const wanted of runnable) {
    const { run } = await runOne(turn, prepared, { ...options, wanted, services: true });
    runs.push(run);
  }
  return runs;
}

/** Whether the base can be set up where the change cannot; asked once a turn. */
async function passesOnBase(turn: TurnRun, prepared: Prepared, options: Run, step: Check): Promise<boolean> {
  if (options.on === 'base') return false;
  const { base } = options.memory;
  const { name } = step;
  if (!base.has(name)) {
    const only = new Set([name]);
    const runs = await runAll(turn, prepared, { ...options, on: 'base', as: 'base', only });
    base.set(name, runs.find((run) => run.name === name) ?? notRun(turn, step));
  }
  return base.get(name)?.outcome === 'passed';
}

/** Reads on after "was not run:". */
function closedNetwork({ command }: Check, denied: readonly string[]): string {
  const hosts = [...new Set(denied)];
  const named = hosts.slice(0, 3).join(', ');
  return `\`${command}\` could not reach ${named}; whoever runs Errand opens it with ERRAND_EGRESS=${hosts.slice(0, 3).join(',')}`;
}

async function runOne(
  turn: TurnRun,
  prepared: Prepared,
  options: Run & Readonly<{ wanted: Check; tree: CheckTree; services?: boolean }>,
): Promise<Readonly<{ run: CheckRun; denied: readonly string[] }>> {
  const { wanted, tree, leftMs, recorder, on, services = false } = options;
  const limitMs = Math.min(wanted.limitMs, leftMs());
  if (limitMs <= 0) return { run: notRun(turn, wanted, 'all checks of a turn get three hours'), denied: [] };
  const denied: string[] = [];
  const ran = await runCommand(turn, prepared, {
    check: { ...wanted, limitMs },
    tree,
    services,
    onDenied: (host) => {
      denied.push(host);
      recorder.add({ kind: 'egress_denied', host });
    },
  });
  const { output, failures: _, ...told } = ran;
  recorder.note({
    kind: 'note',
    data: { ...told, name: 'checked', check: ran.name, on, output: output.slice(-MOST_RECORDED) },
  });
  return { run: ran, denied };
}

function notRun(turn: TurnRun, { name, command, found }: Check, why?: string): CheckRun {
  return {
    name,
    command: turn.context.redactor.text(command),
    outcome: 'not_run',
    durationMs: 0,
    output: '',
    ...(found ? { found } : {}),
    ...(why === undefined ? {} : { why }),
  };
}
