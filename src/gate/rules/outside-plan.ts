// Files that a change touches although its plan does not name them. What belongs to a planned file comes with it: its tests,
// their data, and the lockfile of a manifest.

import type { Change, FileChange } from '../../workspace/change.ts';
import { type Found, foldPath, pathsOf } from '../found.ts';
import { coversPath, isOneFile, plannedFiles } from '../planned-files.ts';
import { manifestOf } from './lockfile-names.ts';
import { isTest, stemOf } from './test-names.ts';

/** More are told by their number. */
const MOST_NAMED = 10;

const TEST_DATA =
  /(^|\/)(__snapshots__|fixtures?|__fixtures__|testdata|snapshots?|tests?|specs?|__tests__)\//i;

/** Words about what changed, which go with any change. */
const TELLS_OF_CHANGES =
  /(^|\/)(changelog|changes|history|news|release[-_]notes)(\.(md|rst|txt|adoc))?$|^\.changeset\/[\w-]+\.md$|(^|\/)(newsfragments|changelog\.d|changes\.d|changelogs?\/unreleased)\/[^/]+$/i;

/** `entries` are paths, folders or globs; none that names anything means that there is no plan to compare with. */
export function outsidePlan({ files }: Change, entries: readonly string[] = []): readonly Found[] {
  const planned = plannedFiles(entries);
  if (planned.length === 0) return [];
  const isPlanned = (file: FileChange) =>
    pathsOf(file).some((path) => planned.some((entry) => coversPath(entry, path)));
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
