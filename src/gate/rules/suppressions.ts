// Words in code that tell a linter, a type checker or a measure of coverage to look away. One that was there before, here or
// elsewhere in the change, has only moved.
import type { Change } from '../../workspace/change.ts';
import { addedLines, type FileRule, type Found, isProse, perChange } from '../found.ts';
import { isLockfile } from './lockfile-names.ts';
import { quote } from './quote.ts';
import { isTest } from './test-names.ts';

type Suppression = Readonly<{ pattern: RegExp; what: string; notInTests?: true }>;

/** Only as a comment or an attribute: the same words in a string or in prose switch nothing off. */
const SUPPRESSIONS: readonly Suppression[] = [
  {
    pattern:
      /(?:\/\/|\/\*+|<!--|\{\/\*|#)\s*(?:eslint-disable|oxlint-disable|tslint:disable|stylelint-disable|jshint\s+ignore|jscs:disable|standard-disable|biome-ignore(?:-all|-start)?|rome-ignore|deno-lint-ignore|xo-disable|ember-template-lint-disable)\b[^\n]{0,160}/,
    what: 'the linter',
  },
  { pattern: /\/\*\s*eslint\s+[^\n]{1,200}:\s*\[?\s*["']?(?:off|warn|0|1)\b[^\n]{0,80}/, what: 'the linter' },
  { pattern: /(?:\/\/|\/\*+|\{\/\*)\s*@ts-(?:ignore|nocheck)\b[^\n]{0,120}/, what: 'the type checker' },
  {
    pattern: /(?:\/\/|\/\*+|\{\/\*)\s*@ts-expect-error\b[^\n]{0,120}/,
    what: 'the type checker',
    notInTests: true,
  },
  { pattern: /(?:\/\/|\/\*+)\s*\$Flow(?:FixMe|Ignore|ExpectedError)\b[^\n]{0,80}/, what: 'the type checker' },
  {
    pattern:
      /#\s*(?:type:\s*ignore|pyright:\s*(?:ignore|basic|off)|mypy:\s*(?:ignore-errors|disable-error-code)|pyre-(?:ignore|fixme)|ty:\s*ignore|pytype:\s*disable)[^\n]{0,100}/,
    what: 'the type checker',
  },
  { pattern: /^\s*@(?:typing\.)?no_type_check\b/, what: 'the type checker' },
  {
    pattern:
      /#\s*(?:noqa|ruff:\s*noqa|flake8:\s*noqa|pylint:\s*(?:disable|skip-file)|pycodestyle:\s*noqa)\b[^\n]{0,100}/i,
    what: 'the linter',
  },
  {
    pattern:
      /#\s*(?:nosec|bandit:\s*skip|nosemgrep)\b[^\n]{0,80}|(?:\/\/|\/\*)\s*(?:nosemgrep|#nosec|NOSONAR|codeql\[|lgtm\[)[^\n]{0,80}|#\s*(?:checkov:skip|tfsec:ignore|kics-scan)[^\n]{0,80}|(?:\/\/|#)\s*trivy:ignore[^\n]{0,80}/,
    what: 'the security scanner',
  },
  {
    pattern: /(?:\/\/|\/\*+)\s*(?:nolint|lint:ignore|lint:file-ignore|golint:)[^\n]{0,100}/,
    what: 'the linter',
  },
  { pattern: /#!?\[(?:cfg_attr\([^\n]{0,80},\s*)?(?:allow|expect)\([^\n)]{1,160}\)/, what: 'the linter' },
  {
    pattern:
      /@(?:SuppressWarnings|Suppress|SuppressLint|SuppressFBWarnings|file:Suppress)\s*\([^\n]{0,120}|@nowarn\b[^\n]{0,80}/,
    what: 'the warnings of the compiler',
  },
  {
    pattern:
      /#pragma\s+(?:warning\s+disable|warning\s*\(\s*disable|GCC\s+diagnostic\s+ignored|clang\s+diagnostic\s+ignored)[^\n]{0,100}|\[(?:assembly:\s*)?SuppressMessage\([^\n]{0,100}|^\s*#nullable\s+disable\b/,
    what: 'the warnings of the compiler',
  },
  {
    pattern:
      /(?:\/\/|\/\*)\s*(?:NOLINT(?:NEXTLINE|BEGIN)?|cppcheck-suppress|coverity\[|CHECKSTYLE[.:\s]*OFF|NOPMD|noinspection|ktlint-disable|detekt:disable|swiftlint:disable|scalastyle:off|ReSharper\s+disable|sonar-disable)[^\n]{0,100}/,
    what: 'the linter',
  },
  {
    pattern:
      /#\s*(?:rubocop:(?:disable|todo)|standard:disable|reek:|steep:ignore|shellcheck\s+disable|hadolint\s+ignore|yamllint\s+disable|credo:disable|ansible-lint|noqa:)[^\n]{0,100}|^#\s*typed:\s*(?:false|ignore)\b/,
    what: 'the linter',
  },
  { pattern: /^\s*@dialyzer\s+[^\n]{0,80}nowarn|^\s*-dialyzer\([^\n]{0,80}nowarn/, what: 'the type checker' },
  {
    pattern:
      /@(?:phpstan-ignore|psalm-suppress|phan-suppress)[\w-]*[^\n]{0,100}|(?:\/\/|#|\/\*+)\s*(?:phpcs:(?:ignore|disable)|phpmd-suppress|@codingStandardsIgnore)[^\n]{0,80}|@SuppressWarnings\(PHPMD/,
    what: 'the linter',
  },
  {
    pattern:
      /(?:\/\/|\/\*+|#)\s*(?:istanbul\s+ignore|c8\s+ignore|v8\s+ignore|node:coverage\s+(?:ignore|disable)|pragma:\s*no\s*(?:cover|branch)|LCOV_EXCL|GCOVR?_EXCL|codecov\s+ignore|simplecov:disable|:nocov:|@codeCoverageIgnore|coveralls-ignore)[^\n]{0,80}|@codeCoverageIgnore\w*|\[ExcludeFromCodeCoverage|@ExcludeFromJacocoGeneratedReport|#\[(?:coverage\(off\)|no_coverage)|#\[CodeCoverageIgnore/,
    what: 'the measure of coverage',
  },
];

/** One quick look per line, before all of them are tried. */
const LIKELY =
  /disable|ignore|noqa|nolint|nosec|nosemgrep|allow\(|expect\(|[Ss]uppress|nocheck|ts-expect|NOLINT|NOSONAR|NOPMD|noinspection|pragma|no_type_check|nowarn|\$Flow|typed:|:off|OFF|skip|_EXCL|nocov|pyre-|lint|reek|coverage|lgtm|codeql|diagnostic|pyright|mypy|reek:/;

const MOST_PER_FILE = 5;

export const suppressions: FileRule = (file, change) => {
  const { path } = file;
  if (file.after === undefined || isProse(path) || isLockfile(path) || /\.(snap|json|csv|svg)$/.test(path))
    return [];
  const left = movedFrom(change);
  const isOfTests = isTest(path) !== undefined || /\.test-d\.ts$|(^|\/)type-tests?\//.test(path);
  const found: Found[] = [];
  let rest = 0;
  let reasoned = 0;
  for (const { line, text } of addedLines(file)) {
    const hit = readSuppression(text);
    if (hit === undefined || (hit.notInTests && isOfTests)) continue;
    const known = left.get(hit.key) ?? 0;
    if (known > 0) {
      left.set(hit.key, known - 1);
      continue;
    }
    if (hit.what === 'the linter' && isReasoned(text) && ++reasoned <= MOST_REASONED) continue;
    if (found.length >= MOST_PER_FILE) {
      rest += 1;
      continue;
    }
    const say = `tells ${hit.what} to look away (${quote(hit.text)}). Look at what it would have said.`;
    found.push({ rule: 'check_off', path, line, severity: 'warn', say });
  }
  if (rest === 0) return found;
  const say = `holds ${rest} more words that switch a check off. Look at what the checks would have said.`;
  return [...found, { rule: 'check_off', path, severity: 'warn', say }];
};

/** Of more in one file, a reason each is a habit. */
const MOST_REASONED = 2;
/** One rule, on one line, and why. */
const REASON =
  /(?:(?:eslint|oxlint|stylelint)-disable-(?:next-)?line\s+[\w@/,\s-]{1,120}?\s--\s+|biome-ignore\s+[\w/]{1,80}:\s*|deno-lint-ignore\s+[\w-]{1,60}\s+--\s+|noqa:\s*[A-Z]+\d+\s+(?:[#-]+\s*)?|pylint:\s*disable=[\w-]{1,60}\s+#\s*|nolint:\w{1,40}\s*\/\/\s*|shellcheck disable=SC\d+\s+#\s*|rubocop:disable\s+[\w/]{1,80}\s+--\s+|(?:allow|expect)\([\w:]{1,80},\s*reason\s*=\s*")(\S.{0,300})/;
/** No reason why the linter is wrong. */
const NO_REASON =
  /\b(?:todo|fixme|later|for now|temporar\w*|fix|flaky|fails?|broken|passe?s?|hack|legacy|needed|required)\b/i;
const REASON_WORDS = 5;

function isReasoned(text: string): boolean {
  const reason = REASON.exec(text.slice(0, 1_000))?.[1] ?? '';
  const words = reason.match(/[A-Za-z]{2,}/g) ?? [];
  return words.length >= REASON_WORDS && !NO_REASON.test(reason);
}

/** How many of each the change takes away anywhere; each stands for one that came. */
const movedFrom = perChange(({ files }: Change): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { removed, path } of files) {
    if (isProse(path)) continue;
    for (const { text } of removed) {
      if (!LIKELY.test(text)) continue;
      for (const line of text.split('\n')) {
        const hit = readSuppression(line);
        if (hit) counts.set(hit.key, (counts.get(hit.key) ?? 0) + 1);
      }
    }
  }
  return counts;
});

type Hit = Readonly<{ key: string; text: string; what: string; notInTests: boolean }>;

function readSuppression(given: string): Hit | undefined {
  if (!LIKELY.test(given)) return undefined;
  const line = given.slice(0, 1_000);
  for (const { pattern, what, notInTests = false } of SUPPRESSIONS) {
    const found = pattern.exec(line);
    if (found === null || isQuoted(line, found.index)) continue;
    const text = found[0].replace(/\s*(?:\*\/\}?|-->)\s*$/, '').trim();
    // The reason behind it may be reworded; a directive of another reach counts.
    return {
      key: text.replace(/\s+(?:--|:|—|–)\s.*$|\s+--.*$/, '').replaceAll(/\s+/g, ' '),
      text,
      what,
      notInTests,
    };
  }
  return undefined;
}

/** Within a string: a program that speaks of such words. */
function isQuoted(line: string, index: number): boolean {
  const before = line.slice(0, index).replaceAll(/\\./g, '');
  return ["'", '"', '`'].some(
    (mark) => (before.split(mark).length - 1) % 2 === 1 && line.indexOf(mark, index) > index,
  );
}
