// Whole test files that are gone: deleted, emptied, or moved to where no runner finds them. A renamed test is not deleted.
import type { Change, FileChange } from '../../workspace/change.ts';
import { baseName, extensionOf, type FileRule, type Found, folderOf } from '../found.ts';

const CODE =
  /^(js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|py|rb|go|rs|java|kt|kts|scala|groovy|c|cc|cpp|cxx|m|mm|cs|fs|vb|swift|php|pl|t|lua|r|jl|ex|exs|erl|hs|ml|clj|cljs|dart|zig|sh|bash|bats|sol|feature|el)$/i;
const NAMED =
  /[._-](test|tests|spec|specs|e2e|cy|itest)\.[a-z]+$|^(test|spec)[_-]|^tests?\.[a-z]+$|(Test|Tests|TestCase|IT|Spec|Specs)\.(java|kt|kts|scala|groovy|cs|fs|vb|swift|php|m|mm|cpp|cc|hs|dart)$|\.(bats|feature|t)$|_(test|spec)\.[a-z]+$/;
const FOLDER = /(^|\/)(__tests__|tests?|specs?|e2e|cypress|integration-tests?)\//i;
/** Beside the tests, but none themselves. */
const BESIDE =
  /(^|\/)(fixtures?|__fixtures__|__mocks__|mocks?|support|helpers?|data|resources|snapshots?|__snapshots__|utils?|testdata|stubs?|factories)\//i;
const NO_TEST_NAME =
  /^(conftest\.py|__init__\.py|setup|teardown|index|helpers?|utils?|types?|fixtures?|mocks?)\b|\.d\.ts$|\.config\.[a-z]+$/i;

/** Sure: its name says so. Likely: code in a folder of tests. */
export function isTest(path: string): 'sure' | 'likely' | undefined {
  const name = baseName(path);
  if (!CODE.test(extensionOf(path)) || BESIDE.test(path)) return undefined;
  if (NAMED.test(name)) return 'sure';
  return FOLDER.test(path) && !NO_TEST_NAME.test(name) ? 'likely' : undefined;
}

export const deletedTests: FileRule = (file, change) => {
  const lost = describeLoss(file);
  if (lost === undefined || wentElsewhere(file, change)) return [];
  const [path, say] = lost;
  const hasSubject = lostSubject(path, change);
  const kind = isTest(path);
  const found: Found = {
    rule: 'deleted_test',
    path,
    severity: hasSubject || kind === 'likely' ? 'warn' : 'block',
    say: hasSubject
      ? `${say}, together with what it tests. Look at whether both should go.`
      : `${say}. Look at why: the test may have been in the way of the change.`,
  };
  return [found];
};

function describeLoss(file: FileChange): readonly [path: string, say: string] | undefined {
  const was = file.oldPath ?? file.path;
  if (file.before === undefined || isTest(was) === undefined) return undefined;
  if (file.before.mode === '120000' || file.before.mode === '160000') return undefined;
  if (file.kind === 'deleted') return [was, 'is a whole test file that was removed'];
  if (file.kind === 'renamed' && isTest(file.path) === undefined) {
    return [was, `is a test that was moved to ${JSON.stringify(file.path)}, where no runner looks for it`];
  }
  const size = file.after?.sizeBytes;
  const had = file.before.sizeBytes ?? 0;
  if (size !== undefined && had > 40 && size < 0.1 * had && size < 200) {
    return [file.path, 'is a test file that was emptied'];
  }
  return undefined;
}

/** Git calls a file renamed while half of it is the same; a test that moved and changed more has its name still. */
function wentElsewhere(file: FileChange, change: Change): boolean {
  if (file.kind !== 'deleted') return false;
  const stem = stemOf(file.path);
  return change.files.some(
    ({ kind, path, after }) =>
      (kind === 'added' || kind === 'renamed') &&
      isTest(path) !== undefined &&
      stemOf(path) === stem &&
      (after?.sizeBytes ?? 0) >= 0.3 * (file.before?.sizeBytes ?? 0),
  );
}

/** A file of the same name, less the marks of a test, went too: `src/cart.js` for `test/cart.test.js`. */
function lostSubject(path: string, change: Change): boolean {
  const stem = stemOf(path);
  if (stem === '') return false;
  return change.files.some(({ kind, path: other }) => {
    if (kind !== 'deleted' || isTest(other) !== undefined || !CODE.test(extensionOf(other))) return false;
    return stemOf(other) === stem || folderOf(other).split('/').at(-2)?.toLowerCase() === stem;
  });
}

function stemOf(path: string): string {
  return baseName(path)
    .replace(/(\.d)?\.[a-z0-9]+$/i, '')
    .replace(/[._-](tests?|specs?|e2e|cy|itest)$/i, '')
    .replace(/^(test|spec)s?[_-]/i, '')
    .replace(/(Tests?|TestCase|IT|Specs?)$/, '')
    .toLowerCase();
}
