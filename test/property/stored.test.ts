// What is stored of hostile requests and events in a real Postgres: all of it or nothing, and read again without a crash.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAudit, readNewestAudit } from '../../src/store/audit.ts';
import { openChoice, peekChoice } from '../../src/store/choices.ts';
import { appendEvent, readEvents } from '../../src/store/events.ts';
import { receive } from '../../src/store/inbox.ts';
import { findJobPlace, loadJob, loadProgress } from '../../src/store/jobs.ts';
import { insertReply, pendingReplies } from '../../src/store/replies.ts';
import { jobInStatus } from '../support/sample-job.ts';
import { addJob, shareRoom } from '../support/store-room.ts';
import { anyJson, anyText, broken } from './hostile.ts';

const room = shareRoom();
const RUNS = { numRuns: 60 };

test('any body of a request can be stored before it is acknowledged, once', async () => {
  const { sql } = room().db;
  let n = 0;
  await fc.assert(
    fc.asyncProperty(anyJson, async (body) => {
      n += 1;
      const request = { key: `property:${n}`, kind: 'event' as const, body };
      expect(await receive(sql, request)).toMatchObject({ seen: 'new' });
      expect(await receive(sql, request)).not.toMatchObject({ seen: 'new' });
    }),
    RUNS,
  );
});

test('any words can be stored as a reply, and any wish as a question', async () => {
  const store = room();
  const { id } = await addJob(store);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(anyText, anyJson, async (text, words) => {
      n += 1;
      const reply = { jobId: id, key: `reply:${n}`, author: 'U1', authorName: text, text };
      expect(await insertReply(store.db.sql, reply)).toBe(true);
      expect(await insertReply(store.db.sql, reply)).toBe(false);
      const wish = { sourceKey: `wish:${n}`, words };
      const asked = { team: 'T', channel: 'C', person: 'U', wish, lifetimeMs: 60_000 };
      const choice = await store.db.transaction((tx) => openChoice(tx, asked));
      expect(await peekChoice(store.db.sql, choice, 'key')).toMatchObject({ id: choice });
      expect(await peekChoice(store.db.sql, text.replaceAll('\u0000', ''), 'key')).toBeUndefined();
    }),
    RUNS,
  );
  expect(await pendingReplies(store.db.sql, id)).toHaveLength(n);
});

test('any event is told in its place, and any row of a job is read or refused by name', async () => {
  const store = room();
  const { sql } = store.db;
  const job = await addJob(store);
  const { id: _id, revision: _revision, attempt: _attempt, ...data } = jobInStatus('in_review');
  let n = 1;
  await fc.assert(
    fc.asyncProperty(anyJson, fc.oneof(anyJson, broken(data)), anyJson, async (event, row, progress) => {
      n += 1;
      await appendEvent(sql, job, { kind: 'note', data: { name: 'x', event } });
      const toStore = (value: unknown) =>
        (JSON.stringify(value) ?? 'null').replaceAll(/\\u0000|\\ud[89a-f]../gi, '');
      await sql.query('UPDATE jobs SET data = $2, progress = $3 WHERE id = $1', [
        job.id,
        toStore(row),
        toStore(progress),
      ]);
      await loadProgress(sql, job.id);
      expect(await findJobPlace(sql, job.id)).toMatchObject({ channel: 'C1' });
      const loaded = await loadJob(sql, job.id).catch((thrown: unknown) => thrown);
      if (loaded instanceof Error) expect(loaded).toMatchObject({ code: 'job_unreadable' });
    }),
    RUNS,
  );
  expect(await readEvents(sql, job.id)).toHaveLength(n);
  expect((await readAudit(sql, { jobId: job.id })).length).toBe(n);
  expect((await readNewestAudit(sql, job.id, 5)).count).toBe(n);
});
