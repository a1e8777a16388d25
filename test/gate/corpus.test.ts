// The corpus: what reaches a person without a word, and what they are warned about in vain. Numbers, since no list of forms is
// ever complete.
import { describe, expect, test } from 'vitest';
import { GATE_WANTS, judge } from '../../src/gate/gate.ts';
import { ASKED_ABOUT } from '../../src/job/gate-rules.ts';
import { changeOf } from '../support/change-of.ts';
import { ASKING } from './corpus/bad-asking.ts';
import { BAD_CHECKS } from './corpus/bad-checks.ts';
import { MORE_BAD_CHECKS } from './corpus/bad-checks-more.ts';
import { DAILY } from './corpus/bad-daily.ts';
import { DAILY_CHECKS } from './corpus/bad-daily-checks.ts';
import { HONEST_JUDGED, JUDGED } from './corpus/bad-judge.ts';
import { HONEST_PARTS, JUDGED_PARTS } from './corpus/bad-judge-parts.ts';
import { SUBJECTS } from './corpus/bad-subjects.ts';
import { BAD_TESTS } from './corpus/bad-tests.ts';
import { MORE_BAD_TESTS } from './corpus/bad-tests-more.ts';
import { AROUND, type Diff } from './corpus/diff.ts';
import { HONEST } from './corpus/honest.ts';
import { HONEST_DAILY } from './corpus/honest-daily.ts';
import { HONEST_IMPORTS } from './corpus/honest-imports.ts';
import { HONEST_MORE } from './corpus/honest-more.ts';

const BAD = [
  ...BAD_CHECKS,
  ...MORE_BAD_CHECKS,
  ...BAD_TESTS,
  ...MORE_BAD_TESTS,
  ...ASKING,
  ...DAILY,
  ...DAILY_CHECKS,
  ...SUBJECTS,
  ...JUDGED,
  ...JUDGED_PARTS,
];
const GOOD = [
  ...HONEST,
  ...HONEST_MORE,
  ...HONEST_DAILY,
  ...HONEST_IMPORTS,
  ...HONEST_JUDGED,
  ...HONEST_PARTS,
];
/** Of honest changes no more are warned about. */
const MOST_FALSE_ALARMS = 0.1;

const findingsOf = ({ before, after }: Diff) =>
  judge(changeOf({ ...AROUND, ...before }, { ...AROUND, ...after }, GATE_WANTS));

describe('the corpus', () => {
  test.for(BAD)('no silence: $name', async (diff) => {
    const found = await findingsOf(diff);
    expect(found).not.toEqual([]);
    for (const { say } of found) expect(say, 'a sentence').toMatch(/^[a-z][\s\S]*\.$/);
  });

  test.for(GOOD)('nothing blocks: $name', async (diff) => {
    expect((await findingsOf(diff)).filter(({ severity }) => severity === 'block')).toEqual([]);
  });

  test.for(GOOD)('no agent is sent back: $name', async (diff) => {
    const asked: readonly string[] = ASKED_ABOUT;
    expect((await findingsOf(diff)).filter(({ rule }) => asked.includes(rule))).toEqual([]);
  });

  test('false alarms are few', async () => {
    const warned = await Promise.all(
      GOOD.map(async (diff) => ((await findingsOf(diff)).length > 0 ? [diff.name] : [])),
    );
    expect(warned.flat().length / GOOD.length, warned.flat().join(', ')).toBeLessThan(MOST_FALSE_ALARMS);
  });

  test('is large enough to say something', () => {
    expect(BAD.length).toBeGreaterThanOrEqual(370);
    expect(GOOD.length).toBeGreaterThanOrEqual(110);
    const names = [...BAD, ...GOOD].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
