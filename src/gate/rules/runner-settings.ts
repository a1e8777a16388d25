// Tests that the settings of their runner leave out: patterns that are ignored, filters by name, empty runs that pass.
import type { FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found } from '../found.ts';
import { quote } from './quote.ts';
import { listsIn } from './setting-lists.ts';

/** The settings of runners of tests, by name. */
const RUNNER_FILE =
  /^(?:(?:jest|vitest|vite|playwright|cypress|karma|wdio|ava|web-test-runner|tap|mocha|codecept)(?:[.-][\w.-]+)?\.(?:[cm]?[jt]s|json)|vitest\.workspace\.\w+|\.mocharc(?:\.\w+)?|\.taprc|\.nycrc(?:\.json)?|package\.json|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|conftest\.py|noxfile\.py|phpunit\.xml(?:\.dist)?|\.rspec|spec_helper\.rb|rails_helper\.rb|test_helper\.(?:rb|exs)|cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]*\.(?:csproj|fsproj|vbproj|runsettings|xctestplan)|directory\.build\.props|cmakelists\.txt|nextest\.toml|mix\.exs|deno\.jsonc?|bunfig\.toml|angular\.json|project\.json|nx\.json|build(?:\.bazel)?|\.env\.(?:test|ci))$/i;

/** What a runner passes over; in other files the same words are about other things. */
const LISTS =
  /^(?:testPathIgnorePatterns|modulePathIgnorePatterns|testIgnore|exclude|excludes|excludeSpecPattern|excludeTestFiles|ignoredFiles|norecursedirs|collect_ignore|collect_ignore_glob|ignore|spec-ignore|excludeTags|excludeGroups|skippedTests|exclude-group)$/;

/** Settings of many programs: there only words that no other uses are about tests. */
const OF_MANY =
  /^(?:package\.json|pyproject\.toml|setup\.cfg|tox\.ini|cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]*\.(?:csproj|fsproj|vbproj)|directory\.build\.props|mix\.exs|deno\.jsonc?|angular\.json|project\.json|nx\.json|spec_helper\.rb|noxfile\.py|build(?:\.bazel)?|\.env\.(?:test|ci))$/i;
const ONLY_OF_TESTS =
  /^(?:testPathIgnorePatterns|modulePathIgnorePatterns|testIgnore|excludeSpecPattern|excludeTestFiles|norecursedirs|collect_ignore|collect_ignore_glob|spec-ignore|excludeTags|excludeGroups|skippedTests|exclude-group)$/;

/** Whether what such a file passes over are tests, and nothing that a linter would read. */
export function isOnlyOfTests(path: string): boolean {
  return isRunnerFile(path) && !OF_MANY.test(baseName(path));
}

type Hit = Readonly<{ pattern: RegExp; what: string }>;

