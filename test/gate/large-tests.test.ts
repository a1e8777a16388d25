// Changes of thousands of lines that look alike are judged with work in proportion to their length, told by what was compared.
import { describe, expect, test } from 'vitest';
import { changedTests } from '../../src/gate/rules/changed-tests.ts';
import { readFacts } from '../../src/gate/rules/check-facts.ts';
import { budgetOf, MOST_PAIRS } from '../../src/gate/rules/line-words.ts';
import { NOTHING_BESIDE } from '../../src/workspace/beside.ts';
import type { Change, FileChange } from '../../src/workspace/change.ts';

const LINES = 5_000;

/** All lines of a file of tests, written anew. */
function rewritten(lineOf: (at: number, side: 'before' | 'after') => string): Change {
  const [before, after] = (['before', 'after'] as const).map((side) =>
    Array.from({ length: LINES }, (_, at) => lineOf(at, side)).join('\n'),
  ) as [string, string];
  const side = (sha: string) => ({ mode: '100644', sha, sizeBytes: before.length });
  const file: FileChange = {
    path: 'src/cart.test.ts',
    kind: 'modified',
    before: side('a'),
    after: side('b'),
    isBinary: false,
    isUnread: false,
    removed: [{ line: 1, text: before }],
    added: [{ line: 1, text: after }],
    whole: { before, after },
  };
  return { files: [file], interim: [], messages: [], gaps: [], beside: NOTHING_BESIDE };
}

function pairsFor(change: Change): { pairs: number; said: readonly string[] } {
  const said = change.files.flatMap((file) => changedTests(file, change)).map(({ say }) => say);
  return { pairs: MOST_PAIRS - budgetOf(change).pairsLeft, said };
}

describe('a test of thousands of lines', () => {
  test('whose expectations all changed meets few other lines with each of them', () => {
    const change = rewritten(
      (at, side) => `  expect(total(${at})).toBe(${at * 7 + (side === 'after' ? 1e6 : 0)});`,
    );
    const { pairs, said } = pairsFor(change);
    expect(pairs).toBeLessThanOrEqual(MOST_PAIRS);
    expect(said.join()).toContain('existing expectations');
  });

  test('whose lines all have one shape is compared no more often than the gate allows itself', () => {
    const change = rewritten(
      (at, side) =>
        `  expect(${side === 'after' ? 'sum' : 'add'}${'abcdefghij'[at % 10]}${'klmnopqrst'[at % 7]}x${at}()).toBe(three);`,
    );
    const { pairs, said } = pairsFor(change);
    expect(pairs).toBeLessThanOrEqual(MOST_PAIRS);
    expect(said).toHaveLength(1);
  });
});

test('a list of many numbers is read as far as facts go, each with its line', () => {
  const text = JSON.stringify({ name: 'a', values: Array.from({ length: 60_000 }, (_, at) => at) }, null, 1);
  const facts = readFacts('.nycrc.json', text);
  expect(facts.length).toBeLessThanOrEqual(5_000);
  expect(facts[1_000]).toMatchObject({ value: '999', line: 1_003 });
});
