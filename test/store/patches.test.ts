// Diffs for the pages of jobs: kept while anybody may decide by them, and some time longer.
import { expect, test } from 'vitest';
import { sweepPatches } from '../../src/runner/keep-patches.ts';
import { forgetOldPatches, listPatchTurns, savePatch, weighPatches } from '../../src/store/patches.ts';
import { SHA_A, SHA_B } from '../support/sample-job.ts';
import { addJob, openRoom, silent } from '../support/store-room.ts';

const DAY_MS = 24 * 60 * 60_000;

test('those of a job that is over go after their time, and no others ever', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const statuses = ['merged', 'rejected', 'cancelled', 'done', 'in_review', 'failed', 'running'] as const;
  const whole = { text: '+one\n'.repeat(1_000), cut: false };
  const jobs = await Promise.all(
    statuses.map(async (status) => {
      const job = await addJob(store, { status });
      await savePatch(sql, job, { baseSha: SHA_B, headSha: SHA_A, whole });
      return job;
    }),
  );
  const kept = async () => {
    const turns = await Promise.all(jobs.map(({ id }) => listPatchTurns(sql, id)));
    return statuses.filter((_status, index) => turns[index]?.length === 1);
  };
  expect(await weighPatches(sql, DAY_MS)).toMatchObject([{ isOld: false, turns: 7 }]);
  expect(await forgetOldPatches(sql, DAY_MS)).toBe(0);
  expect(await kept()).toEqual(statuses);
  const weighed = await weighPatches(sql, 0);
  expect(weighed).toMatchObject([
    { isOld: false, turns: 3 },
    { isOld: true, turns: 4 },
  ]);
  expect(Math.min(...weighed.map(({ bytes }) => bytes))).toBeGreaterThan(0);
  await sweepPatches({ store, keptLifetimeMs: 0, log: silent });
  expect(await kept()).toEqual(['in_review', 'failed', 'running']);
});
