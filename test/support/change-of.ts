// A change as the gate gets it, made of texts alone: what git would say of them, without git. For rules that only look at lines;
// that git says the same is shown by the cases that go through it.
import { createHash } from 'node:crypto';
import { NOTHING_BESIDE } from '../../src/workspace/beside.ts';
import type { Change, FileChange, Wants } from '../../src/workspace/change.ts';
import type { Entry, Tree } from './gate-repository.ts';

/** Path → text. */
export type Texts = Readonly<Record<string, string>>;

/** Files that differ. A file that is elsewhere with the same content was renamed; git finds likeness, too. */
export function changeOf(
  before: Tree,
  after: Tree,
  wants: Wants = { whole: () => true, beside: () => false },
): Change {
  const [was, is] = [readTree(before), readTree(after)];
  const gone = new Set([...was.keys()].filter((path) => !is.has(path)));
  const files = [...is].flatMap(([path, side]): FileChange[] => {
    const old = was.get(path);
    if (old !== undefined) return isSame(old, side) ? [] : [fileOf(path, { old, side }, wants)];
    const from = [...gone].find((each) => was.get(each)?.sha === side.sha && !side.isSubmodule);
    if (from === undefined) return [fileOf(path, { side }, wants)];
    gone.delete(from);
    return [{ ...fileOf(path, { old: was.get(from), side }, wants), oldPath: from, kind: 'renamed' }];
  });
  const links = [...is].filter(([, { mode }]) => mode === '120000');
  const texts = [...is].filter(([path, { mode }]) => mode.startsWith('100') && wants.beside(path));
  return {
    files: [...files, ...[...gone].map((path) => fileOf(path, { old: was.get(path) }, wants))],
    interim: [],
    beside: {
      ...NOTHING_BESIDE,
      names: [...is.keys()],
      links: new Map(links.map(([path, { text }]) => [path, text])),
      texts: new Map(texts.map(([path, { text }]) => [path, text])),
    },
    messages: [],
    gaps: [],
  };
}

type Content = Readonly<{
  mode: string;
  sha: string;
  text: string;
  sizeBytes: number | undefined;
  isBinary: boolean;
  isSubmodule: boolean;
}>;

function readTree(tree: Tree): ReadonlyMap<string, Content> {
  return new Map(Object.entries(tree).map(([path, entry]) => [path, read(entry)]));
}

function read(entry: Entry): Content {
  if (typeof entry === 'object' && 'submodule' in entry) {
    return {
      mode: '160000',
      sha: entry.submodule,
      text: '',
      sizeBytes: undefined,
      isBinary: false,
      isSubmodule: true,
    };
  }
  const [mode, given] =
    typeof entry === 'string' || Buffer.isBuffer(entry)
      ? ['100644', entry]
      : 'link' in entry
        ? ['120000', entry.link]
        : ['100755', entry.executable];
  const bytes = Buffer.from(given);
  const sha = createHash('sha1').update(bytes).digest('hex');
  const isBinary = bytes.subarray(0, 8_000).includes(0);
  return { mode, sha, text: bytes.toString(), sizeBytes: bytes.length, isBinary, isSubmodule: false };
}

function isSame(one: Content, other: Content): boolean {
  return one.mode === other.mode && one.sha === other.sha;
}

type Sides = Readonly<{ old?: Content | undefined; side?: Content | undefined }>;

function fileOf(path: string, { old, side }: Sides, wants: Wants): FileChange {
  const sideOf = ({ mode, sha, sizeBytes }: Content) => ({ mode, sha, sizeBytes });
  const isWhole = wants.whole(path, side?.mode ?? old?.mode ?? '');
  const [before, after] = [old, side].map((each) =>
    each && !each.isSubmodule && isWhole ? each.text : undefined,
  );
  return {
    path,
    kind: old === undefined ? 'added' : side === undefined ? 'deleted' : 'modified',
    ...(old === undefined ? {} : { before: sideOf(old) }),
    ...(side === undefined ? {} : { after: sideOf(side) }),
    ...differ(linesOf(old?.text), linesOf(side?.text)),
    isBinary: old?.isBinary === true || side?.isBinary === true,
    isUnread: false,
    whole: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
  };
}

function linesOf(text = ''): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** What is the same at both ends needs no table. */
function differ(was: readonly string[], is: readonly string[]): Pick<FileChange, 'added' | 'removed'> {
  let first = 0;
  while (first < was.length && first < is.length && was[first] === is[first]) first += 1;
  let last = 0;
  while (last < was.length - first && last < is.length - first && was.at(-1 - last) === is.at(-1 - last))
    last += 1;
  const { added, removed } = differInside(
    was.slice(first, was.length - last),
    is.slice(first, is.length - last),
  );
  const move = <T extends { line: number }>(each: T) => ({ ...each, line: each.line + first });
  return { added: added.map(move), removed: removed.map(move) };
}

/** The longest lines in common stay, as a table of lengths tells them. */
function differInside(was: readonly string[], is: readonly string[]): Pick<FileChange, 'added' | 'removed'> {
  const common = Array.from({ length: was.length + 1 }, () => new Array<number>(is.length + 1).fill(0));
  const at = (row: number, column: number) => common[row]?.[column] ?? 0;
  for (let row = was.length - 1; row >= 0; row--) {
    for (let column = is.length - 1; column >= 0; column--) {
      const line = common[row];
      if (line === undefined) continue;
      line[column] =
        was[row] === is[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const added: { line: number; text: string }[] = [];
  const removed: { line: number; text: string }[] = [];
  let [row, column] = [0, 0];
  while (row < was.length || column < is.length) {
    if (row < was.length && column < is.length && was[row] === is[column]) {
      row += 1;
      column += 1;
    } else if (column >= is.length || (row < was.length && at(row + 1, column) >= at(row, column + 1))) {
      removed.push({ line: row + 1, text: was[row] ?? '' });
      row += 1;
    } else {
      added.push({ line: column + 1, text: is[column] ?? '' });
      column += 1;
    }
  }
  return { added, removed };
}
