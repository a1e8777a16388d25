// The commands that a repository's own settings name to check a change, and what came of running them. They are run by the
// host's word on a fresh copy of exactly the files that would be pushed; what an agent says of its checks is another matter.
// Pure.
import { z } from 'zod';
import { countTests, lossOf, sayLoss } from './test-loss.ts';
import { newFailures, type TestReport, testCountsSchema } from './test-report.ts';

/** Commands in one list; a page of them is more than anybody runs before a merge. */
const MOST_COMMANDS = 20;
const DEFAULT_MINUTES = 10;
const MOST_MINUTES = 120;

const command = z.string().trim().min(1).max(4_000);

/** One command, or several that run one after the other. */
export const setupSettings = z.union([command, z.array(command).max(MOST_COMMANDS)], {
  error: 'must be a command or a list of commands',
});

const check = z.union(
  [command, z.strictObject({ run: command, minutes: z.number().positive().max(MOST_MINUTES).optional() })],
  { error: `must be a command, or {run: a command, minutes: up to ${MOST_MINUTES}}` },
);

/** Name → command, in the order in which they run. */
export const checkSettings = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9 ._-]{0,39}$/i, 'a short name such as lint or unit-tests'), check)
  .refine((checks) => Object.keys(checks).length <= MOST_COMMANDS, `at most ${MOST_COMMANDS} checks`);

/** What a repository wants to see run before people look at a change. */
export type ChecksWanted = Readonly<{
  setup?: z.infer<typeof setupSettings> | undefined;
  checks?: z.infer<typeof checkSettings> | undefined;
}>;

/**
 * `found`: no settings name it; Errand took it for one of the project's obvious commands, and it `needs` these programs to
 * run at all.
 */
export type Check = Readonly<{
  name: string;
  command: string;
  limitMs: number;
  found?: true;
  /** Packages that it does not reach, for people. */
  notIn?: string;
  needs?: readonly string[];
}>;

/** What is run together, in its order: where a step of the set-up is not green, the checks are not run. */
export type CheckGroup = Readonly<{ setup: readonly Check[]; checks: readonly Check[] }>;

/** `setup` is what must run before the checks can; it is told of only where it fails. */
export const SETUP = 'setup';

export const DEFAULT_LIMIT_MS = DEFAULT_MINUTES * 60_000;

/** Reads the settings into what is run, in its order. */
export function planChecks({ setup = [], checks = {} }: ChecksWanted): CheckGroup {
  const limitMs = (minutes = DEFAULT_MINUTES) => minutes * 60_000;
  return {
    setup: [setup].flat().map((line) => ({ name: SETUP, command: line, limitMs: limitMs() })),
    checks: Object.entries(checks).map(([name, said]) => {
      const { run, minutes } = typeof said === 'string' ? { run: said } : said;
      return { name, command: run, limitMs: limitMs(minutes) };
    }),
  };
}

/** `over_limit`: it took more than a job may. `not_run`: `why` says it, or the set-up before it failed. */
const outcome = z.enum(['passed', 'failed', 'timed_out', 'over_limit', 'not_run']);

/** What one check came to. `exitCode` where it ended by itself; `onBase` is asked only where it is not green here. */
export const checkResultSchema = z.object({
  name: z.string(),
  command: z.string(),
  outcome,
  exitCode: z.number().optional(),
  durationMs: z.number(),
  /** Nobody named it: it is one of the project's obvious commands. */
  found: z.boolean().optional(),
  /** Packages of a monorepo that have nothing to run for it. */
  notIn: z.string().optional(),
  /** Why it was not run; reads on after "was not run:". */
  why: z.string().optional(),
  /** What the same command came to on the base branch, without the change. */
  onBase: outcome.optional(),
  /** How many tests ran, where its output says so. */
  tests: testCountsSchema.optional(),
  testsOnBase: testCountsSchema.optional(),
  /** What fails with the change and not without it, where it is red on both; the first few. */
  newFailures: z.array(z.string()).optional(),
});
export type CheckResult = Readonly<z.infer<typeof checkResultSchema>>;

/** A check with the end of what it printed, for the agent that is to mend it, and the names of what failed. */
export type CheckRun = CheckResult & Readonly<{ output: string; failures?: TestReport['failures'] }>;

/** More new failures than this have one cause. */
const MOST_NEW = 20;

