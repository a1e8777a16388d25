// Tests that a change leaves out: skipped, run without the others, left early, commented out, or removed from a file that
// stays.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found, perChange } from '../found.ts';
import { keptElsewhere, subjectIsGone } from './lost-tests.ts';
import { quote } from './quote.ts';
import { BARE_RETURN, FILE_OFF, GUARDED_RETURN, skipOf } from './skip-marks.ts';
import { indentOf, type TestBlock } from './test-blocks.ts';
import { isTest, mayHoldTests } from './test-names.ts';
import { pairTests, readBothSides } from './test-pairs.ts';

/** What checks something, in any of the languages; only to see where a test has done so. */
const CHECKS =
  /\b(?:assert|expect|should|verify|check|ensure|must|require|refute|raises|XCTAssert|EXPECT_|ASSERT_|CHECK|REQUIRE)\w*|\bt\.(?:Error|Fatal|is|equal|ok|deepEqual|same)/i;

export const skippedTests: FileRule = (file, change) => {
  if (!mayHoldTests(file.path) && !/(^|\/)conftest\.py$/.test(file.path)) return [];
  if (file.kind === 'deleted' || file.after?.mode === '120000') return [];
  const ofItsTests = ofTests(change).filter(({ path }) => path === file.path);
  return [...ofName(file), ...ofItsTests, ...ofSuites(file), ...ofFile(file)];
};

/** Go's names of systems and processors: https://pkg.go.dev/cmd/go#hdr-Build_constraints */
const BY_SYSTEM =
  /_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)_test\.go$/;

/** Renamed so that a runner may look past it. */
function ofName({ path, oldPath }: FileChange): Found[] {
  if (oldPath === undefined || isTest(oldPath) !== 'sure') return [];
  if (BY_SYSTEM.test(path) && !BY_SYSTEM.test(oldPath)) {
    const say = `was called ${quote(oldPath)}, and Go runs a file of its new name on one system only. Look at whether its tests still run.`;
    return [{ rule: 'skipped_test', path, severity: 'warn', say }];
  }
  const isHidden = /^[._]/.test(baseName(path)) && !/^[._]/.test(baseName(oldPath));
  if (isTest(path) === 'sure' && !isHidden) return [];
  const say = `was called ${quote(oldPath)}, as runners of tests expect it. Look at whether its tests still run.`;
  return [{ rule: 'skipped_test', path, severity: 'warn', say }];
}

const ofTests = perChange((change: Change): readonly Found[] => {
  const { pairs, gone, fresh } = pairTests(change);
  return [
    ...pairs.flatMap(({ path, before, after }) => {
      const how = describeSkip(before, after);
      return how === undefined ? [] : [tell(path, after, how)];
    }),
    ...fresh.flatMap(({ path, block }) => {
      const skip = skipOf(block);
      if (skip === 'alone') return [tell(path, block, 'runs alone, so that the others of its file do not')];
      // A test that is only planned takes nothing away.
      const isPlanned = /\.todo\b|^\s*pending\b/.test(block.head);
      return skip === 'off' && !isPlanned
        ? [tell(path, block, 'is new and skipped, so that it checks nothing')]
        : [];
    }),
    ...[...Map.groupBy(gone, ({ path }) => path)].flatMap(([path, placed]) =>
      tellLost(path, { change, lost: placed.map(({ block }) => block) }),
    ),
  ];
});

/** Tests that are missed in a file that stays. */
function tellLost(path: string, { change, lost }: { change: Change; lost: readonly TestBlock[] }): Found[] {
  const file = change.files.find((each) => each.path === path);
  const ran = lost.filter((block) => skipOf(block) !== 'off').slice(0, MOST_LOST);
  const commented = ran.filter((block) => file !== undefined && standsStill(file, block));
  const removed = ran.filter(
    (block) =>
      !commented.includes(block) &&
      !keptElsewhere(block, change) &&
      !subjectIsGone(block, change, file?.whole.after),
  );
  const say = (how: string, blocks: readonly TestBlock[]): Found[] => {
    if (blocks.length === 0) return [];
    const names = blocks.slice(0, MOST_NAMED).map(({ name }) => quote(name));
    const rest = blocks.length - names.length;
    const list = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    const text = `held ${blocks.length === 1 ? 'a test that' : `${blocks.length} tests that`} ${how} (${list}). Look at whether the change was to blame and not the test.`;
    const about = blocks.map(({ lines }) => lines.join('\n'));
    return [{ rule: 'skipped_test', path, severity: 'warn', say: text, about }];
  };
  return [
    ...say(commented.length === 1 ? 'is commented out' : 'are commented out', commented),
    ...say(removed.length === 1 ? 'was removed' : 'were removed', removed),
  ];
}

