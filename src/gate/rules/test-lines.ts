// Lines of tests as they say it, whatever their layout: what was there and is not, once all is left out that only moved, was
// laid out anew, or was renamed with what it names. Pure.
import type { Change, FileChange } from '../../workspace/change.ts';
import { extensionOf, isProse, perChange } from '../found.ts';
import { budgetOf, definedIn, oncePerText, spend, tokensOf } from './line-words.ts';
import { cutTail } from './strings.ts';
import { commentTail } from './test-blocks.ts';
import { isTestCode } from './test-files.ts';
import { mayHoldTests } from './test-names.ts';

export type TestLine = Readonly<{ line: number; text: string }>;

const MOST_LINES = 20_000;
const MOST_LINE_CHARS = 2_000;

/** Lines of tests that went and did not come again, and those that came. */
export type LostLines = Readonly<{ lost: readonly TestLine[]; come: readonly TestLine[] }>;

/** Of all files of a change that hold tests: what is gone of them. */
export const lostLines = perChange((change: Change): ReadonlyMap<FileChange, LostLines> => {
  const files = change.files.filter(holdsTests);
  const come = new Map(files.map((file) => [file, codeLines(file, file.added)]));
  // What came to tests anywhere; each line stands for one that went.
  const pool = new Map<string, number>();
  for (const line of [...come.values()].flat())
    pool.set(normal(line.text), (pool.get(normal(line.text)) ?? 0) + 1);
  return new Map(
    files.map((file) => {
      const own = come.get(file) ?? [];
      const gone = codeLines(file, file.removed).filter(({ text }) => !takeFrom(pool, normal(text)));
      const lost = withoutRenamed(file, change, { lost: withoutReflowed(gone, own), come: own });
      return [file, { lost, come: own }];
    }),
  );
});

function holdsTests({ path, oldPath = path }: FileChange): boolean {
  return [path, oldPath].some((each) => isTestCode(each) || mayHoldTests(each));
}

function takeFrom(pool: Map<string, number>, key: string): boolean {
  const left = pool.get(key) ?? 0;
  if (left > 0) pool.set(key, left - 1);
  return left > 0;
}

/** Code of one side, without what says nothing by itself. */
function codeLines({ path }: FileChange, runs: FileChange['added']): TestLine[] {
  const lines: TestLine[] = [];
  const isComment = commentOf(extensionOf(path));
  const tail = commentTail(extensionOf(path));
  for (const run of runs) {
    for (const [at, text] of run.text.split('\n').entries()) {
      const bare = cutTail(text.slice(0, MOST_LINE_CHARS).trim(), tail).code.trim();
      if (
        bare === '' ||
        isComment.test(bare) ||
        SAYS_NOTHING.test(bare) ||
        LEAVES_OUT.test(bare) ||
        IMPORT.test(bare) ||
        isOpening(bare)
      )
        continue;
      lines.push({ line: run.line + at, text: bare });
      if (lines.length >= MOST_LINES) return lines;
    }
  }
  return lines;
}

const SAYS_NOTHING =
  /^(?:[\s()[\]{}<>,;:.]*|end|end\)|else|try|do|begin|pass|then|fi|done|else:|try:|\}\s*else\s*\{|\}\)?;?|done;?)$/;
