// What tests share that takes the place of what they test: a stand-in for a module of the program, put there for all tests at
// once by a file that no test names.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found, folderOf } from '../found.ts';
import { quote } from './quote.ts';
import { isSupport, isTestCode } from './test-files.ts';
import { isTest, stemOf } from './test-names.ts';

export const stubbedSubjects: FileRule = (file, change) => {
  const { path } = file;
  if (file.after === undefined) return [];
  if (/(?:^|\/)__mocks__\//.test(path)) return ofMock(path, file.kind, change);
  if (isTest(path) !== undefined) return ofImported(file);
  if (!isSupport(path) && !/^conftest\.py$/.test(baseName(path))) return [];
  for (const { line, text } of addedLines(file)) {
    if (text.length > 1_000 || !REPLACES.test(text) || !isOwn(text, change)) continue;
    return [tell(path, line, quote(text))];
  }
  return [];
};

const MOCKS_MODULE =
  /\b(?:jest|vi|mock|td|t\.mock)\.(?:mock|doMock|module|replace|unstable_mockModule)\(\s*(?:import\()?["'](\.{1,2}\/[^"'\n]{1,200})["']|\bsys\.modules\[\s*["']([\w.]{1,200})["']\s*\]\s*=(?!=)/;

/** A module of the program that a test imported as it is, and now has a stand-in for. */
function ofImported({ path, before, removed, added, whole }: FileChange): Found[] {
  if (before === undefined || whole.before === undefined) return [];
  const was = removed.map(({ text }) => text).join('\n');
  for (const run of added) {
    for (const [at, text] of run.text.split('\n').entries()) {
      const [, file, dotted] = (text.length > 1_000 ? null : MOCKS_MODULE.exec(text)) ?? [];
      const module = file ?? dotted;
      if (module === undefined || was.includes(text.trim()) || whole.before.includes(`mock('${module}'`))
        continue;
      const isImported = [
        `from '${module}'`,
        `from "${module}"`,
        `from ${module} import`,
        `import ${module}`,
      ].some((words) => whole.before?.includes(words));
      if (isImported) return [tell(path, run.line + at, quote(text))];
    }
  }
  return [];
}

const REPLACES =
  /\b(?:monkeypatch|mocker(?:\.patch)?|mock|patch|vi|jest|td|sinon|t\.mock)\.(?:setattr|setitem|object|mock|doMock|unstable_mockModule|module|stub|replace|spyOn|patch)\s*\(|\bpatch(?:\.object)?\(|\ballow(?:_any_instance_of)?\(|\bstub_const\(|\.class_eval\b|\bMox\.(?:stub|expect)|\bmockkStatic\(|\bMockedStatic\b|\bsetattr\(/;
/** The time, the network, chance and the surroundings: what tests may well replace. */
const OUTSIDE =
  /\b(?:time|datetime|date|random|uuid|requests|httpx|urllib|socket|smtplib|boto3?|redis|stripe|os|sys|environ|subprocess|sleep|fetch|axios|http|https|fs|crypto|child_process|net|dns|process|console|window|document|localStorage|matchMedia|IntersectionObserver|ResizeObserver|logger|logging|Net|HTTP|Time|Date|Kernel|ENV|Faraday)\b/;

/** A path of the project, or a name that begins with a folder or file of it. */
function isOwn(text: string, { beside, files }: Change): boolean {
  if (/\(\s*(?:import\(\s*)?["'](?:\.{1,2}\/|[@~#]\/|src\/|app\/|lib\/)/.test(text))
    return !/(?:logger|analytics|telemetry|env|clock)/i.test(text);
  if (OUTSIDE.test(text)) return false;
  const names = [...beside.names, ...files.map(({ path }) => path)].filter((name) => !isTestCode(name));
  const owned = new Set(names.slice(0, 50_000).flatMap((name) => name.replace(/\.\w+$/, '').split('/')));
  const words = text.match(/(?<=\(\s*["']?)[A-Za-z_][\w.]*/g) ?? [];
  return words.some((word) => word.split('.').some((part) => part.length > 2 && owned.has(part)));
}

/** Jest takes such a file for the module beside its folder. */
function ofMock(path: string, kind: string, { beside }: Change): Found[] {
  if (kind !== 'added' && kind !== 'renamed') return [];
  const folder = folderOf(path).replace(/__mocks__\/$/, '');
  const of = beside.names.find(
    (name) => folderOf(name) === folder && stemOf(name) === stemOf(path) && isTest(name) === undefined,
  );
  return of === undefined ? [] : [tell(path, 1, `it stands in for ${quote(of)}`)];
}

function tell(path: string, line: number, how: string): Found {
  const say = `takes the place of what tests test, for all of them at once (${how}). Look at whether a test would still fail where the code is wrong.`;
  return { rule: 'weakened_test', path, line, severity: 'warn', say };
}
