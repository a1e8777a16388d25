// Whether a test that is gone is missed: what it checked may stand elsewhere now, as a row of a table or in another test, or
// what it was about may have gone with it. Pure.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, isProse, perChange } from '../found.ts';
import type { TestBlock } from './test-blocks.ts';
import { isTest } from './test-names.ts';

/** So much of what a test says stands elsewhere for it to have moved. */
const KEPT = 0.75;
const MOST_TEXT = 2_000_000;

const WORDS = /"(?:\\.|[^"\\\n]){0,200}"|'(?:\\.|[^'\\\n]){0,200}'|\b\d[\d_.]*\b|[A-Za-z_]\w{3,}/g;
/** Words that any test has. */
const COMMON =
  /^(?:test|expect|assert\w*|should|toBe|toEqual|toStrictEqual|equal|async|await|function|const|return|describe|self|void|public|true|false|None|null|True|False|Equal|Error|Fatal|Errorf|Fatalf|import|from|void|func|testing)$/;

const addedToTests = perChange(({ files }: Change): ReadonlySet<string> => {
  const words = new Set<string>();
  let left = MOST_TEXT;
  for (const file of files) {
    if (isTest(file.path) === undefined) continue;
    for (const { text } of addedLines(file)) {
      left -= text.length;
      if (left < 0) return words;
      if (isComment(text)) continue;
      for (const word of wordsOf(text)) words.add(word);
    }
  }
  return words;
});

/** Most of its own words are among what the change adds to tests. */
export function keptElsewhere({ lines, head }: TestBlock, change: Change): boolean {
  const inside = lines.slice(head.split('\n').length);
  const words = new Set((inside.length > 0 ? inside : lines).flatMap((line) => wordsOf(line)));
  if (words.size === 0) return false;
  const added = addedToTests(change);
  const kept = [...words].filter((word) => added.has(word)).length;
  return added.size > 0 && kept / words.size >= KEPT;
}

function wordsOf(line: string): string[] {
  // What Go says where a test fails is worded anew in a table.
  if (/^\s*t\.(?:Error|Fatal|Log)f?\(/.test(line)) return [];
  return (line.slice(0, 1_000).match(WORDS) ?? [])
    .map((word) => word.replace(/^'(.*)'$/, '"$1"'))
    .filter((word) => !COMMON.test(word));
}

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|#(?!\[)|\*|\/\*|--|;)/.test(line);
}

const DEFINED =
  /\b(?:function|class|def|func|fun|fn|interface|type|enum|struct|trait|record|void|static|module|sub|defp?|object)\s+(?:\([^)]{0,80}\)\s*)?([A-Za-z_]\w{2,})|^(?:export\s+)?(?:const|let|var)\s+([A-Za-z_]\w{2,})|^\s*(?:public|private|protected|internal)\s+[\w<>[\], ]{1,80}\s(\w{3,})\s*\(/g;

/** Names that code other than tests defined before and does not any more; one that was only renamed is still there. */
const goneNames = perChange(({ files }: Change): ReadonlySet<string> => {
  const own = files.filter(({ path }) => isTest(path) === undefined && !isProse(path));
  const read = (runs: FileChange['added']) => new Map(runs.flatMap(({ text }) => definedIn(text)));
  const was = read(own.flatMap(({ removed }) => removed));
  const is = read(own.flatMap(({ added }) => added));
  const fresh = [...is].filter(([name]) => !was.has(name)).slice(0, MOST_NAMES);
  const shapes = Map.groupBy(fresh, ([, shape]) => shape);
  // Short lines look like each other and say nothing.
  const isRenamed = (name: string, shape: string) =>
    (shape.length >= TELLING_SHAPE && shapes.get(shape)?.length === 1) ||
    fresh.some(([other]) => isAlike(name, other));
  return new Set(
    [...was]
      .slice(0, MOST_NAMES)
      .filter(([name, shape]) => !is.has(name) && !isRenamed(name, shape))
      .map(([name]) => name),
  );
});

const TELLING_SHAPE = 20;
const MOST_NAMES = 2_000;

/** Each name with the line that defines it, but for the name. */
function definedIn(text: string): (readonly [name: string, shape: string])[] {
  return text
    .slice(0, 400_000)
    .split('\n')
    .flatMap((line) =>
      [...line.slice(0, 400).matchAll(DEFINED)].map(([, ...names]) => {
        const name = names.find((each) => each !== undefined) ?? '';
        return [name, line.trim().replace(name, '§')] as const;
      }),
    );
}

/** `total` and `totalOf`, `load_all` and `loadAll`. */
function isAlike(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((name) => name.toLowerCase().replaceAll('_', ''));
  const short = Math.min(a.length, b.length);
  return short >= 5 && short >= 0.6 * Math.max(a.length, b.length) && (a.includes(b) || b.includes(a));
}

/** It speaks of something that the change removed, and of which its file, with what it says now, speaks no more. */
export function subjectIsGone({ lines }: TestBlock, change: Change, said = ''): boolean {
  const gone = goneNames(change);
  if (gone.size === 0) return false;
  const text = lines.join('\n');
  const spoken = new Set(text.match(/[A-Za-z_]\w{2,}/g)).intersection(gone);
  const left = new Set(said.slice(0, 400_000).match(/[A-Za-z_]\w{2,}/g));
  return [...spoken].some(
    (name) =>
      !left.has(name) &&
      !new RegExp(`\\b(?:const|let|var|val)\\s+${name}\\b|\\b${name}\\s*:?=(?!=)`).test(text),
  );
}
