// Assertions that stay word for word and no longer run: in a branch, a loop or a function that was put around them, over a
// list that was emptied, or behind a return.
import type { Found } from '../found.ts';
import { type Assertion, readAssertions } from './assertions.ts';
import { quote } from './quote.ts';
import { indentOf, type TestBlock } from './test-blocks.ts';
import type { TestPair } from './test-pairs.ts';

const BRANCH = /^(?:\}\s*)?(?:if|elif|unless|else|while|switch|case|when|match|guard)\b/;
const LOOP = /^for\b/;
/** Fewer rounds than the list has items, or none. */
const CUT_SHORT =
  /\.slice\(|\[\d*:\d+\]|\.(?:take|first|head)\(\d|\bislice\(|\b(?:of|in)\s+(?:\[\]|\(\))|\brange\(0\)|^\[\]\.|\.filter\(\(?\w*\)?\s*=>\s*false\)/;
const FUNCTION = /=>\s*\{$|\bfunction\b.*\{$|^(?:async\s+)?def\s.*:$|\bfunc\s*\(.*\{$/;
/** Those run what they are given, and hear of what it throws. */
const RUNS =
  /^(?:await|return)\b|\b(?:waitFor|act|step|it|test|describe|context|Run|each|forEach|eventually|Eventually|assertSoftly|assertAll|within|group)\s*\(/;

/** At most one finding of a test: the first assertion that is dead now. */
export function deadAssertions({ path, before, after }: TestPair): Found[] {
  const was = Map.groupBy(readAssertions(before), ({ text }) => bare(text));
  const known = new Set(before.lines.map((line) => line.trim()));
  for (const one of readAssertions(after)) {
    const then = was.get(bare(one.text))?.shift();
    const how = then === undefined ? undefined : deadBy({ before, after, known }, then, one);
    if (how === undefined) continue;
    const say = `may no longer check ${quote(one.text)} in ${quote(after.name)}: ${how}. Look at whether the assertion still runs every time.`;
    return [{ rule: 'weakened_test', path, line: one.line, severity: 'warn', say }];
  }
  return [];
}

type Sides = Readonly<{ before: TestBlock; after: TestBlock; known: ReadonlySet<string> }>;

function deadBy({ before, after, known }: Sides, then: Assertion, now: Assertion): string | undefined {
  const [had, has] = [around(before, then), around(after, now)];
  const isNewIn = (line: string) => !had.includes(line);
  const cut = has.find((line) => isNewIn(line) && CUT_SHORT.test(line));
  if (cut !== undefined && !had.some((line) => CUT_SHORT.test(line))) return `it stands in ${quote(cut)} now`;
  const extra = (kind: (line: string) => boolean) =>
    has.filter(kind).length > had.filter(kind).length
      ? has.find((line) => kind(line) && isNewIn(line))
      : undefined;
  const found =
    extra((line) => BRANCH.test(line)) ??
    extra((line) => LOOP.test(line) && !usesItem(line, now.text)) ??
    extra((line) => FUNCTION.test(line) && !RUNS.test(line) && !isCalled(line, after));
  if (found !== undefined) return `it stands in ${quote(found)} now`;
  return isLeftBefore(after, now, known) ? 'the test returns before it' : undefined;
}

/** The lines that open what an assertion stands in, its test left out; those that hold its own words are itself. */
function around({ lines, firstLine, line: opens }: TestBlock, { line, text }: Assertion): string[] {
  const found: string[] = [];
  let indent = indentOf(lines[line - firstLine] ?? '');
  for (let up = line - firstLine - 1; up > opens - firstLine && indent > 0; up--) {
    const each = lines[up] ?? '';
    if (each.trim() === '' || indentOf(each) >= indent) continue;
    indent = indentOf(each);
    if (!each.includes(text)) found.push(each.trim());
  }
  return found;
}

/** `for (const [a, b] of cases)` around words that hold `a`. */
function usesItem(header: string, text: string): boolean {
  const item =
    /^for\s*(?:await\s*)?\(?\s*(?:const|let|var|auto|final)?\s*(.{1,120}?)\s*(?::=|\bof\b|\bin\b|:|=)/.exec(
      header,
    )?.[1];
  const names = item?.match(/[A-Za-z]\w*/g) ?? [];
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(text));
}

/** A function by name that the test calls elsewhere. */
function isCalled(header: string, { lines }: TestBlock): boolean {
  const name = /(?:function\s+|def\s+|const\s+|let\s+|var\s+|^)(\w+)\s*(?:=|:=|\()/.exec(header)?.[1];
  if (name === undefined || /^(?:function|async|setTimeout|setImmediate|then)$/.test(name)) return false;
  return lines.some((line) => line.trim() !== header && new RegExp(`\\b${name}\\b`).test(line));
}

/** A bare return that is new, in no branch of its own. */
function isLeftBefore(block: TestBlock, { line }: Assertion, known: ReadonlySet<string>): boolean {
  const { lines, firstLine } = block;
  const indent = indentOf(lines[line - firstLine] ?? '');
  return lines
    .slice(block.line - firstLine + 1, Math.max(0, line - firstLine))
    .some((each) => /^return;?$/.test(each.trim()) && !known.has(each.trim()) && indentOf(each) <= indent);
}

const BEGIN = /\b(?:expect|assert\w*|self\.assert\w+|Assert|XCTAssert\w*)\b/;
const GUARD = /\bif\b|\bunless\b|&&|\|\||\?|=>|\bfor\b|\bwhile\b/;

/** `if (false) expect(…)` where `expect(…)` stood. */
export function isGuardedNow(was: string, is: string): boolean {
  const prefix = (text: string) => text.slice(0, BEGIN.exec(text)?.index ?? 0);
  return GUARD.test(prefix(is)) && !GUARD.test(prefix(was));
}

function bare(text: string): string {
  return text.replaceAll(/['"`]/g, '"').replaceAll(/[\s;]+/g, '');
}
