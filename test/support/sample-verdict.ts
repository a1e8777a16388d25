// A verdict for tests, with nothing against the change unless told otherwise.
import type { CheckResult } from '../../src/job/checks.ts';
import type { Review } from '../../src/job/review.ts';
import type { Evidence } from '../../src/job/risk.ts';
import type { SessionRecord } from '../../src/job/sessions.ts';
import { buildVerdict, type Verdict } from '../../src/job/verdict.ts';
import { sampleResult } from './sample-job.ts';

export const GREEN: CheckResult = {
  name: 'tests',
  command: 'npm test',
  outcome: 'passed',
  exitCode: 0,
  durationMs: 12_000,
};

export const APPROVAL: Review = {
  outcome: 'approved',
  summary: 'Rounds once, and a test shows it.',
  lookFirst: [],
  findings: [],
  agent: 'opencode',
  model: 'fast/one',
  durationMs: 40_000,
};

export const SESSIONS: readonly SessionRecord[] = [
  {
    part: 'author',
    agent: 'claude',
    model: 'opus',
    prompts: 2,
    durationMs: 200_000,
    usage: { totalTokens: 50_000, cost: { amount: 0.4, currency: 'USD' } },
  },
  { part: 'reviewer', agent: 'opencode', prompts: 1, durationMs: 40_000, usage: { totalTokens: 1_234 } },
];

/** A small, checked, reviewed change, with whatever differs. */
export function sampleEvidence(fields: Partial<Evidence> = {}): Evidence {
  const { size, summary } = sampleResult();
  if (size === undefined) throw new Error('The sample has lost its size.');
  return { checks: [GREEN], gates: [], review: APPROVAL, size, summary, ...fields };
}

export function sampleVerdict(fields: Partial<Evidence> = {}): Verdict {
  return buildVerdict({ ...sampleEvidence(fields), sessions: SESSIONS });
}
