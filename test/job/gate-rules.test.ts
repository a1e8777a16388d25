// Of many findings people see those first that tell most, and how many there are beside them.
import { expect, test } from 'vitest';
import { type Finding, mostTelling } from '../../src/job/gate-rules.ts';

const at = (rule: string, file: string): Finding => ({ rule, file, severity: 'warn', say: 'changed.' });
const FINDINGS = [
  at('check_changed', 'ci.yml'),
  ...['a', 'b', 'c', 'd'].map((name) => at('test_changed', `${name}.test.js`)),
  at('outside_plan', 'src/auth.js'),
  at('remote_code', 'x.sh'),
  at('remote_code', 'y.sh'),
];

test('one of each rule stands first, what harmless changes have as well after the others', () => {
  const shown = mostTelling(FINDINGS, 6).map(({ file }) => file);
  expect(shown).toEqual(['src/auth.js', 'x.sh', 'ci.yml', 'a.test.js', 'b.test.js', '.']);
});

test('what is left out is told by its number', () => {
  const [last] = mostTelling(FINDINGS, 3).slice(-1);
  expect(last).toEqual({
    rule: 'check_changed',
    file: '.',
    severity: 'warn',
    say: 'holds 6 more places to look at (check_changed, test_changed, remote_code).',
  });
  expect(mostTelling([...FINDINGS, { ...at('secret', 's'), severity: 'block' }], 2).at(-1)?.severity).toBe(
    'block',
  );
});

test('few stay as they are, in their order', () => {
  expect(mostTelling(FINDINGS, FINDINGS.length)).toBe(FINDINGS);
});
