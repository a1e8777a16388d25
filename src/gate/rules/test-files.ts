// Which files tests are made of, beside the tests themselves: their helpers, their set-up, and the data and output that they
// compare with. Pure.
import { baseName, extensionOf, isProse } from '../found.ts';
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
  /(?:^|\/)(?:__snapshots__|__image_snapshots__|__file_snapshots__|__fixtures__|fixtures?|testdata|test[-_]data|goldens?|expected|expectations|cassettes|approved|baselines?|recordings)\/|\.(?:snap|ambr|golden|approved\.\w+|verified\.\w+|expected|out\.txt|stdout|stderr)$/i;

/** Output that a program wrote and tests compare with, or what tests read. */
export function isTestData(path: string): boolean {
  if (isTestCode(path) && !/\.(?:snap|ambr)$/.test(path)) return false;
  // Settings and dependencies of tests are what they are elsewhere.
  if (checkFileKind(path) !== undefined || isLockfile(path)) return false;
  return (
    DATA.test(path) ||
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
