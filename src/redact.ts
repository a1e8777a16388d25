// Takes secrets out of what others can read: this deployment's own, in the ways in which they are usually written, and
// whatever looks like a token of a known kind. Knows nobody who uses it; keeps the secrets in memory only.
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { acrossLines, base64Of, encodingsOf, WRAPPED_BASE64 } from './redact/encodings.ts';
import { openRedactedStream, type RedactedStream } from './redact/stream.ts';
import { TOKEN_FORMS } from './redact/token-forms.ts';

export type Redactor = Readonly<{
  /** Adds a secret that came to be after the start, e.g. the password of the own Postgres. */
  learn(secret: string): void;
  /** The text with every secret replaced by `[redacted]`. */
  text(text: string): string;
  /** Like `deep`, for this deployment's own secrets alone: where ids and addresses that look like tokens must stay. */
  deepOwn<T>(value: T): T;
  /** A copy of plain data (JSON) with every text in it redacted; keys stay. */
  deep<T>(value: T): T;
  /** For text that comes in pieces: a secret that is cut in two is still found. */
  openStream(): RedactedStream;
}>;

export const REDACTED = '[redacted]';

const SHORTEST_BEGINNING = 3;

/** Creates a redactor for these secrets. Values that any text may hold by chance (`errand`, `1234`) are passed over. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = new Set<string>();
  let longestFirst: readonly string[] = [];

  const wrapped = new Map<string, RegExp>();

  const learn = (secret: string) => {
    for (const written of base64Of(secret)) wrapped.set(written, acrossLines(written));
    for (const written of encodingsOf(secret)) needles.add(written);
    longestFirst = [...needles].sort((a, b) => b.length - a.length);
  };
  const own = (given: string) => {
    let kept = given;
    for (const needle of longestFirst) {
      if (kept.includes(needle)) kept = kept.replaceAll(needle, REDACTED);
    }
    if (!WRAPPED_BASE64.test(kept)) return kept;
    for (const pattern of wrapped.values()) kept = kept.replace(pattern, REDACTED);
    return kept;
  };
  const text = (given: string) => redactTokens(own(given));
  for (const secret of secrets) learn(secret);
  /** Whether the text ends in what may be the beginning of a secret. */
  const beginsSecret = (given: string) =>
    longestFirst.some((needle) => {
      for (let length = Math.min(given.length, needle.length); length >= SHORTEST_BEGINNING; length -= 1) {
        if (given.endsWith(needle.slice(0, length))) return true;
      }
      return false;
    });
  return {
    learn,
    text,
    deepOwn: (value) => walk(value, own),
    deep: (value) => walk(value, text),
    openStream: () => openRedactedStream({ redact: text, beginsSecret }),
  };
}

function walk<T>(value: T, text: (given: string) => string): T;
function walk(value: unknown, text: (given: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((each) => walk(each, text));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, text)]));
}

/** No token is shorter, and most texts hold no such word: then the rules need not be asked. */
const LONG_WORD = /[\w+/=-]{16}/;
const ENDS_WORD = /[\s"'`\\]/g;
const PUNCTUATION = '.,;:!?)]}>';

/**
 * What secretlint has no rule for, or looks for in whole files only. Each takes time in proportion to the text, whatever an
 * agent writes: no two attempts read the same long run of characters.
 */
const MORE_TOKENS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // A private key, also one whose end has not come, and on one line with written-out line ends.
  [
    /-----BEGIN[A-Z ]{0,40}PRIVATE KEY-----(?:[\w+/=\s:,.-]|\\[nr]|\[redacted\])*?(?:-----END[A-Z ]{0,40}PRIVATE KEY-----|$|(?=[^\w+/=\s:,.\\[-])|(?=\\(?![nr]))|(?=\[(?!redacted\])))/g,
    REDACTED,
  ],
  // RFC 7519: three parts, the first of which opens with `{"`.
  [
    /(?<![\w-])(?=[\w-]+\.[\w-]{8,}\.[\w-]{8})([\w-]*?)\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
    `$1${REDACTED}`,
  ],
  // RFC 3986, the password in an address.
  [/([a-z0-9+.-]:\/\/[^\s:@/"'\\]*:)[^\s@/"'\\]+(?=@)/gi, `$1${REDACTED}`],
  // RFC 9110, 11.6.2.
  [/(authorization["'\\]*\s*[:=]\s*["'\\]*(?:basic|bearer|token)\s+)[^\s"'\\,]+/gi, `$1${REDACTED}`],
];

function redactTokens(given: string): string {
  let text = given;
  for (const [pattern, replacement] of MORE_TOKENS) text = text.replace(pattern, replacement);
  if (!LONG_WORD.test(text)) return text;
  let kept = '';
  let done = 0;
  for (const { from, to } of findWords(text)) {
    kept += `${text.slice(done, from)}${REDACTED}`;
    done = to;
  }
  return kept + text.slice(done);
}

/** From each finding to the end of its word: some rules end earlier, some take a quotation mark along. */
function findWords(text: string): readonly Readonly<{ from: number; to: number }>[] {
  const words: { from: number; to: number }[] = [];
  let end = 0;
  for (const from of findTokens(text).toSorted((a, b) => a - b)) {
    if (from < end) continue;
    end = endOfWord(text, from);
    const word = text.slice(from, end);
    const known = word.indexOf(REDACTED);
    // Of an address the password is gone already, and the rest may stay.
    if (known >= 0 && word.slice(0, known).includes('://')) continue;
    if (known !== 0) words.push({ from, to: known < 0 ? end : from + known });
  }
  return words;
}

/** Without the punctuation that follows it. */
function endOfWord(text: string, from: number): number {
  ENDS_WORD.lastIndex = from;
  let end = ENDS_WORD.exec(text)?.index ?? text.length;
  while (end > from + 1 && PUNCTUATION.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** Asks secretlint's rules, which are plain functions over a text, and the forms beside them, where tokens begin. */
function findTokens(text: string): readonly number[] {
  const found = new Set<number>();
  const source = { content: text, contentType: 'text', filePath: 'text', ext: '', hasBOM: false };
  const context = {
    sharedOptions: {},
    createTranslator: () => () => ({ message: '', messageId: '' }),
    report: ({ range }: { range: readonly [from: number, to: number] }) => found.add(range[0]),
    // Comments that switch rules off are for people's files.
    ignore: () => {},
  };
  for (const rule of rules) {
    // Rules are typed for secretlint's own engine, which runs asynchronously; what they use of it is above.
    rule.create(context as never, {} as never).file?.(source as never);
  }
  for (const { pattern } of TOKEN_FORMS) {
    for (const { index } of text.matchAll(pattern)) found.add(index);
  }
  return [...found];
}