/** One line each; the line is new. */
const LINES: readonly Hit[] = [
  {
    pattern:
      /passWithNoTests["']?\s*[:=]\s*(?:true|!0)|--passWithNoTests|--pass-with-no-tests|failIfNoTests>\s*false|failIfNoSpecifiedTests>\s*false|failOnNoDiscoveredTests\s*=\s*false/,
    what: 'lets an empty run of tests pass',
  },
  {
    pattern:
      /(?:addopts|PYTEST_ADDOPTS).{0,300}(?:--ignore(?:-glob)?[= ]|--deselect[= ]|-k\s*["']?not\b|-m\s*["']?not\b)/,
    what: 'leaves tests out of every run',
  },
  {
    pattern: /^\s*(?:--ignore(?:-glob)?=|--deselect[= ]|-k\s*["']?not\b|--tag\s+~|--exclude-group)/,
    what: 'leaves tests out of every run',
  },
  {
    pattern:
      /filter_run_excluding|filter_run_when_matching\s+:focus_never|ExUnit\.(?:start|configure)\([^)\n]{0,100}exclude:/,
    what: 'leaves tests out of every run',
  },
  {
    pattern:
      /<(?:skipTests|maven\.test\.skip|skipITs|skip)>\s*true|<testFailureIgnore>\s*true|ignoreFailures\s*(?:=|\.set\()\s*true/,
    what: 'lets tests fail or not run',
  },
  {
    pattern: /(?:excludeTestsMatching|exclude)\s*\(?\s*["'][^"'\n]{0,200}(?:Test|Spec|IT)\b[^"'\n]{0,60}["']/,
    what: 'leaves tests out of every run',
  },
  {
    pattern:
      /<exclude>[^<\n]{0,200}(?:Test|Spec|IT)\b|<Compile\s+Remove="[^"\n]{0,200}Test|<IsTestProject>\s*false/,
    what: 'leaves tests out of every run',
  },
  { pattern: /^\s*(?:test|doctest)\s*=\s*false\b/, what: 'keeps the tests of this part from running' },
  {
    pattern: /set_tests_properties\([^)\n]{0,200}(?:DISABLED|WILL_FAIL)\s+(?:TRUE|ON|1)/i,
    what: 'lets tests fail or not run',
  },
  {
    pattern:
      /enabled\s*=\s*false\s*(?:\/\/.*)?$|onlyIf\s*\{\s*false|tasks?\.(?:named\("test"\)|test)\s*\{\s*enabled\s*=\s*false/,
    what: 'switches a task of the build off',
  },
  {
    pattern: /^\s*flaky\s*=\s*True|^\s*tags\s*=\s*\[[^\]\n]*["'](?:manual|flaky|no[-_]?ci)\b/,
    what: 'keeps a test from running, or from failing',
  },
  {
    pattern:
      /^\s*(?:export\s+)?\w*(?:SKIP|DISABLE|WITHOUT|NO)_\w*(?:TEST|SPEC|CHECK|E2E)\w*\s*=\s*["']?(?!0|false|no\b)\w/,
    what: 'leaves tests out of every run',
  },
  { pattern: /test\.(?:enabled|onlyIf)\s*(?:=|\{)\s*false/, what: 'switches the tests of the build off' },
];

export const runnerSettings: FileRule = (file) => {
  if (file.after === undefined || !isRunnerFile(file.path)) return [];
  return [...lines(file), ...ignored(file)].slice(0, 5);
};

export function isRunnerFile(path: string): boolean {
  // A program may be called so as well; Bazel's is `BUILD`.
  return RUNNER_FILE.test(baseName(path)) && baseName(path) !== 'build';
}

function lines(file: FileChange): Found[] {
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  return [...addedLines(file)].flatMap(({ line, text }): Found[] => {
    if (text.length > 1_000 || gone.has(text.trim()) || /^\s*(?:\/\/|#|\*|<!--)/.test(text)) return [];
    // A script of a package is judged with its command.
    if (
      baseName(file.path) === 'package.json' &&
      /&&|\bnpm\b|"\w[\w:-]*"\s*:\s*"[a-z]/.test(text) &&
      !/passWithNoTests["']?\s*:/.test(text)
    )
      return [];
    const hit = LINES.find(({ pattern }) => pattern.test(text));
    if (hit === undefined) return [];
    return [tell(file.path, line, `${hit.what} (${quote(text.trim())})`)];
  });
}

/** A file that is new says what a project begins with; only of one that was there something is taken away. */
function ignored({ path, before, whole }: FileChange): Found[] {
  if (before === undefined || whole.before === undefined || whole.after === undefined) return [];
  const wanted = isOnlyOfTests(path) ? LISTS : ONLY_OF_TESTS;
  const had = new Set(listsIn(whole.before, wanted).map(({ item }) => item));
  return listsIn(whole.after, wanted)
    .filter(({ item }) => !had.has(item) && isAboutTests(item))
    .map(({ item, key, line }) => tell(path, line, `makes the runner pass over ${quote(item)} (\`${key}\`)`));
}

/** Folders of what is built or fetched hold no tests of one's own. */
function isAboutTests(item: string): boolean {
  return (
    !/(?:^|\/)(?:node_modules|dist|build|out|\.next|coverage|vendor|\.venv|venv|\.git|target|\.cache|\.tox|__pycache__|\.turbo|e2e)(?:\/|$|\*)/i.test(
      item,
    ) && item !== ''
  );
}

function tell(path: string, line: number, how: string): Found {
  return {
    rule: 'skipped_test',
    path,
    line,
    severity: 'warn',
    say: `${how}. Look at which tests no longer run.`,
  };
}
