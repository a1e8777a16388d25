// The head of a test that stands on both sides: its annotations, its modifiers, what it is called with, its class, what closes it.
// By these a runner chooses, whatever the marks of its framework are called. Pure.
import type { Change, FileChange } from '../../workspace/change.ts';
import { extensionOf, type FileRule, type Found, perChange } from '../found.ts';
import { quote } from './quote.ts';
import { skipOf } from './skip-marks.ts';
import { indentOf, type TestBlock } from './test-blocks.ts';
import { isTestCode } from './test-files.ts';
import { mayHoldTests } from './test-names.ts';
import { pairTests, readBothSides } from './test-pairs.ts';

export const changedHeads: FileRule = (file, change) => {
  if (file.before === undefined || !(mayHoldTests(file.path) || isTestCode(file.path))) return [];
  const found = [
    ...ofTests(change).filter(({ path }) => path === file.path),
    ...ofSuites(file),
    ...ofTitles(file),
    ...shadowed(file),
  ];
  const places = found.map(({ line }) => line);
  return found.filter(({ line }, at) => places.indexOf(line) === at).slice(0, MOST);
};

const MOST = 5;

const ofTests = perChange((change: Change): readonly Found[] =>
  pairTests(change).pairs.flatMap(({ path, before, after }) => {
    // That it is skipped is told as such.
    if (skipOf(after) !== undefined) return [];
    const word =
      newModifier(path, before, after) ??
      newWish(before, after) ??
      emptyTable(before, after) ??
      closing(before, after);
    return word === undefined ? [] : [tell(path, after, word)];
  }),
);

function ofSuites(file: FileChange): Found[] {
  const { before, after } = readBothSides(file);
  const had = Map.groupBy(before.suites, ({ name }) => name);
  const fresh: TestBlock[] = [];
  const found = after.suites.flatMap((suite): Found[] => {
    const was = had.get(suite.name)?.shift();
    if (was === undefined) fresh.push(suite);
    if (was === undefined || skipOf(suite) !== undefined) return [];
    const word = newModifier(file.path, was, suite);
    return word === undefined ? [] : [tell(file.path, suite, word)];
  });
  return [...found, ...uncollected(file, [...had.values()].flat(), fresh)];
}

