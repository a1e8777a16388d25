// A job for tests, made of the fields that matter to one and sensible values for the rest.
import type { Standpoint } from '../../src/actions/act.ts';
import type { Job, Status, TurnResult } from '../../src/job/job.ts';
import type { JobPlan } from '../../src/job/plan.ts';

export const SHA_A = 'a'.repeat(40);
export const SHA_B = 'b'.repeat(40);

/** A full member who stands in the job's channel, and a repository that says nothing of people. */
export const MEMBER: Standpoint = {
  asker: { standing: 'member', groups: [], inChannel: true },
  repository: { kind: 'known' },
};

/** A queued first turn of `fix #12` in acme/shop, asked for by U0ADA. */
export function sampleJob(fields: Partial<Job> = {}): Job {
  return {
    id: 7,
    revision: 1,
    attempt: 0,
    status: 'queued',
    kind: 'fix',
    task: '',
    issue: { number: 12, title: 'Prices are rounded twice', url: 'https://github.test/acme/shop/issues/12' },
    repo: { owner: 'acme', name: 'shop' },
    repoUrl: 'https://github.test/acme/shop',
    base: 'main',
    team: 'T1',
    channel: 'C1',
    requester: 'U0ADA',
    requesterName: 'Ada',
    participants: [],
    context: [],
    turn: 1,
    branch: 'errand/J-7',
    results: [],
    createdAt: '2026-03-01T09:00:00.000Z',
    ...fields,
  };
}

export const SAMPLE_PULL = { number: 3, url: 'https://github.test/acme/shop/pull/3', headSha: SHA_A };

/** Of the first turn; waits for approval. */
export const SAMPLE_PLAN: JobPlan = {
  understood: 'Prices are rounded twice; once is enough.',
  assumptions: [{ assumed: 'Checkout rounds', instead: ['The cart rounds'] }],
  files: ['src/cart.js'],
  steps: ['Take the rounding out of the cart'],
  tests: [{ level: 'unit', must: 'A price of 0.125 is charged as 0.13' }],
  size: { files: 2, lines: 16 },
  tasks: [],
  questions: [],
  turn: 1,
  state: 'waiting',
};

/** The end of a turn; with everything a pull's result has unless told otherwise. */
export function sampleResult(fields: Partial<TurnResult> = {}): TurnResult {
  return {
    turn: 1,
    outcome: 'pull',
    endedAt: '2026-03-01T09:05:00.000Z',
    durationMs: 65_000,
    headSha: SHA_A,
    summary: {
      title: 'Round prices once',
      changed: 'Prices were rounded in the cart and again at checkout; now only at checkout.',
      checked: '`npm test`: 14 passed.',
      risks: 'None seen',
    },
    size: {
      fileCount: 2,
      added: 12,
      deleted: 4,
      files: [
        { path: 'src/cart.js', added: 2, deleted: 4 },
        { path: 'test/cart.test.js', added: 10, deleted: 0 },
      ],
    },
    usage: { contextUsed: 40_000, contextSize: 200_000, totalTokens: 51_234 },
    ...fields,
  };
}

/** A job as it stands in `status` after what usually leads there. */
export function jobInStatus(status: Status): Job {
  const withPull = { pull: SAMPLE_PULL, results: [sampleResult()] };
  const approve = { kind: 'approve', by: 'U0ADA', at: '2026-03-01T09:06:00.000Z', sha: SHA_A } as const;
  const reject = { kind: 'reject', by: 'U0ADA', at: '2026-03-01T09:06:00.000Z', reason: 'Too big' } as const;
  const byStatus: Record<Status, Partial<Job>> = {
    queued: {},
    running: { phase: 'implement', workId: 'w1', attempt: 1, turnStartedAt: '2026-03-01T09:00:01.000Z' },
    waiting: {
      plan: SAMPLE_PLAN,
      results: [
        { turn: 1, outcome: 'plan', endedAt: '2026-03-01T09:05:00.000Z', plan: SAMPLE_PLAN, usage: {} },
      ],
    },
    in_review: withPull,
    merging: { ...withPull, decision: approve },
    closing: { ...withPull, decision: reject },
    failed: {
      results: [
        {
          turn: 1,
          outcome: 'failed',
          endedAt: '2026-03-01T09:05:00.000Z',
          failure: { code: 'agent_silent', reason: 'The agent said nothing for 10 minutes. Press Retry.' },
          usage: {},
        },
      ],
    },
    done: {
      results: [
        {
          turn: 1,
          outcome: 'answer',
          endedAt: '2026-03-01T09:05:00.000Z',
          answer: 'Prices are rounded once already.',
          usage: {},
        },
      ],
    },
    merged: { ...withPull, decision: approve, endedAt: '2026-03-01T09:07:00.000Z' },
    rejected: { ...withPull, decision: reject, endedAt: '2026-03-01T09:07:00.000Z' },
    cancelled: {
      results: [
        { turn: 1, outcome: 'stopped', endedAt: '2026-03-01T09:05:00.000Z', stoppedBy: 'U0BOB', usage: {} },
      ],
      endedAt: '2026-03-01T09:05:00.000Z',
    },
  };
  return sampleJob({ status, ...byStatus[status] });
}
