// What is taken out of texts and what is left alone.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../src/redact.ts';

const TOKEN = 'planted-Secret/0123+4567?x=1';
const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEAplanted0123456789abcdefghijklmnopqrstuvwxyzABCD',
  'q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vni',
  '-----END RSA PRIVATE KEY-----',
].join('\n');
const { text, deep, deepOwn, openStream } = createRedactor([TOKEN, KEY, 'correct horse 1 battery']);

describe('a known secret', () => {
  test.each([
    ['as it is', TOKEN],
    ['in an address', `https://x/?token=${encodeURIComponent(TOKEN)}&y=1`],
    ['in JSON', JSON.stringify({ a: { b: `x${TOKEN}` } })],
    ['in hexadecimal digits', Buffer.from(TOKEN).toString('hex')],
    ['as the only thing in base64', Buffer.from(TOKEN).toString('base64')],
    ['behind a name in base64', Buffer.from(`x-access-token:${TOKEN}`).toString('base64')],
    ['behind another name in base64', Buffer.from(`user:${TOKEN}`).toString('base64')],
    ['between other words in base64url', Buffer.from(`me:${TOKEN}:end`).toString('base64url')],
  ])('is found %s', (_how, written) => {
    const shown = text(`before ${written} after`);
    expect(shown).toContain('[redacted]');
    expect(shown).toMatch(/^before .* after$/s);
    for (const part of [TOKEN, written]) expect(shown).not.toContain(part);
  });

  test('of several lines is found as a whole, on one line, and line by line', () => {
    for (const written of [KEY, JSON.stringify(KEY), KEY.replaceAll('\n', '\\n'), KEY.split('\n')[1] ?? '']) {
      expect(text(`before ${written}, after`)).not.toMatch(/planted|q83v/);
    }
  });

  test.each([0, 10, 25, 40, 55, 70])(
    'is found in base64 that is broken into lines, behind %i characters',
    (before) => {
      const whole = Buffer.from(`${'x'.repeat(before)}\n${TOKEN}\n${'y'.repeat(90)}`).toString('base64');
      const lines = whole.replaceAll(/.{76}/g, '$&\n');
      const inside = Buffer.from(TOKEN).toString('base64').slice(4, -4);
      for (const written of [lines, JSON.stringify(lines)]) {
        const shown = text(written);
        expect(shown).toContain('[redacted]');
        expect(shown.replaceAll(/\n|\\n/g, '')).not.toContain(inside);
      }
    },
  );

  test('is all that goes where ids that look like tokens must stay', () => {
    const body = {
      response_url: 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx',
    };
    const typed = { text: `ghp_${'a1B2c3D4e5'.repeat(3)}abcdef and ${TOKEN}` };
    expect(deepOwn({ ...body, ...typed })).toEqual({
      ...body,
      text: typed.text.replace(TOKEN, '[redacted]'),
    });
  });

  test('that any text may hold by chance is no secret', () => {
    const careless = createRedactor(['errand', 'postgres', '1234', '']);
    expect(careless.text('errand wrote 1234 lines for postgres')).toBe(
      'errand wrote 1234 lines for postgres',
    );
  });

  test('is found in every text of a value, whose shape stays', () => {
    const at = new Date(0);
    expect(deep({ a: [TOKEN, 1, null], b: { c: `x ${TOKEN}` }, at, d: undefined })).toEqual({
      a: ['[redacted]', 1, null],
      b: { c: 'x [redacted]' },
      at,
      d: undefined,
    });
  });
});

