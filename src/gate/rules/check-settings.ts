// Settings of linters, type checkers, compilers and measures of coverage that a change loosens. A file that is new says what a
// project begins with; only from one that was there something is taken away.
import type { FileChange } from '../../workspace/change.ts';
import { baseName, type FileRule, type Found } from '../found.ts';
import { quote } from './quote.ts';
import { isOnlyOfTests } from './runner-settings.ts';
import { listsIn } from './setting-lists.ts';

/** By name; `setup.cfg`, `pyproject.toml` and their like hold settings of many programs. */
const SETTINGS_FILE =
  /^(?:[tj]sconfig(?:\.[\w.-]+)?\.json|\.?eslintrc(?:\.\w+)?|eslint\.config\.\w+|biome\.jsonc?|\.?oxlintrc\.json|tslint\.json|\.stylelintrc(?:\.\w+)?|stylelint\.config\.\w+|\.?jshintrc|deno\.jsonc?|package\.json|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|nyc\.config\.\w+|(?:jest|vitest|vite|karma)(?:[.-][\w.-]+)?\.(?:[cm]?[jt]s|json)|setup\.cfg|tox\.ini|pyproject\.toml|pytest\.ini|\.?ruff\.toml|\.flake8|\.pylintrc|pylintrc|\.?mypy\.ini|pyrightconfig\.json|\.coveragerc|\.?bandit(?:\.ya?ml)?|\.rubocop(?:_todo)?\.yml|\.?reek\.yml|\.simplecov|sorbet\/config|phpstan[\w.-]*\.(?:neon|dist|php)|psalm\.xml(?:\.dist)?|phpcs\.xml(?:\.dist)?|\.php-cs-fixer[\w.-]*|phpmd\.xml|\.golangci\.(?:ya?ml|toml|json)|staticcheck\.conf|clippy\.toml|\.clippy\.toml|cargo\.toml|rustfmt\.toml|checkstyle[\w.-]*\.xml|pmd[\w.-]*\.xml|spotbugs[\w.-]*\.xml|detekt[\w.-]*\.ya?ml|lint\.xml|\.?swiftlint\.yml|\.editorconfig|\.globalconfig|directory\.build\.(?:props|targets)|[\w.-]*\.(?:csproj|fsproj|vbproj|ruleset)|pom\.xml|build\.gradle(?:\.kts)?|\.clang-tidy|cmakelists\.txt|\.credo\.exs|mix\.exs|coveralls\.json|\.?codecov\.ya?ml|sonar-project\.properties|\.ansible-lint|\.?yamllint(?:\.ya?ml)?|\.shellcheckrc|\.hadolint\.ya?ml|\.markdownlint[\w.-]*|commitlint\.config\.\w+|\.commitlintrc[\w.]*|spec_helper\.rb|test_helper\.rb)$/i;

/** Files that say nothing but what is passed over. */
export const IGNORE_FILE =
  /^\.(?:eslint|biome|stylelint|oxlint|tslint|jshint|semgrep|trivy|gitleaks|snyk|pylint|flake8|sonar)ignore$|^\.(?:snyk|trivyignore)$/i;

const LISTS =
  /^(?:ignorePatterns|ignores|ignore|extend-ignore|extend_ignore|exclude|extend-exclude|extend_exclude|excludes|excludedFiles|per-file-ignores|disable|disabled_rules|disable_error_code|ignoreErrors|excludePaths|Exclude|skips|exclude_dirs|omit|coveragePathIgnorePatterns|coverage_exclude|exclude_lines|exclude_also|sonar\.exclusions|sonar\.coverage\.exclusions|skip_list|NoWarn|nowarn|WarningsNotAsErrors|skip-dirs|exclude-dirs|exclude-files|skip_files|suppress|disabledRules|lintOptions)$/;

export function isCheckSettings(path: string): boolean {
  return SETTINGS_FILE.test(baseName(path)) || IGNORE_FILE.test(baseName(path));
}

export const checkSettings: FileRule = (file) => {
  const { path, before, whole } = file;
  if (before === undefined || !isCheckSettings(path) || whole.before === undefined) return [];
  if (file.after === undefined) {
    return isOnlyChecks(path) ? [tell(path, 1, 'held the settings of a check and was removed')] : [];
  }
  const was = { path, text: whole.before };
  const is = { path, text: whole.after ?? '' };
  return [...flags(was, is), ...severities(was, is), ...thresholds(was, is), ...lists(file)].slice(
    0,
    MOST_PER_FILE,
  );
};

