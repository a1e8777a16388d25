// Names of an existing test that stand for something else now: what it tests comes from another file, or lines that were only
// added put something in the place of it, or of `expect` itself. No assertion changes, and none of them means anything.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, extensionOf, type FileRule, type Found } from '../found.ts';
import { bare, type Import, placesOf, readImports } from './imports.ts';
import { quote } from './quote.ts';
import { withoutComments } from './test-blocks.ts';
import { isTestCode } from './test-files.ts';

export const swappedSubjects: FileRule = (file, change) => {
  const { path, oldPath = path, whole } = file;
  if (whole.before === undefined || whole.after === undefined || !isTestCode(path)) return [];
  const had = lastOf(readImports(oldPath, whole.before));
  const has = lastOf(readImports(path, whole.after));
  return [...redirected({ file, change, had, has }), ...replaced(file, { had, has })].slice(0, MOST);
};

const MOST = 5;
const MOST_CHARS = 200_000;
const MOST_NAMES = 200;

type Names = ReadonlyMap<string, Import>;

function lastOf(imports: readonly Import[]): Names {
  return new Map(imports.map((one) => [one.name, one]));
}

type Sides = Readonly<{ file: FileChange; change: Change; had: Names; has: Names }>;

/** The same name out of another file. */
function redirected({ file, change, had, has }: Sides): Found[] {
  const moved = [...had.values()].flatMap((was) => {
    const is = has.get(was.name);
    if (is === undefined || (is.from === was.from && is.of === was.of)) return [];
    return isSamePlace({ file, change, was, is }) ? [] : [{ was, is }];
  });
  return [...Map.groupBy(moved, ({ was, is }) => `${was.from}\0${is.from}`).values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { was, is } = first;
    const [from, to] = was.from === is.from ? [was.of, is.of] : [was.from, is.from];
    const say = `takes ${all.map(({ is: { name } }) => quote(name)).join(', ')} from elsewhere: ${quote(from)} became ${quote(to)}. Look at whether the tests still look at what the program does.`;
    return [{ rule: 'test_changed', path: file.path, line: is.line, severity: 'warn', say } as const];
  });
}

/** Frameworks that one may leave for another. */
const FRAMEWORK =
  /^(?:node:)?(?:test|assert(?:\/strict)?|vitest|@jest\/globals|jest|mocha|chai|ava|tap|uvu(?:\/assert)?|bun:test|@std\/(?:assert|expect)|expect|@playwright\/test|@testing-library\/[\w-]+|unittest(?:\.mock)?|mock|pytest)$/;

/** The module is the same one under another name, was moved, or gave the name away to where it is now. */
function isSamePlace({
  file,
  change,
  was,
  is,
}: Omit<Sides, 'had' | 'has'> & { was: Import; is: Import }): boolean {
  const unnode = (from: string) => from.replace(/^node:/, '');
  if (unnode(was.from) === unnode(is.from)) return was.of === is.of || givesAway(change, was, is);
  if (FRAMEWORK.test(was.from) && FRAMEWORK.test(is.from)) return true;
  const { path, oldPath = path } = file;
  const gone = change.files.flatMap((each) =>
    each.oldPath === undefined ? [each.path] : [each.path, each.oldPath],
  );
  const names = [...change.beside.names, ...gone];
  const [from, to] = [placesOf(oldPath, was.from, names), placesOf(path, is.from, change.beside.names)];
  if (from.some((place) => to.includes(place))) return true;
  if (to.length === 0) return false;
  const target = change.files.find((each) => to.includes(bare(each.path)));
  const source = change.files.find((each) => from.includes(bare(each.oldPath ?? each.path)));
  if (source === undefined || target === undefined || isTestCode(target.path)) return false;
  if (source === target || (source.kind === 'deleted' && target.kind === 'added')) return true;
  return defines(source.removed, was.of) && defines(target.added, is.of);
}

/** A name that a file of the program no longer has, for one that came. */
function givesAway({ files }: Change, was: Import, is: Import): boolean {
  const own = files.filter(({ path }) => !isTestCode(path));
  return own.some(({ removed, added }) => defines(removed, was.of) && defines(added, is.of));
}

