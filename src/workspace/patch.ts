// Reads the added and removed lines out of a patch. Pure. The patch is of two flat trees whose files are numbered, without
// context, so no name of a stranger's stands in it; hunks are counted, so no line of a file can pose as part of the patch.

/** Lines that follow each other; `line` is the number of the first in the new file, from 1. */
export type AddedLines = Readonly<{ line: number; text: string }>;

/** Lines that are gone, by where they stood in the old file, from 1. */
export type RemovedLines = AddedLines;

const SECTION = /^diff --git a\/(\d+) b\/\1$/;
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Lines of one file. */
export type PatchLines = Readonly<{ added: readonly AddedLines[]; removed: readonly RemovedLines[] }>;

/** Lines by the number of the file; `isCut` says that the patch broke off in this file or before it. */
export function parsePatch(
  patch: string,
  isCut: boolean,
): { lines: Map<number, PatchLines>; lastWhole: number } {
  const lines = new Map<number, PatchLines>();
  let [added, removed]: [AddedLines[], RemovedLines[]] = [[], []];
  let number = -1;
  let at = 0;
  const nextLine = (): string | undefined => {
    if (at >= patch.length) return undefined;
    const end = patch.indexOf('\n', at);
    const line = patch.slice(at, end < 0 ? patch.length : end);
    at = end < 0 ? patch.length : end + 1;
    return line;
  };
  for (let line = nextLine(); line !== undefined; line = nextLine()) {
    const section = SECTION.exec(line);
    const hunk = section ? null : HUNK.exec(line);
    if (section) {
      number = Number(section[1]);
      [added, removed] = [[], []];
      lines.set(number, { added, removed });
    } else if (hunk) {
      const [, was = '0', gone = '1', first = '0', come = '1'] = hunk;
      const start = at;
      skipLines(Number(gone), nextLine);
      const middle = at;
      skipLines(Number(come), nextLine);
      const text = (from: number, to: number, mark: string) => withoutMarks(patch.slice(from, to), mark);
      if (Number(gone) > 0) removed.push({ line: Number(was), text: text(start, middle, '-') });
      if (Number(come) > 0) added.push({ line: Number(first), text: text(middle, at, '+') });
    }
  }
  return { lines, lastWhole: isCut ? number - 1 : Number.POSITIVE_INFINITY };
}

/** A line that says that the file ends without a line end is none of the counted ones. */
function skipLines(count: number, nextLine: () => string | undefined): void {
  for (let left = count; left > 0; ) {
    const line = nextLine();
    if (line === undefined) return;
    if (!line.startsWith('\\')) left -= 1;
  }
}

function withoutMarks(hunk: string, mark: string): string {
  return hunk
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => (line.startsWith(mark) ? [line.slice(1)] : []))
    .join('\n');
}
