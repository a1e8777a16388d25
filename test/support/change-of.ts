// A change as the gate gets it, made of texts alone: what git would say of them, without git. For rules that only look at lines;
// that git says the same is shown by the cases that go through it.
import { createHash } from 'node:crypto';
import { NOTHING_BESIDE } from '../../src/workspace/beside.ts';
import type { Change, FileChange } from '../../src/workspace/change.ts';

/** Path → text. */
export type Texts = Readonly<Record<string, string>>;

/** Files that differ. A file that is elsewhere with the same text was renamed. */
export function changeOf(before: Texts, after: Texts): Change {
  const gone = Object.keys(before).filter((path) => after[path] === undefined);
  const files = Object.keys(after).flatMap((path): FileChange[] => {
    if (before[path] === after[path]) return [];
    if (before[path] !== undefined) return [fileOf(path, before[path], after[path])];
    const from = gone.find((old) => before[old] === after[path]);
    if (from === undefined) return [fileOf(path, undefined, after[path])];
    gone.splice(gone.indexOf(from), 1);
    return [{ ...fileOf(path, before[from], after[path]), oldPath: from, kind: 'renamed' }];
  });
  return {
    files: [...files, ...gone.map((path) => fileOf(path, before[path], undefined))],
    interim: [],
    beside: { ...NOTHING_BESIDE, names: Object.keys(after) },
    messages: [],
    gaps: [],
  };
}

function fileOf(path: string, before: string | undefined, after: string | undefined): FileChange {
  const side = (text: string) => ({
    mode: '100644',
    sha: createHash('sha1').update(text).digest('hex'),
    sizeBytes: text.length,
  });
  return {
    path,
    kind: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
    ...(before === undefined ? {} : { before: side(before) }),
    ...(after === undefined ? {} : { after: side(after) }),
    ...differ(linesOf(before), linesOf(after)),
    isBinary: false,
    isUnread: false,
    whole: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
  };
}

function linesOf(text = ''): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** The longest lines in common stay, as a table of lengths tells them. */
function differ(was: readonly string[], is: readonly string[]): Pick<FileChange, 'added' | 'removed'> {
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
