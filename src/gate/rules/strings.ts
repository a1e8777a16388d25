// Tells code from the strings and comments that stand among it, line by line. Pure; takes time in proportion to the text.

/** How a comment behind code begins. */
export type Tail = 'slashes' | 'hash';

/** A line without the comments behind its code; `isOpen` where one goes on below. A quote that stays open keeps the line. */
export function cutTail(line: string, tail: Tail | undefined): { code: string; isOpen: boolean } {
  if (tail === undefined || !(tail === 'hash' ? / #|;#|\t#/ : /\/[/*]/).test(line)) {
    return { code: line, isOpen: false };
  }
  let quote: string | undefined;
  let code = '';
  for (let at = 0; at < line.length; at++) {
    const one = line[at] ?? '';
    if (one === '\\') {
      code += line.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (quote !== undefined) {
      if (one === quote) quote = undefined;
    } else if (one === '"' || one === "'" || one === '`') quote = one;
    else if (/[\s;{}(),]/.test(line[at - 1] ?? ' ')) {
      const two = line.slice(at, at + 2);
      if (tail === 'hash' ? /^#(?![[{])/.test(two) : two === '//')
        return { code: code.trimEnd(), isOpen: false };
      if (tail === 'slashes' && two === '/*') {
        const end = line.indexOf('*/', at + 2);
        if (end < 0) return { code: code.trimEnd(), isOpen: true };
        at = end + 1;
        continue;
      }
    }
    code += one;
  }
  return { code, isOpen: false };
}

const QUOTES = /"""|'''|`|\\./g;

/** Lines that begin within a string of many lines; none where it cannot be told which these are. */
export function linesInStrings(lines: readonly string[]): ReadonlySet<number> {
  const inside = new Set<number>();
  let open: string | undefined;
  for (const [at, line] of lines.entries()) {
    if (open !== undefined) inside.add(at);
    // One within other quotes opens nothing.
    const plain = open === undefined ? line.replaceAll(/(?<!["'])(["'])(?!\1)[^"'\n]{0,300}\1/g, '') : line;
    for (const [mark] of plain.matchAll(QUOTES)) {
      if (mark.startsWith('\\')) continue;
      if (open === undefined) open = mark;
      else if (open === mark) open = undefined;
    }
  }
  return open === undefined ? inside : new Set();
}