/** Without these words, or with them, runners look past a function or a class. */
const MODIFIER = /\b(?:private|abstract|protected|internal|static|async)\b/g;
const CALL = /^\s*[\w.]+\s*[(\s]\s*["'`]/;

function newModifier(path: string, before: TestBlock, after: TestBlock): string | undefined {
  const [was, is] = [modifiersOf(before), modifiersOf(after)];
  const extension = extensionOf(path);
  if (extension === 'cs' && was.has('public') && !is.has('public')) return 'no `public`';
  return [...is].find((word) => {
    if (word === 'public' || was.has(word)) return false;
    // Whoever waits in it means it; elsewhere than in Python a runner waits for it.
    return (
      word !== 'async' ||
      (extension === 'py' && !/\bawait\b|\basync (?:with|for)\b/.test(after.lines.join('\n')))
    );
  });
}

function modifiersOf({ head, line, firstLine }: TestBlock): ReadonlySet<string> {
  const opening = head.split('\n')[line - firstLine] ?? '';
  const before = CALL.test(opening) ? '' : (/^[^(={:"'`]*/.exec(opening)?.[0] ?? '');
  return new Set([...(before.match(MODIFIER) ?? []), ...(/\bpublic\b/.test(before) ? ['public'] : [])]);
}

/** A test that must fail now, or may. */
const WISH = /#\[should_panic\b[^\]\n]{0,100}\]|@Test\s*\([^)\n]{0,100}\bexpected\w*\s*=|\bwill_?fail\b/i;

function newWish(before: TestBlock, after: TestBlock): string | undefined {
  const wish = WISH.exec(after.head)?.[0];
  return wish !== undefined && !WISH.test(before.head) ? quote(wish) : undefined;
}

const EMPTY_TABLE = /\.(?:each|for)\s*\(\s*\[\s*\]\s*\)|parametrize\([^[\n]{0,200}\[\s*\]\s*\)/;

function emptyTable(before: TestBlock, after: TestBlock): string | undefined {
  return EMPTY_TABLE.test(after.head) && !EMPTY_TABLE.test(before.head) ? 'a table without rows' : undefined;
}

const LEAVES = /\b(?:skip|skipped|ignore|ignored|pending|todo|disabled|xfail|fixme|failing)\b/i;

/** Behind the bracket that closes it. */
function closing(before: TestBlock, after: TestBlock): string | undefined {
  const [was = '', is = ''] = [before.lines.at(-1), after.lines.at(-1)].map((line) =>
    withoutStrings(line ?? ''),
  );
  if (!/^\s*[\])}]/.test(is) || !/^\s*[\])}]/.test(was) || was.trim() === is.trim()) return undefined;
  const word = LEAVES.exec(is)?.[0];
  return word !== undefined && !LEAVES.test(was) ? quote(is) : undefined;
}

/** Python runs no test of a class that is not called one. */
function uncollected(file: FileChange, gone: readonly TestBlock[], fresh: readonly TestBlock[]): Found[] {
  if (extensionOf(file.path) !== 'py') return [];
  const { before, after } = readBothSides(file);
  const [was, is] = [placesOf(before.tests, file.whole.before), placesOf(after.tests, file.whole.after)];
  const namesIn = (places: readonly Place[], { head }: TestBlock) =>
    places.filter(({ scope }) => scope !== '' && head.endsWith(scope)).map(({ name }) => name);
  return gone
    .filter(({ name, head }) => /^Test/.test(name) && !/TestCase/.test(head))
    .flatMap((suite): Found[] => {
      const names = new Set(namesIn(was, suite));
      const other = fresh.find(
        (each) =>
          !/^Test/.test(each.name) &&
          !/TestCase/.test(each.head) &&
          namesIn(is, each).some((name) => names.has(name)),
      );
      return other === undefined ? [] : [tell(file.path, other, `another name than ${quote(suite.name)}`)];
    });
}

/** Words by which tests and suites are opened, and what goes with them. */
const OPENERS =
  /^(?:it|its|they|test|tests|specify|scenario|example|property|describe|context|suite|feature|each|for|concurrent|sequential|parallel|serial|scoped|t|tc|ctx|Deno|RSpec|await|return|async|should|in|when|and|given|can|must|testing|deftest|testset|Describe|Context|When|It|Specify|TEST\w*|Test|Fact|Theory|testWidgets|group|def|func|fun|function|test_that|subtest|step|bench|only|skip|todo|fails)$/;
/** Opens something by a title, and nothing else stands before it. */
const TITLED = /^([\w.\s(]*)(["'`])((?:\\.|(?!\2)[^\\]){3,200})\2(.*)$/;
const OPENS = /(?:\{|=>|\bdo(?:\s*\|[^|]*\|)?|\bin|:)\s*$/;

type Titled = Readonly<{ title: string; before: string; behind: string; line: number; text: string }>;

/** Openings with the same title, in whatever framework: one more word before it, or one behind it that leaves it out. */
function ofTitles(file: FileChange): Found[] {
  const read = (runs: FileChange['added']): Titled[] =>
    runs.flatMap((run) =>
      run.text.split('\n').flatMap((text, at) => {
        const hit = text.length < 400 && OPENS.test(text) ? TITLED.exec(text) : null;
        return hit === null
          ? []
          : [
              {
                title: hit[3] ?? '',
                before: hit[1] ?? '',
                behind: withoutStrings(hit[4] ?? ''),
                line: run.line + at,
                text,
              },
            ];
      }),
    );
  const had = Map.groupBy(read(file.removed), ({ title }) => title);
  const { after } = readBothSides(file);
  const told = new Set(
    [...after.tests, ...after.suites].filter((block) => skipOf(block)).map(({ line }) => line),
  );
  return read(file.added).flatMap((is): Found[] => {
    const was = had.get(is.title)?.shift();
    if (was === undefined || told.has(is.line) || !wordsOf(was.before).every((word) => OPENERS.test(word)))
      return [];
    const known = new Set(wordsOf(was.before));
    const word =
      wordsOf(is.before).find((each) => !known.has(each) && (!OPENERS.test(each) || isOwn(each, file))) ??
      (LEAVES.test(was.behind) ? undefined : LEAVES.exec(is.behind)?.[0]);
    return word === undefined ? [] : [tellHead(file.path, is.line, is.title, quote(word))];
  });
}

/** `const suite = process.env.CI ? describe.skip : describe`. */
function isOwn(word: string, { whole }: FileChange): boolean {
  return (whole.after ?? '')
    .split('\n')
    .some(
      (line) => /\b(?:const|let|var|val|def)\s/.test(line) && line.includes(`${word} =`) && LEAVES.test(line),
    );
}

function wordsOf(text: string): string[] {
  return text.match(/\w+/g) ?? [];
}

function withoutStrings(text: string): string {
  return text.replaceAll(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, '""');
}

/** Of two functions of one name in one scope of Python and Ruby, only the last is there when the tests run. */
function shadowed(file: FileChange): Found[] {
  if (!/^(?:py|rb)$/.test(extensionOf(file.path))) return [];
  const { before, after } = readBothSides(file);
  const [was, is] = [placesOf(before.tests, file.whole.before), placesOf(after.tests, file.whole.after)].map(
    (places) => Map.groupBy(places, ({ scope, name }) => JSON.stringify([scope, name])),
  );
  return [...(is ?? [])].flatMap(([key, tests]): Found[] => {
    const [first, ...more] = tests;
    const last = more.at(-1);
    if (first === undefined || last === undefined || was?.get(key)?.length !== 1) return [];
    const say = `holds a second test of the name ${quote(first.name)} in the same place, so that the first no longer runs. Give it a name of its own.`;
    return [{ rule: 'skipped_test', path: file.path, line: last.line, severity: 'warn', say }];
  });
}

type Place = Readonly<{ scope: string; name: string; line: number }>;

function placesOf(tests: readonly TestBlock[], text = ''): Place[] {
  const lines = text.split('\n');
  return tests
    .filter(({ head }) => /^\s*(?:async\s+)?def\s+test/m.test(head))
    .map((test) => ({ scope: scopeOf(lines, test), name: test.name, line: test.line }));
}

/** The line that a function stands under: of its class, or of a branch. */
function scopeOf(lines: readonly string[], { line }: TestBlock): string {
  const indent = indentOf(lines[line - 1] ?? '');
  if (indent === 0) return '';
  const isOver = (each: string) => each.trim() !== '' && indentOf(each) < indent;
  return (lines.slice(0, line - 1).findLast(isOver) ?? '').trim();
}

function tell(path: string, { name, line }: TestBlock, word: string): Found {
  return tellHead(path, line, name, word.startsWith('no ') || /[ "]/.test(word) ? word : `\`${word}\``);
}

function tellHead(path: string, line: number, name: string, word: string): Found {
  const say = `changes the head of the existing test ${quote(name)}: it has ${word} now. Look at whether its runner still finds it and runs it.`;
  return { rule: 'test_changed', path, line, severity: 'warn', say };
}
