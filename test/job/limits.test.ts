// What one job may take: a repository may only hold it tighter.
import { expect, test } from 'vitest';
import { tightenLimits } from '../../src/job/limits.ts';

const deployment = {
  turnMs: 3_600_000,
  silenceMs: 600_000,
  memoryBytes: 4e9,
  processes: 500,
  diskBytes: 1e10,
  outputBytes: 5e8,
  messages: 1e6,
};

test('without wishes the limits of the deployment hold', () => {
  expect(tightenLimits(deployment)).toEqual(deployment);
});

test('a tighter wish counts, a looser one does not', () => {
  const tight = { minutes: 5, silence_minutes: 1, memory_mb: 100, processes: 20 };
  expect(tightenLimits(deployment, { ...tight, disk_mb: 50, output_mb: 1, messages: 10 })).toEqual({
    turnMs: 300_000,
    silenceMs: 60_000,
    memoryBytes: 1e8,
    processes: 20,
    diskBytes: 5e7,
    outputBytes: 1e6,
    messages: 10,
  });
  const loose = { minutes: 600, silence_minutes: 60, memory_mb: 1e6, processes: 1e6 };
  expect(tightenLimits(deployment, { ...loose, disk_mb: 1e6, output_mb: 1e6, messages: 1e9 })).toEqual(
    deployment,
  );
});
