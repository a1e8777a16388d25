// The guard in front of the protocol stream: whatever the pieces, messages pass unchanged and other text does not.
import { describe, expect, it } from 'vitest';
import { createStdoutGuard } from '../../src/agent/stdout-guard.ts';

async function pass(text: string, size: number) {
  const stray: string[] = [];
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
  const out = ReadableStream.from(chunks).pipeThrough(createStdoutGuard((line) => stray.push(line)));
  const passed = await new Response(out).text();
  return { passed, stray };
}

describe.each([1, 2, 7, 1_000])('in pieces of %i bytes', (size) => {
  it('passes messages on and keeps text out', async () => {
    const text = 'Welcome!\n{"a":1}\n\n  {"b":"ü\\n"}\r\nnpm notice — new version\n{"c":3}\nlast';
    expect(await pass(text, size)).toEqual({
      passed: '{"a":1}\n{"b":"ü\\n"}\r\n{"c":3}\n',
      stray: ['Welcome!', 'npm notice — new version', 'last'],
    });
  });

  it('keeps only the start of an endless line', async () => {
    const { stray } = await pass(`${'x'.repeat(5_000)}\n{"a":1}\n`, size);
    expect(stray[0]).toHaveLength(500);
  });
});
