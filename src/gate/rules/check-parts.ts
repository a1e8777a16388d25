// What of a file has to do with checks, where a file is about other things as well: the scripts that check, the sections of
// linters and runners, the flags of compilers. Pure.
import { baseName } from '../found.ts';
import type { Fact } from './check-facts.ts';
import { isCheckCommand } from './check-files.ts';

/** Tools whose section or block is about nothing else. */
const TOOL =
  /^(?:tool[.:])?(?:jest|vitest|mocha|ava|tap|tape|nyc|c8|karma|cypress|playwright|testcafe|jasmine|eslint\w*|stylelint|tslint|xo|standard|biome|oxlint|prettier|lint|lints|linter|lint-staged|husky|commitlint|size-limit|typecoverage|tsd|betterer|stryker\w*|pytest\w*|mypy\w*|ruff|flake8|pylint|pycodestyle|pydocstyle|isort|black|bandit|coverage|tox|nox|pyright|basedpyright|pyre|ty|vulture|interrogate|importlinter|deptry|codespell|semgrep|ward|hypothesis|unittest|surefire|failsafe|checkstyle|pmd|spotbugs|findbugs|jacoco\w*|spotless|detekt|ktlint|kover|errorprone|animalsniffer|enforcer|sonar\w*|dialyzer|credo|test_coverage|clippy|rust|rustdoc|miri|rspec|rubocop|minitest|phpunit|phpstan|psalm|pest|infection|dotnet_diagnostic\w*|test|tests|testing|testoptions|testpaths|lintoptions|codequality|reporting|quality|lcov|cov)(?=$|[.:\s_-])/i;

/** Settings that make a compiler or a build say more. */
const FLAG =
  /strict|werror|warningsaserrors|treatwarnings|nowarn|nullable|analy[sz]\w*|noimplicit|nounused|nounchecked|-Wall|-Wextra|-D ?warnings|deny|forbid|allow-?warnings|rustflags|ignorefailures|failonviolation|failonwarning|skiptests?|maven\.test|fail_?under|coverage|threshold|\btest|lint|check|sanitiz|pedantic|-race\b|skiplibcheck|isolatedmodules|suppress|errorprone|compilerargs|allwarnings|enable_testing|add_test|gtest|ctest|testtarget|istestproject|autotests|harness|doctest|fatal|scalac|javac|ghc-options|c(?:xx)?flags|compile_options|-W[a-z]/i;

/** Lines of scripts on which it depends whether a failure is heard. */
const STEERS =
  /\bset\s+[-+]|pipefail|\btrap\b|\bexit\b|\|\|\s|errexit|ErrorActionPreference|continue-on-error|allow_failure|\bSKIP\b/;

/** Sections of pyproject and its like that no checker reads. */
const OTHER_SECTION =
  /^(?:project|build-system|dependencies|dev-dependencies|build-dependencies|package|metadata|options(?:\.\w+)*|dependency-groups|target\..*|features|bin|workspace\.dependencies|tool\.(?:poetry|pdm|uv|hatch|setuptools)(?:\.(?:dependencies|dev-dependencies|group|build|metadata|version|sources|extras|urls).*)?)$/i;

/** Keys of package.json and its like that no checker reads. */
const OTHER_KEY =
  /^(?:(?:dev|peer|optional|bundled?)?dependencies|overrides|resolutions|engines|exports|files|bin|keywords|repository|author|contributors|license|browserslist|workspaces|publishConfig|packageManager|pnpm|require|require-dev|autoload(?:-dev)?|compilerOptions\.(?:lib|types|outDir|rootDir|target|module))$/i;

/** Whether a fact of such a file has to do with checks. `scripts` are the names of commands that do, whatever they are called. */
export function isPartOfChecks(path: string, fact: Fact, scripts: ReadonlySet<string>): boolean {
  const { under, key = '', value } = fact;
  const [top = ''] = under;
  const name = baseName(path);
  if (/^(?:package|composer|deno)\.jsonc?$/i.test(name)) {
    if (/^(?:scripts|tasks)$/.test(top)) {
      const script = under[1] ?? key;
      return scripts.has(script) || isCheckCommand(script, value);
    }
    // What a name of the program's own leads to.
    if (/^package/i.test(name) && top === 'imports') return true;
    return !OTHER_KEY.test(under.length === 0 ? key : top) && under.length > 0 && TOOL.test(top);
  }
  if (/^[tj]sconfig/i.test(name)) return !isLayout(fact);
  if (/^(?:autotests|harness)$/.test(key)) return true;
  if (/\.(?:toml|cfg)$/i.test(name) && OTHER_SECTION.test(top) && !/^tool\.(?:hatch|pdm|uv)/.test(top))
    return false;
  if (/^editorconfig$/i.test(name.replace(/^\./, ''))) return /diagnostic|severity|analy/i.test(key);
  if (/^(?:gemfile|go\.mod|stack\.yaml|deps\.edn)$/i.test(name)) return false;
  return (
    under.some(
      (each) =>
        TOOL.test(each.replace(/^(?:maven|gradle|tasks?)[-.]/, '')) ||
        (/^(?:tool\.)/.test(each) && isTaskRunner(each)) ||
        FLAG.test(each),
    ) ||
    FLAG.test(`${key} ${value}`) ||
    isAlias(fact) ||
    isCheckCommand(key, value)
  );
}

