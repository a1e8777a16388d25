// What an agent's answers and reports say in numbers and ends: nothing unknown is taken for done, and nobody earns money.
import { expect, it } from 'vitest';
import { createUpdateParser } from '../../src/agent/parse-update.ts';
import { readPrompted } from '../../src/agent/turn.ts';

it.each([{}, { stopReason: 'error' }, { stopReason: 'max_turns' }, { stopReason: null }, { stopReason: 7 }])(
  'an end that ACP does not name is unknown: %j',
  (answer) => {
    expect(readPrompted(answer).stopReason).toBe('unknown');
  },
);

it('reads an end, and the tokens that it took', () => {
  const answer = { stopReason: 'end_turn', usage: { totalTokens: 12, inputTokens: 10 } };
  expect(readPrompted(answer)).toEqual({ stopReason: 'end_turn', usage: { totalTokens: 12 } });
});

it('a negative sum of tokens or money is none', () => {
  expect(readPrompted({ stopReason: 'end_turn', usage: { totalTokens: -5e6 } }).usage).toBeUndefined();
  const parse = createUpdateParser('/tree');
  const report = {
    sessionUpdate: 'usage_update',
    used: 5,
    size: 100,
    cost: { amount: -1_000, currency: 'USD' },
  };
  expect(parse(report)).toEqual({ kind: 'usage', usage: { contextUsed: 5, contextSize: 100 } });
});
