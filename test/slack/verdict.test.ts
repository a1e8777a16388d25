// The verdict as people meet it in Slack: the word of risk first, what blocks by name, within Slack's limits whatever it says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approve } from '../../src/job/deciding.ts';
import type { Job, TurnResult } from '../../src/job/job.ts';
import { verdictSchema } from '../../src/job/verdict.ts';
import { checkMessageBlocks } from '../../src/playground/slack/block-check.ts';
import { renderBlocks } from '../../src/playground/slack/render-blocks.ts';
import { approveButton, askOnceMore } from '../../src/slack/approve-button.ts';
import { buildCard } from '../../src/slack/card.ts';
import { parseButtonValue } from '../../src/slack/ids.ts';
import { buildResult } from '../../src/slack/result.ts';
import { LIMITS } from '../../src/slack/text-limits.ts';
import { anyText } from '../property/hostile.ts';
import { jobInStatus, SAMPLE_PULL, SHA_A, SHA_B, sampleJob, sampleResult } from '../support/sample-job.ts';
import { APPROVAL, GREEN, sampleVerdict } from '../support/sample-verdict.ts';

const names = { user: (id: string) => id.replace('U0', '').toLowerCase(), channel: (id: string) => id };
const read = (blocks: readonly unknown[]) =>
  `\n${renderBlocks(checkMessageBlocks(structuredClone([...blocks]) as never), names).join('\n')}\n`;

const OBJECTED = sampleVerdict({
  checks: [GREEN, { ...GREEN, name: 'lint', command: 'npm run lint', outcome: 'failed', exitCode: 2 }],
  review: {
    ...APPROVAL,
    outcome: 'objected',
    lookFirst: ['src/cart.js: the sum'],
    findings: [
      { file: 'src/cart.js', line: 3, severity: 'blocking', claim: 'It loses a cent.', fix: 'Round up.' },
      { severity: 'minor', claim: 'A name is odd.' },
    ],
  },
});

const withVerdict = (verdict: TurnResult['verdict'], fields: Partial<Job> = {}) => {
  const result = sampleResult({ verdict });
  return { job: { ...jobInStatus('in_review'), results: [result], ...fields }, result };
};

test('a result says the risk first, then what to look at, what changed, and how it was verified', () => {
  const { job, result } = withVerdict(sampleVerdict());
  expect(read(buildResult(job, result).blocks)).toMatchInlineSnapshot(`
    "
    @ada *J-7 is ready for your decision*
    #3 Round prices once (https://github.test/acme/shop/pull/3)
    :large_green_circle: *Low risk*: all checks are green, and the reviewer has no objection
    **Look at first**
    - test/cart.test.js changed most (+10 −0)

    **What changed:** Prices were rounded in the cart and again at checkout; now only at checkout.

    **Checks, run by Errand**
    - ✓ **tests** passed in 12 s (\`npm test\`)

    **Second opinion**
    **No objection** (opencode / fast/one): Rounds once, and a test shows it.

    **What the agent says it checked**
    \`npm test\`: 14 passed.

    **Risks:** None seen
    · 2 files, +12 −4: \`src/cart.js\` +2 −4, \`test/cart.test.js\` +10 −0 · head \`aaaaaaa\` · issue #12 (https://github.test/acme/shop/issues/12) · took 1 min 5 s · context 20 % · agents: 2 sessions, 3 prompts, 4 min, 51,234 tokens, 0.40 USD
    [ Approve & merge ] [ Request changes ] [ Reject ]
    "
  `);
});

test('what blocks is named above everything else, and the button is another one', () => {
  const { job, result } = withVerdict(OBJECTED);
  expect(read(buildResult(job, result).blocks)).toMatchInlineSnapshot(`
    "
    @ada *J-7 is ready for your decision*
    #3 Round prices once (https://github.test/acme/shop/pull/3)
    :red_circle: *High risk*: the check lint is red and was not before; the reviewer objects
    :no_entry: *Blocking*
    • The check lint failed with exit code 2 after 12 s, and was not red before.
    • The reviewer objects at src/cart.js:3: It loses a cent.
    **Look at first**
    - src/cart.js: the sum

    **What changed:** Prices were rounded in the cart and again at checkout; now only at checkout.

    **Checks, run by Errand**
    - ✓ **tests** passed in 12 s (\`npm test\`)
    - ✗ **lint** failed with exit code 2 after 12 s (\`npm run lint\`)

    **Second opinion**
    **Objects** (opencode / fast/one): Rounds once, and a test shows it.
    - **blocking** \`src/cart.js:3\` It loses a cent. *Suggested*: Round up.
    - **minor** A name is odd.

    **What the agent says it checked**
    \`npm test\`: 14 passed.

    **Risks:** None seen
    · 2 files, +12 −4: \`src/cart.js\` +2 −4, \`test/cart.test.js\` +10 −0 · head \`aaaaaaa\` · issue #12 (https://github.test/acme/shop/issues/12) · took 1 min 5 s · context 20 % · agents: 2 sessions, 3 prompts, 4 min, 51,234 tokens, 0.40 USD
    [ Approve & merge anyway ] [ Request changes ] [ Reject ]
    "
  `);
});

test('the card has it in a line while a decision is open, and not after', () => {
  const { job } = withVerdict(OBJECTED);
  const card = (of: Job) => read(buildCard(of, { plan: [], usage: {} }, 0).blocks);
  expect(card(job)).toContain(
    ':red_circle: *High risk*: the check lint is red and was not before · 1 of 2 checks green, 1 broken by the change · the reviewer objects',
  );
  expect(card({ ...job, status: 'merged' })).not.toContain('risk');
  // Why it is low says of checks and reviewer what there is to say.
  expect(card(withVerdict(sampleVerdict()).job)).toMatch(/has no objection\n/);
});

