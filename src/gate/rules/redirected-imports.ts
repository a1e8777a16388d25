// An existing test that gets what it tests from elsewhere than before, in languages that name packages, namespaces or files:
// a stub or a copy turns it green whatever the program does.
import type { Change, FileChange } from '../../workspace/change.ts';
import type { FileRule, Found } from '../found.ts';
import { hasOtherImports, type OtherImport, readOtherImports } from './other-imports.ts';
import { quote } from './quote.ts';
import { isTestCode } from './test-files.ts';

export const redirectedImports: FileRule = (file, change) => {
  const { path, oldPath = path, whole } = file;
  if (whole.before === undefined || whole.after === undefined) return [];
  if (!isTestCode(path) || !hasOtherImports(path)) return [];
  const [had, has] = [readOtherImports(oldPath, whole.before), readOtherImports(path, whole.after)];
  const key = ({ name = '', of, from }: OtherImport) => `${name}\0${of}\0${from}`;
  const [known, kept] = [new Set(had.map(key)), new Set(has.map(key))];
  const gone = had.filter((one) => !kept.has(key(one)));
  return has
    .filter((one) => !known.has(key(one)))
    .flatMap((is) => {
      const was = stoodFor(is, { had, gone, before: whole.before ?? '' });
      return was === undefined || isSame(was, is, change) ? [] : [tell(path, was, is)];
    })
    .slice(0, MOST);
};

const MOST = 3;

type Was = Pick<OtherImport, 'of' | 'from'>;
type Before = Readonly<{ had: readonly OtherImport[]; gone: readonly OtherImport[]; before: string }>;

/** What a name, or the names of a package, stood for before. */
function stoodFor(is: OtherImport, { had, gone, before }: Before): Was | undefined {
  const { name } = is;
  const taken = had.find((each) => each.name === name && name !== undefined);
  if (taken !== undefined) return taken;
  const whole = gone.find((each) => each.name === undefined);
  if (name === undefined || whole?.from === is.from) return name === undefined ? whole : undefined;
  const isSpoken = new RegExp(`(?<![\\w.])${RegExp.escape(name)}(?!\\w)`).test(before);
  if (
    !isSpoken ||
    new RegExp(`\\b(?:class|struct|fn|fun|def|func|object)\\s+${RegExp.escape(name)}(?!\\w)`).test(before)
  )
    return undefined;
  // Written out where all of the package had been taken in; another name for it is another thing.
  const isOfWhole = had.some((each) => each.name === undefined && (each.from === is.from || each.of === '*'));
  return is.of === name && isOfWhole && whole === undefined ? undefined : (whole ?? { of: name, from: '' });
}

/** Neither is of the project, or the one became the other in this change. */
function isSame(was: Was, is: OtherImport, change: Change): boolean {
  if (!isOwn(was, change, (path) => !isTestCode(path)) && !isOwn(is, change, () => true)) return true;
  const own = change.files.filter(({ path }) => !isTestCode(path));
  const isGiven = (says: (runs: FileChange['added'], one: Was) => boolean) =>
    own.some(({ removed, added }) => says(removed, was) && !says(added, was)) &&
    own.some(({ removed, added }) => says(added, is) && !says(removed, is));
  return own.some((file) => isMoved(file, was, is)) || isGiven(saysPackage) || isGiven(defines);
}

/** Whether a file is what a name leads to, or holds it: by its name, its folder, or the folders of its package. */
function liesAt(path: string, { of, from }: Was): boolean {
  const parts = from.split(/::|[./\\]+/).filter((part) => !/^(?:|crate|super|self)$/.test(part));
  const place = path.replace(/\.\w+$/, '').split('/');
  const isCalled = (at: number, name: string | undefined) =>
    name !== undefined && place.at(at)?.toLowerCase() === name.toLowerCase();
  const last = parts.at(-1);
  if (of === '*' || from.endsWith(`/${of}`)) return isCalled(-1, last) || isCalled(-2, last);
  // What a class or a module holds; a package of the JVM begins with a small letter.
  const isHolder = last !== undefined && (/^[A-Z]/.test(last) || !from.includes('.'));
  const isWithin = parts.length > 1 && `/${path}`.includes(`/${parts.join('/')}/`);
  return isCalled(-1, of) || isWithin || (isHolder && (isCalled(-1, last) || isCalled(-2, last)));
}

function isOwn(was: Was, { beside, files }: Change, isCounted: (path: string) => boolean): boolean {
  const gone = files.flatMap(({ path, oldPath = path }) => [path, oldPath]);
  return [...gone, ...beside.names.slice(0, MOST_NAMES)].some((path) => isCounted(path) && liesAt(path, was));
}

const MOST_NAMES = 50_000;

function isMoved({ path, oldPath, kind }: FileChange, was: Was, is: Was): boolean {
  return kind === 'renamed' && oldPath !== undefined && liesAt(oldPath, was) && liesAt(path, is);
}

/** Its `package` or `namespace` is called so. */
function saysPackage(runs: FileChange['added'], { from, of }: Was): boolean {
  const names = [from, `${from}.${of}`, from.split(/::|[./\\]/).at(-1)];
  return runs.some(({ text }) =>
    [...text.matchAll(/^[ \t]*(?:package|namespace|module|mod)\s+([\w.\\:]+)/gm)].some(([, name = '']) =>
      names.includes(name),
    ),
  );
}

function defines(runs: FileChange['added'], { of }: Was): boolean {
  if (of === '*') return false;
  const form = new RegExp(
    `\\b(?:class|interface|struct|enum|trait|record|object|module|func|fun|fn|def|function|type)\\s+(?:\\([^)\\n]{0,80}\\)\\s*)?${RegExp.escape(of)}(?!\\w)`,
  );
  return runs.some(({ text }) => form.test(text));
}

function tell(path: string, was: Was, is: OtherImport): Found {
  const name = ({ from, of }: Was) =>
    from === '' ? of : of === '*' || from.endsWith(of) ? from : `${from}: ${of}`;
  const say = `takes ${quote(is.name ?? 'what it tests')} from elsewhere: ${quote(name(was))} became ${quote(name(is))}. Look at whether the tests still look at what the program does.`;
  return { rule: 'test_changed', path, line: is.line, severity: 'warn', say };
}