/** A run beside the same one on the base, as far as that is known. */
export function compareRuns(
  run: CheckRun,
  { before, tests }: Readonly<{ before?: CheckRun | undefined; tests?: CheckResult['tests'] }>,
): CheckRun {
  const testsOnBase = before?.tests ?? tests;
  const counted = testsOnBase === undefined ? run : { ...run, testsOnBase };
  if (before === undefined || run.outcome === 'passed') return counted;
  const isPair = run.outcome === 'failed' && before.outcome === 'failed';
  const fresh = isPair ? newFailures(run.failures, before.failures) : undefined;
  const named = fresh?.length ? { newFailures: fresh.slice(0, MOST_NEW) } : {};
  return { ...counted, onBase: before.outcome, ...named };
}

/** Whether the change broke it: not green with the change, and not just as red without it. */
export function isBroken(result: CheckResult): boolean {
  const { outcome, onBase, newFailures: fresh = [] } = result;
  if (!isRed(outcome)) return false;
  // Red on the base as well, but it came to an end there, or told there which tests ran.
  const isWorse = onBase === 'failed' && (outcome !== 'failed' || lossOf(result) === 'untold');
  return !isRed(onBase) || fresh.length > 0 || isWorse;
}

/** Whether whoever approves should know: it is not green, or was not run although somebody wants to see it. */
export function isUnproven({ outcome, found }: CheckResult): boolean {
  return outcome !== 'passed' && !(found && outcome === 'not_run');
}

/** It ran and was not green. */
function isRed(outcome: CheckResult['outcome'] | undefined): boolean {
  return outcome === 'failed' || outcome === 'timed_out' || outcome === 'over_limit';
}

/** What is kept and shown of a run; the output stands in the transcript. */
export function toResult({ output: _, failures: __, ...result }: CheckRun): CheckResult {
  return result;
}

/** `exit code 1`, `not done within 10 min`; for a reader who sees the name already. */
export function describeOutcome(result: CheckResult): string {
  switch (result.outcome) {
    case 'passed':
      return `passed in ${seconds(result.durationMs)}${result.tests ? `, ${countTests(result.tests)}` : ''}`;
    case 'failed':
      return `failed with exit code ${result.exitCode ?? 'unknown'} after ${seconds(result.durationMs)}`;
    case 'timed_out':
      return `was not done within ${seconds(result.durationMs)}`;
    case 'over_limit':
      return `was ended after ${seconds(result.durationMs)}, because it took more than a job may`;
    case 'not_run':
      return result.why === undefined ? 'was not run' : `was not run: ${result.why}`;
  }
}

/** What a check was like before the change, where that tells more; empty where it says nothing. */
export function describeBefore(result: CheckResult, base: string): string {
  const { onBase, testsOnBase, newFailures: fresh = [] } = result;
  const isToldApart = fresh.length > 0 || lossOf(result) !== undefined;
  const parts = [
    ...(onBase === 'passed' ? [`green on ${base}`] : isRed(onBase) ? [`red on ${base} as well`] : []),
    ...(fresh.length > 0 ? [`but not ${nameFailures(fresh)}`] : []),
    ...(isToldApart && testsOnBase ? [`${countTests(testsOnBase)} on ${base}`] : []),
  ];
  return parts.join(', ');
}

/** `“adds” and 3 more`; for a line that holds other things. */
export function nameFailures(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `“${name}”`);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

/** What the agent is told, so that it can mend what its change broke, and bring back the tests that it lost. */
export function describeForAgent(runs: readonly CheckRun[]): string {
  const broken = runs.filter(isBroken);
  const lost = runs.filter((run) => lossOf(run) !== undefined);
  return [
    ...(broken.length > 0
      ? [
          "The project's own checks were run on a fresh copy of your change, and some are red that were green before it:",
          ...broken.map(describeBroken),
          'Mend what your change broke. Do not weaken, skip or delete a check or a test to make it green; if it cannot be made green, say why in your last message.',
        ]
      : []),
    ...(lost.length > 0
      ? [
          "The project's own checks were run on a fresh copy of your change, and look at less than before it:",
          lost.map((run) => `- ${run.name}: \`${run.command}\` ${sayLoss(run)}`).join('\n'),
          'Bring back the tests that no longer run. Where the task needs some of them gone, leave it and say in your last message, under Risks, which ones and why: people read it before they decide.',
        ]
      : []),
  ].join('\n\n');
}

function describeBroken(run: CheckRun): string {
  const { newFailures: fresh = [] } = run;
  const news =
    fresh.length === 0
      ? ''
      : `It is red without your change, too, but not because of these:\n${fresh.map((name) => `- ${name}`).join('\n')}\n\n`;
  return `### ${run.name}: \`${run.command}\` ${describeOutcome(run)}\n\n${news}${fence(run.output)}`;
}

/** Output may hold fences of its own. */
function fence(output: string): string {
  const longest = Math.max(2, ...[...output.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}\n${output.trim() || '(it printed nothing)'}\n${ticks}`;
}
