// When a context is full: past the limit at the next step, near its end at once.
import { expect, test } from 'vitest';
import { createContextWatch } from '../../src/runner/context-watch.ts';

/** The state after each report of so many of 100 tokens. */
function fill(limit: number | undefined, reports: readonly number[], known?: number) {
  const watch = createContextWatch(limit === undefined ? {} : { context_percent: limit }, known);
  return reports.map((contextUsed) => {
    watch.add({ contextUsed, contextSize: 100 });
    return watch.isOverflowing() ? 'overflowing' : watch.isFull() ? 'full' : 'free';
  });
}

test.each([
  [undefined, [10, 59, 60, 89, 90], ['free', 'free', 'full', 'full', 'overflowing']],
  [10, [9, 10, 77, 78], ['free', 'full', 'full', 'overflowing']],
  [95, [94, 95, 98, 99], ['free', 'full', 'full', 'overflowing']],
])('with a limit of %j', (limit, reports, states) => {
  expect(fill(limit, reports)).toEqual(states);
});

test('an agent that made room for itself is no longer full', () => {
  expect(fill(undefined, [80, 20])).toEqual(['full', 'free']);
});

test('size and use may come one by one, and nothing is known before', () => {
  const watch = createContextWatch();
  watch.add({ contextUsed: 99 });
  expect([watch.percent(), watch.isFull()]).toEqual([undefined, false]);
  watch.add({ contextSize: 110 });
  expect([watch.percent(), watch.isFull()]).toEqual([90, true]);
});

test('what was heard of a session in its earlier life holds until it tells anew', () => {
  const watch = createContextWatch({}, 61);
  expect(watch.isFull()).toBe(true);
  watch.add({ totalTokens: 5 });
  expect(watch.isFull()).toBe(true);
  expect(fill(undefined, [30], 61)).toEqual(['free']);
});
