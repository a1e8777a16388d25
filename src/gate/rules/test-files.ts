// Which files tests are made of, beside the tests themselves: their helpers, their set-up, and the data and output that they
// compare with. Pure.
import { baseName, extensionOf, folderOf, isProse } from '../found.ts';
import { checkFileKind } from './check-files.ts';
import { isLockfile } from './lockfile-names.ts';
import { CODE, isTest } from './test-names.ts';

/** Folders of tests and of what they share. */
const FOLDER =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|cypress|playwright|integration[-_]tests?|unit[-_]tests?|test[-_]?(?:utils?|helpers?|support|lib|common)|testing|testutils?|testhelpers?|testsupport|features\/step_definitions|androidTest|commonTest|jvmTest)\//i;
/** Names of what tests share, in any folder. */
const SHARED =
  /^conftest\.py$|(?:spec|test|rails)_helper\.\w+$|^(?:jest|vitest|mocha|karma|cypress)[.-](?:setup|global|env)[\w.-]*\.\w+$|^(?:setup|global)[-_.]?tests?\.\w+$|(?:^|[._-])test[._-]?(?:utils?|helpers?|support|base|case|fixtures?)\.\w+$|^(?:test_?)?fixtures?\.\w+$|^(?:Abstract|Base)\w*Test(?:Case)?\.\w+$/i;
/** Data that tests read, and output that they compare with. */
const DATA =
  /(?:^|\/)(?:__snapshots__|__image_snapshots__|__file_snapshots__|__fixtures__|testdata|test[-_]data)\/|\.(?:snap|ambr|golden|approved\.\w+|verified\.\w+|expected|out\.txt|stdout|stderr)$/i;

/** Folders of such data that may as well be about a league, an agency or a museum. */
const MAY_BE_DATA =
  /(?:^|\/)(?:fixtures?|goldens?|expected|expectations|cassettes|approved|baselines?|recordings)\//i;

/** In a folder of tests, or beside tests of what is not in it. */
function isBesideTests(path: string, names: readonly string[]): boolean {
  const folder = MAY_BE_DATA.exec(path);
  if (folder === null || FOLDER.test(path)) return folder !== null;
  const own = path.slice(0, folder.index + folder[0].length);
  const parent = folderOf(own.slice(0, -1));
  // Among the sources of a program, code that is called so is a part of it.
  if (/^(?:src|app|lib)\/$/.test(parent) && CODE.test(extensionOf(path))) return false;
  const tests = names.filter((name) => name.startsWith(parent) && isTest(name) === 'sure');
  const isWithTests = parent === '' || tests.some((name) => folderOf(name) === parent);
  return isWithTests && !tests.some((name) => name.startsWith(own));
}

/** Output that a program wrote and tests compare with, or what tests read. */
export function isTestData(path: string, names: readonly string[]): boolean {
  if (isTestCode(path) && !/\.(?:snap|ambr)$/.test(path)) return false;
  // Settings and dependencies of tests are what they are elsewhere.
  if (checkFileKind(path) !== undefined || isLockfile(path)) return false;
  return (
    DATA.test(path) ||
    isBesideTests(path, names) ||
    (FOLDER.test(path.replace(/(^|\/)specs?\//gi, '$1')) &&
      /^(?:json|ya?ml|csv|xml|html|sql|txt|tsv|jsonl|ndjson)$/.test(extensionOf(path)))
  );
}

/** Code of tests, or that tests share. */
export function isTestCode(path: string): boolean {
  if (isTest(path) !== undefined) return true;
  return isSupport(path);
}

/** Code that tests share. */
export function isSupport(path: string): boolean {
  const isCode = CODE.test(extensionOf(path)) && !isProse(path);
  return isCode && isTest(path) === undefined && (FOLDER.test(path) || SHARED.test(baseName(path)));
}
