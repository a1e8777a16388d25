// What a test expects, when that changed: written anew because the task says so, or bent to what the program gives now. Which
// of the two only a person can tell, who sees both values.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, type FileRule, type Found, perChange } from '../found.ts';
import { type Assertion, readAssertions } from './assertions.ts';
import { quote } from './quote.ts';
import { mayHoldTests } from './test-names.ts';
import { pairTests, type TestPair } from './test-pairs.ts';

const LITERAL =
  /"(?:\\.|[^"\\\n]){0,400}"|'(?:\\.|[^'\\\n]){0,400}'|`(?:\\.|[^`\\]){0,2000}`|(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?|\b(?:true|false|null|None|nil|True|False|undefined)\b/g;

/** Values that are written out, in one form whatever the quotes. */
export function literalsOf(text: string): string[] {
  return (text.slice(0, 20_000).match(LITERAL) ?? []).map((one) =>
    one.replace(/^['`]([\s\S]*)['`]$/, '"$1"').replace(/(?<=\d)_(?=\d)/g, ''),
  );
}

function skeletonOf(text: string): string {
  return text.replaceAll(LITERAL, '§').replaceAll(/\s+/g, '');
}

/** How far off a value may be, by the name of the argument or of the matcher. */
const TOLERANCE =
  /\b(?:delta|rel_tol|abs_tol|rel|abs|places|within|epsilon|eps|tolerance|precision|atol|rtol|maxDiff\w*|threshold)\b|InDelta|InEpsilon|_NEAR\b|closeTo\b|CloseTo\b|be_within|WithinAbs|accuracy:|approx\(/i;
/** A bound: further away is looser. */
const UPPER = /LessThan|less_than|isLess|Below|AtMost|at_most|^<=?$|_LE$|_LT$|assertLess/i;
const LOWER = /GreaterThan|greater_than|isGreater|Above|AtLeast|at_least|^>=?$|_GE$|_GT$|assertGreater/i;
/** Digits that must agree: fewer are looser. */
const DIGITS = /toBeCloseTo|places|almost|precision/i;

/** Of one assertion before and after that look at the same thing in the same way. */
export function compareValues(pair: TestPair, one: Assertion, other: Assertion): Found[] {
  if (isLooser(one, other)) {
    const say = `checks less in ${quote(pair.after.name)}: ${quote(one.text)} became ${quote(other.text)}. Look at whether the code is right and the test should stay.`;
    const { path } = pair;
    return [{ rule: 'weakened_test', path, line: other.line, severity: 'warn', say, about: [one.text] }];
  }
  if (one.subject.replaceAll(/\s+/g, '') !== other.subject.replaceAll(/\s+/g, '')) return [];
  const [was, is] = [literalsOf(one.expected), literalsOf(other.expected)];
  if (was.length === 0 || is.length === 0 || was.join('\0') === is.join('\0')) return [];
  // What goes in changed as well: then something else comes out.
  if (inputChanged(pair)) return [];
  const change = { line: other.line, was: one.expected, is: other.expected };
  return [{ ...tellBent(pair.path, pair.after.name, change), about: [one.text] }];
}

function isLooser(one: Assertion, other: Assertion): boolean {
  if (one.matcher !== other.matcher || skeletonOf(one.text) !== skeletonOf(other.text)) return false;
  const [was, is] = [numbersOf(one.text), numbersOf(other.text)];
  const at = was.findIndex((value, each) => value !== is[each]);
  const [from, to] = [was[at], is[at]];
  if (from === undefined || to === undefined || was.length !== is.length) return false;
  if (UPPER.test(one.matcher)) return to > from;
  if (LOWER.test(one.matcher)) return to < from;
  const isLast = at === was.length - 1 && was.length > 1;
  if (DIGITS.test(one.text) && !/delta/i.test(one.text)) return isLast && to < from;
  // The third argument of such a call is how far off it may be.
  const hasDelta =
    /^(?:assertEquals?|AreEqual|XCTAssertEqual|Equal|assertEqualsWithDelta)$/.test(one.matcher) &&
    /,\s*[\d._]+$/.test(one.expected);
  return (
    (hasDelta || TOLERANCE.test(one.text)) && (isLast || /be_within|within\(/.test(one.text)) && to > from
  );
}

function numbersOf(text: string): number[] {
  return literalsOf(text).flatMap((one) => (/^-?\d/.test(one) ? [Number(one)] : []));
}

/** Lines that lead up to the assertions were written anew with other values. */
const inputChanged = perPair(({ before, after }: TestPair): boolean => {
  const setUp = (side: TestPair['before']) => {
    const claims = readAssertions(side).map(({ text }) => text);
    const said = claims.join('\n');
    return side.lines
      .map((line) => line.trim())
      .filter((line) => line.length > 2 && !said.includes(line.replace(/;$/, '')))
      .filter((line) => !claims.some((text) => line.includes(text)));
  };
  const [was, is] = [setUp(before), setUp(after)];
  const gone = was.filter((line) => !is.includes(line));
  const come = is.filter((line) => !was.includes(line));
  return (
    gone.length > 0 &&
    come.length > 0 &&
    literalsOf(gone.join('\n')).join() !== literalsOf(come.join('\n')).join()
  );
});

function tellBent(
  path: string,
  name: string | undefined,
  { line, was, is }: { line: number; was: string; is: string },
): Found {
  const where = name === undefined ? '' : ` in ${quote(name)}`;
  const say = `expects something else${where}: ${quote(was)} became ${quote(is)}. Look at whether the task asks for it, or the test was bent to what the code gives.`;
  return { rule: 'bent_test', path, line, severity: 'warn', say };
}

/** A row of a table, or a value that is called an expected one. */
const EXPECTED_NAME = /\b(?:expected\w*|wants?|wanted|exp|outputs?|out|result)\b["']?\s*[:=]/i;
const ROW = /^\s*(?:[[({|]|pytest\.param\(|\w+\()/;

/** Tables of cases and constants of a file of tests, whose last value is what comes out. */
export const bentTables: FileRule = (file, change) => {
  if (!mayHoldTests(file.path) || file.kind === 'added' || file.kind === 'deleted') return [];
  const inAssertions = assertedLines(change).get(file.path) ?? new Set();
  return pairLines(file)
    .filter(({ line, to }) => !inAssertions.has(line) && !/\b(?:expect|assert\w*|should)\b/i.test(to))
    .flatMap(({ line, from, to }) => {
      const [was, is] = [literalsOf(from), literalsOf(to)];
      if (was.length === 0 || was.length !== is.length || skeletonOf(from) !== skeletonOf(to)) return [];
      const changed = was.flatMap((value, at) => (value === is[at] ? [] : [at]));
      const [at] = changed;
      if (at === undefined || changed.length !== 1) return [];
      const named = new RegExp(`${EXPECTED_NAME.source}[^,]*$`, 'i').test(to.slice(0, positionOf(to, at)));
      const isLast = at === was.length - 1 && was.length > 1 && ROW.test(to);
      if (!named && !isLast) return [];
      const change = { line, was: was[at] ?? '', is: is[at] ?? '' };
      return [{ ...tellBent(file.path, undefined, change), about: [from] }];
    })
    .slice(0, 5);
};

function positionOf(text: string, at: number): number {
  return [...text.matchAll(LITERAL)][at]?.index ?? text.length;
}

const assertedLines = perChange((change: Change): ReadonlyMap<string, ReadonlySet<number>> => {
  const lines = new Map<string, Set<number>>();
  for (const { path, after } of pairTests(change).pairs) {
    const known = lines.get(path) ?? new Set<number>();
    for (const { line } of readAssertions(after)) known.add(line);
    lines.set(path, known);
  }
  return lines;
});

/** Lines that took the place of others: hunks of the same length. */
function pairLines(file: FileChange): { line: number; from: string; to: string }[] {
  const gone = file.removed.flatMap(({ text }) => text.split('\n')).slice(0, 5_000);
  const skeletons = Map.groupBy(gone, skeletonOf);
  return [...addedLines(file)].slice(0, 5_000).flatMap(({ line, text }) => {
    const from = text.length > 1_000 ? undefined : skeletons.get(skeletonOf(text))?.shift();
    return from === undefined ? [] : [{ line, from, to: text }];
  });
}

function perPair<T>(make: (pair: TestPair) => T): (pair: TestPair) => T {
  const made = new WeakMap<TestPair, { value: T }>();
  return (pair) => {
    const known = made.get(pair);
    if (known) return known.value;
    const value = make(pair);
    made.set(pair, { value });
    return value;
  };
}