function defines(runs: FileChange['added'], name: string): boolean {
  if (name === '*' || name === 'default')
    return runs.some(({ text }) => /\bexport\b|\bdef\b|\bclass\b/.test(text));
  const word = patternOf(name);
  return runs.some(({ text }) =>
    new RegExp(
      `\\b(?:function\\*?|const|let|var|class|def|enum|interface|type)\\s+${word}(?![\\w$])|^${word}\\s*[:=]`,
      'm',
    ).test(text),
  );
}

function patternOf(name: string): string {
  return name.replaceAll('$', '\\$');
}

/** Always there, imported or not. */
const CHECKERS: ReadonlySet<string> = new Set(['expect', 'assert', 'should', 'it', 'test', 'describe']);

/** A line that came and puts something in the place of a name that the file had from elsewhere. */
function replaced(file: FileChange, { had, has }: Pick<Sides, 'had' | 'has'>): Found[] {
  const { path, whole, removed } = file;
  const before = whole.before ?? '';
  const gone = new Set(removed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  const come = new Set(file.added.flatMap(({ text }) => text.slice(0, 100_000).match(/[\w$]+/g) ?? []));
  const known = knownNames(path, before.slice(0, MOST_CHARS), { had, come });
  const code = withoutComments(path, whole.after ?? '');
  const isImport = new Set([...has.values()].map(({ line }) => line));
  return [...addedLines(file)].flatMap(({ line, text }): Found[] => {
    const bareText = code[line - 1]?.trim() ?? '';
    if (bareText === '' || text.length > 1_000 || gone.has(bareText) || isImport.has(line)) return [];
    const name = bareText
      .split(';')
      .map((one) => putInPlaceOf(path, one.trim(), known))
      .find(Boolean);
    if (name === undefined || isExtension(bareText)) return [];
    const say = `puts something else in the place of ${quote(name)} (${quote(bareText)}). Look at whether the tests still look at what the program does.`;
    return [{ rule: 'weakened_test', path, line, severity: 'warn', say }];
  });
}

type Known = Readonly<{
  /** Names that the file had from elsewhere. */
  taken: ReadonlySet<string>;
  /** Those that stand for files of the project. */
  own: ReadonlySet<string>;
}>;

/** Only names that the added lines speak of are asked about. */
function knownNames(
  path: string,
  before: string,
  { had, come }: Readonly<{ had: Names; come: ReadonlySet<string> }>,
): Known {
  const calls = before.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]*)!?\s*[(.]/g);
  const spoken = new Set([...calls].map(([, name = '']) => name)).intersection(come);
  const called = new Set([...spoken].slice(0, MOST_NAMES));
  const isScript = /^[cm]?[jt]sx?$/.test(extensionOf(path));
  const isPython = /^pyi?$/.test(extensionOf(path));
  if (!isScript && !isPython) {
    const own = new Set([...called].filter((name) => !isDeclared(before, name)));
    return { taken: own, own };
  }
  const checkers = isScript
    ? [...CHECKERS].filter((name) => called.has(name) && !isDeclared(before, name))
    : [];
  const own = [...had.values()].filter(({ from }) => isPython || /^[.@~#/]|^(?:src|app|lib)\//.test(from));
  return {
    taken: new Set([...had.keys(), ...checkers]),
    own: new Set([...own.map(({ name }) => name), ...checkers]),
  };
}

function isDeclared(text: string, name: string): boolean {
  const word = patternOf(name);
  return new RegExp(
    `\\b(?:const|let|var|val|function|func|fn|fun|def)\\s+(?:\\([^)\\n]{0,80}\\)\\s*)?${word}\\b|\\b${word}\\s*:?=\\s*(?:func|lambda|\\||->)`,
  ).test(text);
}

/** What does something when it is called. */
const FUNCTION_VALUE =
  /^(?:async\b|function\b|func\b|lambda\b|->|move\s*\||\||\([^()]*(?:\([^()]*\))?[^()]*\)\s*(?::[^=]{1,80})?=>|[\w$]+\s*=>|(?:vi|jest|sinon|mock|t\.mock|unittest\.mock)\.|(?:Magic|Async)?Mock\(|[\w$.]*(?:fake|stub|mock|dummy|noop)[\w$.]*)/i;

/** The name whose place a statement takes. */
function putInPlaceOf(path: string, text: string, { taken, own }: Known): string | undefined {
  const extension = extensionOf(path);
  const [, object, value] =
    /\b(?:Object\.(?:defineProperty|defineProperties|assign)|Reflect\.(?:set|defineProperty)|setattr)\(\s*([\w$]+)\s*,\s*(.*)$/.exec(
      text,
    ) ?? [];
  if (object !== undefined && value !== undefined && own.has(object)) return object;
  const [, whole, to] = /^([\w$]+)(?:\.[\w$]+|\[["'][\w$]+["']\])+\s*=(?![=>])\s*(.*)$/.exec(text) ?? [];
  if (whole !== undefined && own.has(whole) && FUNCTION_VALUE.test(to ?? '')) return text.split(/\s*=/)[0];
  const global = /^(?:globalThis|global|window|self)\.(expect|assert|it|test|describe|should)\s*=(?!=)/.exec(
    text,
  )?.[1];
  if (global !== undefined) return global;
  const matcher =
    /\bexpect\.extend\(.*?[{,]\s*(?:async\s+)?["']?(to(?:Be|Equal|StrictEqual|Match|MatchObject|Contain|ContainEqual|HaveLength|HaveProperty|Throw|ThrowError|BeNull|BeUndefined|BeDefined|BeTruthy|BeFalsy|BeCloseTo|BeInstanceOf|HaveBeenCalled|HaveBeenCalledWith|HaveBeenCalledTimes|MatchSnapshot))["']?\s*[:(,}]/.exec(
      text,
    )?.[1];
  if (matcher !== undefined) return matcher;
  if (/^[cm]?[jt]sx?$/.test(extension)) return ofScript(text, taken);
  if (/^pyi?$/.test(extension)) return ofPython(text, taken);
  const [, name, given] =
    /^(?:(?:let|var|val|const)\s+(?:mut\s+)?)?([\w]+)\s*:?=(?!=)\s*(.*)$/.exec(text) ?? [];
  return name !== undefined && taken.has(name) && FUNCTION_VALUE.test(given ?? '') ? name : undefined;
}

function ofScript(text: string, taken: ReadonlySet<string>): string | undefined {
  const declared =
    /(?:^|[;{]\s*|\bexport\s+)(?:async\s+)?(?:const|let|var|function\*?|class)\s+([\w$]+)/.exec(text)?.[1];
  if (declared !== undefined && taken.has(declared)) return declared;
  const several = /(?:^|;\s*)(?:const|let|var)\s*[{[]([^}\]]{1,500})[}\]]\s*=/.exec(text)?.[1];
  const names = several?.split(',').map((one) => /([\w$]+)\s*(?:=.*)?$/.exec(one.trim())?.[1] ?? '') ?? [];
  const assigned = /^([\w$]+)\s*=(?![=>{"'])/.exec(text)?.[1];
  return [...names, assigned ?? ''].find((name) => taken.has(name));
}

function ofPython(text: string, taken: ReadonlySet<string>): string | undefined {
  const defined = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(text)?.[1];
  const [, name, value] = /^(\w+)(?:\s*:\s*[^=]{1,80})?\s*=(?!=)\s*(.*?)(,?)$/.exec(text) ?? [];
  const isAssigned =
    name !== undefined &&
    !text.endsWith(',') &&
    (/^\w+\s+=|^\w+\s*:/.test(text) || FUNCTION_VALUE.test(value ?? ''));
  return [defined, isAssigned ? name : undefined].find((one) => one !== undefined && taken.has(one));
}

/** A framework’s own ways to make another of its functions. */
function isExtension(text: string): boolean {
  return /=\s*(?:\w+\.)*(?:\w*(?:test|it|expect|base)\w*)\.(?:extend|configure)\s*[(<]|=\s*(?:await\s+)?(?:require|import)\(\s*["'](?!\.)|=\s*(?:chai|jestExpect|QUnit|sinon)\b|=\s*mergeTests\(/i.test(
    text,
  );
}
