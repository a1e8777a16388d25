// Any line of an existing test, of what tests share, or of output that they compare with, that went or says something else now.
// Whether it should, only somebody who knows the task can tell.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, extensionOf, type FileRule, type Found } from '../found.ts';
import { type Assertion, readAssertions } from './assertions.ts';
import { literalsOf } from './expected-values.ts';
import { type Budget, budgetOf, LineIndex, oncePerText, spend, tokensOf } from './line-words.ts';
import { isOnlyEqual } from './looser-forms.ts';
import { quote } from './quote.ts';
import { storedOutput } from './stored-output.ts';
import { isSupport, isTestCode, isTestData } from './test-files.ts';
import { firstPart, isClaimWord, lostLines, type TestLine } from './test-lines.ts';
import { isTest } from './test-names.ts';
import { readBothSides } from './test-pairs.ts';
import { isSaidAsRow, rowsOf } from './test-rows.ts';
import { withoutTold } from './told-lines.ts';

export const changedTests: FileRule = (file, change) => {
  const path = file.oldPath ?? file.path;
  if (file.before === undefined || file.before.sha === file.after?.sha) return [];
  if (isTestData(path, change.beside.names)) return storedOutput(file, change).length > 0 ? [] : ofData(file);
  if (isTestCode(path)) return ofCode(file, change, () => true);
  return ofInline(file, change);
};

/** Tests that stand in the file that they test. */
function ofInline(file: FileChange, change: Change): Found[] {
  const { path } = file;
  if (/^(?:rs|zig)$/i.test(extensionOf(path)) && file.whole.before !== undefined) {
    const { tests, suites } = readBothSides(file).before;
    const blocks = [...tests, ...suites.filter(({ name }) => /test/i.test(name))];
    const isOf = (line: number) =>
      blocks.some(({ firstLine, lines }) => line >= firstLine && line < firstLine + lines.length);
    return ofCode(file, change, isOf);
  }
  return ofDoctests(file);
}

