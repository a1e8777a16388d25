// Tests under another name or in another folder, where their runner may look past them: it finds them by the form of their name.
import type { Change } from '../../workspace/change.ts';
import { baseName, extensionOf, type FileRule, folderOf } from '../found.ts';
import { quote } from './quote.ts';
import { isTest } from './test-names.ts';

/** Folders of what is kept but not run. */
const AWAY =
  /(?:^|\/)[._]?(?:disabled|skip(?:ped)?|ignored?|old|legacy|archived?|attic|deprecated|broken|flaky|quarantined?|unused|pending|todo|fixtures?|backup|manual|graveyard|parked|excluded|wip|off)[-_]?(?:tests?|specs?)?\//i;

export const movedAway: FileRule = (file, change) => {
  const { path, oldPath, kind } = file;
  if (kind !== 'renamed' || oldPath === undefined || isTest(oldPath) === undefined) return [];
  // Where it is no test at all any more, that is told as such.
  if (isTest(path) === undefined) return [];
  const how = describe(oldPath, path, change);
  if (how === undefined) return [];
  const say = `was ${quote(oldPath)}, and ${how}. Look at whether its runner still finds it.`;
  return [{ rule: 'skipped_test', path, severity: 'warn', say }];
};

function describe(was: string, is: string, change: Change): string | undefined {
  if (AWAY.test(folderOf(is)) && !AWAY.test(folderOf(was)))
    return 'stands now where people put what should not run';
  const others = change.beside.names.filter((name) => name !== is && isTest(name) !== undefined);
  const form = formOf(is);
  if (form !== formOf(was) && !others.some((name) => formOf(name) === form))
    return 'no other test has a name of that form';
  const [top, oldTop] = [topOf(is), topOf(was)];
  return top !== oldTop && !others.some((name) => topOf(name) === top)
    ? 'no other test stands in that folder'
    : undefined;
}

/** What a runner goes by: `test_*.py`, `*.spec.ts`, `*Test.java`. */
function formOf(path: string): string {
  const name = baseName(path);
  const hidden = /^[._]/.test(name) ? '.' : '';
  const front = /^(?:test|spec|Abstract|Base|Disabled|Old|X)(?=[_A-Z-])[_-]?/.exec(name)?.[0] ?? '';
  const back =
    /(?:[._-](?:tests?|specs?|e2e|cy|itest)|Tests?|TestCase|IT|Specs?)(?=\.[a-z]+$)/.exec(name)?.[0] ?? '';
  return `${hidden}${front}*${back}.${extensionOf(path)}`;
}

function topOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}
