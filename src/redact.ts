// Takes secrets out of what others can read: this deployment's own, in the ways in which they are usually written, and
// whatever looks like a token of a known kind. Knows nobody who uses it; keeps the secrets in memory only.
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { acrossLines, base64Of, encodingsOf, WRAPPED_BASE64 } from './redact/encodings.ts';
import { openRedactedStream, type RedactedStream } from './redact/stream.ts';

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
/** From a finding's start to the end of the token: some rules end earlier, some take a quotation mark along. */
const TOKEN = /^[^\s"'`\\]+?(?=[.,;:!?)\]}>]*(?:[\s"'`\\]|$))/;

/** What secretlint has no rule for, or looks for in whole files only. */
const MORE_TOKENS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // A private key, also one whose end has not come, and on one line with written-out line ends.
  [
    /-----BEGIN[A-Z ]*PRIVATE KEY-----(?:[\w+/=\s:,.-]|\\[nr]|\[redacted\])*?(?:-----END[A-Z ]*PRIVATE KEY-----|$|(?=[^\w+/=\s:,.\\[-])|(?=\\[^nr]))/g,
    REDACTED,
  ],
  // RFC 7519: three parts, the first of which opens with `{"`.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, REDACTED],
  // RFC 3986, the password in an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"'\\]*:)[^\s@/"'\\]+(?=@)/gi, `$1${REDACTED}`],
  // RFC 9110, 11.6.2.
  [/(authorization["'\\]*\s*[:=]\s*["'\\]*(?:basic|bearer|token)\s+)[^\s"'\\,]+/gi, `$1${REDACTED}`],
];

function redactTokens(given: string): string {
  let text = given;
  for (const [pattern, replacement] of MORE_TOKENS) text = text.replace(pattern, replacement);
  if (!LONG_WORD.test(text)) return text;
  // From the last to the first, so that places stay true.
  for (const from of findTokens(text).toSorted((a, b) => b - a)) {
    const token = TOKEN.exec(text.slice(from))?.[0] ?? '';
    if (!token.includes(REDACTED))
      text = `${text.slice(0, from)}${REDACTED}${text.slice(from + token.length)}`;
  }
  return text;
}

/** Asks secretlint's rules, which are plain functions over a text, where tokens begin. */
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
  return [...found];
}
