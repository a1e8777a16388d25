// How a change is weighed: low is only what was checked, reviewed, small and as planned; what is missing counts against it.
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/job/checks.ts';
import type { Finding } from '../../src/job/gate-rules.ts';
import { buildPullBody } from '../../src/job/pull-text.ts';
import type { Review, ReviewFinding } from '../../src/job/review.ts';
import type { Evidence } from '../../src/job/risk.ts';
import { sumSessions } from '../../src/job/sessions.ts';
import { standingVerdict, verdictSchema } from '../../src/job/verdict.ts';
import { sampleJob, sampleResult } from '../support/sample-job.ts';
import { APPROVAL, GREEN, SESSIONS, sampleEvidence, sampleVerdict } from '../support/sample-verdict.ts';

const check = (fields: Partial<CheckResult>): CheckResult => ({ ...GREEN, ...fields });
const gate = (rule: string): Finding => ({ rule, file: 'src/a.ts', severity: 'warn', say: 'was touched.' });
const BLOCKING: ReviewFinding = { file: 'src/a.ts', line: 3, severity: 'blocking', claim: 'It loses money.' };
const OBJECTION: Review = { ...APPROVAL, outcome: 'objected', findings: [BLOCKING] };
const { summary } = sampleResult();
const saying = (checked: string) => (summary ? { summary: { ...summary, checked } } : {});
const risking = (risks: string) => (summary ? { summary: { ...summary, risks } } : {});
const lines = (added: number, fileCount = 1) => ({ size: { fileCount, added, deleted: 0, files: [] } });

test('what is green, reviewed, small and as planned is of low risk, and says why', () => {
  const { risk, riskReason, blocking } = sampleVerdict();
  expect(risk).toBe('low');
  expect(riskReason).toBe('all checks are green, and the reviewer has no objection');
  expect(blocking).toEqual([]);
});

