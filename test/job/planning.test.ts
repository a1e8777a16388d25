// A plan goes on by itself or waits for people: for approval, for answers, or for a word on whether it is one job.
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { type Job, STATUSES } from '../../src/job/job.ts';
import type { JobPlan } from '../../src/job/plan.ts';
import { awaited, choosePlanMode, isPlanExpired, MOST_ROUNDS, wantsOne } from '../../src/job/planning.ts';
import { recipeFor } from '../../src/job/recipe.ts';
import { transition } from '../../src/job/transition.ts';
import { apply, ended, NOW, PLAN_EVENTS, refusal } from '../support/job-events.ts';
import { jobInStatus, SAMPLE_PLAN, sampleJob } from '../support/sample-job.ts';

/** A job that waits for people to say something of this plan. */
function waiting(plan: Partial<JobPlan> = {}, fields: Partial<Job> = {}): Job {
  return { ...jobInStatus('waiting'), plan: { ...SAMPLE_PLAN, ...plan }, ...fields };
}
const TWO_QUESTIONS = {
  questions: [
    { question: 'Which page?', proposals: ['This one', 'That one'] },
    { question: 'How fast?', proposals: ['Below a second'] },
  ],
};
const run = { type: 'plan_run', by: 'U0BOB', turn: 1 } as const;
const choose = (question: number, proposal = 0, by = 'U0BOB') =>
  ({ type: 'plan_answered', by, turn: 1, question, proposal }) as const;

