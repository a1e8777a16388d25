// How far Slack is behind, and who may bring it up to date.
import { expect, test } from 'vitest';
import {
  addNotice,
  leaseJobsToShow,
  loadMessages,
  nextShowInMs,
  notePosting,
  noteShown,
  noteUnshowable,
  releaseJobToShow,
} from '../../src/store/messages.ts';
import { addJob, happen, openRoom, tenTimes } from '../support/store-room.ts';

const lease = { leaseMs: 30_000, limit: 20 };

test('a job that changed is leased to one of ten holders until it is given back', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const { id } = await addJob(store);
  const leases = await tenTimes((n) => leaseJobsToShow(sql, { ...lease, holder: `bot${n}` }));
  expect(leases.flat()).toMatchObject([{ jobId: id }]);
  expect(await nextShowInMs(sql)).toBeGreaterThan(20_000);
  const holder = `bot${leases.findIndex((mine) => mine.length === 1)}`;
  const change = leases.flat()[0]?.change ?? 0;
  const shown = { jobId: id, change, isShown: true, pauseMs: 0 };
  await releaseJobToShow(sql, { ...shown, holder: 'somebody else' });
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'late' })).toEqual([]);
  await releaseJobToShow(sql, { ...shown, holder });
  expect(await nextShowInMs(sql)).toBeUndefined();
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'late' })).toEqual([]);
});

test('a change that comes while a job is being shown makes it due again', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const { id } = await addJob(store);
  const [held] = await leaseJobsToShow(sql, { ...lease, holder: 'a' });
  await happen(store, id, { type: 'taken', workId: 'w1' });
  await releaseJobToShow(sql, {
    holder: 'a',
    jobId: id,
    change: held?.change ?? 0,
    isShown: true,
    pauseMs: 0,
  });
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'b' })).toMatchObject([{ jobId: id }]);
});

test('a lease whose holder died ends, and a pause is kept', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const { id } = await addJob(store);
  await leaseJobsToShow(sql, { holder: 'dead', leaseMs: -1, limit: 5 });
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'heir' })).toMatchObject([{ jobId: id }]);
  await releaseJobToShow(sql, { holder: 'heir', jobId: id, change: 0, isShown: false, pauseMs: 60_000 });
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'heir' })).toEqual([]);
  const waitMs = (await nextShowInMs(sql)) ?? 0;
  expect(waitMs).toBeGreaterThan(50_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
});

test('a message remembers that it is being posted, what it shows, and that it was given up', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const { id } = await addJob(store);
  await leaseJobsToShow(sql, { ...lease, holder: 'a' });
  const ours = { jobId: id, holder: 'a', leaseMs: 30_000 };
  const card = { slot: 'card', channel: 'C1' };
  expect(await notePosting(sql, { ...ours, holder: 'another' }, card)).toBe(false);
  expect(await loadMessages(sql, id)).toEqual([]);
  expect(await notePosting(sql, ours, card)).toBe(true);
  const [posting] = await loadMessages(sql, id);
  expect(await notePosting(sql, ours, card)).toBe(true);
  expect((await loadMessages(sql, id))[0]?.postingAt).toEqual(posting?.postingAt);
  await noteShown(sql, id, { slot: 'card', ts: '1.1', hash: 'h1' });
  const [shown] = await loadMessages(sql, id);
  expect(shown).toMatchObject({ slot: 'card', channel: 'C1', ts: '1.1', shownHash: 'h1' });
  expect(shown?.postingAt).toBeUndefined();
  expect(await notePosting(sql, ours, card), 'It stands there already.').toBe(false);
  await noteUnshowable(sql, id, { ...card, hash: 'h2', problem: 'message_not_found' });
  expect((await loadMessages(sql, id))[0]).toMatchObject({
    ts: '1.1',
    shownHash: 'h2',
    problem: 'message_not_found',
  });
});

test('a notice stands once in its slot and makes the job due', async () => {
  const store = await openRoom();
  const { sql } = store.db;
  const { id } = await addJob(store);
  const [held] = await leaseJobsToShow(sql, { ...lease, holder: 'a' });
  await releaseJobToShow(sql, {
    holder: 'a',
    jobId: id,
    change: held?.change ?? 0,
    isShown: true,
    pauseMs: 0,
  });
  await tenTimes((n) =>
    store.db.transaction((tx) =>
      addNotice(tx, { jobId: id, slot: 'notice:x', channel: 'C1', wanted: { text: `words ${n}\u0000` } }),
    ),
  );
  expect(await loadMessages(sql, id)).toHaveLength(1);
  expect(await leaseJobsToShow(sql, { ...lease, holder: 'a' })).toMatchObject([{ jobId: id }]);
});
