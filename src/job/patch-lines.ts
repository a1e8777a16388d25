// Which lines of which files a patch shows, so that a comment can stand on one. Pure. Hunks are counted, so no line of a file
// can pose as part of the patch.

const FILE = /^\+\+\+ b\/(.*)$/;
const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

type Range = Readonly<{ from: number; to: number }>;

/**
 * Reads a patch as git writes it, with its context. Answers whether a line of the new file is in it. Files whose names git
 * writes in quotes are in none: comments on them belong elsewhere.
 */
export function linesInPatch(patch: string): (path: string, line: number) => boolean {
  const ranges = new Map<string, Range[]>();
  const lines = patch.split('\n');
  let current: Range[] | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const hunk = HUNK.exec(line);
    if (hunk === null) {
      if (line.startsWith('diff --git ')) current = undefined;
      const path = FILE.exec(line)?.[1]?.replace(/\t$/, '');
      if (path !== undefined) {
        current = [];
        ranges.set(path, current);
      }
      continue;
    }
    const [, gone = '1', first = '0', come = '1'] = hunk;
    if (Number(come) > 0) current?.push({ from: Number(first), to: Number(first) + Number(come) - 1 });
    at = skipHunk(lines, at, { gone: Number(gone), come: Number(come) });
  }
  return (path, line) => ranges.get(path)?.some(({ from, to }) => from <= line && line <= to) ?? false;
}

/** The place of the hunk's last line. */
function skipHunk(lines: readonly string[], start: number, left: { gone: number; come: number }): number {
  let { gone, come } = left;
  let at = start;
  while ((gone > 0 || come > 0) && at + 1 < lines.length) {
    at += 1;
    const mark = lines[at]?.[0];
    if (mark !== '+' && mark !== '\\') gone -= 1;
    if (mark !== '-' && mark !== '\\') come -= 1;
  }
  return at;
}
