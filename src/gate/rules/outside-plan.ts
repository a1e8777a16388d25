// Files that a change touches although its plan does not name them. What belongs to a planned file comes with it: its tests,
// their data, and the lockfile of a manifest.
import { matchesGlob } from 'node:path';
import type { Change, FileChange } from '../../workspace/change.ts';
import { baseName, type Found, foldPath, pathsOf } from '../found.ts';
import { manifestOf } from './lockfile-names.ts';
import { isTest, stemOf } from './test-names.ts';

/** More are told by their number. */
const MOST_NAMED = 10;
/** A plan is an agent's words: what is longer is no path, and more stars keep a pattern busy. */
const MOST_CHARACTERS = 300;
const MOST_STARS = 6;

const TEST_DATA =
  /(^|\/)(__snapshots__|fixtures?|__fixtures__|testdata|snapshots?|tests?|specs?|__tests__)\//i;

/** Words about what changed, which go with any change. */
const TELLS_OF_CHANGES =
  /(^|\/)(changelog|changes|history|news|release[-_]notes)(\.(md|rst|txt|adoc))?$|^\.changeset\/[\w-]+\.md$|(^|\/)(newsfragments|changelog\.d|changes\.d|changelogs?\/unreleased)\/[^/]+$/i;

/** `plannedFiles` are paths, folders or globs; none at all means that there is no plan to compare with. */
export function outsidePlan({ files }: Change, plannedFiles: readonly string[] = []): readonly Found[] {
  const planned = plannedFiles.map(readEntry).filter((entry) => entry !== '');
  if (planned.length === 0) return [];
  const isPlanned = (file: FileChange) =>
    pathsOf(file).some((path) => planned.some((entry) => covers(entry, path)));
  const within = files.filter(isPlanned);
  const stems = new Set([...within.map(({ path }) => path), ...planned.filter(isOneFile)].map(stemOf));
  const outside = files.filter(
    (file) => !isPlanned(file) && !belongs(file.path, { stems, paths: within.map(({ path }) => path) }),
  );
  const rest = outside.length - MOST_NAMED;
  const found = outside.slice(0, MOST_NAMED).map(({ path, kind }) => describe(path, kind));
  if (rest <= 0) return found;
  const more = `holds ${rest} more files that the plan does not name. Look at whether the task needs them.`;
  return [...found, { rule: 'outside_plan', path: '.', severity: 'warn', say: more }];
}

function describe(path: string, kind: FileChange['kind']): Found {
  const say = `was ${kind === 'modified' ? 'changed' : kind}, but is not among the files of the plan. Look at whether the task needs it.`;
  return { rule: 'outside_plan', path, severity: 'warn', say };
}

/** As planners write it: `./src/a.ts:12`, with marks around it. */
function readEntry(entry: string): string {
  if (entry.length > MOST_CHARACTERS) return '';
  const bare = entry.trim().replace(/^[`'"]|[`'"]$/g, '');
  return bare.replace(/^(\.?\/)+/, '').replace(/:\d+([-:]\d+)?$/, '');
}

function isOneFile(entry: string): boolean {
  return !/[*?[{]|\/$/.test(entry);
}

function covers(entry: string, path: string): boolean {
  if (entry === path || path.startsWith(entry.endsWith('/') ? entry : `${entry}/`)) return true;
  if (!isOneFile(entry) && !entry.includes('(') && entry.split('*').length - 1 <= MOST_STARS) {
    return matchesGlob(path, entry);
  }
  // A name alone means the file of that name.
  return !entry.includes('/') && entry === baseName(path);
}

function belongs(
  path: string,
  { stems, paths }: { stems: ReadonlySet<string>; paths: readonly string[] },
): boolean {
  if (TELLS_OF_CHANGES.test(path)) return true;
  const manifest = manifestOf(path);
  if (manifest) return paths.some((each) => manifest.test(foldPath(each)));
  const isOfTests = isTest(path) !== undefined || TEST_DATA.test(path);
  // `cart.test.ts.snap` is of `cart.test.ts`.
  return isOfTests && (stems.has(stemOf(path)) || stems.has(stemOf(path.replace(/\.[a-z]+$/i, ''))));
}