/** Examples in the words about a function, which runners run. */
const DOCTEST = /^\s*(?:(?:\*|\/\/[/!]|#)?\s*)(?:>>> |iex(?:\(\d+\))?> |\.\.\. |(?:\/\/[/!]\s*)assert\w*!)/;

function ofDoctests(file: FileChange): Found[] {
  if (!/^(?:pyi?|rst|ex|rs|md)$/.test(extensionOf(file.path))) return [];
  const come = new Set([...addedLines(file)].map(({ text }) => text.trim()));
  const lost = file.removed
    .flatMap(({ text }) => text.split('\n'))
    .filter((text) => DOCTEST.test(text) && !come.has(text.trim()));
  const [first] = lost;
  if (first === undefined) return [];
  return [
    tell(file, {
      how: `${count(lost.length, 'existing example')} that ${lost.length === 1 ? 'is' : 'are'} run as a test`,
      first,
      line: file.added[0]?.line,
    }),
  ];
}

/** Of more, only the first are told apart: it was written anew. */
const MOST_EXCUSED = 400;

function ofCode(file: FileChange, change: Change, isOf: (line: number) => boolean): Found[] {
  const all = lostLines(change).get(file);
  if (all === undefined) return [];
  const { come } = all;
  const lost = all.lost.filter(({ line }) => isOf(line));
  if (lost.length === 0) return [];
  const text = file.whole.after ?? come.map((one) => one.text).join('\n');
  const words = new Set(text.slice(0, 400_000).match(/[A-Za-z_$][\w$]*/g) ?? []);
  const names = new Set(lost.slice(0, MOST_EXCUSED).flatMap((one) => namesIn(one.text)));
  const rows = rowsOf(come.slice(0, MOST_EXCUSED), text);
  const isShared = isSupport(file.path) || (isTest(file.path) === 'likely' && holdsNone(file));
  const there: There = { index: new LineIndex(come, tokensOf), budget: budgetOf(change) };
  const left = lost
    .slice(0, MOST_EXCUSED)
    // What tests share is made for many of them; what it checks counts.
    .filter((one) => !isShared || isClaim(one.text) || FOR_ALL.test(one.text))
    .filter((one) => isClaim(one.text) || !isSetUpAnew(one, there))
    .filter(
      (one) =>
        !isSaidAsRow(one.text, { rows, words, budget: there.budget }) &&
        !isOnlyMore(one, there) &&
        !isRestated(one, there, names),
    );
  // The words with which Go's tests fail may be fewer once they stand in one loop.
  const isFailure = (one: TestLine) => /^t\.(?:Error|Fatal)f?\(/.test(one.text);
  if (left.every(isFailure) && come.some(isFailure)) return [];
  const untold = withoutTold(left, file, change);
  const claims = untold.filter(({ text }) => isClaim(text));
  const [first = untold[0]] = claims;
  if (first === undefined) return [];
  const others = untold.length - claims.length;
  const how = [
    ...(claims.length > 0 ? [count(claims.length, 'existing expectation')] : []),
    ...(others > 0 ? [count(others, claims.length > 0 ? 'other line' : 'line')] : []),
  ].join(' and ');
  const now = claims.length + others === 1 ? insteadOf(first, come) : undefined;
  return [tell(file, { how, first: first.text, now, line: nearest(first, come) })];
}

/** Runs around each test without being asked for. */
const FOR_ALL =
  /\bautouse\s*=\s*True|^(?:before|after|around)(?:Each|All)?\b\s*[({:]|\.(?:before|after|around)\(:|@(?:Before|After)(?:Each|All|Class)?\b/;

/** The lines that came, by their words. */
type There = Readonly<{ index: LineIndex<TestLine>; budget: Budget }>;

/** The line that took the place of one: the likeliest of those that came. */
function insteadOf({ text }: TestLine, come: readonly TestLine[]): string | undefined {
  const was = new Set(tokensOf(text));
  const scored = come.slice(0, 200).map((each) => {
    const tokens = tokensOf(each.text);
    return {
      text: each.text,
      score: tokens.filter((token) => was.has(token)).length / Math.max(was.size, tokens.length, 1),
    };
  });
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= 0.4 ? best.text : undefined;
}

function nearest({ line }: TestLine, come: readonly TestLine[]): number | undefined {
  return come.toSorted((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0]?.line;
}

/** How names of what checks begin, in any framework. */
const VERBS = new Set(
  'expect expects assert asserts should must check checks verify require refute ensure raises raise throws throw fail fatal want wants then but is isnt ok like cmp deftest xct snapshot match matches error errorf fatalf'.split(
    ' ',
  ),
);
const CLAIMS =
  /[a-z](?:Equals?|Should|Throws?|ToBe|Fatal|Errorf?)\b|@test\b|\[\[? |\b(?:EXPECT|ASSERT|CHECK|REQUIRE)|===?|!==?|~=/;

/** Whether a line checks something, or is a row of what is checked, in whatever framework. */
export function isClaim(text: string): boolean {
  return (
    CLAIMS.test(text) ||
    tokensOf(text).some((token) => VERBS.has(firstPart(token))) ||
    (/^[[({|"'`\d-]/.test(text) && literalsOf(text).length > 0)
  );
}

/** In a folder of tests, and none itself: what others stand on. */
function holdsNone(file: FileChange): boolean {
  const { before, after } = readBothSides(file);
  return file.whole.before !== undefined && before.tests.length + after.tests.length === 0;
}

/** Words of stand-ins and of calls that are content with less. */
const MILDER =
  /fake|mock|stub|safe|dummy|noop|skip|ignor|quiet|silent|lenient|relax|loose|try|catch|optional|tolera|slice|filter/i;

/** Set-up with the same values that goes about it in another way. */
function isSetUpAnew({ text }: TestLine, { index, budget }: There): boolean {
  const [tokens, values] = [new Set(tokensOf(text)), valuesOf(text)];
  return index.holding(values.filter((value) => tokens.has(value))).some((each) => {
    if (!spend(budget) || valuesOf(each.text).join('\0') !== values.join('\0')) return false;
    const other = tokensOf(each.text);
    const shared = other.filter((token) => tokens.has(token)).length;
    return (
      shared >= 0.5 * Math.max(tokens.size, other.length) &&
      !other.some((token) => !tokens.has(token) && MILDER.test(token))
    );
  });
}

/** Words that take something away although they are added. */
const TAKES_AWAY =
  /^(?:skip|only|todo|slice|filter|take|first|head|if|unless|return|try|catch|or|any|anything|not|mock\w*|stub\w*|fake\w*|[|&?!])$/i;

/** Set-up that got an argument more, or a claim that is waited for. */
function isOnlyMore({ text }: TestLine, { index, budget }: There): boolean {
  const was = tokensOf(text);
  // What is drawn at random is narrowed by more arguments.
  if (/^@given\b|\bfor_?all\b|\bfc\.\w|\bst\.\w|\bArb\w*\./i.test(text)) return false;
  const isStrict = isClaim(text);
  return index.holding(was).some((each) => {
    if (!spend(budget)) return false;
    const is = tokensOf(each.text);
    if (is.length <= was.length || is.length > was.length + 25) return false;
    const more: string[] = [];
    let at = 0;
    for (const token of is) {
      if (token === was[at]) at += 1;
      else more.push(token);
    }
    if (at < was.length) return false;
    return isStrict
      ? more.every((token) => /^(?:await|async)$/.test(token)) || isPropertyMore(more, is)
      : !more.some((token) => TAKES_AWAY.test(token));
  });
}

/** One more `key: value` of an object that is expected. */
function isPropertyMore(more: readonly string[], all: readonly string[]): boolean {
  const said = more.join(' ');
  return (
    /^(?:, )?["\w]+ : [^|&?]+?(?: ,)?$/.test(said) &&
    all.join(' ').includes(said) &&
    !more.some((token) => TAKES_AWAY.test(token))
  );
}

/** The same claim in other words, or several of those that went in one; and no weaker. */
function isRestated({ text }: TestLine, { index, budget }: There, all: ReadonlySet<string>): boolean {
  const [was] = claimsOf(text);
  if (was === undefined || was.strength === 0) return false;
  const [names, values] = [namesIn(text), valuesOf(text)];
  const tokens = new Set(tokensOf(text));
  return index.holding([...names, ...values.filter((value) => tokens.has(value))]).some((each) => {
    if (!spend(budget)) return false;
    const more = without(namesIn(each.text), names);
    if (more === undefined || !more.every((name) => all.has(name))) return false;
    if (without(valuesOf(each.text), values) === undefined) return false;
    if (without(signsIn(each.text), signsIn(text))?.some((sign) => sign !== '')) return false;
    const [is] = claimsOf(each.text);
    return (
      is !== undefined &&
      !isOnlyEqual(was, is) &&
      is.strength >= was.strength &&
      (is.matcher === was.matcher || was.strength === 3)
    );
  });
}

/** What is left of a list once each of `taken` is; undefined where one of them is not in it. */
function without(list: readonly string[], taken: readonly string[]): string[] | undefined {
  const left = [...list];
  for (const one of taken) {
    const at = left.indexOf(one);
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return left;
}

const valuesOf = oncePerText(literalsOf);
const claimsOf = oncePerText((text): readonly Assertion[] =>
  readAssertions({ name: '', line: 1, head: '', lines: [text], firstLine: 1 }),
);

/** What a line speaks of, without the words that compare. */
const namesIn = oncePerText((text): readonly string[] =>
  tokensOf(text).filter(
    (token) => /^[A-Za-z_$]/.test(token) && !isClaimWord(token) && !/^(?:\$?this|self|t|Is)$/.test(token),
  ),
);

function signsIn(text: string): string[] {
  return tokensOf(text).filter((token) => /^[|&?!]|^(?:or|catch|any)$/.test(token));
}

/** Lines of data: whatever went or was written anew. */
function ofData(file: FileChange): Found[] {
  if (file.isBinary) return file.after === undefined ? [] : [tell(file, { how: 'the content' })];
  const bare = (text: string) => text.trim().replace(/[,;]$/, '');
  const come = Map.groupBy(
    [...addedLines(file)].map(({ text }) => bare(text)),
    (text) => text,
  );
  const lost = file.removed
    .flatMap(({ text }) => text.split('\n').map(bare))
    .filter((text) => !/^[\s[\](){}]*$/.test(text) && come.get(text)?.shift() === undefined);
  const [first] = lost;
  if (first === undefined) return [];
  return [
    tell(file, {
      how: `${count(lost.length, 'line')} of what tests compare with or read`,
      first,
      line: file.added[0]?.line,
    }),
  ];
}

type Said = Readonly<{ how: string; first?: string; now?: string | undefined; line?: number | undefined }>;

function tell({ path, kind }: FileChange, { how, first, now, line }: Said): Found {
  const done = kind === 'deleted' ? 'was removed, and with it' : 'changed or removed';
  const example =
    first === undefined
      ? ''
      : now === undefined
        ? ` (${quote(first)})`
        : ` (${quote(first)} became ${quote(now)})`;
  const say = `${done} ${how}${example}. Look at whether the task asks for it, or the tests were made to fit the code.`;
  return { rule: 'test_changed', path, severity: 'warn', say, ...(line === undefined ? {} : { line }) };
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
