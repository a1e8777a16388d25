// News of changes: every committed change is told, and after a lost connection that something may have been missed.
import { expect, test } from 'vitest';
import { openChanges } from '../../src/store/changes.ts';
import { isTransientDatabaseError } from '../../src/store/database.ts';
import { insertReply } from '../../src/store/replies.ts';
import type { Store } from '../../src/store/store.ts';
import { addJob, happen, openRoom, silent } from '../support/store-room.ts';

/** Collects what is told; `until` resolves once the newest piece of news fits. */
function listen(store: Store) {
  const heard: (number | undefined)[] = [];
  let look = () => {};
  const unlisten = store.changes.listen((jobId) => {
    heard.push(jobId);
    look();
  });
  const until = (fits: (heard: readonly (number | undefined)[]) => boolean) =>
    new Promise<void>((resolve) => {
      look = () => fits(heard) && resolve();
      look();
    });
  return { heard, until, unlisten };
}

test('a new job, an event and a reply are told by the job they belong to', async () => {
  const store = await openRoom();
  const news = listen(store);
  const { id } = await addJob(store);
  await news.until((heard) => heard.includes(id));
  news.heard.length = 0;
  await happen(store, id, { type: 'taken', workId: 'w1' });
  await news.until((heard) => heard.includes(id));
  news.heard.length = 0;
  await insertReply(store.db.sql, { jobId: id, key: 'k', author: 'U1', text: 'x' });
  await news.until((heard) => heard.includes(id));
  news.unlisten();
});

test('a lost connection is opened again, its gap is told, and news come as before', async () => {
  const store = await openRoom();
  const news = listen(store);
  const { rowCount } = await store.db.sql.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'errand-changes'`,
  );
  expect(rowCount).toBe(1);
  await news.until((heard) => heard.includes(undefined));
  news.heard.length = 0;
  const { id } = await addJob(store);
  await news.until((heard) => heard.includes(id));
});

test('nobody is told after the end, and a start that fails leaves nothing running', async () => {
  const store = await openRoom();
  const news = listen(store);
  await store.changes.close();
  await addJob(store);
  expect(news.heard).toEqual([]);
  const url = new URL(store.url);
  url.pathname = '/no_such_database';
  await expect(openChanges({ url: url.href, log: silent })).rejects.toThrow(/does not exist/);
});

test('a connection that breaks off inside a transaction is known as worth another try', async () => {
  const store = await openRoom();
  const broken = store.db.transaction(async (tx) => {
    const { rows } = await tx.query('SELECT pg_backend_pid() AS pid');
    await store.db.sql.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    await tx.query('SELECT 1');
  });
  const error = await broken.catch((thrown: unknown) => thrown);
  expect(isTransientDatabaseError(error)).toBe(true);
  expect(isTransientDatabaseError(await store.db.sql.query('SELECT nothing').catch((e: unknown) => e))).toBe(
    false,
  );
  expect((await store.db.sql.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