/** A test that is no longer left out says more. */
const LEAVES_OUT =
  /^@(?:pytest\.mark\.(?:skip|skipif|xfail|flaky)|unittest\.(?:skip\w*|expectedFailure)|Disabled\w*|Ignore)\b|^t\.Skip\w*\(|^#\[ignore|^""".*"""$/;
const IMPORT =
  /^(?:import\b|from\s+[\w.]+\s+import\b|(?:const|let|var)\s+[\w{},\s:]+\s*=\s*(?:await\s+)?(?:require|import)\(["'`][^)]*\);?$|require(?:_relative)?\s*\(?["']|use\s+[\w:\\{},\s*]+;?$|using\s+[\w.=\s]+;|package\s+[\w.]+;?$|namespace\s|#include\b|module\s+[\w.]+\s+where|alias\s+[A-Z]|open\s+[A-Z]|["'][\w@./-]+["'],?$|\}?\s*from\s+["'])/;

/** The title of a test may change: what it checks stands below. */
const OPENS =
  /^(?:(?:await|return|export|public|async|static|final|override)\s+)*(?:\([a-z]\w* |@)?(?:[a-z]\w*\.)*[fxFPX]?(?:it|test|tests|describe|context|specify|suite|scenario|feature|example|It|Describe|Context|When|Specify|TEST\w*|SCENARIO|SECTION|SUBCASE|testset|deftest|testing|subtest|Run|test_that)\b(?:\.\w+)*\s*[(\s][^\n]*(?:\{|\bdo(?:\s*\|[^|]*\|)?|=>|=> \(|:|\bbegin)$/;

/** But for a table of cases, which says how often it runs. */
function isOpening(bare: string): boolean {
  if (
    /^(?:(?:public|async|static|final|override|private)\s+){0,4}(?:def|func|fun|function|void)\s+(?:\([^)]{0,80}\)\s*)?(?:test|Test|Fuzz)\w*\s*\(/.test(
      bare,
    )
  )
    return true;
  return OPENS.test(bare) && !/\.(?:each|for)\b|\beach\(/.test(bare);
}

function commentOf(extension: string): RegExp {
  if (/^(?:py|pyi|rb|ex|exs|sh|bash|bats|r|jl|feature|nim|pl|t|cr|toml|ya?ml|cfg|ini)$/.test(extension))
    return /^#(?!\[)/;
  if (/^(?:hs|lua|sql|elm)$/.test(extension)) return /^--/;
  if (/^(?:clj|cljs|cljc|el|lisp)$/.test(extension)) return /^;/;
  // Go compares what an example prints with such a comment.
  return extension === 'go'
    ? /^\/\/(?!\s*(?:Output|Unordered output):)|^\/\*|^\*/
    : /^(?:\/\/|\/\*|\*|#(?![[\w]))/;
}

/** Whatever the quotes, the spaces and the commas at the end. */
function normal(text: string): string {
  // What Go says where a test fails is no claim.
  if (/^t\.(?:Error|Fatal)f?\(/.test(text)) return 't.fails(';
  return text
    .replace(/^(?:(?:const|let|var|val|final|auto)\s+|[A-Z]\w*(?:<[^>]{0,80}>)?\s+)(?=[\w$]+\s*=)/, '')
    .replaceAll(/["'`]/g, '"')
    .replaceAll(/\s+/g, '')
    .replace(/[,;]+$/, '');
}

const MOST_RUNS = 300;

/** Less the runs of lines that stand there as other lines. */
function withoutReflowed(gone: readonly TestLine[], come: readonly TestLine[]): TestLine[] {
  if (gone.length === 0 || come.length === 0) return [...gone];
  // Runs of what came, each with the places where its lines begin and end.
  const there = runsOf(come).map((run) => squashRun(run));
  let left = MOST_RUNS;
  return runsOf(gone).flatMap((run) => {
    if (left-- <= 0) return run;
    const { text } = squashRun(run);
    const isThere = there.some((each) => {
      const at = each.text.indexOf(text);
      return at >= 0 && each.ends.has(at) && each.ends.has(at + text.length);
    });
    return isThere && text !== '' ? [] : run;
  });
}

function runsOf(lines: readonly TestLine[]): TestLine[][] {
  const runs: TestLine[][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && line.line - (last.at(-1)?.line ?? 0) <= 2) last.push(line);
    else runs.push([line]);
  }
  return runs;
}

function squashRun(run: readonly TestLine[]): { text: string; ends: ReadonlySet<number> } {
  const ends = new Set([0]);
  let text = '';
  for (const line of run) {
    text += line.text.replaceAll(/["'`]/g, '"').replaceAll(/[\s,;()[\]{}\\]+/g, '');
    ends.add(text.length);
  }
  return { text, ends };
}

const WORD = /^[A-Za-z_$]/;
/** Words that compare or steer, and values: another one is another claim. */
const CLAIM_PARTS = new Set(
  'to not be is isnt has have assert asserts assertions expect expects should must check verify require refute ensure equal equals eq ne eql same deep strict match matches that contain contains include includes throw throws raise raises true false null nil none undefined any anything greater less at than exist exists ok fail error errorf fatal fatalf skip only todo await async return if unless for while try catch except and or in xct test'.split(
    ' ',
  ),
);

/** Whether a word belongs to how things are compared, by how its name begins: `toBe`, `assert_eq`, `isEmpty`. */
export function isClaimWord(token: string): boolean {
  return CLAIM_PARTS.has(firstPart(token));
}

/** `assert` of `assertEquals`, `should` of `shouldBe`. */
export function firstPart(token: string): string {
  const first = /^[$_]*(?:[A-Z]+(?![a-z])|[A-Z]?[a-z]+)/.exec(token)?.[0] ?? '';
  return first.replaceAll(/[$_]/g, '').toLowerCase();
}

type Sides = Readonly<{ lost: readonly TestLine[]; come: readonly TestLine[] }>;

/** Less the lines in which only names changed that changed everywhere. */
function withoutRenamed(file: FileChange, change: Change, { lost, come }: Sides): TestLine[] {
  const shapes = Map.groupBy(come, ({ text }) => shapeOf(text));
  const { gone, fresh } = productWords(change);
  const [before, after] = [wordsIn(file.removed), wordsIn(file.added)];
  const [was, is] = [file.whole.before, file.whole.after];
  const whole = { before: wordsOf(was), after: wordsOf(is), defined: definedIn(is ?? '') };
  const known = new Map<string, boolean>();
  const isRenamed = (from: string, to: string) => {
    const key = `${from}\0${to}`;
    const is =
      known.get(key) ??
      (!isClaimWord(from) &&
        !isClaimWord(to) &&
        ((gone.has(from) && fresh.has(to)) || isOwnRename(file, { from, to, before, after, whole })));
    known.set(key, is);
    return is;
  };
  const budget = budgetOf(change);
  return lost.filter(({ text }) => {
    const was = tokensOf(text);
    const other = shapes.get(shapeOf(text))?.find((each) => {
      if (!spend(budget)) return false;
      const is = tokensOf(each.text);
      return was.every((token, at) => token === is[at] || isRenamed(token, is[at] ?? ''));
    });
    return other === undefined;
  });
}

const shapeOf = oncePerText((text) =>
  tokensOf(text)
    .map((token) => (WORD.test(token) && !isClaimWord(token) ? '§' : token))
    .join(' '),
);

type Words = Readonly<{ before: ReadonlySet<string>; after: ReadonlySet<string> }>;
type Rename = Words &
  Readonly<{ from: string; to: string; whole: Words & Readonly<{ defined: ReadonlySet<string> }> }>;

/** A name of the tests' own: the old one is nowhere any more, and the new one was not there before. */
function isOwnRename(file: FileChange, { from, to, before, after, whole }: Rename): boolean {
  return (
    before.has(from) &&
    after.has(to) &&
    file.whole.before !== undefined &&
    !whole.after.has(from) &&
    !whole.before.has(to) &&
    whole.defined.has(to)
  );
}

function wordsOf(text = ''): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g));
}

function wordsIn(runs: FileChange['added']): ReadonlySet<string> {
  return new Set(runs.flatMap(({ text }) => text.slice(0, 100_000).match(/[A-Za-z_$][\w$]*/g) ?? []));
}

/** Names that went from what is tested, and those that came to it. */
const productWords = perChange(({ files }: Change) => {
  const [before, after] = [new Set<string>(), new Set<string>()];
  for (const { path, added, removed } of files) {
    if (isTestCode(path) || isProse(path)) continue;
    for (const word of wordsIn(removed)) before.add(word);
    for (const word of wordsIn(added)) after.add(word);
  }
  return { gone: before.difference(after), fresh: after.difference(before) };
});
