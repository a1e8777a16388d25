// Reads the added lines out of a patch. Pure. The patch is of two flat trees whose files are numbered, without context,
// so no name of a stranger's stands in it; hunks are counted, so no line of a file can pose as part of the patch.

/** Lines that follow each other; `line` is the number of the first in the new file, from 1. */
export type AddedLines = Readonly<{ line: number; text: string }>;

const SECTION = /^diff --git a\/(\d+) b\/\1$/;
const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Added lines by the number of the file; `cut` says that the patch broke off in this file or before it. */
export function parsePatch(
  patch: string,
  isCut: boolean,
): { added: Map<number, AddedLines[]>; lastWhole: number } {
  const added = new Map<number, AddedLines[]>();
  let current: AddedLines[] = [];
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
      current = [];
      added.set(number, current);
    } else if (hunk) {
      const [, gone = '1', first = '0', come = '1'] = hunk;
      skipLines(Number(gone), nextLine);
      const start = at;
      skipLines(Number(come), nextLine);
      if (Number(come) > 0) current.push({ line: Number(first), text: withoutMarks(patch.slice(start, at)) });
    }
  }
  return { added, lastWhole: isCut ? number - 1 : Number.POSITIVE_INFINITY };
}

/** A line that says that the file ends without a line end is none of the counted ones. */
function skipLines(count: number, nextLine: () => string | undefined): void {
  for (let left = count; left > 0; ) {
    const line = nextLine();
    if (line === undefined) return;
    if (!line.startsWith('\\')) left -= 1;
  }
}

function withoutMarks(hunk: string): string {
  return hunk
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => (line.startsWith('+') ? [line.slice(1)] : []))
    .join('\n');
}
