// Holds the tests of a change against what they were: by name in their file, else by what they do, anywhere in the change.
// What is left over is gone or new. Pure.
import type { Change, FileChange } from '../../workspace/change.ts';
import { perChange } from '../found.ts';
import { readTests, type TestBlock, type TestFile } from './test-blocks.ts';
import { mayHoldTests } from './test-names.ts';

export type Placed = Readonly<{ path: string; block: TestBlock }>;
/** One test before and after; `isMoved` where only what it does says that it is the same. */
export type TestPair = Readonly<{ path: string; before: TestBlock; after: TestBlock; isMoved: boolean }>;
export type TestPairs = Readonly<{
  pairs: readonly TestPair[];
  /** Of files that are still there; whole files that went are another rule's. */
  gone: readonly Placed[];
  fresh: readonly Placed[];
}>;

const EMPTY: TestFile = { tests: [], suites: [] };
/** Enough of the lines are the same for it to be the same test. */
const SAME = 0.5;
/** More are not compared with each other. */
const MOST_LEFT = 150;

/** Before and after of one file, as far as it holds tests. */
export const readBothSides = perFile((file): Readonly<{ before: TestFile; after: TestFile }> => {
  const { path, oldPath = path, whole } = file;
  const read = (of: string, text: string | undefined) =>
    text !== undefined && mayHoldTests(of) ? readTests(of, text) : EMPTY;
  return { before: read(oldPath, whole.before), after: read(path, whole.after) };
});

export const pairTests = perChange(({ files }: Change): TestPairs => {
  const pairs: TestPair[] = [];
  const gone: Placed[] = [];
  const fresh: Placed[] = [];
  for (const file of files) {
    if (file.whole.before === undefined && file.whole.after === undefined) continue;
    const { before, after } = readBothSides(file);
    const byName = Map.groupBy(before.tests, ({ name }) => name);
    for (const block of after.tests) {
      const known = byName.get(block.name)?.shift();
      if (known) pairs.push({ path: file.path, before: known, after: block, isMoved: false });
      else fresh.push({ path: file.path, block });
    }
    const isStill = file.kind !== 'deleted';
    for (const block of [...byName.values()].flat()) {
      if (isStill || fresh.length > 0) gone.push({ path: file.path, block });
    }
  }
  const deleted = new Set(files.filter(({ kind }) => kind === 'deleted').map(({ path }) => path));
  return matchRest(pairs, { gone, fresh, deleted });
});

/** Pairs what is left by what it does. */
function matchRest(
  known: readonly TestPair[],
  { gone, fresh, deleted }: Pick<TestPairs, 'gone' | 'fresh'> & { deleted: ReadonlySet<string> },
): TestPairs {
  const pairs = [...known];
  const left = new Set(fresh);
  const candidates = fresh.slice(0, MOST_LEFT).map((placed) => ({ placed, lines: linesOf(placed.block) }));
  const lost = gone.filter(({ path, block }, at) => {
    if (at >= MOST_LEFT) return true;
    const lines = linesOf(block);
    const scored = candidates
      .filter(({ placed }) => left.has(placed))
      .map((each) => ({
        ...each,
        score: likeness(lines, each.lines) + (each.placed.block.name === block.name ? 0.3 : 0),
      }));
    const best = scored.toSorted((a, b) => b.score - a.score)[0];
    if (best === undefined || best.score < SAME) return true;
    left.delete(best.placed);
    const after = best.placed;
    pairs.push({ path: after.path, before: block, after: after.block, isMoved: path !== after.path });
    return false;
  });
  return { pairs, gone: lost.filter(({ path }) => !deleted.has(path)), fresh: [...left] };
}

function linesOf({ lines, head }: TestBlock): ReadonlySet<string> {
  const opening = new Set(head.split('\n').map((line) => line.trim()));
  const inside = lines.map((line) => line.trim()).filter((line) => line.length > 3 && !opening.has(line));
  return new Set(inside.length > 0 ? inside : opening);
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((line) => other.has(line)).length;
  return shared / Math.max(1, Math.min(one.size, other.size));
}

function perFile<T>(make: (file: FileChange) => T): (file: FileChange) => T {
  const made = new WeakMap<FileChange, T>();
  return (file) => {
    const known = made.get(file);
    if (known !== undefined) return known;
    const fresh = make(file);
    made.set(file, fresh);
    return fresh;
  };
}
