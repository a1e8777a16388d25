// Whole test files that are gone: deleted, emptied, switched off, or moved to where no runner finds them. A renamed test is
// not deleted.
import type { Change, FileChange } from '../../workspace/change.ts';
import { extensionOf, type FileRule, type Found, folderOf, perChange } from '../found.ts';
import { countTests } from './count-tests.ts';
import { CODE, isTest, stemOf } from './test-names.ts';

export const deletedTests: FileRule = (file, change) => {
  const lost = describeLoss(file);
  if (lost === undefined) return [];
  const { path, say, severity } = lost;
  if (file.kind === 'deleted' && movedTests(change).has(file.path)) return [];
  const hasSubject = lostSubject(path, change);
  const isMild = severity === 'warn' || hasSubject || isTest(path) === 'likely';
  const found: Found = {
    rule: 'deleted_test',
    path,
    severity: isMild ? 'warn' : 'block',
    say: hasSubject
      ? `${say}, together with what it tests. Look at whether both should go.`
      : `${say}. Look at why: the test may have been in the way of the change.`,
  };
  return [found];
};

type Loss = Readonly<{ path: string; say: string; severity?: 'warn' }>;

function describeLoss(file: FileChange): Loss | undefined {
  const was = file.oldPath ?? file.path;
  if (file.before === undefined || isTest(was) === undefined) return undefined;
  if (file.before.mode === '120000' || file.before.mode === '160000') return undefined;
  if (file.kind === 'deleted') return { path: was, say: 'is a whole test file that was removed' };
  if (file.kind === 'renamed' && isTest(file.path) === undefined) {
    const where = JSON.stringify(file.path);
    return { path: was, say: `is a test that was moved to ${where}, where no runner looks for it` };
  }
  if (file.after?.mode === '120000') return { path: file.path, say: 'is a test file that became a link' };
  const size = file.after?.sizeBytes;
  const had = file.before.sizeBytes ?? 0;
  if (size !== undefined && had > 40 && size < 0.1 * had && size < 200) {
    return { path: file.path, say: 'is a test file that was emptied' };
  }
  return switchedOff(file);
}

/** The file is still there, but what it did is not. */
function switchedOff({ path, whole }: FileChange): Loss | undefined {
  if (whole.before === undefined || whole.after === undefined) return undefined;
  const [had, has] = [countTests(whole.before), countTests(whole.after)];
  if (had.active === 0) return undefined;
  if (has.active === 0 && has.off > had.off) {
    return { path, say: 'is a test file whose tests were all switched off' };
  }
  if (has.active === 0) return { path, say: 'is a test file that holds no test any more' };
  if (had.checks > 0 && has.checks === 0) {
    return { path, say: 'is a test file that checks nothing any more' };
  }
  return has.active < 0.5 * had.active && had.active >= 4
    ? {
        path,
        say: `is a test file that lost most of its tests (${had.active - has.active})`,
        severity: 'warn',
      }
    : undefined;
}

/**
 * Deleted test files whose tests are elsewhere now. Git calls a file renamed while half of it is the same; a test that moved
 * and changed more has its name still, and about as many tests as before. Each place stands for as many as it took.
 */
const movedTests = perChange(({ files }: Change): ReadonlySet<string> => {
  const places = new Map<string, { count: number; sizeBytes: number }[]>();
  for (const file of files) {
    if (file.after === undefined || file.kind === 'deleted' || isTest(file.path) === undefined) continue;
    const [gained, sizeBytes] = [gainedTests(file), gainedBytes(file)];
    if (gained <= 0 && sizeBytes <= 0) continue;
    const stem = stemOf(file.path);
    places.set(stem, [...(places.get(stem) ?? []).slice(-MOST_PLACES), { count: gained, sizeBytes }]);
  }
  const moved = new Set<string>();
  for (const file of files) {
    if (file.kind !== 'deleted' || isTest(file.path) === undefined) continue;
    const had = file.whole.before === undefined ? 0 : countTests(file.whole.before).active;
    const bytes = file.before?.sizeBytes ?? 0;
    const place = places
      .get(stemOf(file.path))
      ?.find(({ count, sizeBytes }) => count >= 0.5 * had && sizeBytes >= 0.3 * bytes);
    if (place === undefined) continue;
    place.count -= had;
    place.sizeBytes -= bytes;
    moved.add(file.path);
  }
  return moved;
});

/** More tests of one name say nothing together. */
const MOST_PLACES = 50;

function gainedTests({ whole }: FileChange): number {
  const after = countTests(whole.after ?? '');
  if (after.checks === 0) return 0;
  return after.active - (whole.before === undefined ? 0 : countTests(whole.before).active);
}

function gainedBytes({ before, after }: FileChange): number {
  return (after?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
}

type Code = Readonly<{ gone: readonly string[]; left: ReadonlyMap<string, readonly string[]> }>;

/** Code that went, and by its stem what is still there. */
const codeOf = perChange(({ files, beside }: Change): Code => {
  const isCode = (path: string) => isTest(path) === undefined && CODE.test(extensionOf(path));
  return {
    gone: files.filter(({ kind, path }) => kind === 'deleted' && isCode(path)).map(({ path }) => path),
    left: Map.groupBy(beside.names.filter(isCode), stemOf),
  };
});

/**
 * A file or a folder of the same name, less the marks of a test, went too: `src/cart.js` for `test/cart.test.js`. One of that
 * name that is still there, and nearer, is what it tests.
 */
function lostSubject(path: string, change: Change): boolean {
  const stem = stemOf(path);
  const { gone, left } = codeOf(change);
  const parent = (each: string) => folderOf(each).split('/').at(-2)?.toLowerCase() ?? '';
  const lost = gone.filter((each) => stem !== '' && (stemOf(each) === stem || parent(each) === stem));
  if (lost.length === 0) return false;
  const nearest = (paths: readonly string[]) => Math.max(...paths.map((each) => nearness(path, each)));
  return nearest(lost) >= nearest(left.get(stem) ?? []);
}

/** How many folders two files share. */
function nearness(path: string, other: string): number {
  const [own, others] = [path, other].map((each) => new Set(each.toLowerCase().split('/').slice(0, -1)));
  return others?.intersection(own ?? new Set()).size ?? 0;
}
