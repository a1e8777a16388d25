// The queue: joins our transactions, gives each item to one worker, takes it from dead ones.
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WorkItem, WorkOutcome } from '../../src/store/queue.ts';
import type { Store } from '../../src/store/store.ts';
import { addJob, openAnother, openRoom, tenTimes } from '../support/store-room.ts';

const WORKER = new URL('../support/queue-worker-process.ts', import.meta.url).pathname;

/** Works on turns and hands out what comes, in its order. */
async function startWorker(store: Store, answer: (item: WorkItem) => WorkOutcome = () => 'done') {
  const seen: WorkItem[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  await store.queue.work('turn', { slots: 4 }, async (item) => {
    seen.push(item);
    for (const one of waiting) if (seen.length >= one.count) one.resolve();
    return answer(item);
  });
  return {
    seen,
    /** Resolves once `count` items came. */
    async atLeast(count: number): Promise<readonly WorkItem[]> {
      if (seen.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return seen;
    },
  };
}

test('work that is enqueued in a transaction comes with its commit and not without', async () => {
  const store = await openRoom({ supervise: true });
  const kept = await addJob(store);
  const lost = store.db.transaction(async (tx) => {
    await store.queue.enqueue(tx, 'turn', 4711);
    throw new Error('rolled back');
  });
  await expect(lost).rejects.toThrow('rolled back');
  expect(await store.queue.hasItem('turn', kept.id)).toBe(true);
  expect(await store.queue.hasItem('turn', 4711)).toBe(false);
  expect(await store.queue.hasItem('settle', kept.id)).toBe(false);
  const worker = await startWorker(store);
  expect((await worker.atLeast(1)).map((item) => item.jobId)).toEqual([kept.id]);
});

test('ten jobs on two runners are worked on once each', async () => {
  const store = await openRoom({ supervise: true });
  const other = await openAnother(store.url, { supervise: true });
  const jobs = await tenTimes(() => addJob(store));
  const taken: number[] = [];
  await new Promise<void>((resolve) => {
    const take = async (item: WorkItem): Promise<WorkOutcome> => {
      taken.push(item.jobId);
      if (taken.length === jobs.length) resolve();
      return 'done';
    };
    void store.queue.work('turn', { slots: 2 }, take);
    void other.queue.work('turn', { slots: 2 }, take);
  });
  expect(taken.toSorted((a, b) => a - b)).toEqual(jobs.map((job) => job.id).toSorted((a, b) => a - b));
});

test('a worker that asks for later gets the job again', async () => {
  const store = await openRoom({ supervise: true });
  const { id } = await addJob(store);
  let asked = 0;
  const worker = await startWorker(store, () => {
    asked += 1;
    return asked === 1 ? { againInMs: 10 } : 'done';
  });
  const seen = await worker.atLeast(2);
  expect(seen.map((item) => item.jobId)).toEqual([id, id]);
});

test('a handler that throws gets the same item again', async () => {
  const store = await openRoom({ supervise: true });
  await addJob(store);
  let asked = 0;
  const worker = await startWorker(store, () => {
    asked += 1;
    if (asked === 1) throw new Error('The database went away.');
    return 'done';
  });
  const [first, second] = await worker.atLeast(2);
  expect(second).toMatchObject({ workId: first?.workId, retryCount: 1 });
});

test('the work of a killed runner is taken over within 15 s, as the same item', {
  timeout: 40_000,
}, async () => {
  const store = await openRoom({ supervise: true });
  const child = execa('node', [WORKER, store.url], { reject: false });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = child.iterable();
  const next = async () => (await lines.next()).value;
  expect(await next()).toBe('ready');
  const { id } = await addJob(store);
  const workId = String(await next()).replace('taken ', '');
  child.kill('SIGKILL');
  const killedAt = performance.now();
  const worker = await startWorker(store);
  const [item] = await worker.atLeast(1);
  expect(item).toMatchObject({ jobId: id, workId });
  expect(performance.now() - killedAt).toBeLessThan(15_000);
});

test.each([-60, 60])('a wait is one of the database: this machine may be %i minutes off', async (minutes) => {
  const store = await openRoom({ supervise: true });
  const job = await addJob(store);
  const answers: WorkOutcome[] = [{ againInMs: 300 }];
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
  const worker = await startWorker(store, () => answers.shift() ?? 'done');
  await worker.atLeast(2);
  await store.db.transaction((tx) => store.queue.enqueue(tx, 'turn', job.id, { startInMs: 300 }));
  expect(await worker.atLeast(3)).toHaveLength(3);
});
