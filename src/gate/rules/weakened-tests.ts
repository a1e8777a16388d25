// Tests that stay and check less: fewer assertions, looser ones, assertions of nothing, expected values that changed.
import type { Change } from '../../workspace/change.ts';
import { type FileRule, type Found, perChange } from '../found.ts';
import { type Assertion, readAssertions } from './assertions.ts';
import { deadAssertions, isGuardedNow } from './dead-assertions.ts';
import { compareValues, literalsOf } from './expected-values.ts';
import { isLooserForm } from './looser-forms.ts';
import { subjectIsGone } from './lost-tests.ts';
import { quote } from './quote.ts';
import { skipOf } from './skip-marks.ts';
import { softened } from './softened-tests.ts';
import type { TestBlock } from './test-blocks.ts';
import { mayHoldTests } from './test-names.ts';
import { pairTests, type TestPair } from './test-pairs.ts';

export const weakenedTests: FileRule = (file, change) =>
  mayHoldTests(file.path) ? ofTests(change).filter(({ path }) => path === file.path) : [];

const ofTests = perChange((change: Change): readonly Found[] => {
  const { pairs, fresh } = pairTests(change);
  return [
    ...pairs.flatMap((pair) => judgePair(pair, change)),
    ...fresh.flatMap(({ path, block }) => judgeFresh(path, block)),
  ];
});

function judgePair(pair: TestPair, change: Change): Found[] {
  const { path, before, after } = pair;
  if (before.lines.join('\n') === after.lines.join('\n')) return [];
  // One that does not run any more is told as such.
  if (skipOf(after) === 'off') return [];
  const [was, is] = [readAssertions(before), readAssertions(after)];
  const { gone, come } = difference(was, is);
  const { matched, alone, fresh } = match(gone, come);
  const found = [
    ...matched.flatMap(([one, other]) => compare(pair, one, other)),
    ...fresh.flatMap((one) => (one.strength === 0 ? [tellHollow(path, after, one)] : [])),
    ...softened(pair),
    ...deadAssertions(pair),
  ];
  const lost = alone.filter((each) => each.strength > 0);
  const count = (all: readonly Assertion[]) => all.filter(({ strength }) => strength > 0).length;
  if (
    count(is) < count(was) &&
    lost.length > 0 &&
    !isSaidOtherwise(lost, come, pair) &&
    !subjectIsGone(asBlock(before, lost), change, textOf(path, change))
  ) {
    found.push(tellLost(pair, lost, [count(was), count(is)]));
  }
  return found;
}

/** An assertion of nothing in a new test deceives as much as in an old one. */
function judgeFresh(path: string, block: TestBlock): Found[] {
  if (skipOf(block) === 'off') return [];
  const all = readAssertions(block);
  if (all.some(({ strength }) => strength > 0)) return softened({ path, after: block });
  const hollow = all.find(({ strength }) => strength === 0);
  return hollow ? [tellHollow(path, block, hollow)] : [];
}

type Difference = Readonly<{ gone: readonly Assertion[]; come: readonly Assertion[] }>;

