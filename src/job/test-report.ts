// Reads what a test runner prints for how many tests ran and which of them failed, so that a check that is green because it
// looks at less than before is noticed. What no form knows says nothing. Pure.
import { z } from 'zod';
import { readFailure } from './test-failures.ts';
import { FAILED, NOTHING_RAN, PACKAGES, PASSED, RAN, SKIPPED, SUMMARIES, TASK_PREFIX } from './test-forms.ts';

/** `ran`: passed or failed; what was skipped did not run. Numbers of different units cannot be compared. */
export const testCountsSchema = z.object({
  ran: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  unit: z.enum(['tests', 'packages']),
});
export type TestCounts = Readonly<z.infer<typeof testCountsSchema>>;

/** What terminals are told: colours, weights, cleared lines. */
const COLOURS = /\p{Cc}\[[\d;:?]*[A-Za-z]/gu;
/** Of a line so much is read: whatever counts is shorter, and a strange program's lines cost little time. */
const MOST_CHARACTERS = 400;
/** More failures than this are not compared one by one. */
const MOST_FAILURES = 500;

/** What was printed, as far as it could be read. */
export type TestReport = Readonly<{
  /** Undefined where nothing says how many tests ran. */
  tests: TestCounts | undefined;
  /** Names of failed tests, and errors with their files, each as often as it was printed; undefined where they are too many. */
  failures: readonly string[] | undefined;
}>;

type Tally = { ran: number; skipped: number; seen: boolean };

/** Takes the lines one by one; `report` answers at any time. */
export function createTestReader() {
  const summary: Tally = { ran: 0, skipped: 0, seen: false };
  const lines = { passed: 0, failed: 0 };
  const failures: string[] = [];
  let packages = 0;
  let saysNothing = false;

  function count(line: string): void {
    const match = firstMatch(line);
    if (match) addSummary(summary, match);
    else if (PASSED.some((form) => form.test(line))) lines.passed += 1;
    else if (FAILED.some((form) => form.test(line))) lines.failed += 1;
    else if (PACKAGES.test(line)) packages += 1;
    if (NOTHING_RAN.some((form) => form.test(line))) saysNothing = true;
  }

  function counts(): TestCounts | undefined {
    if (summary.seen) return { ran: Math.max(0, summary.ran), skipped: summary.skipped, unit: 'tests' };
    // Without -v, go names the tests that failed and no others.
    if (lines.passed > 0) return { ran: lines.passed + lines.failed, skipped: 0, unit: 'tests' };
    if (packages > 0) return { ran: packages, skipped: 0, unit: 'packages' };
    return saysNothing ? { ran: 0, skipped: 0, unit: 'tests' } : undefined;
  }

  return {
    add(given: string): void {
      const line = given.replaceAll(COLOURS, '').slice(0, MOST_CHARACTERS).trimEnd();
      if (line === '') return;
      const own = line.replace(TASK_PREFIX, '');
      count(own);
      const failure = failures.length > MOST_FAILURES ? undefined : readFailure(own);
      if (failure !== undefined) failures.push(failure);
    },
    report: (): TestReport => ({
      tests: counts(),
      failures: failures.length > MOST_FAILURES ? undefined : failures,
    }),
  };
}

function firstMatch(line: string): RegExpExecArray | undefined {
  for (const form of SUMMARIES) {
    const match = form.exec(line);
    if (match) return match;
  }
  return undefined;
}

function addSummary(tally: Tally, match: RegExpExecArray): void {
  tally.seen = true;
  const number = (name: string) => Number(match.groups?.[name] ?? 0);
  if (match.groups) {
    const less = number('less');
    const skipped = number('skipped') + less;
    tally.skipped += skipped;
    tally.ran += number('ran') + (match.groups['total'] === undefined ? -less : number('total') - skipped);
    return;
  }
  for (const [, digits = '0', word = ''] of match.input.matchAll(/(\d+)\s+(?:tests?\s+)?([a-z]+)/gi)) {
    if (RAN.test(word.toLowerCase())) tally.ran += Number(digits);
    else if (SKIPPED.test(word.toLowerCase())) tally.skipped += Number(digits);
  }
}

/** Stands for the names where a change makes more fail than are compared. */
const TOO_MANY = `more than ${MOST_FAILURES} failures`;
/** An error with its file (test-failures.ts): each one printed is one more. Tests are also printed again in summaries. */
const PLACED = /^[\w@./\\-]+\.\w+: \S/;

/**
 * Of the failures with a change those that the base does not have, each once, in their order. Undefined where nobody can
 * say: one of the two names none, or the base too many.
 */
export function newFailures(
  now: TestReport['failures'],
  before: TestReport['failures'],
): readonly string[] | undefined {
  if (!before?.length) return undefined;
  if (now === undefined) return [TOO_MANY];
  if (now.length === 0) return undefined;
  const left = new Map<string, number>();
  for (const name of before) left.set(name, (left.get(name) ?? 0) + 1);
  const fresh = now.filter((name) => {
    const known = left.get(name) ?? 0;
    if (PLACED.test(name)) left.set(name, known - 1);
    return known <= 0;
  });
  return [...new Set(fresh)];
}
