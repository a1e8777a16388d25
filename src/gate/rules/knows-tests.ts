// Code of a program that asks whether it is being tested: what it does then says nothing about what it does for people.
import type { FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, extensionOf, type FileRule, type Found, isProse } from '../found.ts';
import { checkFileKind } from './check-files.ts';
import { quote } from './quote.ts';
import { isTestCode } from './test-files.ts';
import { CODE } from './test-names.ts';

/** Questions that only tests answer with yes. */
const ASKS: readonly RegExp[] = [
  // JavaScript
  /\bNODE_ENV\b["'\])\s]{0,4}\s*[!=]==?\s*["'`]test|["'`]test(?:ing)?["'`]\s*[!=]==?\s*[\w.]*\bNODE_ENV/,
  /\b(?:JEST_WORKER_ID|VITEST(?:_\w+)?|MOCHA_\w+|PLAYWRIGHT_\w+|CYPRESS|KARMA|PYTEST_\w+|NOSE_\w+|RSPEC\w*|PHPUNIT\w*|XCTest\w+|FLUTTER_TEST|NEXTEST\w*|CTEST_\w+|BATS_\w+|GO_TEST\w*|TEST_WORKER\w*|UNDER_TEST|UNIT_?TEST(?:S|ING)?|IS_TEST(?:ING)?|TEST_MODE|TESTING_MODE|E2E_TEST\w*|RUNNING_TESTS?)\b/,
  /\b_?isMockFunction\b|\bnavigator\.webdriver\b|getProperty\(\s*["'](?:surefire|junit|test)[."']/,
  /\bimport\.meta\.(?:vitest|jest)|import\.meta\.env\.(?:MODE\s*[!=]==?\s*["']test|VITEST|TEST)/,
  /\btypeof\s+(?:jest|vi|vitest|describe|it|test|expect|beforeEach|afterEach|mocha|jasmine|cy|Cypress)\b/,
  /\b(?:global(?:This)?|window|self|root)(?:\.|\[\s*["'])(?:jest|vi|vitest|__?test\w*|__vitest\w*|describe|it|expect|Cypress|mocha|jasmine|__karma__|playwright\w*)\b/i,
  /(?:argv|execArgv|main\.filename|stack|module\.parent\??\.filename)\b[^\n]{0,120}["'`/](?:[^"'`\n]{0,40}[\W_])?(?:jest|vitest|mocha|--test|pytest|unittest|rspec|phpunit|\.test\b|\.spec\b|tests?[/"'`])/,
  // Python
  /["'](?:pytest|_pytest|unittest|nose|nose2)["']\s*(?:not\s+)?in\s+sys\.modules|sys\.modules(?:\.get\(|\[)\s*["'](?:pytest|_pytest|unittest)/,
  /["'](?:test|pytest|--test)["']\s*(?:not\s+)?in\s+sys\.argv|_called_from_test|inspect\.(?:stack|currentframe)\([^\n]{0,120}test/,
  /\b(?:settings|config|app|current_app|self)(?:\.config)?(?:\.|\[["']|\.get\(["'])(?:TESTING|TEST_MODE|UNDER_TEST)\b(?!\s*=[^=])/,
  // Go
  /\btesting\.(?:Testing|Verbose|Short|CoverMode)\(\)|flag\.Lookup\(\s*"test\.|os\.Args\[0\][^\n]{0,60}\btest\b|\bos\.Args\b[^\n]{0,60}-test\./,
  // Ruby, PHP, Elixir
  /\bRails\.env\.test\?|\b(?:RAILS|RACK|APP|HANAMI|MIX|ASPNETCORE|DJANGO|FLASK|SPRING|NODE|LARAVEL)_(?:ENV|ENVIRONMENT)\b["'\])\s]{0,4}\s*(?:[!=]==?|\.equals\(|eq)\s*["':]test/i,
  /\bdefined\?\s*\(?\s*(?:RSpec|Minitest|Test::Unit|Cucumber)|(?:\$PROGRAM_NAME|\$0)\s*(?:=~|\.\w+\??)[^\n]{0,40}(?:rspec|test)/,
  /\bdefined\(\s*["'](?:PHPUNIT|TESTING|UNIT_TEST|PEST)\w*|runningUnitTests\(|environment\(\s*["']test(?:ing)?["']|class_exists\(\s*["']\\?\\?(?:PHPUnit|Pest)/,
  /\bMix\.env\(?\)?\s*(?:==|!=|in)\s*\[?:test|Code\.(?:ensure_loaded\??|loaded\?)\(ExUnit/,
  // Rust, C, Swift, the JVM, .NET, Dart
  /\bcfg!\(\s*(?:not\(\s*)?test\b|#\[cfg\(\s*not\(\s*test\s*\)\s*\)\]/,
  /^\s*#\s*(?:if|ifdef|ifndef|elif)\b[^\n]{0,60}\b(?:defined\(?\s*)?!?(?:UNIT_?TEST\w*|TESTING|TEST|GTEST\w*|RUNNING_TESTS|BUILD_TESTS?|CATCH_\w+)\b/,
  /NSClassFromString\(\s*@?"XC|getStackTrace\(\)[^\n]{0,200}(?:junit|test)|["'](?:org\.junit|org\.testng|io\.kotest|spock\.lang)[\w.]*["']|(?:StackTrace|GetAssemblies)\(\)[^\n]{0,200}(?:xunit|nunit|mstest|test)/i,
  /\bisInTests?\b|\bisUnderTest\b|\b(?:in|under|running)_?(?:unit_?|e2e_?)?test(?:s|ing)?(?:_?(?:env|environment|mode|run|runner))?\s*(?:\(\s*\)|\b(?=\s*(?:\)|&&|\|\||\?|:|then|and|or|==|!=|\{|;|$)))|\bis_?(?:unit_?|e2e_?)?test(?:s|ing)?_?(?:env|environment|mode|run|runner)\b|\bis_?(?:unit_?|e2e_?)?test(?:s|ing)?\s*\(\s*\)/i,
];

/** On a machine that builds, and nowhere else. Scripts may ask that. */
const ASKS_FOR_CI =
  /\bprocess\.env(?:\.|\[["'])(?:CI|CONTINUOUS_INTEGRATION|GITHUB_ACTIONS|GITLAB_CI|TRAVIS|CIRCLECI|BUILDKITE|JENKINS_URL)\b|(?:getenv|environ(?:\.get)?|env::var(?:_os)?|Getenv|LookupEnv|GetEnvironmentVariable|System\.getenv|get_env|fetch|ENV)\s*[([]{1,2}\s*["'](?:CI|CONTINUOUS_INTEGRATION|GITHUB_ACTIONS|GITLAB_CI|TRAVIS|CIRCLECI|JENKINS_URL)["']/;

const MOST = 3;

export const knowsTests: FileRule = (file) => {
  const { path } = file;
  if (file.after === undefined || !isProduct(path)) return [];
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n')).map(questionIn));
  return [...addedLines(file)]
    .flatMap(({ line, text }): Found[] => {
      if (text.length > 1_000 || isComment(text)) return [];
      const asked = questionIn(text) ?? (isTool(path) ? undefined : ASKS_FOR_CI.exec(text)?.[0]);
      if (asked === undefined || isShown(text, asked)) return [];
      if (gone.has(asked) || stoodThere(file, asked)) return [];
      const say = `asks whether it is being tested (${quote(text)}), so that tests may see another program than people do. Look at what it does then.`;
      return [{ rule: 'knows_tests', path, line, severity: 'warn', say }];
    })
    .slice(0, MOST);
};

/** The value of what people see of a program and nothing that it does: how much it says, in which colours. */
const SHOWN =
  /(?:colou?rs?|log_?level|\blevel|silent|quiet|verbose|verbosity|spinner|progress(?:_?bar)?|banner|pretty(?:_?print)?|emoji|ansi)["']?\s*(?:[:=]|:=|\?\?=)\s*[\w.!()[\]"']{0,40}$/i;

/** Whether somebody sits before a terminal is another question than whether a machine builds. */
function isShown(text: string, asked: string): boolean {
  const isOfPeople = ASKS_FOR_CI.test(asked) && /\b(?:isTTY|isatty|is_terminal|IsTerminal)\b/.test(text);
  return isOfPeople || SHOWN.test(text.slice(0, text.indexOf(asked)));
}

function questionIn(text: string): string | undefined {
  for (const pattern of ASKS) {
    const found = pattern.exec(text.slice(0, 1_000))?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** It was asked in this file before. */
function stoodThere({ removed }: FileChange, asked: string): boolean {
  return removed.some(({ text }) => text.includes(asked));
}

/** Settings of what builds, checks and starts a program. */
const OF_TOOLS =
  /(?:^|\/)(?:webpack|vite|vitest|rollup|playwright|cypress|jest|eslint|babel|metro|karma|wdio|gulp|grunt|esbuild|tsup|rspack|rsbuild|craco|turbo|storybook|lighthouse|detox|codecept)(?:[.-][\w.-]+)?(?:\.\w+$|\/)|(?:^|\/)\.[\w-]+rc\.\w+$/i;

function isProduct(path: string): boolean {
  return (
    CODE.test(extensionOf(path)) &&
    !isProse(path) &&
    !isTestCode(path) &&
    checkFileKind(path) === undefined &&
    !/\.config\.\w+$|(?:^|\/)(?:docs?|examples?|\.github|\.storybook|benchmarks?)\/|\.stories\.\w+$|\.d\.ts$/i.test(
      path,
    ) &&
    !OF_TOOLS.test(path)
  );
}

/** What people and builds start by hand. */
function isTool(path: string): boolean {
  return (
    /(?:^|\/)(?:scripts?|tools?|bin|ci|hack|build|tasks)\//i.test(path) ||
    /^(?:manage|setup|build|gulpfile|rakefile)\b/i.test(baseName(path))
  );
}

function isComment(text: string): boolean {
  return /^\s*(?:\/\/|\*|\/\*|--|;|#(?!\s*(?:if|ifdef|ifndef|elif)\b|!?\[))/.test(text);
}