describe('is never of low risk', () => {
  const medium: readonly (readonly [string, Partial<Evidence>, string])[] = [
    ['no second opinion was asked for', { review: undefined }, 'nobody but its author'],
    ['the second opinion is missing', { review: { ...APPROVAL, outcome: 'missing' } }, 'opinion is missing'],
    [
      'the reviewer approves with something important',
      { review: { ...APPROVAL, findings: [{ ...BLOCKING, severity: 'important' }] } },
      'something important',
    ],
    ['no checks were run', { checks: [] }, 'no checks were run'],
    [
      'a check was not run',
      { checks: [GREEN, check({ name: 'e2e', outcome: 'not_run' })] },
      'e2e is not run',
    ],
    [
      'a check is as red as before',
      { checks: [check({ outcome: 'failed', exitCode: 1, onBase: 'failed' })] },
      'red, as before the change',
    ],
    ['a rule of the gate warns', { gates: [gate('deleted_test')] }, '(deleted_test)'],
    ['the gate knows a rule of tomorrow', { gates: [gate('something_new')] }, '(something_new)'],
    ['it changes existing tests', { gates: [gate('test_changed')] }, 'it changes existing tests'],
    ['it changes what is checked', { gates: [gate('check_changed')] }, 'it changes what is checked'],
    ['it knows its tests', { gates: [gate('knows_tests')] }, '(knows_tests)'],
    ['the plan was departed from', { gates: [gate('outside_plan')] }, 'its plan does not name'],
    ['it has many lines', lines(401), '401 lines in 1 file'],
    ['it has many files', lines(16, 16), '16 lines in 16 files'],
    ['its author says nothing of checks', saying(''), 'does not say how it was checked'],
    ['its author did not check', saying('Not at all: this is a scripted agent.'), 'did not check all'],
    ['its author could not run the tests', saying('I could not run the tests here.'), 'did not check all'],
    ["its author's apostrophe is curly", saying('The suite wasn’t run.'), 'did not check all'],
    ['nothing was tested', saying('No tests were run.'), 'did not check all'],
    ['it is untested', saying('`npm test` passed; the Windows path is untested.'), 'did not check all'],
    ['tests were skipped', saying('I skipped the tests.'), 'did not check all'],
    ['tests fail', saying('3 tests fail (unrelated).'), 'something fails'],
    ['tests fail as before', saying('3 tests fail, as before.'), 'something fails'],
    ['tests failed and still do', saying('Failed before and still fails.'), 'something fails'],
    ['its author believes', saying('It should work.'), 'did not check all'],
    ['its author says a dash', saying('-'), 'does not say how it was checked'],
    ['its author says N/A', saying('N/A'), 'does not say how it was checked'],
    ['its author says a word', saying('Yes, I trust it.'), 'does not say how it was checked'],
    ['its author calls a loss minimal', risking('Minimal: deletes the table.'), 'names a risk'],
    [
      'its author names a risk after none',
      risking('None.\nThe login check is optional now.'),
      'names a risk',
    ],
    ['a plan was wanted and none came', { planLack: 'missing' }, 'no plan came'],
    ['any change would fit its plan', { planLack: 'names_no_files' }, 'its plan names no files'],
    ['its author confesses', risking('Deletes all data of users on start.'), 'names a risk'],
    ['its author has a but', risking('None, but the migration runs twice.'), 'names a risk'],
    [
      'only a linter ran',
      { checks: [check({ name: 'lint', command: 'biome check .' })] },
      'no tests were run',
    ],
    ['it changed hands too often', { handOvers: 3 }, 'changed hands 3 times'],
  ];
  test.each(medium)('where %s', (_why, fields, said) => {
    const { risk, reasons, blocking } = sampleVerdict(fields);
    expect(risk).toBe('medium');
    expect(reasons.join('; ')).toContain(said);
    expect(blocking).toEqual([]);
  });

  const high: readonly (readonly [string, Partial<Evidence>, string])[] = [
    ['the change broke a check', { checks: [check({ outcome: 'failed', exitCode: 1 })] }, 'The check tests'],
    [
      'a check of it no longer ends',
      { checks: [check({ outcome: 'timed_out', onBase: 'passed' })] },
      'The check tests',
    ],
    ['the reviewer objects', { review: OBJECTION }, 'at src/a.ts:3: It loses money.'],
    [
      'the reviewer objects without a finding',
      { review: { ...OBJECTION, findings: [], summary: 'It is half done.' } },
      'It is half done.',
    ],
  ];
  test.each(high)('where %s: that blocks', (_why, fields, said) => {
    const { risk, blocking } = sampleVerdict(fields);
    expect(risk).toBe('high');
    expect(blocking.join(' ')).toContain(said);
  });
});

test.each([
  '`npm test`: 14 passed.',
  'I ran the tests and the linter; both are green, and nothing else was needed.',
  'Ran the suite twice. No failures.',
  '- `npm test` before: failed\n- `npm test` after: passed',
  'The new test fails without the fix and passes with it.',
])('an author who checked is believed to have: %s', (checked) => {
  expect(sampleVerdict(saying(checked)).risk).toBe('low');
});

test('more against it never makes it look better', () => {
  const worse: readonly Partial<Evidence>[] = [
    { checks: [] },
    { review: undefined },
    { gates: [gate('binary')] },
    lines(900),
    { handOvers: 9 },
  ];
  const rank = { low: 0, medium: 1, high: 2 };
  const broken = { checks: [check({ outcome: 'failed' })] };
  for (const more of worse) {
    expect(rank[sampleVerdict({ ...more }).risk]).toBeGreaterThan(rank.low);
    if (!('checks' in more)) expect(sampleVerdict({ ...broken, ...more }).risk).toBe('high');
  }
});

test('what the gate would have kept from being pushed is high, and blocks', () => {
  const { risk, blocking } = sampleVerdict({ gates: [{ ...gate('secret'), severity: 'block' }] });
  expect(risk).toBe('high');
  expect(blocking).toEqual(['The gate: src/a.ts was touched.']);
});