const MOST_PER_FILE = 8;

/** Without which a check is gone, or at its mildest. */
function isOnlyChecks(path: string): boolean {
  return /^(?:\.?eslintrc|eslint\.config|biome\.json|\.?oxlintrc|\.stylelintrc|stylelint\.config|\.?ruff\.toml|\.flake8|\.?pylintrc|\.?mypy\.ini|pyrightconfig|\.rubocop\.yml|phpstan|psalm|phpcs|\.golangci|clippy|\.?clippy|checkstyle|detekt|\.?swiftlint|\.clang-tidy|\.credo|\.coveragerc|\.nycrc)/i.test(
    baseName(path),
  );
}

function tell(path: string, line: number, how: string): Found {
  return {
    rule: 'check_off',
    path,
    line,
    severity: 'warn',
    say: `${how}. Look at what the check would have said.`,
  };
}

type Side = Readonly<{ path: string; text: string }>;
type Setting = Readonly<{ key: string; value: string; line: number }>;

const SETTING =
  /(?:^|[\s,{<(])["']?([A-Za-z@_][\w./@-]{1,80})["']?(?:\s*[:=]\s*|>\s*)(\[\s*)?["']?(-?[\w.%-]{1,40})/g;

/** Every `key: value`, `"key": value`, `key = value` and `<key>value` of a text, with its line. */
function readSettings(text: string): Setting[] {
  const found: Setting[] = [];
  for (const [at, given] of text.slice(0, 400_000).split('\n').entries()) {
    const line = given.slice(0, 1_000);
    if (/^\s*(?:\/\/|#|;|\*|<!--)/.test(line)) continue;
    for (const [, key = '', , value = ''] of line.matchAll(SETTING)) found.push({ key, value, line: at + 1 });
    if (found.length > 20_000) break;
  }
  return found;
}

/** Options that make a checker strict. */
export const STRICT =
  /^(?:strict|strict\w+|noImplicit\w+|noUnchecked\w+|noUnused\w+|noFallthroughCasesInSwitch|noPropertyAccessFromIndexSignature|exactOptionalPropertyTypes|noEmitOnError|alwaysStrict|useUnknownInCatchVariables|forceConsistentCasingInFileNames|isolatedModules|checkJs|erasableSyntaxOnly|disallow_\w+|warn_\w+|check_untyped_defs|no_implicit_\w+|strict_equality|strict_optional|strict-markers|strict_markers|TreatWarningsAsErrors|treatWarningsAsErrors|EnforceCodeStyleInBuild|EnableNETAnalyzers|RunAnalyzers|RunAnalyzersDuringBuild|warningsAsErrors|allWarningsAsErrors|warnings_as_errors|failOnViolation|failOnWarning|failOnError|failsOnError|abortOnError|checkAllWarnings|failOnSeverity|haltOnFailure|branch|show_missing|reportUnmatchedIgnoredErrors|checkMissing\w+|treatPhpDocTypesAsCertain|xfail_strict|verifyConditions|enabled|Enabled|active|recommended|errorOnUnmatchedPattern|reportUnusedDisableDirectives|typeCheckingMode|report\w+|fail_ci_if_error|require_ci_to_pass|collectCoverage|enable_all|Nullable)$/;
/** Options that make one mild. */
export const MILD =
  /^(?:skipLibCheck|skipDefaultLibCheck|suppress\w+|allowUnreachableCode|allowUnusedLabels|ignore_errors|ignore_missing_imports|follow_imports_skip|implicit_optional|implicit_reexport|allow_untyped_\w+|allow_redefinition|ignoreFailures|ignoreBuildErrors|ignoreDuringBuilds|testFailureIgnore|skip_covered|skipTests|skip|disable_all|disabled|exit-zero|exit_zero|ignoreTestFailures|passWithNoTests_|noEmit_)$/;
/** Values that switch something on, and off. */
export const ON = /^(?:true|on|yes|1|enable|enabled|strict|all|error)$/i;
export const OFF = /^(?:false|off|no|0|disable|disabled|none|basic|skip)$/i;

/** A switch that was on and is off, or gone where it had been set; a mild one that is on. */
function flags(was: Side, is: Side): Found[] {
  const [before, after] = [readSettings(was.text), readSettings(is.text)];
  const isDefault = (key: string, value: string) =>
    after.some((each) => each.key === 'strict' && ON.test(each.value)) &&
    key.startsWith('strict') &&
    ON.test(value);
  const found = [...Map.groupBy([...before, ...after], ({ key }) => key).keys()].flatMap((key): Found[] => {
    const [isStrict, isMild] = [STRICT.test(key), MILD.test(key)];
    if (!isStrict && !isMild) return [];
    const [had, has] = [before, after].map((side) => side.filter((each) => each.key === key));
    const count = (side: readonly Setting[] | undefined, pattern: RegExp) =>
      side?.filter(({ value }) => pattern.test(value)).length ?? 0;
    const [wanted, unwanted] = isStrict ? [ON, OFF] : [OFF, ON];
    if (count(has, unwanted) > count(had, unwanted)) {
      const line = has?.findLast(({ value }) => unwanted.test(value));
      return [tell(is.path, line?.line ?? 1, `sets \`${key}\` to ${line?.value}`)];
    }
    if (!isStrict || /^(?:enabled|Enabled|active|recommended|branch|report\w+|warn_\w+)$/.test(key))
      return [];
    const lost = had?.find(({ value }) => wanted.test(value));
    if (lost === undefined || (has?.length ?? 0) > 0 || isDefault(key, lost.value)) return [];
    return [tell(is.path, 1, `no longer sets \`${key}\` to ${lost.value}`)];
  });
  return found;
}

/** How much a rule of a linter matters, by its level. */
export const RANKS: Readonly<Record<string, number>> = {
  off: 0,
  '0': 0,
  allow: 0,
  none: 0,
  ignore: 0,
  silent: 0,
  hidden: 0,
  false: 0,
  suggestion: 1,
  info: 1,
  warn: 1,
  '1': 1,
  warning: 1,
  error: 2,
  '2': 2,
  deny: 2,
  forbid: 3,
  on: 2,
};

/** Rules by name with how much they matter: `"no-console": "off"`, `dotnet_diagnostic.CA1822.severity = none`. */
const RULE_FILE =
  /eslint|biome|oxlint|tslint|stylelint|jshint|\.editorconfig|\.globalconfig|ruleset|cargo\.toml|deno\.json|commitlint|markdownlint|package\.json|detekt|psalm/i;

function severities(was: Side, is: Side): Found[] {
  if (!RULE_FILE.test(baseName(is.path))) return [];
  const isToml = /toml$/i.test(is.path);
  const rank = ({ value }: Setting) => RANKS[value.toLowerCase()];
  const isRule = ({ key, value }: Setting) =>
    rank({ key, value, line: 0 }) !== undefined &&
    /[-/@A-Z]|^[a-z]+$/.test(isToml ? key.replaceAll('_', '-') : key) &&
    !NOT_RULES.test(key) &&
    (!isToml || /^(?:allow|warn|deny|forbid)$/.test(value)) &&
    (!/^(?:0|1|2|true|false|on)$/.test(value) || /[-/@]/.test(key));
  const before = Map.groupBy(readSettings(was.text).filter(isRule), ({ key }) => key);
  return readSettings(is.text)
    .filter(isRule)
    .flatMap((now): Found[] => {
      const then = before.get(now.key)?.shift();
      const [had, has] = [then && rank(then), rank(now)];
      if (has === undefined || (had === undefined ? has > 0 : has >= had)) return [];
      const how =
        then === undefined
          ? `sets \`${now.key}\` to ${now.value}`
          : `sets \`${now.key}\` from ${then.value} to ${now.value}`;
      return [tell(is.path, now.line, `${how}, so that the linter says less`)];
    });
}

/** Words that settings have beside their rules. */
const NOT_RULES =
  /^(?:name|version|type|private|main|module|root|extends|parser|sourceType|ecmaVersion|enabled|enable|license|sideEffects|strict|lineWidth|indentWidth|indentStyle|semi|useTabs|quoteStyle|caughtErrors|vars|args|allow|preset|recommended|workspace|edition|publish|default|readme|resolver|description|dependencies|optional|default-features|lto|debug|panic)$/;

/** Names of numbers that must be reached, or must not be passed. */
export const THRESHOLD =
  /^(?:branches|functions|lines|statements|global|fail_under|fail-under|cov-fail-under|minimum|minimum_coverage|minimum_coverage_by_file|coverageThreshold|threshold|Threshold|target|minCoverage|min_coverage|level|errorLevel|coverage-threshold|max-warnings|maxWarnings|max-complexity|complexity|max-line-length|max_line_length|cognitive-complexity-threshold|too-many-lines-threshold|Max|max-lines|mutationScore|break|maxIssues|maxErrors|min_confidence|confidence|lineCoverage|branchCoverage|minimumCoverage|minValue)$/;
/** There a higher number is looser. */
export const CEILING = /max|complexity|errorLevel|^Max$|too-many/i;

/** Numbers that must be reached, or must not be passed. */
function thresholds(was: Side, is: Side): Found[] {
  const numbers = ({ text, path }: Side) => [
    ...readSettings(text).filter(
      ({ key, value }) =>
        THRESHOLD.test(key) &&
        /^-?\d+(?:\.\d+)?%?$/.test(value) &&
        (key !== 'level' || /phpstan/i.test(path)),
    ),
    ...onCommandLines(text),
  ];
  const before = Map.groupBy(numbers(was), ({ key }) => key);
  const found = numbers(is).flatMap((now): Found[] => {
    const then = before.get(now.key)?.shift();
    if (then === undefined) return [];
    const [had, has] = [Number.parseFloat(then.value), Number.parseFloat(now.value)];
    // What codecov calls a threshold is how far coverage may fall.
    const isCeiling = CEILING.test(now.key) || (now.key === 'threshold' && /codecov/i.test(is.path));
    const isLooser = isCeiling ? has > had : has < had;
    return isLooser
      ? [tell(is.path, now.line, `sets \`${now.key}\` from ${then.value} to ${now.value}`)]
      : [];
  });
  const lost = [...before.values()]
    .flat()
    .filter(
      ({ key }) =>
        !/^(?:target|Max|level|break|global|minimum|lines|functions)$/.test(key) ||
        /threshold/i.test(was.text),
    );
  const first = lost[0];
  if (found.length > 0 || first === undefined) return found;
  return [tell(is.path, 1, `no longer sets \`${first.key}\` (it was ${first.value})`)];
}

function onCommandLines(text: string): Setting[] {
  return text
    .slice(0, 400_000)
    .split('\n')
    .flatMap((line, at) =>
      [
        ...line
          .slice(0, 2_000)
          .matchAll(
            /--(cov-fail-under|fail-under|max-warnings|coverage-threshold|check-coverage-lines|lines|branches|functions|statements)[= ](\d+)/g,
          ),
      ].map(([, key = '', value = '']) => ({
        key: `--${key}`.replace(/^--(?=cov|fail|max|coverage)/, ''),
        value,
        line: at + 1,
      })),
    );
}

/** What a check passes over from now on. */
function lists({ path, whole }: FileChange): Found[] {
  const read = (text: string) =>
    IGNORE_FILE.test(baseName(path))
      ? text
          .split('\n')
          .map((item, at) => ({ key: baseName(path), item: item.trim(), line: at + 1 }))
          .filter(({ item }) => item !== '' && !item.startsWith('#') && !item.startsWith('!'))
      : listsIn(text, LISTS);
  // What a runner of tests passes over is told as that.
  if (isOnlyOfTests(path)) return [];
  const had = new Set(read(whole.before ?? '').map(({ item }) => item));
  return read(whole.after ?? '')
    .filter(
      ({ item }) =>
        !had.has(item) &&
        !BUILT.test(item) &&
        item.length > 1 &&
        !/^(?:true|false|error|warn|off)$/.test(item),
    )
    .map(({ item, key, line }) => tell(path, line, `makes a check pass over ${quote(item)} (\`${key}\`)`));
}

/** Nobody checks what is built or fetched. */
export const BUILT =
  /(?:^|\/|\*)(?:node_modules|dist|build|out|\.next|\.nuxt|\.svelte-kit|\.output|coverage|vendor|\.venv|venv|\.git|target|\.cache|\.tox|\.nox|__pycache__|\.turbo|\.vercel|generated|__generated__|\.eggs|migrations|bin|obj|storybook-static|\.wrangler)(?:\/|$|\*)|\.(?:min\.js|d\.ts|pb\.go|snap)$|^\*\*?$/i;
