// Which of several jobs has to go where the runner's memory or disk runs out.
import { expect, test } from 'vitest';
import { createTotals } from '../../src/runner/totals.ts';

const limits = { memoryBytes: 1_000, freeDiskBytes: 100 };
const [small, large] = [{}, {}];

test('the job that takes most memory goes, and only while all take too much', () => {
  const totals = createTotals(limits);
  totals.note(small, { memoryBytes: 300, diskBytes: 0, diskAt: 0 });
  totals.note(large, { memoryBytes: 600, diskBytes: 0, diskAt: 0 });
  expect([small, large].map(totals.mustYieldMemory)).toEqual([false, false]);
  totals.note(large, { memoryBytes: 800, diskBytes: 0, diskAt: 0 });
  expect([small, large].map(totals.mustYieldMemory)).toEqual([false, true]);
  totals.forget(large);
  expect(totals.mustYieldMemory(small)).toBe(false);
});

test('where the disk is full nobody goes before all were measured since; one that cannot be does not hold it up', () => {
  const totals = createTotals(limits);
  const yields = (now: number) => [small, large].map((job) => totals.mustYieldDisk(job, now));
  totals.note(small, { memoryBytes: 0, diskBytes: 50, diskAt: 900 });
  totals.note(large, { memoryBytes: 0, diskBytes: 10, diskAt: 900 });
  expect(totals.noteDisk(true, 1_000)).toBe(1_000);
  expect(totals.noteDisk(true, 1_400)).toBe(1_000);
  totals.note(small, { memoryBytes: 0, diskBytes: 50, diskAt: 1_400 });
  expect(yields(1_500)).toEqual([false, false]);
  totals.note(large, { memoryBytes: 0, diskBytes: 5_000, diskAt: 1_600 });
  expect(yields(1_700)).toEqual([false, true]);
  totals.note(large, { memoryBytes: 0, diskBytes: 10, diskAt: 900 });
  expect(yields(6_100)).toEqual([true, false]);
  totals.noteDiskYielded(6_200);
  expect(yields(6_300)).toEqual([false, false]);
  expect(yields(40_000)).toEqual([true, false]);
  totals.noteDisk(false, 40_100);
  expect(yields(40_200)).toEqual([false, false]);
});
