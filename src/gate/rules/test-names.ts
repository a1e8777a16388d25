// Which file holds tests, and of what, by its name alone. Pure.
import { baseName, extensionOf } from '../found.ts';

/** Written by people and run. */
export const CODE =
  /^(js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|py|rb|go|rs|java|kt|kts|scala|groovy|c|cc|cpp|cxx|m|mm|cs|fs|vb|swift|php|pl|t|lua|r|jl|ex|exs|erl|hs|ml|clj|cljs|dart|zig|sh|bash|bats|sol|feature|el|elm|fsx|cr|pas|f90|rkt|scm|coffee|purs|gleam|hx|tcl|raku|robot)$/i;
const NAMED =
  /[._-](test|tests|spec|specs|e2e|cy|itest)\.[a-z]+$|^(test|spec)[_-]|^tests?\.[a-z]+$|(Test|Tests|TestCase|IT|Spec|Specs)\.(java|kt|kts|scala|groovy|cs|fs|vb|swift|php|m|mm|cpp|cc|hs|dart)$|\.(bats|feature|t)$|_(test|spec)\.[a-z]+$/;
/** Such a name may be about tests as well: `run-tests.ts`, `test-lines.ts`. */
const ABOUT = /-(tests|specs)\.[a-z]+$|^(test|spec)-/;
const FOLDER = /(^|\/)(__tests__|tests?|specs?|e2e|cypress|integration-tests?)\//i;
/** Beside the tests, but none themselves. */
const BESIDE =
  /(^|\/)(fixtures?|__fixtures__|__mocks__|mocks?|support|helpers?|data|resources|snapshots?|__snapshots__|utils?|testdata|stubs?|factories)\//i;
const NO_TEST_NAME =
  /^(conftest\.py|__init__\.py|setup|teardown|index|helpers?|utils?|types?|fixtures?|mocks?)\b|\.d\.ts$|\.config\.[a-z]+$/i;

/** Beside them by the names of files as well; in other such folders a test of what they hold may stand. */
const OF_OTHERS =
  /(^|\/)(fixtures?|__fixtures__|__mocks__|mocks?|resources|snapshots?|__snapshots__|testdata|stubs?)\//i;
const HELPER_NAME =
  /^(test|spec)s?[_-]?(helpers?|utils?|data|support|base|case|common|fixtures?|factor(y|ies)|config|settings|mocks?|stubs?|server|app|client)\b/i;

/** Such a name is a test's in any folder: `src/utils/money.test.ts`. */
const FULLY_NAMED = /\.(test|tests|spec|specs|e2e|cy)\.[a-z]+$|_(test|spec)\.[a-z]+$/;
/** Here even a file that is called a test is none: it is read by one. */
const NEVER = /(^|\/)(__fixtures__|__mocks__|__snapshots__|testdata|node_modules)\//i;
/** Games of a league have fixtures, too: in the source of a program the word may mean anything. */
const FIXTURES = /(^|\/)fixtures?\//i;
const SOURCE = /^(?:[^/]+\/){0,3}(?:src|app|lib)\//i;

/** Sure: its name says so. Likely: code in a folder of tests. */
export function isTest(path: string): 'sure' | 'likely' | undefined {
  const name = baseName(path);
  if (!CODE.test(extensionOf(path)) || NEVER.test(path)) return undefined;
  if (FIXTURES.test(path) && (FOLDER.test(path) || !SOURCE.test(path))) return undefined;
  const isNamed = NAMED.test(name) && (!ABOUT.test(name) || FOLDER.test(path) || FULLY_NAMED.test(name));
  const isBeside = OF_OTHERS.test(path) || (BESIDE.test(path) && HELPER_NAME.test(name));
  if (isNamed && (FULLY_NAMED.test(name) || !isBeside)) return 'sure';
  return FOLDER.test(path) && !BESIDE.test(path) && !NO_TEST_NAME.test(name) ? 'likely' : undefined;
}

/** Tests often stand beside their code; in Rust and Zig they stand in the same file. */
export function mayHoldTests(path: string): boolean {
  return isTest(path) !== undefined || /^(rs|zig)$/i.test(extensionOf(path));
}

/** What a file is about, less the marks of a test: `cart` for `src/cart.js` and `test/cart.test.js` alike. */
export function stemOf(path: string): string {
  return baseName(path)
    .replace(/(\.d)?\.[a-z0-9]+$/i, '')
    .replace(/[._-](tests?|specs?|e2e|cy|itest)$/i, '')
    .replace(/^(test|spec)s?[_-]/i, '')
    .replace(/(Tests?|TestCase|IT|Specs?)$/, '')
    .toLowerCase();
}