test('the question before a merge names what blocks, and its answer carries that it did', () => {
  const { job } = withVerdict(OBJECTED);
  const button = approveButton(job, SHA_A);
  expect(button.style).toBe('danger');
  expect(button.confirm?.text.text).toMatchInlineSnapshot(
    `"The check lint failed with exit code 2 after 12 s, and was not red before. And 1 more. Merges aaaaaaa of #3 into main all the same."`,
  );
  expect(parseButtonValue(button.value ?? '')?.knowing).toBe(true);
  const plain = approveButton(withVerdict(sampleVerdict()).job, SHA_A);
  expect(plain.style).toBe('primary');
  expect(plain.confirm?.text.text).toContain(`Merges exactly ${SHA_A.slice(0, 12)} of #3 into main.`);
  expect(parseButtonValue(plain.value ?? '')?.knowing).toBeUndefined();
});

test('what happened at GitHub after the verdict blocks as well: a push that nobody verified, and red checks', () => {
  const { job, result } = withVerdict(sampleVerdict(), {
    pull: { ...SAMPLE_PULL, headSha: SHA_B },
    outside: {
      pushed: { by: 'carla', at: '2026-03-01T09:06:00.000Z', shown: SHA_A },
      red: { sha: SHA_B, names: ['flaky', 'test'], known: ['flaky'] },
    },
  });
  const button = approveButton(job, SHA_B);
  expect(button.text.text).toBe('Approve & merge anyway');
  expect(button.confirm?.text.text).toBe(
    'Pushed by carla after the agent had finished: nobody verified bbbbbbb. And 1 more. Merges bbbbbbb of #3 into main all the same.',
  );
  const text = read(buildResult(job, result).blocks);
  expect(text).toContain(
    '*High risk*: pushed by carla after the agent had finished: nobody verified bbbbbbb; the check test is red',
  );
  expect(text).not.toMatch(/Low risk|checks are green, and|flaky is red/);
  expect(read(buildCard(job, { plan: [], usage: {} }, 0).blocks)).toContain('*High risk*: pushed by carla');
  const press = { type: 'approve', by: 'U0ADA', sha: SHA_B } as const;
  const at = '2026-03-01T09:07:00.000Z';
  expect(approve(job, press, at)).toMatchObject({ code: 'blocking' });
  expect(approve(job, { ...press, knowing: true }, at)).toMatchObject({ status: 'merging' });
  const old = { ...job, outside: { red: { sha: SHA_A, names: ['test'], known: [] } } };
  expect(approve(old, press, at)).toMatchObject({ status: 'merging' });
});

test('a missing second opinion is said in the question, and is no approval', () => {
  const verdict = sampleVerdict({ review: { ...APPROVAL, outcome: 'missing', why: 'said nothing for 3 s' } });
  const { job, result } = withVerdict(verdict);
  expect(approveButton(job, SHA_A).confirm?.text.text).toMatch(/^The second opinion is missing\. Merges/);
  const text = read(buildResult(job, result).blocks);
  expect(text).toContain('*Medium risk*: the second opinion is missing');
  expect(text).not.toContain('No objection');
});

test('whatever a verdict says, the messages fit into Slack and notify nobody', () => {
  const severity = fc.constantFrom('blocking' as const, 'important' as const, 'minor' as const);
  const outcome = fc.constantFrom('passed', 'failed', 'timed_out', 'over_limit', 'not_run');
  const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 40 });
  const finding = fc.record({ file: anyText, line: fc.nat(), severity, claim: anyText, fix: anyText });
  const verdict = fc.record({
    lookFirst: few(anyText),
    checks: few(fc.record({ name: anyText, command: anyText, outcome, durationMs: fc.nat() })),
    gates: few(fc.record({ rule: anyText, file: anyText, severity: fc.constant('warn'), say: anyText })),
    review: fc.record({
      outcome: fc.constantFrom('approved', 'objected', 'missing'),
      summary: anyText,
      lookFirst: few(anyText),
      findings: few(finding),
      why: anyText,
      agent: anyText,
      model: anyText,
      durationMs: fc.nat(),
    }),
    blocking: few(anyText),
    risk: fc.constantFrom('low', 'medium', 'high'),
    riskReason: anyText,
    reasons: few(anyText),
    sessions: few(
      fc.record({
        part: anyText,
        agent: anyText,
        model: anyText,
        prompts: fc.nat(),
        durationMs: fc.nat(),
        usage: fc.record({
          totalTokens: fc.nat(),
          cost: fc.record({ amount: fc.double({ noNaN: true }), currency: anyText }),
        }),
      }),
    ),
  });
  fc.assert(
    fc.property(verdict, anyText, (said, words) => {
      const parsed = verdictSchema.safeParse(said);
      if (!parsed.success) return;
      const result = sampleResult({
        verdict: parsed.data,
        findings: parsed.data.gates,
        checks: parsed.data.checks,
        summary: { title: words, changed: words.repeat(9), checked: words.repeat(9), risks: words.repeat(9) },
      });
      const job = sampleJob({
        status: 'in_review',
        pull: SAMPLE_PULL,
        results: [result],
        base: `b/${words.slice(0, 150)}`,
      });
      const messages = [
        buildResult(job, result).blocks,
        buildCard(job, { plan: [], usage: {} }, 0).blocks,
        askOnceMore(job, `Blocking: ${words}`).blocks,
      ];
      for (const blocks of messages) {
        checkMessageBlocks(structuredClone([...blocks]) as never);
        expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(LIMITS.blocksTotal + 1_000);
        expect(JSON.stringify(blocks)).not.toMatch(/<!(?:channel|here|everyone|subteam)/);
      }
    }),
    { numRuns: 60 },
  );
});
