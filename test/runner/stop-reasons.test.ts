// What people are told where an agent ends before its work is done; an end that nobody knows is not taken for one of the work.
import { expect, test } from 'vitest';
import { judgeStop } from '../../src/runner/stop-reasons.ts';

test('only the end of the turn is the end of the work', () => {
  expect(() => judgeStop('end_turn')).not.toThrow();
});

test.each([
  ['max_tokens', 'agent_exhausted'],
  ['refusal', 'agent_refused'],
  ['cancelled', 'agent_cancelled'],
  ['unknown', 'agent_ended_oddly'],
])('%s is said as %s', (reason, code) => {
  expect(() => judgeStop(reason)).toThrow(expect.objectContaining({ code }));
});