/** Where imports lead elsewhere than to what they name. */
function isAlias({ under, key = '', value }: Fact): boolean {
  return (
    [...under, key].some((each) => /^(?:resolve\.)?alias(?:es)?$/i.test(each)) ||
    /\balias(?:es)?["']?\s*[:=]/.test(value)
  );
}

function isTaskRunner(section: string): boolean {
  return /^tool\.(?:poe|taskipy|hatch\.envs|pdm\.scripts|invoke|just|pixi)/.test(section);
}

/** Where sources lie, what they are compiled to, and how they find each other. */
function isLayout({ under, key = '' }: Fact): boolean {
  const words = [...under, key];
  return words.some((word) =>
    /^(?:references|plugins|watchOptions|lib|types|typeRoots|\$schema|target|module|moduleResolution|moduleDetection|outDir|rootDirs?|declaration\w*|sourceMap|inlineSources|jsx\w*|composite|incremental|tsBuildInfoFile|baseUrl|esModuleInterop|allowSyntheticDefaultImports|resolveJsonModule|allowImportingTsExtensions|emit\w+|experimentalDecorators|useDefineForClassFields|removeComments|noEmit|importHelpers|downlevelIteration|customConditions|rewriteRelativeImportExtensions|display|ts-node)$/.test(
      word,
    ),
  );
}

/** Of commands: those that check, and the lines on which their failure depends. */
export function isPartOfCommands(path: string, fact: Fact, scripts: ReadonlySet<string>): boolean {
  const { under, key = '', value } = fact;
  const [target = ''] = under;
  if (/^(?:dockerfile|docker-compose|compose|procfile|earthfile)/i.test(baseName(path)))
    return isCheckCommand('', value);
  if (isOnlyOfChecks(path)) return true;
  if (
    under.some((each) => isCheckCommand(each, '') || scripts.has(each)) ||
    isCheckCommand('', `${key} ${value}`)
  ) {
    return true;
  }
  if (under.at(-1) === 'needs' && isCheckCommand(value, '')) return true;
  if (key !== '' && under.length === 0)
    return /TEST|LINT|CHECK|FLAGS|OPTS|ARGS|WARN|COVER|SHELL|CI\b|PYTEST|PYTHONOPTIMIZE|CARGO|GOFLAGS/i.test(
      key,
    );
  return scripts.size > 0 && STEERS.test(`${key} ${value}`) && !isCheckCommand(target, '');
}

/** All that such a file runs is there to check. */
function isOnlyOfChecks(path: string): boolean {
  return (
    /(?:^|\/)tox\.ini$/.test(path) ||
    /(?:^|\/)\.?(?:pre-commit-config\.ya?ml|lefthook\.ya?ml|lintstagedrc[\w.]*)$/i.test(path) ||
    /(?:^|[/_.-])(?:run[-_]?)?(?:tests?|lint|checks?|verify|ci|validate|pre-commit|pre-push|coverage|e2e|tox|nox)(?:[-_.]\w+)?\.(?:sh|bash|zsh|ps1|ya?ml|py|bat|cmd)$|(?:^|\/)noxfile\.py$|\.husky\//i.test(
      path,
    )
  );
}

/** Names of commands that check, and of those that they call in their turn. */
export function checkingNames(facts: readonly Fact[]): ReadonlySet<string> {
  const texts = new Map<string, string>();
  for (const { under, key, value } of facts) {
    const name = /^(?:scripts|tasks)$/.test(under[0] ?? '')
      ? (under[1] ?? key ?? '')
      : (under[0] ?? key ?? '');
    texts.set(name, `${texts.get(name) ?? ''} ${value}`.slice(0, 5_000));
  }
  const names = new Set(
    [...texts].filter(([name, text]) => isCheckCommand(name, text)).map(([name]) => name),
  );
  // Those that call one are checks in their turn.
  for (let round = 0, size = -1; size !== names.size && round < 5; round++) {
    size = names.size;
    for (const [name, text] of texts) {
      if (name.length > 1 && (text.match(/[\w:.-]{1,60}/g) ?? []).some((word) => names.has(word)))
        names.add(name);
    }
  }
  for (const name of names) {
    const words = texts.get(name)?.match(/[\w:.-]{2,60}/g) ?? [];
    // A set that grows while it is walked is walked to its end.
    for (const word of words) if (texts.has(word)) names.add(word);
  }
  return names;
}
