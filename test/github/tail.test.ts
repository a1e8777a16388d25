// A log of any length is read to its end, and only that end is kept.
import { expect, it } from 'vitest';
import { readTail } from '../../src/github/tail.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (chunks: readonly string[], most: number) =>
  new TextDecoder().decode(await readTail(ReadableStream.from(chunks.map(bytes)), most));

it.each([
  [[], ''],
  [['ab'], 'ab'],
  [['abcd', 'ef'], 'cdef'],
  [['a', 'bcdefgh'], 'efgh'],
  [['ab', 'cd', 'ef', 'g'], 'defg'],
])('of %j the last four are %j', async (chunks, expected) => {
  expect(await read(chunks, 4)).toBe(expected);
});
