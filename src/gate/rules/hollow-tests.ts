// New tests that run and check nothing: they turn green whatever the program does.
import type { Change } from '../../workspace/change.ts';
import { extensionOf, type FileRule, type Found, perChange } from '../found.ts';
import { readImports } from './imports.ts';
import { quote } from './quote.ts';
import { skipOf } from './skip-marks.ts';
import type { TestBlock } from './test-blocks.ts';
import { isTest, mayHoldTests, stemOf } from './test-names.ts';
import { pairTests } from './test-pairs.ts';

export const hollowTests: FileRule = (file, change) =>
  mayHoldTests(file.path) ? ofFresh(change).filter(({ path }) => path === file.path) : [];

const ofFresh = perChange((change: Change): readonly Found[] => {
  const { fresh, pairs } = pairTests(change);
  const emptied = pairs.flatMap(({ path, before, after }) =>
    checksSomething(path, before, '') &&
    !checksSomething(path, after, textOf(path, change)) &&
    skipOf(after) !== 'off'
      ? [tell(path, after, 'checks nothing any more')]
      : [],
  );
  return [
    ...fresh.slice(0, MOST).flatMap(({ path, block }) => {
      const isPlanned =
        skipOf(block) === 'off' ||
        /\.todo\b|^\s*(?:pending|func\s+(?:Example|Benchmark|Fuzz))/m.test(block.head);
      if (
        isPlanned ||
        isTest(path) === undefined ||
        isSpoken(path) ||
        isOverTest(block) ||
        isToldInVerbs(path, change) ||
        isAboutLoading(block) ||
        checksSomething(path, block, textOf(path, change))
      )
        return [];
      return [tell(path, block, 'is new and checks nothing')];
    }),
    ...emptied,
  ].slice(0, MOST);
});

const MOST = 200;

/** There every command that fails, or every sentence, is a check. */
function isSpoken(path: string): boolean {
  return /^(?:feature|sh|bash|zsh|robot|t|hurl)$/i.test(extensionOf(path));
}

