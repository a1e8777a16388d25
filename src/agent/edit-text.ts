// An edit as an agent reports it (old text, new text), as a few lines that a person reads: what is the same at both ends goes
// but for a little around the change. Pure. The tree's real diff is git's; this only shows what one call meant to do.

const CONTEXT_LINES = 3;
const MOST_LINES = 2_000;

/** Lines that begin with a space, `-` or `+`; at most `most` characters. */
export function describeEdit(oldText: string, newText: string, most: number): string {
  const [before, after] = [linesOf(oldText), linesOf(newText)];
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const lines = [
    ...mark(' ', before.slice(Math.max(0, head - CONTEXT_LINES), head)),
    ...mark('-', before.slice(head, before.length - tail)),
    ...mark('+', after.slice(head, after.length - tail)),
    ...mark(' ', before.slice(before.length - tail, before.length - tail + CONTEXT_LINES)),
  ];
  const text = lines.slice(0, MOST_LINES).join('\n');
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

function mark(sign: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${sign}${line}`);
}
