// Which files decide what is checked and how: settings of linters, type checkers, runners of tests and measures of coverage,
// the commands that start them, and lists of what they pass over. Pure.
import { baseName, foldPath } from '../found.ts';
import { ANY_CHECKER, CHECK_NAME, isCommandFile } from './check-commands.ts';
import { IGNORE_FILE, isCheckSettings } from './check-settings.ts';
import { isRunnerFile } from './runner-settings.ts';

/**
 * `whole`: all that stands in it. `passed_over`: all of it is what a check passes over. `commands`: what is run, and how.
 * `parts`: some of it, among other things.
 */
export type CheckFileKind = 'whole' | 'passed_over' | 'commands' | 'parts';

/** What was wrong once and is let pass since. */
const BASELINE =
  /(?:^|[._-])(?:baseline|todo|suppressions?|known[_-]?(?:issues|fail(?:ures|ing))|allowlist|quarantined?|flaky|skip(?:ped)?[_-]?(?:list|tests)|(?:muted|disabled|excluded|ignored)[_-]?tests)[\w.-]*\.(?:json|neon|xml|ya?ml|toml|txt|php|lock)$|^\.?(?:mypy|pyright|basedpyright|eslint|detekt|lint|phpstan|psalm|sorbet|rubocop|deadnix|betterer)[\w.-]*(?:baseline|todo|results|suppressions)[\w.-]*$|^\.secrets\.baseline$|^\.(?:basedpyright)\/baseline/i;

/** Settings of many programs, or of a build. */
const OF_MANY =
  /^(?:package\.json|composer\.json|deno\.jsonc?|pyproject\.toml|setup\.cfg|cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]*\.(?:csproj|fsproj|vbproj)|directory\.build\.(?:props|targets)|cmakelists\.txt|meson\.build|mix\.exs|angular\.json|project\.json|nx\.json|turbo\.json|[tj]sconfig(?:\.[\w.-]+)?\.json|package\.swift|vite\.config\.\w+|next\.config\.\w+|webpack\.config\.\w+|babel\.config\.\w+|\.babelrc|\.editorconfig|gemfile|build\.sbt|project\.clj|deps\.edn|stack\.yaml|package\.yaml|project\.toml|gradle\.properties|go\.mod|build(?:\.bazel)?|\.env\.(?:test|ci))$/i;

const COMMANDS =
  /^(?:(?:gnu)?makefile|[\w.-]+\.mk|\.?justfile|rakefile|taskfile\.ya?ml|noxfile\.py|tasks\.py|gulpfile\.\w+|gruntfile\.\w+|jenkinsfile|dockerfile[\w.-]*|earthfile|procfile|docker-compose[\w.-]*\.ya?ml|compose\.ya?ml|\.pre-commit-config\.ya?ml|\.?lefthook\.ya?ml|\.lintstagedrc(?:\.\w+)?|lint-staged\.config\.\w+|build\.xml|build\.cake|fakefile\.\w+|dodo\.py|wscript|snakefile)$/i;

/** Settings of checks that the other rules do not read. */
const MORE =
  /^(?:infection\.json5?(?:\.dist)?|stryker\.conf(?:ig)?\.\w+|pitest\.\w+|\.mutmut.*|mutmut_config\.py|playwright\.config\.\w+|cypress\.(?:config\.\w+|json)|wdio\.conf\.\w+|nightwatch\.conf\.\w+|ava\.config\.\w+|\.mocharc(?:\.\w+)?|\.taprc|\.rspec(?:-local)?|\.rspec_status|\.busted|\.luacheckrc|selene\.toml|\.luarc\.json|\.perlcriticrc|\.proverc|behat\.ya?ml(?:\.dist)?|codeception\.ya?ml|\.codeclimate\.ya?ml|deny\.toml|audit\.toml|\.nsprc|\.auditrc(?:\.json)?|audit-ci\.jsonc?|\.importlinter|\.vulture.*|knip\.(?:json|ts)|\.knip\.json|depcheck\w*|\.dependency-cruiser\.\w+|\.size-limit\.\w+|bundlesize\.\w+|lighthouserc\.\w+|\.pa11yci(?:\.\w+)?|renovate-check\w*|\.hlint\.yaml|\.scalafix\.conf|scalastyle[\w-]*\.xml|analysis_options\.yaml|dart_test\.yaml|tests?\.dproj|\.cppcheck\w*|suppressions\.txt|ctest\w*\.cmake|dialyzer\.ignore[\w.-]*|elvis\.config|ktlint\w*|\.ls-lint\.yml|\.spectral\.ya?ml|buf\.yaml|\.sqlfluff|cspell\.\w+|\.prettierignore|tsd\.json|\.attw\.json|testcafe\w*|moon\.yml|nextest\.toml|clj-kondo\/config\.edn|tests\.edn|runtests\.jl|testem\.js|vitest\.\w+\.\w+|jest\.\w+\.\w+|jest\.config\.\w+)$/i;

/** What a change of this file can do to the checks; undefined where it has nothing to do with them. */
export function checkFileKind(path: string): CheckFileKind | undefined {
  const name = baseName(path);
  if (BASELINE.test(name) || IGNORE_FILE.test(name)) return 'passed_over';
  // Bazel's is written in capitals.
  if (OF_MANY.test(name) && name !== 'build') return 'parts';
  if (COMMANDS.test(name) || isCommandFile(path) || isScript(path)) return 'commands';
  if (isCode(name) && /helper\.(?:rb|exs)$|^conftest\.py$/i.test(name)) return undefined;
  if (isCheckSettings(path) || isRunnerFile(path) || MORE.test(name)) return 'whole';
  if (/(?:^|\/)\.config\/nextest\.toml$|(?:^|\/)\.cargo\/config(?:\.toml)?$/.test(path)) return 'whole';
  return undefined;
}

/** Files whose text is needed on both sides. */
export function isCheckFile(path: string): boolean {
  return checkFileKind(path) !== undefined;
}

function isCode(name: string): boolean {
  return /\.(?:rb|exs|py)$/i.test(name);
}

/** A script of a shell; whether it checks anything, its lines tell. */
function isScript(path: string): boolean {
  return /(?:^|\/)(?:\.?ci|scripts?|hack|\.githooks)\/[\w-]+$|\.(?:sh|bash|zsh|ps1|bat|cmd)$|(?:^|\/)\.husky\/[^/]+$/.test(
    foldPath(path),
  );
}

/** Whether a command or a step has to do with checks, by its name or by what it runs. */
export function isCheckCommand(name: string, text: string): boolean {
  return CHECK_NAME.test(name) || ANY_CHECKER.test(text);
}
