// A plan that nobody answers ends politely: once, however many runners look, and never one that somebody has answered.
import { expect, test } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { expirePlans } from '../../src/runner/expire-plans.ts';
import { readEvents } from '../../src/store/events.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { jobInStatus } from '../support/sample-job.ts';
import { addJob, happen, shareRoom, silent } from '../support/store-room.ts';

const room = shareRoom();
const DAY_MS = 24 * 60 * 60_000;
/** The sample's plan was made on 2026-03-01 at 09:05. */
const look = (now: string) =>
  expirePlans({
    store: room(),
    log: silent,
    now: () => new Date(now),
    limits: { planLifetimeMs: 7 * DAY_MS },
  });
const waits = (fields: Partial<Job> = {}) => {
  const { id: _id, ...job } = jobInStatus('waiting');
  return addJob(room(), { ...job, ...fields });
};
const statusOf = async ({ id }: Job) => (await loadJob(room().db.sql, id))?.status;

test('after a week without an answer the job is cancelled, once, and says why', async () => {
  const job = await waits();
  await look('2026-03-08T09:04:59Z');
  expect(await statusOf(job)).toBe('waiting');
  await Promise.all([look('2026-03-08T09:05:00Z'), look('2026-03-08T09:05:00Z')]);
  const ended = await loadJob(room().db.sql, job.id);
  expect(ended).toMatchObject({ status: 'cancelled', planEnd: { how: 'expired' } });
  const events = await readEvents(room().db.sql, job.id);
  expect(events.filter(({ data }) => 'event' in data && data.event === 'plan_expired')).toHaveLength(1);
});

test('a plan that somebody runs in time stays', async () => {
  const job = await waits();
  await happen(room(), job.id, { type: 'plan_run', by: 'U0BOB' });
  await look('2027-01-01T00:00:00Z');
  expect(await statusOf(job)).toBe('queued');
});
