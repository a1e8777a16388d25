// Who looks at which job, and when: one runner at a time, young jobs often, old ones rarely, and nobody for ever.
import { expect, test } from 'vitest';
import {
  noteLook,
  putOffLook,
  receiveDelivery,
  type SeenBefore,
  takeDueWatches,
} from '../../src/store/watches.ts';
import { SAMPLE_PULL } from '../support/sample-job.ts';
import { addJob, happen, openAnother, openRoom, type Room, tenTimes } from '../support/store-room.ts';

const PACE = { everyMs: 60_000, atLeastEveryMs: 3_600_000, leaseMs: 60_000, limit: 10 };
const SEEN: SeenBefore = { pull: { of: 'acme/shop#3', etag: 'W/"abc"', value: 'gone' } };

const withPull = (room: Room) => addJob(room, { pull: SAMPLE_PULL });
const jobsOf = (watches: readonly { jobId: number }[]) =>
  watches.map(({ jobId }) => jobId).sort((a, b) => a - b);

/** Time passes for a job: its last look and its last news are so long ago. */
const age = (room: Room, jobId: number, ago: { lookMs: number; newsMs: number }) =>
  Promise.all([
    room.db.sql.query(`UPDATE watches SET looked_at = now() - $2 * interval '1 ms' WHERE job_id = $1`, [
      jobId,
      ago.lookMs,
    ]),
    // The trigger would call this news; a session without triggers does not.
    room.db.transaction(async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query(`UPDATE jobs SET updated_at = now() - $2 * interval '1 ms' WHERE id = $1`, [
        jobId,
        ago.newsMs,
      ]);
    }),
  ]);

test('each job is looked at by one runner, however many ask at once', async () => {
  const room = await openRoom();
  const jobs = await tenTimes(() => withPull(room));
  const other = await openAnother(room.url);
  const takes = await tenTimes((n) => takeDueWatches((n % 2 ? room : other).db.sql, { ...PACE, limit: 3 }));
  expect(jobsOf(takes.flat())).toEqual(jobs.map(({ id }) => id).sort((a, b) => a - b));
  expect(await takeDueWatches(room.db.sql, PACE)).toEqual([]);
});

test('a runner that died in the middle of a look is replaced when its lease has run out', async () => {
  const room = await openRoom();
  const job = await withPull(room);
  await takeDueWatches(room.db.sql, PACE);
  expect(await takeDueWatches(room.db.sql, PACE)).toEqual([]);
  await room.db.sql.query(`UPDATE watches SET leased_until = now() - interval '1 s'`);
  expect(jobsOf(await takeDueWatches(room.db.sql, PACE))).toEqual([job.id]);
});

test('what was seen comes back with the next look; what nobody can read any more does not', async () => {
  const room = await openRoom();
  const job = await withPull(room);
  const look = async () => {
    const [watch] = await takeDueWatches(room.db.sql, PACE);
    if (watch === undefined) throw new Error('Nothing is due.');
    return watch;
  };
  await noteLook(room.db.sql, await look(), { seen: SEEN, pauseMs: 0 });
  await age(room, job.id, { lookMs: 80_000, newsMs: 0 });
  const second = await look();
  expect(second.seen).toEqual(SEEN);
  await putOffLook(room.db.sql, second, { pauseMs: 0, failed: true });
  const third = await look();
  expect(third).toMatchObject({ failures: 1, seen: SEEN });
  await room.db.sql.query(
    `UPDATE watches SET leased_until = 'epoch', seen = '{"pull":{"of":7},"issue":"new"}'`,
  );
  expect((await look()).seen).toEqual({ pull: undefined, issue: undefined });
});

test('the older the news, the rarer the look, down to a limit; news bring it near again', async () => {
  const room = await openRoom();
  const job = await withPull(room);
  const [watch] = await takeDueWatches(room.db.sql, PACE);
  if (watch === undefined) throw new Error('Nothing is due.');
  const isDue = async (ago: { lookMs: number; newsMs: number }) => {
    await noteLook(room.db.sql, watch, { seen: {}, pauseMs: 0 });
    await age(room, job.id, ago);
    return (await takeDueWatches(room.db.sql, PACE)).length === 1;
  };
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  expect(await isDue({ lookMs: 0.8 * minute, newsMs: 0 })).toBe(false);
  expect(await isDue({ lookMs: 1.2 * minute, newsMs: 0 })).toBe(true);
  expect(await isDue({ lookMs: 20 * minute, newsMs: 10 * hour })).toBe(false);
  expect(await isDue({ lookMs: 36 * minute, newsMs: 10 * hour })).toBe(true);
  expect(await isDue({ lookMs: 0.8 * hour, newsMs: 30 * day })).toBe(false);
  expect(await isDue({ lookMs: 1.2 * hour, newsMs: 30 * day })).toBe(true);
  expect(await isDue({ lookMs: 1.2 * minute, newsMs: minute })).toBe(true);
});

test('nobody looks at what is over, or at a job that has nothing at GitHub', async () => {
  const room = await openRoom();
  const over = await withPull(room);
  await happen(room, over.id, { type: 'stop', by: over.requester }, { type: 'closed' });
  const { issue: _issue, ...bare } = await addJob(room);
  await room.db.sql.query(`UPDATE jobs SET data = data - 'issue' WHERE id = $1`, [bare.id]);
  expect(await takeDueWatches(room.db.sql, PACE)).toEqual([]);
});

test('a webhook wakes a look that was put off after trouble, once for each', async () => {
  const room = await openRoom();
  const job = await withPull(room);
  const [watch] = await takeDueWatches(room.db.sql, PACE);
  if (watch === undefined) throw new Error('Nothing is due.');
  const putOff = () => putOffLook(room.db.sql, watch, { pauseMs: 3_600_000, failed: true });
  await putOff();
  expect(await takeDueWatches(room.db.sql, PACE)).toEqual([]);
  await receiveDelivery(room.db, { id: 'one', event: 'pull_request', hint: { kind: 'everything' } });
  expect(jobsOf(await takeDueWatches(room.db.sql, PACE))).toEqual([job.id]);
  await putOff();
  expect(await takeDueWatches(room.db.sql, PACE)).toEqual([]);
});