describe('a token of a known kind', () => {
  test.each([
    ['GitHub classic', `ghp_${'a1B2c3D4e5'.repeat(3)}abcdef`],
    ['GitHub installation', `ghs_${'a1B2c3D4e5'.repeat(3)}abcdef`],
    ['GitHub fine-grained', `github_pat_11AAAAAAA0aaaaaaaaaaaa_${'b1'.repeat(29)}b`],
    ['Slack bot', 'xoxb-123456789012-1234567890123-abcdefABCDEFabcdefABCDEF'],
    ['Slack app', `xapp-1-A0123456789-1234567890123-${'a1'.repeat(32)}`],
    ['Anthropic', `sk-ant-api03-${'aB3'.repeat(31)}AA`],
    ['JWT', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${'dozjgNryP4J3jVmN'.repeat(2)}`],
  ])('is found: %s', (_kind, token) => {
    expect(text(`I saw "${token}", and went on.`)).toBe('I saw "[redacted]", and went on.');
    expect(JSON.parse(text(JSON.stringify({ said: `${token}`, next: 1 })))).toEqual({
      said: '[redacted]',
      next: 1,
    });
  });

  test('is found in addresses and headers', () => {
    expect(text('to postgres://errand:hunter2@db/errand')).not.toContain('hunter2');
    expect(text('{"authorization":"Basic dXNlcjpwYXNzd29yZA==","x":1}')).toBe(
      '{"authorization":"Basic [redacted]","x":1}',
    );
  });

  test('is found in a key whose end was cut off', () => {
    const cut = KEY.replaceAll('planted', 'unknown').slice(0, -40);
    expect(createRedactor([]).text(`It is ${cut}`)).toBe('It is [redacted]');
  });
});

test.each([
  ['a commit', '837c08f0f33a1c4a7f0e2b7f1a2b3c4d5e6f7a8b'],
  ['an id', randomUUID()],
  [
    'a digest',
    'sha512-OEXbxwDBo8cM8j1q0lnd0d1r0lYbdkTx2Gk4Cf5mcvtqcUtCEvIb4pZ8hQy1mmC4b7k3zc2q8YwPZzV5E7yZfA==',
  ],
  ['a path', '/srv/errand/jobs/J-12/tree/src/very/long/path/to/some/file.test.ts'],
  ['an address', 'https://github.com/acme/shop/pull/12#issuecomment-1234567890'],
  ['an address with a port', 'http://127.0.0.1:43125/repos/acme/shop?per_page=100'],
  ['words', 'The token parser reads authorization headers; the basic understanding is bearer-token-based.'],
  ['a name of a variable', 'process.env.ANTHROPIC_API_KEY ?? SLACK_SIGNING_SECRET'],
])('%s is left alone', (_what, innocent) => {
  expect(text(innocent)).toBe(innocent);
});

describe('in a stream', () => {
  const show = (pieces: readonly string[]) => {
    const stream = openStream();
    return [...pieces.map(stream.push), stream.end()];
  };
  const lettersOf = (whole: string) => [...whole];

  test('what is said arrives whole and in order', () => {
    const said = 'One, two and three.\n\n- four `five` …';
    expect(show(lettersOf(said)).join('')).toBe(said);
  });

  test.each([
    ['a token', TOKEN],
    ['a token nobody told us', `ghp_${'a1B2c3D4e5'.repeat(3)}abcdef`],
    ['a key', KEY],
    ['a key nobody told us', KEY.replaceAll('planted', 'unknown')],
    ['a password of several words', 'correct horse 1 battery'],
  ])('%s is found wherever it is cut', (_what, secret) => {
    for (let at = 1; at < secret.length; at += 1) {
      const shown = show([`It is ${secret.slice(0, at)}`, `${secret.slice(at)} indeed.`]).join('');
      expect(shown, String(at)).toBe('It is [redacted] indeed.');
    }
    expect(show(lettersOf(`It is ${secret} indeed.`)).join('')).toBe('It is [redacted] indeed.');
  });

  test('an ordinary word is shown when something else happens, the beginning of a secret is not', () => {
    const stream = openStream();
    expect(stream.push('I look at it')).toBe('I look at ');
    expect(stream.settle()).toBe('it');
    expect(stream.push(' now: planted')).toBe(' now: ');
    expect(stream.settle()).toBe('');
    expect(stream.push(`${TOKEN.slice('planted'.length)}.`)).toBe('');
    expect(stream.end()).toBe('[redacted].');
  });
});

describe('a text that is made to take long', () => {
  const CHARS = 200_000;
  /** Beginnings of each pattern, which none of them lets through. */
  const UNITS = [
    'a',
    'a.',
    'a+',
    'eyJ-',
    'eyJhbGciOiJIUzI1NiJ9.',
    'eyJhbGciOiJIUzI1NiJ9-',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nA',
    '-----BEGIN ',
    'A ',
    'x://:',
    'http://a:b',
    'postgres://a:',
    'mongodb://a',
    'authorization: ',
    'authorization: basic \t',
    'AKIAIOSFODNN7EXAMPLE,',
    `ghp_${'a'.repeat(36)}..`,
    'ghs_1_',
    'xoxb-',
    'SG.a',
    'sk-ant-api03-',
    '_authToken=a',
    '.',
    ' ',
    '\\',
  ];

  test.each(UNITS)('of many %j is done in no time', (unit) => {
    const given = unit.repeat(CHARS / unit.length);
    // Time of the processor: how busy the machine is with others plays no part.
    const from = process.threadCpuUsage();
    for (const end of ['', '!', '[', '\\']) text(`${given}${end}`);
    const stream = openStream();
    stream.push(`${given} `);
    stream.end();
    // What grew with the square of the length took 10 s and more.
    const { user, system } = process.threadCpuUsage(from);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  test('hides tokens that stand in one word, and a key that breaks off at a bracket', () => {
    const tokens = ['a', 'b'].map((char) => `ghp_${char.repeat(36)}`);
    expect(text(tokens.join(','))).not.toMatch(/ghp_[ab]/);
    expect(text(`${tokens[0]},[redacted]`)).not.toContain(tokens[0]);
    expect(text('-----BEGIN PRIVATE KEY-----\nMIIEplanted0123[')).not.toContain('planted');
    expect(text('-----BEGIN PRIVATE KEY-----\nMIIEplanted0123\\')).not.toContain('planted');
    const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;
    expect(text(`token-${jwt}; x`)).toBe('token-[redacted]; x');
  });
});
