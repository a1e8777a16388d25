// What somebody said or pressed counts from the moment they did it, however late Slack's event comes.
import { expect, test } from 'vitest';
import { saidAt } from '../../src/slack/said-at.ts';

const receivedAt = new Date('2026-11-20T10:10:00Z');
const secondsBefore = (count: number) => `${receivedAt.getTime() / 1_000 - count}.000100`;

test('an event that comes late counts from when Slack had it', () => {
  const at = saidAt(secondsBefore(300), receivedAt);
  expect(receivedAt.getTime() - at.getTime()).toBeGreaterThan(299_000);
});

test.for([secondsBefore(5), secondsBefore(-60), undefined, 'never'])(
  'clocks that differ a little, or tell nothing, change nothing (%s)',
  (ts) => {
    expect(saidAt(ts, receivedAt)).toEqual(receivedAt);
  },
);
