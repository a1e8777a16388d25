// A check that looks at less than the same command does on the base: it is as green as before and says less. Pure.
import type { TestCounts } from './test-report.ts';

/** Names and commands of checks that run tests; a linter alone shows little. */
const TESTS =
  /tests?\b|\btest|spec|jest|mocha|\bava\b|pytest|tox\b|nox\b|junit|surefire|\bverify\b|make check|rspec|phpunit|pest\b|playwright|cypress|e2e|ctest|cargo|gradle|mvn|bazel/i;

/** The shell's own `test`, which compares words and looks for files. */
const SHELLS_TEST = /(?<![\w./-])test(?=\s+["'$!(-])/g;

/** Whether tests are what one would expect of it. */
export function runsTests({ name, command }: Readonly<{ name: string; command: string }>): boolean {
  return TESTS.test(`${name} ${command.replaceAll(SHELLS_TEST, '')}`);
}

/** As much of a check's result as tells. */
type Counted = Readonly<{
  outcome: string;
  onBase?: string | undefined;
  tests?: TestCounts | undefined;
  testsOnBase?: TestCounts | undefined;
}>;

/**
 * `all`: none of the base's tests ran. `most`: less than half as many as there. `some`: fewer than there. `untold`: its output
 * no longer says. `nothing`: it is green, and says that there was nothing to run. Undefined where there is nothing to say; red
 * checks speak for themselves.
 */
export type TestLoss = 'all' | 'most' | 'some' | 'untold' | 'nothing';

/** Whether it is green for so little that nobody should merge it without being told so first. */
export function isGrave(loss: TestLoss | undefined): boolean {
  return loss === 'all' || loss === 'most' || loss === 'untold';
}

export function lossOf({ outcome, onBase, tests, testsOnBase: before }: Counted): TestLoss | undefined {
  const isAsBefore = outcome === 'passed' || (outcome === 'failed' && onBase === 'failed');
  if (!isAsBefore) return undefined;
  if (before !== undefined && before.ran > 0) {
    if (tests === undefined) return 'untold';
    if (tests.ran === 0) return 'all';
    if (tests.unit !== before.unit || tests.ran >= before.ran) return undefined;
    return 2 * tests.ran < before.ran ? 'most' : 'some';
  }
  return outcome === 'passed' && tests?.ran === 0 ? 'nothing' : undefined;
}

/** Reads on after the name of the check; empty where nothing was lost. */
export function sayLoss(result: Counted): string {
  const { tests, testsOnBase: before } = result;
  const here = tests ? countTests(tests) : '';
  const there = before ? `where the base ran ${countTests(before)}` : '';
  switch (lossOf(result)) {
    case 'all':
      return `ran no tests ${there}`;
    case 'most':
    case 'some':
      return `ran ${here} ${there}`;
    case 'untold':
      return `does not say that it ran any tests, ${there}`;
    case 'nothing':
      return 'is green and says that it ran no tests';
    case undefined:
      return '';
  }
}

/** `41 tests`, `no tests`, `3 tests and 2 skipped`, `4 packages with tests`. */
export function countTests({ ran, skipped, unit }: TestCounts): string {
  const word = unit === 'tests' ? 'test' : 'package';
  const what = `${ran === 0 ? 'no' : ran.toLocaleString('en-US')} ${word}${ran === 1 ? '' : 's'}`;
  const of = unit === 'packages' ? ' with tests' : '';
  return `${what}${of}${skipped > 0 ? ` and ${skipped.toLocaleString('en-US')} skipped` : ''}`;
}