const MOST_LOST = 200;
const MOST_NAMED = 5;

function tell(path: string, { name, line }: TestBlock, how: string): Found {
  const say = `holds the test ${quote(name)}, which ${how}. Look at whether it was in the way of the change.`;
  return { rule: 'skipped_test', path, line, severity: 'warn', say };
}

function describeSkip(before: TestBlock, after: TestBlock): string | undefined {
  const [was, is] = [skipOf(before), skipOf(after)];
  if (is === 'alone' && was !== 'alone') return 'runs alone, so that the others of its file do not';
  if (is === 'off' && was !== 'off') return 'is skipped now';
  if (is === 'sometimes' && was === undefined) return 'is skipped now under a condition';
  return leavesEarly(before, after) ? 'ends now before it has checked all that it did' : undefined;
}

/** A way out in the body itself, not in a function within, with checks behind it. */
function leavesEarly(before: TestBlock, after: TestBlock): boolean {
  const known = new Set(before.lines.map((line) => line.trim()));
  const exits = exitsOf(after).filter(({ text }) => !known.has(text));
  return exits.some(({ at }) => after.lines.slice(at + 1).some((line) => CHECKS.test(line)));
}

function exitsOf({ lines, head }: TestBlock): { at: number; text: string }[] {
  const opened = head.split('\n').length;
  const from = lines[opened]?.trim() === '{' ? opened + 1 : opened;
  const indent = indentOf(lines.slice(from).find((line) => line.trim() !== '') ?? '');
  return lines.flatMap((line, at) => {
    const text = line.trim();
    // The last line closes the test.
    if (at < from || at >= lines.length - 1) return [];
    if (indentOf(line) === indent && (BARE_RETURN.test(text) || GUARDED_RETURN.test(text)))
      return [{ at, text }];
    const over = (lines[at - 1] ?? '').trim();
    const isBelowIf = /^(?:if|unless)\b/.test(over) && indentOf(lines[at - 1] ?? '') === indent;
    return isBelowIf && BARE_RETURN.test(text) ? [{ at, text: `${over} ${text}` }] : [];
  });
}

/** Its opening is there, but no test any more: in a comment, or switched off for the compiler. */
function standsStill({ whole }: FileChange, block: TestBlock): boolean {
  const opening = block.lines[block.line - block.firstLine]?.trim() ?? '';
  // An opening without a name stands over other tests as well.
  const hasName = opening.includes(block.name.slice(0, 20));
  return hasName && opening.length >= 6 && (whole.after ?? '').includes(opening);
}

/** Suites by name: one that is left out takes all of its tests with it. */
function ofSuites(file: FileChange): Found[] {
  const { before, after } = readBothSides(file);
  const had = Map.groupBy(before.suites, ({ name }) => name);
  return after.suites.flatMap((suite): Found[] => {
    const was = had.get(suite.name)?.shift();
    const [then, now] = [was && skipOf(was), skipOf(suite)];
    if (now === undefined || now === then || (was === undefined && now === 'sometimes')) return [];
    const how =
      now === 'alone'
        ? 'runs alone, so that the others of its file do not'
        : now === 'off'
          ? 'is skipped with all of its tests'
          : 'is skipped now under a condition, with all of its tests';
    const say = `holds the suite ${quote(suite.name)}, which ${how}. Look at whether it was in the way of the change.`;
    return [{ rule: 'skipped_test', path: file.path, line: suite.line, severity: 'warn', say }];
  });
}

/** Lines over all tests of a file that was there before; a new file may be of one system only. */
function ofFile(file: FileChange): Found[] {
  if (file.before === undefined) return [];
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  const isSettings = isTest(file.path) === undefined;
  for (const { line, text } of addedLines(file)) {
    if (text.length > 400 || gone.has(text.trim())) continue;
    const isOff = FILE_OFF.some((pattern) => pattern.test(text));
    const isMarking = isSettings && /pytest\.mark\.(?:skip|xfail)|pytest\.skip\(|collect_ignore/.test(text);
    if (!isOff && !isMarking) continue;
    const say = `leaves out tests as a whole (${quote(text.trim())}). Look at whether they were in the way of the change.`;
    return [{ rule: 'skipped_test', path: file.path, line, severity: 'warn', say }];
  }
  return [];
}
