// Texts behind texts: strings that are put together from parts, base64 and hex, escapes. Only what people and programs write
// every day; whoever scrambles a secret in a way of their own is not found. Each step takes time in proportion to the text.

/** A text made of another one; `at` finds a place of it in the other. */
export type Derived = Readonly<{ text: string; at: (offset: number) => number }>;

/** Between two parts of one text: `'a' + 'b'`, `"a" "b"`, `['a', 'b']`, and line ends with marks of diffs or comments. */
const SEAM =
  /(["'`])[ \t]{0,20}(?:\+|\.{1,2}|,|\\|&|~|<>)?[ \t]{0,20}(?:\\?\r?\n[ \t]{0,200})?(?:\+|\.{1,2}|&|~)?[ \t]{0,20}\1|\\x([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi;
/** Tools break base64 into lines. */
const WRAP =
  /(?<=[A-Za-z0-9+/]{60})(?:\\n)?["']?[ \t]{0,20}[+\\]?[ \t]{0,20}(?:\r?\n[ \t]{0,200}|\\r?\\n)["']?(?=[A-Za-z0-9+/=])/g;

/** Parts of strings as one, and escaped letters as letters; undefined where there are none. */
export function putTogether(text: string): Derived | undefined {
  if (!/["'`]\s{0,200}[+.,&~\\<]?\s{0,200}["'`]|\\x[0-9a-f]|\\u00/i.test(text)) return undefined;
  return derive(text, SEAM, (match) => {
    const code = match[2] ?? match[3];
    return code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16));
  });
}

/** Base64 over several lines as one. */
export function unwrap(text: string): Derived {
  return derive(text, WRAP, () => '');
}

function derive(text: string, pattern: RegExp, replace: (match: RegExpExecArray) => string): Derived {
  const parts: string[] = [];
  const cuts: { offset: number; from: number }[] = [{ offset: 0, from: 0 }];
  let [done, length] = [0, 0];
  for (const match of text.matchAll(pattern)) {
    const part = text.slice(done, match.index) + replace(match);
    parts.push(part);
    length += part.length;
    done = match.index + match[0].length;
    cuts.push({ offset: length, from: done });
  }
  parts.push(text.slice(done));
  const at = (offset: number) => {
    let [low, high] = [0, cuts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((cuts[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const cut = cuts[low] ?? { offset: 0, from: 0 };
    return cut.from + (offset - cut.offset);
  };
  return { text: parts.join(''), at };
}

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const HEX = /(?<![0-9A-Za-z])(?:[0-9a-f]{2}){20,}(?![0-9A-Za-z])/gi;
/** A secret in a secret's encoding is still found, a matryoshka is not. */
const MOST_DEPTH = 2;
const MOST_OPENED_CHARS = 2_000_000;

/** What base64 and hex in a text say, where that is a text as well. */
export function* openEncoded(text: string, depth = 1): Generator<{ text: string; from: number }> {
  for (const [pattern, encoding] of [
    [BASE64, 'base64'],
    [HEX, 'hex'],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const opened = decode(match[0], encoding);
      if (opened === undefined) continue;
      yield { text: opened, from: match.index };
      if (depth < MOST_DEPTH)
        for (const inner of openEncoded(opened, depth + 1)) yield { ...inner, from: match.index };
    }
  }
}

function decode(written: string, encoding: 'base64' | 'hex'): string | undefined {
  // Most of what looks like base64 is none: its beginning tells.
  const head = Buffer.from(written.slice(0, 64), encoding).toString('latin1').replaceAll('\0', '');
  if (head.length < 8 || !isPlain(head)) return undefined;
  const bytes = Buffer.from(written.slice(0, MOST_OPENED_CHARS), encoding);
  return bytes.toString('latin1').replaceAll('\0', '');
}

function isPlain(text: string): boolean {
  const plain = text.match(/[\t\n\r\x20-\x7e]/g)?.length ?? 0;
  return plain >= 0.9 * text.length;
}
