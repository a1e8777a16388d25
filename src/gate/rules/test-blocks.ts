// Cuts a file of tests into its tests and suites, in many languages, by how lines begin and are indented: enough to hold a
// test against what it was before. Pure; takes time in proportion to the text.
import { extensionOf } from '../found.ts';
import { cutTail, linesInStrings, type Tail } from './strings.ts';

export type TestBlock = Readonly<{
  name: string;
  /** Where it opens, from 1. */
  line: number;
  /** What opens it, with the attributes that stand over it: `@skip`, `#[ignore]`, `[Fact(Skip = "…")]`. */
  head: string;
  /** All of its lines with `head`, without comments; `line` is that of the first. */
  lines: readonly string[];
  firstLine: number;
}>;

export type TestFile = Readonly<{ tests: readonly TestBlock[]; suites: readonly TestBlock[] }>;

/** Longer files are judged by their beginning, and longer lines too. */
const MOST_CHARS = 400_000;
const MOST_LINE_CHARS = 1_000;
const MOST_BLOCKS = 2_000;
/** Attributes over a test, and lines of its opening. */
const MOST_HEAD_LINES = 30;

/** mocha and kin, node:test, Playwright, Deno, Ginkgo, RSpec, Pest, ExUnit, kotest, testthat, busted. */
const CALL =
  /^\s*(?:await\s+|return\s+)?(?:(?:t|tc|ctx|Deno)\.)?(?:[xf]?(?:it|test|specify|scenario)|example|testCase|testWidgets|property|pending(?=.{0,200}\bdo\b)|[FPX]?(?:It|Specify)|test_that)(?:\.(?!describe|step|use|before|after|extend|setTimeout|info|slow|expect)\w+)*(?:\s*\(|\s*<|`|\s+["'])/;
/** Python, Go, Swift, PHP, minitest, JUnit 3; `func (s *Suite) TestA()` is testify's. */
const NAMED =
  /^\s*(?:(?:public|async|static|final|override)\s+){0,4}(?:def|func|fun|function|void)\s+(?:\([^)]{0,80}\)\s*)?(test\w*|Test\w*|Fuzz\w*|Example\w*)\s*[({]?/;
/** Any function; a test only with such an attribute over it. */
const FUNCTION =
  /^\s*(?:\[[^\]]{0,200}\]\s*)?(?:@\w+(?:\([^)]{0,200}\))?\s+){0,6}(?:(?:public|protected|private|internal|static|final|open|override|suspend|async|virtual|pub)\s+){0,5}(?:(?:fun|def|void|func|function|fn)\s+|[\w<>[\],.?]{1,80}\s+)(`[^`]{1,200}`|"[^"]{1,200}"|\w+)\s*[(<]/;
const ATTRIBUTE =
  /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\b|\[(?:\w+\s*,\s*)?(?:Test|TestCase|TestCaseSource|TestMethod|Fact|Theory|DataTestMethod|SkippableFact|Ignore|Explicit)\b|#\[(?:\w+::)*(?:test|rstest|test_case|wasm_bindgen_test|Test|DataProvider)\b/;
const MACRO =
  /^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|TEST_CASE|TEST_CASE_METHOD|SCENARIO|BOOST_AUTO_TEST_CASE|BOOST_FIXTURE_TEST_CASE|SECTION|SUBCASE)\s*\(\s*([^)]{1,300})/;
/** bats, Gherkin, Zig, clojure.test. */
const QUOTED = /^\s*(?:@test|Scenario(?: Outline)?:|Example:|test|\(deftest)\s+["']?([^"'{]{1,200})/;

const GO_TEST = /^(?:Test|Fuzz|Example|Benchmark)(?![a-z])/;

const SUITE =
  /^\s*(?:[xf]?(?:describe|context|suite)|(?:test|it)\.describe|RSpec\.[xf]?describe|[FPX]?(?:Describe|Context|When|DescribeTable))(?:\.\w+)*(?:\s*\(|\s+["'\w])/;
const CLASS =
  /^\s*(?:(?:public|internal|final|open|sealed|abstract|static|partial|data)\s+){0,5}(?:class|struct|object|mod)\s+(\w+)/;

/** Stands over a test: an attribute, a decorator, a tag. */
const OVER = /^\s*(?:@|\[|#\[|#!\[)/;
const FIRST_STRING = /["'`]((?:\\.|[^\\"'`]){1,200})["'`]/;
const NAME_AFTER_TABLE = /[\])`]\s*\)?\s*\(\s*["'`]((?:\\.|[^\\"'`]){1,200})["'`]/;

/** Deeper than any test stands. */
const WITHIN = ' '.repeat(40);

/** What a file of tests holds, in the order of the file. */
export function readTests(path: string, text: string): TestFile {
  // What begins within a string of many lines stands at any indentation.
  const given = withoutComments(path, text);
  const quoted = linesInStrings(given);
  const lines = given.map((line, at) => (quoted.has(at) ? `${WITHIN}${line}` : line));
  const hasFunctions = /^(rs|java|kt|kts|scala|groovy|cs|fs|vb|swift|php)$/.test(extensionOf(path));
  const isSpecial = /^(bats|feature|zig|clj|cljs|cljc)$/.test(extensionOf(path));
  const isGo = extensionOf(path) === 'go';
  // A test of Python's is a function, whatever is called `example`.
  const hasCalls = !/^pyi?$/.test(extensionOf(path));
  const found: { at: number; isTest: boolean; name: string | undefined }[] = [];
  for (let at = 0; at < lines.length && found.length < MOST_BLOCKS; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (SUITE.test(line)) found.push({ at, isTest: false, name: undefined });
    else if (hasCalls && CALL.test(line)) {
      if (!isHelperCall(lines, at, found.at(-1))) found.push({ at, isTest: true, name: undefined });
    } else {
      const name =
        (NAMED.exec(line) ?? MACRO.exec(line) ?? (isSpecial ? QUOTED.exec(line) : null))?.[1] ??
        (hasFunctions ? attributed(lines, at) : undefined);
      // Go runs no function whose name goes on in lower case.
      if (name !== undefined && (!isGo || GO_TEST.test(name)))
        found.push({ at, isTest: true, name: name.trim() });
      else {
        const suite = CLASS.exec(line)?.[1];
        if (suite !== undefined) found.push({ at, isTest: false, name: suite });
      }
    }
  }
  const tests = found.filter(({ isTest }) => isTest);
  const firsts = tests.map(({ at }) => firstOver(lines, at));
  return {
    tests: tests.map(({ at, name }, each) => cut(lines, { at, name, before: firsts[each + 1] })),
    suites: found
      .filter(({ isTest }) => !isTest)
      .map(({ at, name }) => cut(lines, { at, name, before: at + 1 })),
  };
}

/** Within a test, and without anything to run: a helper that is called like one. */
function isHelperCall(
  lines: readonly string[],
  at: number,
  last: Readonly<{ at: number; isTest: boolean }> | undefined,
): boolean {
  const line = lines[at] ?? '';
  if (last?.isTest !== true || !/^\s+(?:await\s+|return\s+)?\w+\(\s*["'`][^=>{]*\)\s*;?\s*$/.test(line))
    return false;
  return indentOf(line) > indentOf(lines[last.at] ?? '') && endOf(lines, last.at) > at;
}

/** The name of the function of this line where an attribute over it makes it a test. */
function attributed(lines: readonly string[], at: number): string | undefined {
  const name = FUNCTION.exec(lines[at] ?? '')?.[1];
  if (name === undefined) return undefined;
  const over = lines.slice(firstOver(lines, at), at + 1).join('\n');
  return ATTRIBUTE.test(over) ? name : undefined;
}

/** The first line of the attributes over a line; attributes may take several lines. */
function firstOver(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? '');
  let first = at;
  for (let up = at - 1; up >= 0 && at - up <= MOST_HEAD_LINES; up--) {
    const line = lines[up] ?? '';
    if (line.trim() === '') break;
    if (indentOf(line) === indent && OVER.test(line)) first = up;
    else if (indentOf(line) <= indent && !/^\s*[)\]}]/.test(line)) break;
  }
  return first;
}

function cut(
  lines: readonly string[],
  { at, name, before = lines.length }: { at: number; name: string | undefined; before?: number | undefined },
): TestBlock {
  const first = firstOver(lines, at);
  const end = Math.min(endOf(lines, at), Math.max(before, at + 1));
  const opening = lines.slice(at, Math.min(end, at + 60)).join('\n');
  const table = /^\s*\S*\.each/.test(opening) ? NAME_AFTER_TABLE.exec(opening)?.[1] : undefined;
  const head = lines.slice(first, Math.min(end, headEnd(lines, at))).join('\n');
  return {
    name: name ?? table ?? FIRST_STRING.exec(opening)?.[1] ?? (lines[at] ?? '').trim().slice(0, 80),
    line: at + 1,
    head,
    lines: lines.slice(first, end),
    firstLine: first + 1,
  };
}

/** An opening ends with the line that opens the body. */
function headEnd(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? '');
  for (let down = at; down < lines.length && down - at < MOST_HEAD_LINES; down++) {
    const line = lines[down] ?? '';
    if (down > at && (line.trim() === '' || indentOf(line) <= indent)) return down;
    if (/(?:[{:]|=>|\bdo)(?:\s*\|[^|]*\|)?\s*$/.test(line) || /[;)]\s*$/.test(line)) return down + 1;
  }
  return at + 1;
}

/** Behind the first line that is indented no more than the opening, with the marks that close it. */
function endOf(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? '');
  for (let down = at + 1; down < lines.length; down++) {
    const line = lines[down] ?? '';
    if (line.trim() === '' || indentOf(line) > indent) continue;
    const bare = line.trim();
    if (/^[{(]/.test(bare) && down === at + 1) continue;
    // `) {`, `})('name', () => {` and `]) def test` go on with the test.
    if (/^[)\]}]/.test(bare)) {
      if (/(?:[{:(]|=>)$/.test(bare)) continue;
      return down + 1;
    }
    return /^end\b/.test(bare) ? down + 1 : down;
  }
  return lines.length;
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The lines, empty where they are comments or switched off for the compiler; comments behind code are cut. */
export function withoutComments(path: string, text: string): string[] {
  const marks = commentMarks(extensionOf(path));
  let until: RegExp | undefined;
  return text
    .slice(0, MOST_CHARS)
    .split('\n')
    .map((given) => {
      const line = given.slice(0, MOST_LINE_CHARS).replace(/\r$/, '');
      if (until !== undefined) {
        if (until.test(line)) until = undefined;
        return '';
      }
      const opened = marks.blocks.find(([open]) => open.test(line));
      if (opened !== undefined) {
        const [open, close] = opened;
        if (!close.test(line.replace(open, ''))) until = close;
        return '';
      }
      if (marks.line.test(line)) return '';
      const { code, isOpen } = cutTail(line, marks.tail);
      if (isOpen) until = /\*\//;
      return code;
    });
}

type Marks = Readonly<{
  line: RegExp;
  tail?: Tail;
  blocks: readonly (readonly [open: RegExp, close: RegExp])[];
}>;

const C_LIKE: Marks = {
  tail: 'slashes',
  line: /^\s*(?:\/\/|\*)/,
  blocks: [
    [/^\s*\{?\/\*/, /\*\//],
    [/^\s*#if\s+(?:0|false|FALSE|NEVER)\b/, /^\s*#(?:endif|else)/],
  ],
};
const HASH: Marks = { tail: 'hash', line: /^\s*#(?!\[|!\[)/, blocks: [[/^=begin\b/, /^=end\b/]] };
const PYTHON: Marks = {
  tail: 'hash',
  line: /^\s*#/,
  blocks: [
    [/^\s*[rbu]?"""/, /"""/],
    [/^\s*[rbu]?'''/, /'''/],
  ],
};

/** How comments behind code begin in such a file. */
export function commentTail(extension: string): Tail | undefined {
  return commentMarks(extension).tail;
}

function commentMarks(extension: string): Marks {
  if (extension === 'py' || extension === 'pyi') return PYTHON;
  if (/^(rb|ex|exs|sh|bash|bats|r|jl|feature|nim|pl|t|cr|toml|ya?ml|cfg|ini)$/.test(extension)) return HASH;
  if (/^(hs|lua|sql|elm)$/.test(extension)) return { line: /^\s*--/, blocks: [] };
  if (/^(clj|cljs|cljc|el)$/.test(extension)) return { line: /^\s*;/, blocks: [] };
  return extension === 'php' ? { ...C_LIKE, line: /^\s*(?:\/\/|\*|#(?!\[))/ } : C_LIKE;
}