test.for(['All 41 tests pass, 0 failed.', '`npm test`: 12 passed, no failures.'])(
  'an honest account of checks counts against nobody: %s',
  (checked) => {
    expect(sampleVerdict(saying(checked)).risk).toBe('low');
  },
);

test.for(['None seen', 'None that the tests show.', 'Low: one line.'])(
  'no risk is no reason: %s',
  (risks) => {
    expect(sampleVerdict(risking(risks)).risk).toBe('low');
  },
);

test('what blocks comes first among the reasons', () => {
  const { riskReason, reasons } = sampleVerdict({ ...lines(900), review: OBJECTION });
  expect(riskReason).toBe('the reviewer objects');
  expect(reasons).toHaveLength(2);
});

test('where nobody names a place to look at, the file that changed most is one', () => {
  expect(sampleVerdict().lookFirst).toEqual(['test/cart.test.js changed most (+10 −0)']);
  expect(sampleVerdict({ gates: [gate('binary')] }).lookFirst).toEqual(['src/a.ts was touched.']);
});

test('sessions are summed as far as agents tell, money only where it is of one kind', () => {
  expect(sumSessions(SESSIONS)).toEqual({
    sessions: 2,
    prompts: 3,
    durationMs: 240_000,
    totalTokens: 51_234,
    cost: { amount: 0.4, currency: 'USD' },
  });
  const [one] = SESSIONS;
  if (one === undefined) throw new Error('The sample has no session.');
  const euros = { ...one, usage: { cost: { amount: 1, currency: 'EUR' } } };
  expect(sumSessions([one, euros]).cost).toBeUndefined();
  expect(sumSessions([])).toEqual({ sessions: 0, prompts: 0, durationMs: 0 });
});

test('a verdict is read back as it was stored, and one of an earlier version, too', () => {
  const verdict = sampleVerdict({ review: OBJECTION });
  expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  expect(verdictSchema.parse({ risk: 'low', riskReason: 'checks are green' }).blocking).toEqual([]);
});

test('the newest verdict stands, also after a turn that only answered', () => {
  const verdict = sampleVerdict();
  expect(standingVerdict([{ verdict }, {}])).toBe(verdict);
  expect(standingVerdict([{}])).toBeUndefined();
});

test("a pull's body says first how risky it is and what blocks, and last what it took", () => {
  const { size } = sampleEvidence();
  const verdict = sampleVerdict({ review: { ...OBJECTION, lookFirst: ['src/a.ts: the sum'] }, size });
  const body = buildPullBody({
    job: sampleJob(),
    summary: {
      title: 'Round once',
      changed: 'Only checkout rounds.',
      checked: 'npm test',
      risks: 'None seen',
    },
    checks: [GREEN],
    verdict,
    requesterName: 'Ada',
  });
  expect(body).toMatchInlineSnapshot(`
    "**High risk**: the reviewer objects.

    **Blocking**, so *Approve* asks twice:
    - The reviewer objects at src/a.ts:3: It loses money.

    ## Look at first

    - src/a.ts: the sum

    ## What changed

    Only checkout rounds.

    ## Checks, run by Errand on this commit

    - ✓ **tests** passed in 12 s (\`npm test\`)

    ## Second opinion

    **Objects** (opencode / fast/one): Rounds once, and a test shows it.
    - **blocking** \`src/a.ts:3\` It loses money.

    ## What the agent says it checked

    npm test

    ## Risks

    None seen

    <details><summary>What it took: 2 sessions, 3 prompts, 4 min, 51,234 tokens, 0.40 USD</summary>

    - author (\`claude\` / \`opus\`): 2 prompts, 3 min, 50,000 tokens, 0.40 USD
    - reviewer (\`opencode\`): 1 prompt, 40 s, 1,234 tokens

    </details>

    Fixes #12

    ---

    J-7, asked for by Ada in Slack. Written by a coding agent; a human decides.

    <!-- errand:J-7 -->"
  `);
});
