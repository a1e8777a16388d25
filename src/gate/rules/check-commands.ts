// Commands that check a project and no longer do: scripts, recipes, hooks and steps of CI that are emptied, that may fail
// without anybody hearing of it, or that are gone.
import type { FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found, foldPath } from '../found.ts';
import { asObject, readJson } from './json.ts';
import { quote } from './quote.ts';

/** Programs that check, by what they check. */
const CHECKERS: Readonly<Record<string, RegExp>> = {
  lint: /\b(?:eslint|biome|oxlint|xo|standard|tslint|stylelint|ruff|flake8|pylint|rubocop|standardrb|golangci-lint|staticcheck|clippy|ktlint|detekt|checkstyle|spotbugs|pmd|swiftlint|phpcs|php-cs-fixer|pint|credo|clang-tidy|shellcheck|hadolint|yamllint|next lint|ng lint|cargo fmt|gofmt|prettier\s+--check|black\s+--check|dotnet format)\b/,
  types:
    /\b(?:tsc|vue-tsc|svelte-check|tsgo|mypy|pyright|basedpyright|pyre|flow check|ty check|phpstan|psalm|dialyzer|sorbet|srb|go vet|cargo check)\b/,
  tests:
    /\b(?:vitest|jest|mocha|ava|tap|tape|jasmine|karma|playwright test|cypress run|node\s+--test|bun test|deno test|pytest|py\.test|unittest|nose2|tox|nox|rspec|minitest|rake (?:test|spec)|rails test|phpunit|pest|paratest|go test|gotestsum|cargo (?:test|nextest)|mvn\b.{0,60}\b(?:test|verify)|gradlew?\b.{0,60}\b(?:test|check)|dotnet test|swift test|xcodebuild test|mix test|ctest|ng test|flutter test|dart test|(?:npm|pnpm|yarn)(?: run)? test|npm t|make (?:test|check|lint))\b/,
  security:
    /\b(?:npm audit|pnpm audit|yarn audit|bandit|semgrep|trivy|snyk|gosec|safety|pip-audit|cargo audit|cargo deny|gitleaks|brakeman|bundler-audit|codeql|osv-scanner)\b/,
  coverage: /--(?:coverage|cov|check-coverage|cov-fail-under)\b|\b(?:nyc|c8|codecov|coveralls)\b/,
};
/** Words that start a check of any kind. */
export const ANY_CHECKER = new RegExp(
  Object.values(CHECKERS)
    .map(({ source }) => source)
    .join('|'),
);

/** A script or target that people and CI call to check. */
export const CHECK_NAME =
  /(?:^|[:_\-./])(?:test|tests|lint|lints|typecheck|type-check|types|tsc|check|checks|verify|validate|ci|coverage|e2e|unit|integration|spec|audit|precommit|pre-commit|prepush|pre-push|pretest|posttest|prepublishOnly|quality|style|format:check)(?:$|[:_\-./])/i;

