// What a job has spent: agents count differently, and the job is held to what is certain.
import { describe, expect, test } from 'vitest';
import type { Usage } from '../../src/job/agent-update.ts';
import { createSpending, judgeImplementing, judgeSpent, spentOf } from '../../src/job/spending.ts';

function follow(session: { resumed: boolean; counter: number }, reports: readonly Usage[]) {
  const spending = createSpending(session);
  for (const report of reports) spending.add(report);
  return { ...spending.spent(), counter: spending.counter(), told: spending.told() };
}
const usd = (amount: number) => ({ cost: { amount, currency: 'USD' } });
const FRESH = { resumed: false, counter: 0.3 };
const RESUMED = { resumed: true, counter: 0.25 };

test('an agent that tells nothing has spent nothing that we know of', () => {
  expect(follow(FRESH, [])).toEqual({ tokens: 0, cost: 0, counter: 0, told: 0 });
});

describe('money', () => {
  test('is one counter for a session', () => {
    expect(follow(FRESH, [usd(0.25), usd(0.5)])).toMatchObject({ cost: 0.5, counter: 0.5 });
  });
  test('is not counted twice where the counter goes on in the next life', () => {
    expect(follow(RESUMED, [usd(0.5), usd(0.75)])).toMatchObject({ cost: 0.5, counter: 0.75 });
  });
  test('is not lost where the counter begins anew', () => {
    expect(follow(RESUMED, [usd(0.125), usd(0.5)])).toMatchObject({ cost: 0.5, counter: 0.5 });
  });
});

describe('tokens', () => {
  test('are what the context grew by until the agent tells them', () => {
    const filling = [{ contextUsed: 1_000 }, { contextUsed: 5_000 }, { contextUsed: 2_000 }];
    expect(follow(FRESH, filling)).toMatchObject({ tokens: 5_000, told: 0 });
    expect(follow(FRESH, [...filling, { totalTokens: 9_000 }])).toMatchObject({ tokens: 9_000, told: 9_000 });
  });
  test('of an earlier life are not counted again', () => {
    expect(follow(RESUMED, [{ contextUsed: 40_000 }, { contextUsed: 41_000 }]).tokens).toBe(1_000);
  });
});

test('a session that is over took its tokens, or what its context came to', () => {
  expect(spentOf({ ...usd(0.5), totalTokens: 9_000, contextUsed: 4_000 })).toEqual({
    tokens: 9_000,
    cost: 0.5,
  });
  expect(spentOf({ contextUsed: 4_000 })).toEqual({ tokens: 4_000, cost: 0 });
  expect(spentOf({})).toEqual({ tokens: 0, cost: 0 });
});

describe('a budget', () => {
  test('ends the job with a reason that says who raises what', () => {
    expect(judgeSpent({ tokens: 12_000, cost: 0 }, { tokens: 12_000 }, 'main')).toMatchObject({
      code: 'token_limit',
      message: expect.stringMatching(
        /used 12,000 tokens, and 12,000 are all.*`limits\.tokens`.*`main`.*press Retry/s,
      ),
    });
    expect(judgeSpent({ tokens: 0, cost: 2.504 }, { cost: 2.5, tokens: 5 }, 'dev')).toMatchObject({
      code: 'cost_limit',
      message: expect.stringContaining('cost 2.50 dollars, and 2.50 are all'),
    });
  });
  test('of implementing alone is that of one turn', () => {
    expect(judgeImplementing(500, 500)).toMatchObject({
      code: 'token_limit',
      message: expect.stringContaining('`phases.implement.tokens`'),
    });
    expect([judgeImplementing(499, 500), judgeImplementing(1e9, undefined)]).toEqual([undefined, undefined]);
  });
  test('lets on whoever has something left, or no budget', () => {
    expect(judgeSpent({ tokens: 11_999, cost: 2 }, { tokens: 12_000, cost: 2.5 }, 'main')).toBeUndefined();
    expect(judgeSpent({ tokens: 1e9, cost: 1e6 }, {}, 'main')).toBeUndefined();
  });
});