test('every status answers everything that people do with plans', () => {
  const lines = Object.entries(PLAN_EVENTS).map(([name, event]) => {
    const answers = STATUSES.map((status) => {
      const next = transition(jobInStatus(status), event, NOW);
      return `${status}: ${isRefusal(next) ? `(${next.code})` : next.status}`;
    });
    return `${name}\n  ${answers.join(' · ')}`;
  });
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    plan_run
      queued: (no_plan_waits) · running: (no_plan_waits) · waiting: queued · in_review: (no_plan_waits) · merging: (no_plan_waits) · closing: (no_plan_waits) · failed: (no_plan_waits) · done: (no_plan_waits) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    plan_answered
      queued: (no_plan_waits) · running: (no_plan_waits) · waiting: (stale) · in_review: (no_plan_waits) · merging: (no_plan_waits) · closing: (no_plan_waits) · failed: (no_plan_waits) · done: (no_plan_waits) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    plan_split
      queued: (no_plan_waits) · running: (no_plan_waits) · waiting: (one_task) · in_review: (no_plan_waits) · merging: (no_plan_waits) · closing: (no_plan_waits) · failed: (no_plan_waits) · done: (no_plan_waits) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    plan_dropped
      queued: (no_plan_waits) · running: (no_plan_waits) · waiting: cancelled · in_review: (no_plan_waits) · merging: (no_plan_waits) · closing: (no_plan_waits) · failed: (no_plan_waits) · done: (no_plan_waits) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    plan_expired
      queued: (no_plan_waits) · running: (no_plan_waits) · waiting: cancelled · in_review: (no_plan_waits) · merging: (no_plan_waits) · closing: (no_plan_waits) · failed: (no_plan_waits) · done: (no_plan_waits) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    "
  `);
});

test.each([
  ['ask', 'off', 'auto', 'ask'],
  ['ask', 'auto', 'off', 'ask'],
  ['auto', 'ask', 'off', 'ask'],
  ['off', undefined, 'ask', 'off'],
  [undefined, 'off', 'ask', 'off'],
  [undefined, undefined, 'ask', 'ask'],
] as const)('repository %s, command %s, deployment %s: %s', (repository, command, deployment, mode) => {
  expect(choosePlanMode({ repository, command, deployment })).toBe(mode);
});

test.each([
  ['Refactor and test as one', true],
  ['Refactor and test as one job.', true],
  ['Do both as one\nand a second line', true],
  ['Show both lists as one table', false],
  ['Refactor', false],
])('%j insists on one job: %s', (task, isOne) => {
  expect(wantsOne({ task })).toBe(isOne);
});

describe('run', () => {
  test('approves the plan, in the name of who pressed, and the work follows it', () => {
    const next = apply(waiting(), run);
    expect(next).toMatchObject({
      status: 'queued',
      turn: 2,
      plan: { state: 'approved', approvedBy: 'U0BOB' },
    });
    expect(recipeFor(next).map((step) => step.do)).not.toContain('plan');
  });

  test('pressed twice says that it was approved, and for a plan of another turn that it is stale', () => {
    const next = apply(waiting(), run);
    expect(refusal(next, run).code).toBe('already_decided');
    expect(refusal(waiting({ turn: 2 }, { turn: 2 }), run).code).toBe('stale');
  });

  test('is not enough for several tasks; as one, it stays one', () => {
    const bundle = waiting({ tasks: ['One', 'Another'] });
    expect(awaited(bundle)).toBe('split');
    expect(refusal(bundle, run)).toMatchObject({ code: 'which_way' });
    expect(apply(bundle, { ...run, asOne: true })).toMatchObject({
      asOne: true,
      plan: { state: 'approved' },
    });
  });

  test('on questions lets a new plan decide, which asks no more', () => {
    const next = apply(waiting(TWO_QUESTIONS), run);
    expect(next).toMatchObject({
      status: 'queued',
      turn: 2,
      plan: { state: 'waiting', rounds: MOST_ROUNDS },
    });
    expect(recipeFor(next)[0]).toMatchObject({ do: 'plan' });
  });
});

describe('an answer', () => {
  test('is kept with who gave it; the last one starts the planner', () => {
    const half = apply(waiting(TWO_QUESTIONS), choose(0, 1));
    expect(half).toMatchObject({
      status: 'waiting',
      turn: 1,
      plan: { chosen: [{ question: 0, text: 'That one', by: 'U0BOB' }] },
    });
    const whole = apply(half, choose(1));
    expect(whole).toMatchObject({ status: 'queued', turn: 2 });
    expect(whole.results[0]?.plan?.chosen, 'what was shown keeps it, too').toHaveLength(2);
  });

  test('is given once, to a question that there is', () => {
    const half = apply(waiting(TWO_QUESTIONS), choose(0));
    expect(refusal(half, choose(0, 1, 'U0ADA'))).toMatchObject({ code: 'already_answered' });
    expect(refusal(half, choose(2)).code).toBe('stale');
    expect(refusal(half, choose(1, 3)).code).toBe('stale');
  });

  test('to a question without proposals comes in words, which start the planner at once', () => {
    const open = waiting({ questions: [{ question: 'Why?', proposals: [] }] });
    expect(apply(open, { type: 'reply', by: 'U0ADA' })).toMatchObject({ status: 'queued', turn: 2 });
  });
});

test('a split ends the job beside its tasks, and words go to those', () => {
  const bundle = waiting({ tasks: ['One', 'Another'] });
  const split = apply(bundle, { type: 'plan_split', by: 'U0BOB', jobs: [8, 9] });
  expect(split).toMatchObject({ status: 'done', planEnd: { how: 'split', jobs: [8, 9], by: 'U0BOB' } });
  expect(refusal(split, { type: 'reply', by: 'U0ADA' }).refusal).toContain('J-8 and J-9');
  expect(refusal(split, { ...run, asOne: true }).refusal).toContain('J-8 and J-9');
});

test('a stop of a plan that waits drops it; one that comes as the plan does, too', () => {
  const dropped = { status: 'cancelled', planEnd: { how: 'dropped', by: 'U0BOB' } };
  expect(apply(waiting(), { type: 'stop', by: 'U0BOB' })).toMatchObject(dropped);
  const wished = apply(jobInStatus('running'), { type: 'stop', by: 'U0BOB' });
  expect(apply(wished, ended('plan'))).toMatchObject(dropped);
});

test('a plan expires when nobody answered for the whole time', () => {
  const lifetimeMs = 1_000;
  const at = (iso: string) => ({ now: new Date(iso), lifetimeMs });
  expect(isPlanExpired(waiting(), at('2026-03-01T09:05:00.999Z'))).toBe(false);
  expect(isPlanExpired(waiting(), at('2026-03-01T09:05:01.000Z'))).toBe(true);
  const chosen = [{ question: 0, text: 'x', by: 'U0BOB', at: '2026-03-01T09:10:00.000Z' }];
  expect(isPlanExpired(waiting({ ...TWO_QUESTIONS, chosen }), at('2026-03-01T09:05:01.000Z'))).toBe(false);
  expect(isPlanExpired(jobInStatus('in_review'), at('2030-01-01T00:00:00Z'))).toBe(false);
});

describe('the recipe', () => {
  const steps = (job: Job) => recipeFor(job).map((step) => step.do);

  test('of a turn whose runner died after the plan is to wait, not to plan again', () => {
    expect(steps(waiting({}, { status: 'running' }))).toEqual([]);
  });

  test('plans after words on a plan, and after a failure before there was one', () => {
    expect(steps(waiting({}, { status: 'running', turn: 2 }))[0]).toBe('plan');
    expect(steps({ ...jobInStatus('failed'), turn: 2 })[0]).toBe('plan');
    expect(steps(sampleJob())[0]).toBe('plan');
  });

  test('goes on where the plan is settled or the work has begun', () => {
    expect(steps(sampleJob({ plan: { ...SAMPLE_PLAN, state: 'auto' } }))[0]).toBe('implement');
    expect(steps(sampleJob({ plan: { ...SAMPLE_PLAN, state: 'approved' }, turn: 2 }))[0]).toBe('implement');
    expect(steps({ ...jobInStatus('in_review'), turn: 2 })[0]).toBe('implement');
  });
});