/** It ends well whatever it finds. */
const SOFT =
  /\|\|\s*(?:true|:|exit\s+0|echo\b|\(exit 0\)|cd\s*\.|return 0)(?:\s|$|["'`;&)])|;\s*(?:true|:|exit\s+0)\s*(?:["'`]|$)|&&\s*exit\s+0\b|(?:^|\s)set\s+\+e\b|--(?:passWithNoTests|pass-with-no-tests|exit-zero|no-error-on-unmatched-pattern|allow-failure|continue-on-error|force-exit-0|no-fail|soft-fail|no-verify|noEmitOnError\s+false|exit-code[= ]0|no-failure|suppress-exit-code)\b|\bSKIP=\S|HUSKY=0|--max-warnings[= ]?(?:[1-9]\d{2,})|-DskipTests|-Dmaven\.test\.(?:skip|failure\.ignore)|-x\s+test\b|--quiet-on-fail|;\s*echo\b[^;&|\n]{0,200}$|[^&]&\s*wait\s*$/;
/** It leaves some of it out. */
const NARROWED =
  /--(?:testPathIgnorePatterns|ignore(?:-glob)?|deselect|exclude|skip|grep-invert|invert|excludeTestsMatching|exclude-task|shard)[= ]\S+|(?:^|\s)-k\s+\S*\s*["']?\\?["']?not\b|(?:^|\s)-m\s+["']?\\?["']?not\b|(?:^|\s)-(?:short)\b|--no-(?:typecheck|coverage|lint)\b|--(?:onlyChanged|changedSince|only-changed)\b|\beslint\b[^\n]{0,200}\s--quiet\b|(?:^|\s)(?:-u|--updateSnapshot|--update-snapshots?|--snapshot-update)\b|--(?:retries|retry|reruns)[= ][1-9]/;
const EMPTY =
  /^\s*(?:@?-?\s*)?(?:echo\b[^|&;]*|true|:|exit\s+0|printf\b[^|&;]*|noop|node\s+-e\s+["']{1,2}(?:process\.exit\(0\))?["']{1,2}|cd\s*\.|sleep\s+\d+|)\s*$/;

type Command = Readonly<{ name: string; text: string; line: number }>;

export const checkCommands: FileRule = (file) => {
  const read = readerOf(file.path);
  if (read === undefined || file.before === undefined) return [];
  const { before: was = '', after: is = '' } = file.whole;
  const [before, after] = [read(was), read(is)];
  return [...changed(file.path, before, after), ...lost(file, before, after), ...softLines(file)].slice(0, 6);
};

/** Files of commands; others hold them only by chance. */
export function isCommandFile(path: string): boolean {
  return readerOf(path) !== undefined;
}

function readerOf(path: string): ((text: string) => Command[]) | undefined {
  const [name, folded] = [baseName(path).toLowerCase(), foldPath(path)];
  if (name === 'package.json' || name === 'composer.json') return scriptsOf;
  if (name === 'deno.json' || name === 'deno.jsonc') return scriptsOf;
  if (/^(?:gnu)?makefile$|\.mk$|^justfile$|^\.justfile$/.test(name)) return recipesOf;
  if (
    /^(?:tox\.ini|noxfile\.py|taskfile\.ya?ml|rakefile|gulpfile\.\w+|tasks\.py|pyproject\.toml|mix\.exs|setup\.cfg|build\.gradle(?:\.kts)?|pom\.xml|turbo\.json|nx\.json|project\.json|lefthook\.ya?ml|\.lefthook\.ya?ml|\.pre-commit-config\.ya?ml|\.lintstagedrc(?:\.\w+)?|lint-staged\.config\.\w+|dockerfile|procfile|\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|jenkinsfile|cloudbuild\.ya?ml|appveyor\.yml|\.drone\.yml)$/.test(
      name,
    )
  )
    return () => [];
  if (
    /^\.(?:github\/(?:workflows|actions)|circleci|buildkite|husky|githooks|gitlab|woodpecker|ci|forgejo|gitea)\//.test(
      folded,
    )
  )
    return () => [];
  if (
    /(?:^|\/)(?:scripts?|bin|ci|tools?|hack|build|\.ci)\/[^/]*(?:test|lint|check|ci|verify|build|pre-?commit)[^/]*\.(?:sh|bash|ps1|m?js|py)$/.test(
      folded,
    )
  )
    return () => [];
  return /^(?:test|lint|check|ci|run[-_]?tests?|verify|build)\.(?:sh|bash|ps1)$/.test(name)
    ? () => []
    : undefined;
}

function scriptsOf(text: string): Command[] {
  const value = readJson(text);
  const lines = text.split('\n');
  const scripts = { ...asObject(value?.['tasks']), ...asObject(value?.['scripts']) };
  return Object.entries(scripts).flatMap(([name, said]) => {
    const command = Array.isArray(said) ? said.join(' && ') : (said ?? asObject(said)['command']);
    const line = lines.findIndex((each) => each.includes(`"${name}"`)) + 1;
    return typeof command === 'string' ? [{ name, text: command, line: Math.max(1, line) }] : [];
  });
}

function recipesOf(text: string): Command[] {
  const commands: { name: string; text: string; line: number }[] = [];
  let current: { name: string; text: string; line: number } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    const name = /^([A-Za-z][\w.:/-]{0,60})(?:\s+\w+=\S+)*\s*:(?!=)/.exec(line)?.[1];
    if (name !== undefined) {
      current = { name, text: '', line: at + 1 };
      commands.push(current);
    } else if (/^\s+\S/.test(line) && current !== undefined && !/^\s*#/.test(line)) {
      current.text += `${current.text === '' ? '' : ' && '}${line.trim().replace(/^@/, '').replace(/\\$/, '')}`;
    } else if (line.trim() !== '' && !line.startsWith('#')) current = undefined;
  }
  return commands;
}

/** A check by name that does less than before. */
function changed(path: string, before: readonly Command[], after: readonly Command[]): Found[] {
  const isCheck = ({ name, text }: Command) => CHECK_NAME.test(name) || ANY_CHECKER.test(text);
  return before.filter(isCheck).flatMap((was): Found[] => {
    const is = after.find(({ name }) => name === was.name);
    if (EMPTY.test(was.text)) return [];
    if (is === undefined) {
      // The same command under another name is there still.
      if (after.some(({ text }) => text === was.text) || !CHECK_NAME.test(was.name)) return [];
      const isDone = kindsOf(was.text).every((kind) => after.some(({ text }) => CHECKERS[kind]?.test(text)));
      return isDone && kindsOf(was.text).length > 0
        ? []
        : [tell(path, 1, `no longer has the command \`${was.name}\` (${quote(was.text)})`)];
    }
    if (is.text === was.text) return [];
    const how = loosened(was.text, is.text);
    return how === undefined
      ? []
      : [tell(path, is.line, `${how} in \`${is.name}\`: ${quote(was.text)} became ${quote(is.text)}`)];
  });
}

function loosened(was: string, is: string): string | undefined {
  if (EMPTY.test(is)) return 'does nothing any more';
  if (newIn(SOFT, was, is)) return 'lets a check fail without anybody hearing of it';
  if (/(?:^|&& )-/.test(is) && !/(?:^|&& )-/.test(was))
    return 'lets a check fail without anybody hearing of it';
  return newIn(NARROWED, was, is) ? 'checks less' : undefined;
}

function newIn(pattern: RegExp, was: string, is: string): boolean {
  const found = pattern.exec(is)?.[0];
  return found !== undefined && !was.includes(found.trim());
}

function kindsOf(text: string): string[] {
  return Object.entries(CHECKERS).flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []));
}

/** A kind of check that a file ran and runs no more, in whatever words. */
function lost(file: FileChange, before: readonly Command[], after: readonly Command[]): Found[] {
  const { path, whole, after: side } = file;
  const isDeleted = side === undefined;
  const text = (commands: readonly Command[], all: string | undefined) =>
    commands.length > 0 ? commands.map((each) => each.text).join('\n') : withoutComments(all ?? '');
  const [was, is] = [text(before, whole.before), text(after, isDeleted ? '' : whole.after)];
  if (before.length > 0 && after.length === 0 && !isDeleted) return [];
  const gone = kindsOf(was).filter((kind) => !CHECKERS[kind]?.test(is));
  if (gone.length === 0) return lostHooks(file);
  const named = gone.map((kind) => quote(CHECKERS[kind]?.exec(was)?.[0] ?? kind));
  // Each of them is told with its command already.
  if (before.some(({ name }) => CHECK_NAME.test(name) && after.every((each) => each.name !== name)))
    return [];
  return [
    tell(path, 1, `${isDeleted ? 'was removed and' : ''} no longer runs ${named.join(' and ')}`.trim()),
  ];
}

/** A hook of pre-commit by its id. */
function lostHooks({ path, whole }: FileChange): Found[] {
  if (!/pre-commit-config/.test(path)) return [];
  const ids = (text: string | undefined) =>
    new Set(
      [...withoutComments(text ?? '').matchAll(/^[ \t]*-?[ \t]*id:[ \t]*(\S+)/gm)].map(([, id = '']) => id),
    );
  const gone = [...ids(whole.before).difference(ids(whole.after))];
  return gone.length === 0
    ? []
    : [
        tell(
          path,
          1,
          `no longer runs ${gone
            .slice(0, 5)
            .map((id) => quote(id))
            .join(', ')} before a commit`,
        ),
      ];
}

function withoutComments(text: string): string {
  return text.slice(0, 400_000).replaceAll(/^[ \t]*(?:#|\/\/|<!--).*$/gm, '');
}

const CI_SOFT =
  /^\s*-?\s*continue-on-error:\s*(?:true|["']true|\$\{\{\s*true)|^\s*allow_failure:\s*true|^\s*if:\s*(?:false\b|["']?\$\{\{\s*false)|^\s*when:\s*never\b|^\s*-?\s*soft_fail:\s*true|^\s*ignore_errors\s*=\s*true|^\s*ignore_outcome\s*=\s*true|^\s*skip:\s*\[?\s*["']?\w|^\s*when:\s*manual\b|^\s*fail_ci_if_error:\s*false|^\s*failOnStderr:\s*false|^\s*continueOnError:\s*true/;

/** Lines of files whose commands cannot be told apart. */
function softLines(file: FileChange): Found[] {
  if (/^(?:package|composer|deno)\.jsonc?$|^(?:gnu)?makefile$|\.mk$/i.test(baseName(file.path))) return [];
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  return [...addedLines(file)].flatMap(({ line, text }): Found[] => {
    if (text.length > 1_000 || gone.has(text.trim()) || /^\s*(?:#(?!!)|\/\/|<!--)/.test(text)) return [];
    const isSoft =
      CI_SOFT.test(text) ||
      (SOFT.test(text) && (ANY_CHECKER.test(text) || /\bSKIP=|HUSKY=0|skipTests|maven\.test/.test(text)));
    const how = isSoft
      ? 'lets a check fail without anybody hearing of it'
      : ANY_CHECKER.test(text) && NARROWED.test(text) && gone.size > 0 && !isKnown(gone, text)
        ? 'checks less'
        : undefined;
    return how === undefined ? [] : [tell(file.path, line, `${how} (${quote(text)})`)];
  });
}

function isKnown(gone: ReadonlySet<string>, text: string): boolean {
  const found = NARROWED.exec(text)?.[0].trim() ?? '';
  return [...gone].some((line) => line.includes(found));
}

function tell(path: string, line: number, how: string): Found {
  return {
    rule: 'check_off',
    path,
    line,
    severity: 'warn',
    say: `${how}. Look at whether the check was in the way of the change.`,
  };
}
