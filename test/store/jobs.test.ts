// Where a job lives: stored once however often it is asked for, changed once however many want to.
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import {
  applyEvent,
  findJobByThread,
  insertJob,
  listChannels,
  listJobs,
  listQuietJobs,
  loadJob,
  loadProgress,
  lockJob,
  saveProgress,
} from '../../src/store/jobs.ts';
import { LostJobError } from '../../src/store/lost-job.ts';
import { setThread, setThreadUrl } from '../../src/store/threads.ts';
import { jobInStatus, SHA_A, sampleJob } from '../support/sample-job.ts';
import { addJob, happen, now, queueItems, shareRoom, tenTimes } from '../support/store-room.ts';

const room = shareRoom();

test('a job comes back as it was stored', async () => {
  const store = room();
  const job = await addJob(store, { task: 'Nur im Warenkorb 🛒', threadTs: '1.2', model: 'm' });
  expect(await loadJob(store.db.sql, job.id)).toEqual(job);
  const { id, revision, attempt, branch, ...rest } = job;
  const { id: _i, revision: _r, attempt: _a, branch: _b, ...sample } = sampleJob();
  expect(rest).toEqual({ ...sample, task: 'Nur im Warenkorb 🛒', threadTs: '1.2', model: 'm' });
  expect([revision, attempt, branch]).toEqual([1, 0, `errand/J-${id}`]);
  expect(await loadJob(store.db.sql, 999)).toBeUndefined();
});

test('the same wish delivered twice, or by ten at once, is one job and one queue item', async () => {
  const store = room();
  const jobs = await tenTimes(() => addJob(store, {}, 'msg:1'));
  const again = await addJob(store, { task: 'other words' }, 'msg:1');
  expect(new Set([...jobs, again].map((job) => job.id)).size).toBe(1);
  expect(again.task).toBe('');
  expect(await queueItems(store, again.id)).toBe(1);
});

test('only the first of two deliveries is told that it created the job', async () => {
  const store = room();
  const create = () =>
    store.db.transaction((tx) =>
      insertJob(tx, store.queue, {
        sourceKey: 'cmd:1',
        build: (id) => ({
          ...sampleJob(),
          participants: [],
          context: [],
          results: [],
          branch: `errand/J-${id}`,
        }),
      }),
    );
  expect([(await create()).created, (await create()).created]).toEqual([true, false]);
});

test('nothing of a job stays when its transaction rolls back', async () => {
  const store = room();
  const build = () => ({ ...sampleJob(), participants: [], context: [], results: [] });
  let id = 0;
  const failing = store.db.transaction(async (tx) => {
    id = (await insertJob(tx, store.queue, { sourceKey: 'x', build })).job.id;
    throw new Error('crash before commit');
  });
  await expect(failing).rejects.toThrow('crash before commit');
  expect(await loadJob(store.db.sql, id)).toBeUndefined();
  expect(await queueItems(store, id)).toBe(0);
});

test('a runner with another attempt can change nothing', async () => {
  const store = room();
  const { id } = await addJob(store);
  const taken = await happen(store, id, { type: 'taken', workId: 'w1' });
  const takenOver = await happen(store, id, { type: 'taken', workId: 'w1' });
  expect([taken.attempt, takenOver.attempt]).toEqual([1, 2]);
  const event = { type: 'phase', phase: 'publish' } as const;
  const zombie = store.db.transaction(async (tx) => {
    const job = (await lockJob(tx, id)) ?? takenOver;
    return applyEvent(tx, store.queue, { job, event, now: now(), attempt: taken.attempt });
  });
  await expect(zombie).rejects.toThrow(LostJobError);
  const progress = { plan: [], usage: {}, activity: 'zombie' };
  await expect(saveProgress(store.db.sql, { id, attempt: 1 }, progress)).rejects.toThrow(LostJobError);
  expect(await loadProgress(store.db.sql, id)).toEqual({ plan: [], usage: {} });
  await saveProgress(store.db.sql, { id, attempt: 2 }, { ...progress, activity: 'heir' });
  expect((await loadProgress(store.db.sql, id)).activity).toBe('heir');
  expect(await loadJob(store.db.sql, id)).toEqual(takenOver);
});

test('a job that ended its turn takes no more progress', async () => {
  const store = room();
  const { id } = await addJob(store);
  await happen(store, id, { type: 'taken', workId: 'w1' });
  await happen(store, id, { type: 'put_back', code: 'restart', say: 'Restarted.' });
  const late = saveProgress(store.db.sql, { id, attempt: 1 }, { plan: [], usage: {} });
  await expect(late).rejects.toThrow(LostJobError);
});

test('a save under a revision that is no longer the newest fails', async () => {
  const store = room();
  const stale = await addJob(store);
  await happen(store, stale.id, { type: 'taken', workId: 'w1' });
  const event = { type: 'reply', by: 'U0BOB' } as const;
  const late = store.db.transaction((tx) => applyEvent(tx, store.queue, { job: stale, event, now: now() }));
  await expect(late).rejects.toThrow(/changed while it was locked/);
  expect((await loadJob(store.db.sql, stale.id))?.participants).toEqual([]);
});

test('ten approvals at once are one decision and one thing to settle', async () => {
  const store = room();
  const { status: _status, ...review } = jobInStatus('in_review');
  const { id } = await addJob(store, { ...review, status: 'in_review' });
  const before = await queueItems(store, id);
  const answers = await tenTimes((n) =>
    store.db.transaction(async (tx) => {
      const job = await lockJob(tx, id);
      if (!job) throw new Error('no job');
      const event = { type: 'approve', by: `U${n}`, sha: SHA_A } as const;
      return applyEvent(tx, store.queue, { job, event, now: now() });
    }),
  );
  expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  expect(await queueItems(store, id)).toBe(before + 1);
  expect((await loadJob(store.db.sql, id))?.revision).toBe(2);
});

