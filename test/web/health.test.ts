// Health pages: what is known of Slack, the queue and the database, and when a process should get no work.
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { readHealth } from '../../src/store/health.ts';
import { createHealthRoutes, judge, takeHealth } from '../../src/web/health.ts';
import { serveHealth } from '../../src/web/server.ts';
import { addJob, openAnother, openRoom } from '../support/store-room.ts';
import { openTcpGate } from '../support/tcp-gate.ts';

const OK = { ok: true } as const;

test('a process is ready while the database answers and some socket to Slack is heard', () => {
  const socket = (...ages: readonly number[]) =>
    ({ mode: 'socket', sockets: ages.map((lastFrameMs) => ({ lastFrameMs })) }) as const;
  expect(judge(OK, undefined)).toEqual([]);
  expect(judge(OK, socket(900_000, 4_000))).toEqual([]);
  expect(judge(OK, { mode: 'http' })).toEqual([]);
  expect(judge({ ok: false }, undefined)).toEqual(['The database does not answer.']);
  expect(judge(OK, socket())).toEqual(['No connection to Slack is open.']);
  expect(judge(OK, socket(75_000, 80_000))).toEqual(['Slack has not said a word for 75 s.']);
});

test('the queue, the runners and the schema are told from the database', async () => {
  const store = await openRoom();
  const first = await readHealth(store.db.sql, { limitMs: 5_000 });
  expect(first).toMatchObject({ ok: true, turn: { waiting: 0, oldestWaitingMs: null }, jobs: {} });
  await addJob(store);
  await addJob(store);
  const runner = await openAnother(store.url, { supervise: true });
  const held = Promise.withResolvers<'done'>();
  onTestFinished(() => held.resolve('done'));
  await runner.queue.work('turn', { slots: 1 }, () => held.promise);
  await expect
    .poll(() => readHealth(store.db.sql, { limitMs: 5_000 }), { timeout: 20_000 })
    .toMatchObject({
      ok: true,
      schema: expect.stringMatching(/^\d{4}_/),
      turn: { waiting: 1, running: 1, oldestWaitingMs: expect.any(Number) },
      jobs: { queued: 2 },
      runnerSeenMs: expect.any(Number),
      behind: { jobs: 2 },
    });
});

test('a database that hangs is told within the limit, and makes the process unready but not silent', async () => {
  const store = await openRoom();
  const gate = await openTcpGate(store.url);
  onTestFinished(() => gate.close());
  const far = await openAnother(gate.url);
  const web = await serveHealth({
    port: 0,
    routes: createHealthRoutes({ sql: far.db.sql, halves: ['runner'] }),
  });
  onTestFinished(web.close);
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${web.port}${path}`);
    return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
  };
  expect(await ask('/ready')).toEqual({ status: 200, body: { ok: true, reasons: [] } });
  expect(await ask('/health')).toMatchObject({ status: 200, body: { ok: true, halves: ['runner'] } });
  gate.hold();
  const askedAt = performance.now();
  expect(await ask('/ready')).toEqual({
    status: 503,
    body: { ok: false, reasons: ['The database does not answer.'] },
  });
  expect(performance.now() - askedAt).toBeLessThan(6_000);
  expect(await ask('/health')).toMatchObject({ status: 200, body: { ok: false, database: { ok: false } } });
  expect((await ask('/secrets')).status).toBe(404);
  gate.shut();
});

test('health never throws, whatever the database says', async () => {
  const broken = { query: () => Promise.reject(new Error('no')) };
  // Only `query` is ever used of it.
  const sql = broken as unknown as Parameters<typeof takeHealth>[0]['sql'];
  expect(await takeHealth({ sql, halves: ['bot'] })).toMatchObject({ ok: false });
});

test('garbage on the port is no trouble for anybody else', async () => {
  const store = await openRoom();
  const web = await serveHealth({
    port: 0,
    routes: createHealthRoutes({ sql: store.db.sql, halves: ['runner'] }),
  });
  onTestFinished(web.close);
  const garbage = [
    'GET',
    '\0\0\0',
    'GET /%zz HTTP/1.1\r\n\r\n',
    'POST /health HTTP/1.1\r\nContent-Length: -5\r\n\r\n',
  ];
  for (const bytes of [...garbage, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`]) {
    const socket = connect(web.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.end(bytes);
    await new Promise((resolve) => socket.once('close', resolve).resume());
  }
  expect((await fetch(`http://127.0.0.1:${web.port}/ready`)).status).toBe(200);
});

test('however many ask at once, the database is asked once', async () => {
  const store = await openRoom();
  const held = Promise.withResolvers<void>();
  let asked = 0;
  const query = async (...asking: Parameters<typeof store.db.sql.query>) => {
    asked += 1;
    await held.promise;
    return store.db.sql.query(...asking);
  };
  // Only `query` is ever used of it.
  const sql = { query } as unknown as Parameters<typeof takeHealth>[0]['sql'];
  const alone = takeHealth({ sql, halves: ['runner'] });
  const forOne = asked;
  const routes = createHealthRoutes({ sql, halves: ['runner'] });
  const ends = Array.from({ length: 10 }, (_, n) => {
    const end = Promise.withResolvers<void>();
    const response = { writeHead: () => {}, end: () => end.resolve() };
    routes[n % 2]?.handler({}, response as unknown as Parameters<(typeof routes)[number]['handler']>[1]);
    return end.promise;
  });
  expect(asked).toBe(2 * forOne);
  held.resolve();
  await Promise.all([alone, ...ends]);
});
