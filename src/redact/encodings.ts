// The ways in which a secret is written in logs, headers, addresses and dumps. Pure.

/** What is shorter, or only letters and not long, stands in innocent texts too. */
const SHORTEST = 8;
const SHORTEST_WORD = 16;
/** A line of a key; shorter ones (`-----END…`, the last of a key) are no secret by themselves. */
const SHORTEST_LINE = 24;

/** Every way to write it that is looked for; empty for a value that is no secret. */
export function encodingsOf(secret: string): readonly string[] {
  const value = secret.trim();
  if (value.length < SHORTEST || (/^[a-z]+$/i.test(value) && value.length < SHORTEST_WORD)) return [];
  const lines = value.includes('\n')
    ? value.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE)
    : [];
  const whole = [value, ...lines.filter((line) => !line.startsWith('-----'))];
  return [...new Set(whole.flatMap(write))];
}

function write(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((shift) => {
      const inside = insideBase64(bytes, shift);
      return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')];
    }),
  ];
}

/** Tools break base64 into lines of 64 or 76 characters; a text without such a line holds none. */
export const WRAPPED_BASE64 = /[A-Za-z0-9+/]{60}(?:\s|\\n)/;

/** Finds a base64 text although it runs over the end of a line, or of a line in JSON. */
export function acrossLines(base64: string): RegExp {
  return new RegExp([...base64].map((char) => RegExp.escape(char)).join('(?:\\r?\\n|\\\\n)?'), 'g');
}

/** The base64 texts among `encodingsOf`. */
export function base64Of(secret: string): readonly string[] {
  const value = secret.trim();
  return encodingsOf(value).length === 0
    ? []
    : [0, 1, 2].map((shift) => insideBase64(Buffer.from(value), shift));
}

/** What of a base64 text is the same whatever stands before (`shift` bytes past a group of three) and after the value. */
function insideBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  const before = [0, 2, 3][shift] ?? 0;
  const after = [0, 3, 2][(shift + bytes.length) % 3] ?? 0;
  return text.slice(before, text.length - after);
}
