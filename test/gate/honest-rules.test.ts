// Rules about tests and checks that are weakened: each catches its fixture and leaves the innocent twin alone, in many
// languages. And no text at all makes them throw, or keeps them busy.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/gate/gate.ts';
import { changeOf, type Texts } from '../support/change-of.ts';
import { BENT_CASES } from './bent-cases.ts';
import type { Step } from './cases.ts';
import { CHANGE_CASES } from './change-cases.ts';
import { CHECK_CASES } from './check-cases.ts';
import { COMMAND_CASES } from './command-cases.ts';
import { DEAD_CASES } from './dead-cases.ts';
import { RUNNER_CASES } from './runner-cases.ts';
import { SKIP_CASES } from './skip-cases.ts';
import { MOVE_CASES, SWAP_CASES } from './swap-cases.ts';
import { WEAKEN_CASES } from './weaken-cases.ts';

const CASES = [
  ...SKIP_CASES,
  ...WEAKEN_CASES,
  ...BENT_CASES,
  ...RUNNER_CASES,
  ...CHECK_CASES,
  ...COMMAND_CASES,
  ...DEAD_CASES,
  ...CHANGE_CASES,
  ...SWAP_CASES,
  ...MOVE_CASES,
];

const textsOf = (tree: Step['after'] = {}): Texts =>
  Object.fromEntries(Object.entries(tree).map(([path, entry]) => [path, String(entry)]));

function findingsOf({ before, after }: Step) {
  return judge(changeOf(textsOf(before), textsOf(after)));
}

describe('weakened tests and checks', () => {
  test.for(CASES)('$rule: $name', async ({ rule, file, severity = 'block', caught, innocent }) => {
    const own = (await findingsOf(caught)).filter((finding) => finding.rule === rule);
    expect(own.map(({ severity }) => severity)).toContain(severity);
    if (file !== undefined) expect(own.map((finding) => finding.file)).toContain(file);
    for (const { say } of own) expect(say, 'a sentence').toMatch(/^[a-z][\s\S]*\.$/);
    expect((await findingsOf(innocent)).filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

const PATHS = [
  ...new Set(CASES.flatMap(({ caught }) => Object.keys(caught.after))),
  'a.rs',
  'b_test.exs',
  'conftest.py',
  'x.feature',
];
const LINES = [
  ...new Set(
    CASES.flatMap(({ caught, innocent }) =>
      [caught, innocent].flatMap(({ before = {}, after }) =>
        [...Object.values(before), ...Object.values(after)].flatMap((text) => String(text).split('\n')),
      ),
    ),
  ),
];

const anyLine = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
const anyText = fc.array(anyLine, { maxLength: 30 }).map((lines) => lines.join('\n'));
const anyTree = fc.dictionary(fc.constantFrom(...PATHS), anyText, { maxKeys: 4 });

test('any change is judged, and in sentences', async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, anyTree, async (before, after) => {
      for (const { say } of await judge(changeOf(before, after))) expect(say).toMatch(/\.$/);
    }),
    { numRuns: 150 },
  );
}, 120_000);