/** Where tests are written in verbs of their own (`job.offers(…)`), those may well check. */
function isToldInVerbs(path: string, change: Change): boolean {
  const text = textOf(path, change);
  return /(?:from|require\(|import)\s*["'][^"'\n]{0,200}(?:support|helpers?|harness|testkit|test-?utils?|dsl|pages?|robots?|steps|drivers?)\b[^"'\n]{0,100}["']|^(?:from|import)\s+[\w.]*(?:support|helpers?|harness|testkit|testutils?|dsl|pages?|robots?|steps|drivers?)\b/m.test(
    text.slice(0, 20_000),
  );
}

function textOf(path: string, { files }: Change): string {
  return files.find((file) => file.path === path)?.whole.after?.slice(0, MOST_CHARS) ?? '';
}

const MOST_CHARS = 200_000;

/** An attribute that was taken for the opening of a test. */
function isOverTest({ lines, line, firstLine }: TestBlock): boolean {
  return /^\s*[[@]/.test(lines[line - firstLine] ?? '');
}

/** That it loads, or is drawn at all, is what it checks. */
function isAboutLoading({ name, lines }: TestBlock): boolean {
  return (
    /\bwithout (?:crashing|throwing|errors?|exceptions?)\b|\b(?:does not|doesn't) (?:crash|throw)\b/i.test(
      name,
    ) ||
    lines.some((line) =>
      /^\s*def test_\w*imports?\w*\(.*\):\s*import\b|^\s{1,12}import\s+[\w.]+\s*$/.test(line),
    )
  );
}

function tell(path: string, { name, line }: TestBlock, how: string): Found {
  const say = `holds the test ${quote(name)}, which ${how}, so that it cannot fail for what the code does wrong. Look at what it should check.`;
  return { rule: 'hollow_test', path, line, severity: 'warn', say };
}

/** The first part of a name such as `assertTotal`, `expect_error`, `verifyAll`, `mustParse`. */
const CLAIM_WORDS = new Set(
  'assert asserts asserting assertion expect expects expected should shall must check checks verify verifies require requires refute ensure ensures raises raise throws throw fail fails fatal error errorf fatalf want wants match matches validate validates confirm confirms prove intercept snapshot eventually consistently xct is isnt isa ok nok pass like unlike cmp same equal equals eql eq eqv deep panics panic unwrap compare compares satisfies contains approve approved'.split(
    ' ',
  ),
);
/** Forms that are no names: operators of languages, macros, and finders that fail by themselves. */
const FORMS =
  /@test\w*\b|\?assert|\(is |\(are |(?<![=!<>])={2,3}(?!=)|\s-(?:eq|ne|gt|lt|f|d|z|n)\s|\[\[? |\b(?:EXPECT|ASSERT|CHECK|REQUIRE|TEST_ASSERT|TEST|BOOST|CU_ASSERT|ck_assert|cr_)_?\w*\s*\(|\b(?:find|get)(?:All)?By[A-Z]\w*\(|\bcy\.(?:contains|get|url|wait)\(|\bwaitFor\w*\(|should_panic|expectedExceptions?\b|expected\s*=|ExpectedException|\bdone\(\w|\bthen:|\bexpect:|\bpytest\.(?:raises|warns)|\?\s*;\s*$|\.(?:unwrap|expect)\(|#(?:expect|require)\(|\bt\.(?:is|not|true|false|ok|end|plan|pass)\w*\(|\bProperty\b|quickCheck|forAll|fc\.|=~|\bdiff\b|\bcmp\b|catch_exceptions\s*=\s*False/m;

/** `whole` is the file, in which a helper that the test calls may stand. */
function checksSomething(path: string, block: TestBlock, whole: string): boolean {
  const text = withoutStrings(insideOf(block));
  if (speaksOfClaims(path, text)) return true;
  // Go's helpers are given the test, and fail it themselves.
  if (/\((?:[^()\n]{0,200},\s*)?(?:t|tb|s\.T\(\))\s*[,)]/.test(text.replace(/func\s*\([^)]{0,100}\)/g, '')))
    return true;
  const called = new Set([...text.matchAll(/([A-Za-z_]\w{2,})\s*\(/g)].map(([, name = '']) => name));
  const helpers = new Set(
    readImports(path, whole)
      .filter(({ from }) => /^[.@~#]/.test(from) && stemOf(from) !== stemOf(path))
      .map(({ name }) => name),
  );
  return [...called].slice(0, MOST_CALLED).some((name) => {
    if (helpers.has(name)) return true;
    const defined = new RegExp(
      `\\b(?:def|function|func|fun|fn|const|sub|void|let)\\s+(?:\\([^)]{0,80}\\)\\s*)?${name}\\b`,
    ).exec(whole);
    return (
      defined !== null &&
      speaksOfClaims(
        path,
        withoutStrings(whole.slice(defined.index, defined.index + HELPER_CHARS).replace(name, '')),
      )
    );
  });
}

const MOST_CALLED = 20;
const HELPER_CHARS = 800;

/** What it does, and the attributes over it; its name says nothing of what it does. */
function insideOf({ head, lines }: TestBlock): string {
  const from = head.split('\n').length;
  const over = head.split('\n').slice(0, -1).join('\n');
  const inside = lines.slice(Math.max(0, from - 1)).join('\n');
  const own =
    lines.length <= from
      ? head.replace(/^[^(]*\(\s*(["'`]).*?\1/, '')
      : inside.split('\n').slice(1).join('\n');
  const rest = inside.split('\n')[0]?.replace(/^.*?(?:=>|\{|:|\bdo\b)\s*/, '') ?? '';
  return `${over}\n${rest}\n${own}`;
}

function speaksOfClaims(path: string, text: string): boolean {
  if (FORMS.test(text)) return true;
  const names = text.match(/[A-Za-z_]\w*/g) ?? [];
  return names.some((name) => {
    if (name === 'require' && !/\.rb$/.test(path)) return /\brequire\.\w/.test(text);
    return partsOf(name)
      .slice(0, 3)
      .some((part) => CLAIM_WORDS.has(part));
  });
}

function withoutStrings(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\\n]){0,2000}"|'(?:\\.|[^'\\\n]){0,2000}'/g, '""');
}

/** `assertTotal` → assert, total; `XCTAssertNil` → xct, assert, nil. */
function partsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_]+/)
    .filter((part) => part !== '');
}