/** What stands on one side only; formatting does not count. */
function difference(was: readonly Assertion[], is: readonly Assertion[]): Difference {
  const key = ({ text }: Assertion) =>
    text.replaceAll(/['"`]/g, '"').replaceAll(/[\s;]+|,(?=\s*[)\]}])/g, '');
  const left = Map.groupBy(is, key);
  const gone = was.filter((one) => left.get(key(one))?.shift() === undefined);
  return { gone, come: [...left.values()].flat() };
}

type Matched = Readonly<{
  matched: readonly (readonly [Assertion, Assertion])[];
  alone: readonly Assertion[];
  fresh: readonly Assertion[];
}>;

/** By what they look at; where as many go as come, by their order too. */
function match(gone: readonly Assertion[], come: readonly Assertion[]): Matched {
  const bySubject = Map.groupBy(come, ({ subject }) => plain(subject));
  const matched: [Assertion, Assertion][] = [];
  const alone: Assertion[] = [];
  const taken = new Set<Assertion>();
  for (const one of gone) {
    const other = one.subject === '' ? undefined : bySubject.get(plain(one.subject))?.shift();
    if (other) {
      matched.push([one, other]);
      taken.add(other);
    } else alone.push(one);
  }
  const fresh = come.filter((each) => !taken.has(each));
  if (alone.length !== fresh.length) return { matched, alone, fresh };
  const pairs = alone.map((one, at): [Assertion, Assertion] => [one, fresh[at] ?? one]);
  return { matched: [...matched, ...pairs], alone: [], fresh: [] };
}

function plain(subject: string): string {
  return subject.replaceAll(/['"`]/g, '"').replaceAll(/\s+|^await /g, '');
}

function compare(pair: TestPair, one: Assertion, other: Assertion): Found[] {
  const { path, after } = pair;
  if (other.strength === 0 && one.strength > 0)
    return [{ ...tellHollow(path, after, other), about: [one.text] }];
  if (isGuardedNow(one.text, other.text)) {
    const say = `may check nothing in ${quote(after.name)}: ${quote(one.text)} became ${quote(other.text)}. Look at whether the assertion still runs every time.`;
    return [{ rule: 'weakened_test', path, line: other.line, severity: 'warn', say, about: [one.text] }];
  }
  const isSame = plain(one.subject) === plain(other.subject);
  // Of two different things, only the loosest says anything about each other.
  if ((other.strength < one.strength && (isSame || other.strength === 1)) || isLooserForm(one, other)) {
    const say = `checks less in ${quote(after.name)}: ${quote(one.text)} became ${quote(other.text)}. Look at whether the code is right and the test should stay.`;
    return [{ rule: 'weakened_test', path, line: other.line, severity: 'warn', say, about: [one.text] }];
  }
  return compareValues(pair, one, other);
}

function tellHollow(path: string, { name }: TestBlock, { text, line }: Assertion): Found {
  const say = `checks nothing in ${quote(name)}: ${quote(text)} is true whatever the program does. Look at what the test should check.`;
  return { rule: 'weakened_test', path, line, severity: 'warn', say };
}

/** Several checks may have become one that says all of it, or a loop over values that are still there; and no weaker. */
function isSaidOtherwise(
  lost: readonly Assertion[],
  come: readonly Assertion[],
  { after, before }: TestPair,
): boolean {
  const strength = Math.max(...lost.map((each) => each.strength));
  const claims = come.filter((each) => each.strength >= strength);
  const had = new Set(before.lines.map((line) => line.trim()));
  const fresh = after.lines.filter((line) => !had.has(line.trim()) && !TALKS.test(line));
  const helped = fresh.filter((line) => HELPER.test(line));
  if (claims.length + helped.length === 0) return false;
  const literals = new Set(literalsOf(fresh.join('\n')));
  const claimed = [...claims.map(({ text }) => text), ...helped].join('\n');
  return lost.every(({ text, subject }) => {
    const wanted = literalsOf(text);
    if (wanted.length > 0) return wanted.every((literal) => literals.has(literal));
    const words = subject.match(/[A-Za-z_]\w*/g) ?? [];
    return words.length > 0 && words.every((word) => claimed.includes(word));
  });
}

/** A helper that checks, by its name. */
const HELPER = /\b(?:expect|check|verify|should|must|require|ensure)[A-Z_]\w*!?\s*\(/;
/** Says something to people and checks nothing. */
const TALKS = /^\s*(?:console\.|print|log|puts\b|t\.Log|System\.out|fmt\.Print)/;

function textOf(path: string, { files }: Change): string | undefined {
  return files.find((file) => file.path === path)?.whole.after;
}

function asBlock(block: TestBlock, lost: readonly Assertion[]): TestBlock {
  return { ...block, lines: lost.map(({ text }) => text) };
}

function tellLost(
  { path, after }: TestPair,
  lost: readonly Assertion[],
  [had, has]: readonly [number, number],
): Found {
  const first = quote(lost[0]?.text ?? '');
  const rest = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  const say = `checks less in ${quote(after.name)}: ${has} of ${had} assertions are left, without ${first}${rest}. Look at whether they were in the way of the change.`;
  const about = lost.map(({ text }) => text);
  return { rule: 'weakened_test', path, line: after.line, severity: 'warn', say, about };
}
