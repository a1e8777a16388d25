// Versions meet in one database while a deployment is updated: an older process loses nothing that a newer one wrote, and
// what it cannot read it leaves to those who can.
import { expect, test } from 'vitest';
import { readEvents } from '../../src/store/events.ts';
import { loadJob, loadProgress } from '../../src/store/jobs.ts';
import { keepUnknown } from '../../src/store/newer-rows.ts';
import type { WorkItem } from '../../src/store/queue.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { addJob, happen, openRoom, shareRoom } from '../support/store-room.ts';

const room = shareRoom();

test('what a newer version added at any depth is still there after an older one saved the job', async () => {
  const store = room();
  const { id } = await addJob(store, { status: 'in_review', pull: SAMPLE_PULL, results: [sampleResult()] });
  const additions = {
    priority: 'high',
    pull: { draft: true },
    results: { gates: ['ok'], summary: { tone: 'calm' } },
  };
  await store.db.sql.query(
    `UPDATE jobs SET data = jsonb_set(jsonb_set(jsonb_set(data, '{priority}', $2), '{pull,draft}', 'true'),
       '{results,0}', data->'results'->0 || jsonb_build_object('gates', $3::jsonb, 'summary',
         data->'results'->0->'summary' || $4::jsonb)) WHERE id = $1`,
    [id, '"high"', JSON.stringify(additions.results.gates), JSON.stringify(additions.results.summary)],
  );
  await happen(store, id, { type: 'reply', by: 'U0BOB' }, { type: 'taken', workId: 'w9' });
  const { rows } = await store.db.sql.query('SELECT data FROM jobs WHERE id = $1', [id]);
  expect(rows[0]?.data).toMatchObject({
    status: 'running',
    priority: 'high',
    pull: { draft: true },
    results: [{ gates: ['ok'], summary: { tone: 'calm', title: 'Round prices once' } }],
  });
});

test('what this version knows wins over what is put back', () => {
  const raw = { a: 1, b: { c: 'x', d: 2 }, list: [{ e: 1, f: 2 }, 'text'], __proto__: { polluted: true } };
  expect(keepUnknown(raw, { a: 5, b: { c: 'y' }, list: [{ e: 3 }, 'text', 'more'] })).toEqual({
    a: 5,
    b: { c: 'y', d: 2 },
    list: [{ e: 3, f: 2 }, 'text', 'more'],
  });
  const hostile: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
  expect(keepUnknown(hostile, {})).not.toHaveProperty('polluted');
});

test('progress and events of another version are not shown, and hide nothing', async () => {
  const store = room();
  const { id } = await addJob(store);
  await store.db.sql.query(`UPDATE jobs SET progress = '{"plan":"a drawing"}' WHERE id = $1`, [id]);
  expect(await loadProgress(store.db.sql, id)).toEqual({ plan: [], usage: {} });
  await store.db.sql.query(
    `INSERT INTO events (job_id, attempt, turn, kind, data) VALUES ($1, 1, 1, 'dream', '{}'), ($1, 1, 1, 'prompt', '[]'),
       ($1, 1, 1, 'agent', 'null'), ($1, 1, 1, 'agent', '{"kind":"message"}'), ($1, 1, 1, 'prompt', '{"text":"go"}')`,
    [id],
  );
  const told = (await readEvents(store.db.sql, id)).map(({ kind, data }) => [kind, data]);
  const unreadable = ['note', { name: 'unreadable' }];
  expect(told.slice(1)).toEqual([unreadable, unreadable, unreadable, unreadable, ['prompt', { text: 'go' }]]);
});

test('an item whose job only others can read waits for them as the same item, and loses no try', async () => {
  const store = await openRoom({ supervise: true });
  const { id } = await addJob(store);
  const seen: WorkItem[] = [];
  let done = false;
  await store.queue.work('turn', { slots: 1 }, async (item) => {
    seen.push(item);
    if (seen.length < 2) return 'left_to_others';
    done = true;
    return 'done';
  });
  await expect.poll(() => done, { timeout: 20_000 }).toBe(true);
  expect(new Set(seen.map((item) => item.workId)).size).toBe(1);
  expect(seen.map((item) => item.jobId)).toEqual([id, id]);
  const { rows } = await store.db.sql.query<{ left: number }>(
    'SELECT retry_limit - retry_count AS left FROM pgboss.job WHERE id = $1',
    [seen[0]?.workId],
  );
  expect(rows[0]?.left).toBe(20);
});

test('a queue item that makes no sense is put aside and holds up nobody', async () => {
  const store = await openRoom({ supervise: true });
  await store.db.sql.query(
    `INSERT INTO pgboss.job (name, data, policy) VALUES ('turn', '{"job":"J-1"}', 'standard'), ('turn', 'null', 'standard')`,
  );
  const { id } = await addJob(store);
  const seen: number[] = [];
  await store.queue.work('turn', { slots: 1 }, async (item) => {
    seen.push(item.jobId);
    return 'done';
  });
  const states = async () =>
    (await store.db.sql.query(`SELECT DISTINCT state::text FROM pgboss.job`)).rows.map((row) => row.state);
  await expect.poll(states, { timeout: 20_000 }).toEqual(['completed']);
  expect(seen).toEqual([id]);
});

test('a job of another version is refused with what to do about it', async () => {
  const store = await openRoom();
  const { id } = await addJob(store);
  await store.db.sql.query(`UPDATE jobs SET data = data || '{"status":"dreaming"}' WHERE id = $1`, [id]);
  await expect(loadJob(store.db.sql, id)).rejects.toThrow(
    /another version of Errand.*\(status\).*update Errand/s,
  );
});