test('work is enqueued when the status changes and only then', async () => {
  const store = room();
  const { id } = await addJob(store, { ...jobInStatus('done') });
  const before = await queueItems(store, id);
  await happen(store, id, { type: 'reply', by: 'U0BOB' }, { type: 'reply', by: 'U0EVE' });
  expect(await queueItems(store, id)).toBe(before + 1);
  await happen(store, id, { type: 'taken', workId: 'w1' }, { type: 'phase', phase: 'publish' });
  expect(await queueItems(store, id)).toBe(before + 1);
  await happen(store, id, { type: 'put_back', code: 'restart', say: 'Restarted.' });
  expect(await queueItems(store, id)).toBe(before + 2);
});

test('what no database takes is stored readably: NUL and half characters', async () => {
  const store = room();
  const half = '😀'.slice(0, 1);
  const { id } = await addJob(store, { task: `a\u0000b ${half} \\u0000` });
  expect((await loadJob(store.db.sql, id))?.task).toBe('a\uFFFDb \uFFFD \\u0000');
  await happen(store, id, { type: 'taken', workId: 'w1' });
  await saveProgress(store.db.sql, { id, attempt: 1 }, { plan: [], usage: {}, activity: `\u0000${half}` });
  expect((await loadProgress(store.db.sql, id)).activity).toBe('\uFFFD\uFFFD');
});

test('a job is found by its thread, the newest first, and remembers its first thread', async () => {
  const store = room();
  const first = await addJob(store, { threadTs: '1.1' });
  const second = await addJob(store, { threadTs: '1.1' });
  const { sql } = store.db;
  expect((await findJobByThread(sql, { channel: 'C1', threadTs: '1.1' }))?.id).toBe(second.id);
  expect(await findJobByThread(sql, { channel: 'C2', threadTs: '1.1' })).toBeUndefined();
  await setThread(sql, first.id, '9.9');
  expect((await loadJob(sql, first.id))?.threadTs).toBe('1.1');
  await setThreadUrl(sql, first.id, 'https://x.test/p1');
  expect(await loadJob(sql, first.id)).toMatchObject({ threadUrl: 'https://x.test/p1', revision: 1 });
});

test('lists are newest first, by team, person and status, and bounded', async () => {
  const store = room();
  const team = 'T2';
  const a = await addJob(store, { team });
  const b = await addJob(store, { team, requester: 'U0BOB' });
  const c = await addJob(store, { ...jobInStatus('done'), team, requester: 'U0EVE' });
  const ids = async (filter: Parameters<typeof listJobs>[1]) =>
    (await listJobs(store.db.sql, { team, ...filter })).map((job) => job.id);
  expect(await ids({})).toEqual([c.id, b.id, a.id]);
  expect(await ids({ requester: 'U0BOB' })).toEqual([b.id]);
  expect(await ids({ statuses: ['done'] })).toEqual([c.id]);
  expect(await ids({ limit: 1 })).toEqual([c.id]);
  expect(await ids({ team: 'T9' })).toEqual([]);
});

test('quiet jobs are those that nothing happened to for a while', async () => {
  const store = room();
  const { id } = await addJob(store);
  const quiet = (quietMs: number) => listQuietJobs(store.db.sql, { statuses: ['queued'], quietMs });
  expect(await quiet(60_000)).toEqual([]);
  expect((await quiet(-1_000)).map((job) => job.id)).toContain(id);
});

test('a job that another version wrote is refused by name, not by a crash', async () => {
  const store = room();
  const { id } = await addJob(store);
  await store.db.sql.query(`UPDATE jobs SET data = data || '{"status":"dreaming"}' WHERE id = $1`, [id]);
  await expect(loadJob(store.db.sql, id)).rejects.toMatchObject({ code: 'job_unreadable' });
});

test('a job that another version wrote does not hide the others from lists, nor keep a runner from starting', async () => {
  const store = room();
  const [unreadable, readable] = [await addJob(store), await addJob(store)];
  await store.db.sql.query(`UPDATE jobs SET data = data || '{"status":"dreaming"}' WHERE id = $1`, [
    unreadable.id,
  ]);
  const listed = (await listJobs(store.db.sql, { limit: 100 })).map((job) => job.id);
  const quiet = (await listQuietJobs(store.db.sql, { statuses: ['queued'], quietMs: -1_000 })).map(
    (job) => job.id,
  );
  for (const ids of [listed, quiet]) {
    expect(ids).toContain(readable.id);
    expect(ids).not.toContain(unreadable.id);
  }
});

test('jobs that somebody may not see take no place in their list', async () => {
  const store = room();
  const here = { team: 'T0SEEN' };
  const open = await addJob(store, { ...here, channel: 'C0OPEN' });
  const mine = await addJob(store, { ...here, channel: 'G0DEN', requester: 'U0ME' });
  for (let n = 0; n < 3; n += 1) await addJob(store, { ...here, channel: 'G0DEN', requester: 'U0OTHER' });
  const seenBy = { person: 'U0ME', channels: ['C0OPEN'] };
  const listed = await listJobs(store.db.sql, { ...here, seenBy, limit: 2 });
  expect(listed.map(({ id }) => id)).toEqual([mine.id, open.id]);
  const channels = await listChannels(store.db.sql, { ...here, statuses: ['queued'] });
  expect([...channels].sort()).toEqual(['C0OPEN', 'G0DEN']);
});
