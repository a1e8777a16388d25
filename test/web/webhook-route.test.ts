// The edge where GitHub's webhooks arrive, over real HTTP with a real store behind it: who may knock, what is kept, and
// what a stranger gets to hear.
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSignatureCheck, parseHint } from '../../src/github/webhooks.ts';
import { receiveDelivery, takeDueWatches } from '../../src/store/watches.ts';
import { createWebhookRoute } from '../../src/web/webhook-route.ts';
import { SAMPLE_PULL } from '../support/sample-job.ts';
import { addJob, happen, shareRoom, silent } from '../support/store-room.ts';

const SECRET = 'a secret for webhooks';
const room = shareRoom();
let isDown = false;
let url = '';
const server = createServer();
beforeAll(async () => {
  const route = createWebhookRoute({
    isGenuine: createSignatureCheck({ secret: SECRET }),
    parseHint,
    receive: (delivery) =>
      isDown ? Promise.reject(new Error('The database is down.')) : receiveDelivery(room().db, delivery),
    log: silent,
  });
  server.on('request', route.handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/github`; // a TCP server has one
});
afterAll(() => server.close());
beforeEach(() => {
  isDown = false;
});

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Posts as GitHub does; `headers` may differ or, with null, be missing. */
async function post(body: string, headers: Readonly<Record<string, string | null>> = {}) {
  const all = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body),
    ...headers,
  };
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null);
  const response = await fetch(url, { method: 'POST', body, headers: Object.fromEntries(sent) });
  return { status: response.status, text: await response.text() };
}

const bodyOf = (number: number, more = '') =>
  JSON.stringify({ repository: { full_name: 'acme/shop' }, pull_request: { number }, more });

async function deliveries(): Promise<number> {
  const { rows } = await room().db.sql.query('SELECT count(*)::int AS n FROM webhook_deliveries');
  return rows[0].n;
}

const PACE = { everyMs: 3_600_000, atLeastEveryMs: 3_600_000, leaseMs: 0, limit: 100 };
const due = async () => (await takeDueWatches(room().db.sql, PACE)).map(({ jobId }) => jobId);
const lookedAt = (jobId: number) =>
  room().db.sql.query('UPDATE watches SET looked_at = now(), heard = hints WHERE job_id = $1', [jobId]);

/** A job in review with this pull, which somebody looked at just now. */
async function watched(number: number) {
  const job = await addJob(room(), { pull: { ...SAMPLE_PULL, number } });
  await due();
  await lookedAt(job.id);
  expect(await due()).not.toContain(job.id);
  return job;
}

test('what GitHub signed is stored, acknowledged, and makes the job due at once', async () => {
  const job = await watched(901);
  const answer = await post(bodyOf(901));
  expect(answer.status).toBe(202);
  expect(await due()).toContain(job.id);
});

test('the same delivery again is acknowledged and changes nothing; a new one does', async () => {
  const job = await watched(902);
  const id = randomUUID();
  const twice = await Promise.all([1, 2, 3].map(() => post(bodyOf(902), { 'x-github-delivery': id })));
  expect(twice.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
  expect(await due()).toContain(job.id);
  await lookedAt(job.id);
  expect((await post(bodyOf(902), { 'x-github-delivery': id })).status).toBe(200);
  expect(await due()).not.toContain(job.id);
  expect((await post(bodyOf(902))).status).toBe(202);
  expect(await due()).toContain(job.id);
});

test('a hint that comes during a look is not lost with it', async () => {
  const job = await watched(903);
  await post(bodyOf(903));
  expect(await due(), 'the look begins').toContain(job.id);
  await post(bodyOf(903));
  await room().db.sql.query('UPDATE watches SET looked_at = now() WHERE job_id = $1', [job.id]);
  expect(await due()).toContain(job.id);
});

test('an unsigned, forged or unreadable request is turned away and nothing is stored', async () => {
  const before = await deliveries();
  const body = bodyOf(904);
  for (const forged of [null, '', 'sha256=', sign(body, 'guess'), sign(`${body} `), 'sha1=abc']) {
    expect((await post(body, { 'x-hub-signature-256': forged })).status, String(forged)).toBe(401);
  }
  expect((await post('{"truncated": tr')).status).toBe(400);
  const form = `payload=${encodeURIComponent(body)}`;
  const asForm = await post(form, { 'content-type': 'application/x-www-form-urlencoded' });
  expect(asForm).toMatchObject({ status: 400, text: expect.stringContaining('application/json') });
  for (const [name, value] of [
    ['x-github-delivery', null],
    ['x-github-delivery', 'a b'],
    ['x-github-delivery', 'x'.repeat(101)],
    ['x-github-event', null],
    ['x-github-event', '../issues'],
  ] as const) {
    expect((await post(body, { [name]: value })).status, `${name} ${value}`).toBe(400);
  }
  expect(await deliveries()).toBe(before);
});

test('too large is said before anything is believed, with and without a length told beforehand', async () => {
  const body = bodyOf(905, 'x'.repeat(6 * 1024 * 1024));
  expect((await post(body)).status).toBe(413);
  const stream = new Blob([body]).stream();
  const headers = {
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body),
  };
  const response = await fetch(url, { method: 'POST', body: stream, headers, duplex: 'half' });
  expect(response.status).toBe(413);
});

test('events of no interest and bodies of another shape are acknowledged and move nobody', async () => {
  const job = await watched(906);
  expect((await post('{"zen":"x"}', { 'x-github-event': 'ping' })).status).toBe(202);
  expect((await post(bodyOf(906), { 'x-github-event': 'star' })).status).toBe(202);
  expect((await post('[]')).status).toBe(202);
  expect((await post('{"repository":{"full_name":"../etc"},"pull_request":{"number":906}}')).status).toBe(
    202,
  );
  expect((await post(bodyOf(999_999))).status).toBe(202);
  expect(await due()).not.toContain(job.id);
});

test('a push, an issue and a renamed repository find their jobs, too', async () => {
  const job = await watched(907);
  const hear = async (event: string, payload: unknown) => {
    await lookedAt(job.id);
    await post(JSON.stringify(payload), { 'x-github-event': event });
    return (await due()).includes(job.id);
  };
  const repository = { full_name: 'Acme/Shop' };
  expect(await hear('push', { repository, ref: `refs/heads/${job.branch}` })).toBe(true);
  expect(await hear('push', { repository, ref: 'refs/heads/main' })).toBe(false);
  expect(await hear('issues', { repository, issue: { number: job.issue?.number } })).toBe(true);
  expect(await hear('repository', { action: 'renamed', repository: { full_name: 'acme/store' } })).toBe(true);
  expect(
    await hear('pull_request', { repository: { full_name: 'acme/other' }, pull_request: { number: 907 } }),
  ).toBe(false);
});

test('what could not be stored is not acknowledged, and may come again', async () => {
  const job = await watched(908);
  const id = randomUUID();
  isDown = true;
  expect((await post(bodyOf(908), { 'x-github-delivery': id })).status).toBe(503);
  isDown = false;
  expect((await post(bodyOf(908), { 'x-github-delivery': id })).status).toBe(202);
  expect(await due()).toContain(job.id);
});

test('a finished job is not looked at any more, whatever is said of it', async () => {
  const job = await watched(909);
  await happen(room(), job.id, { type: 'stop', by: job.requester }, { type: 'closed' });
  await post(bodyOf(909), { 'x-github-event': 'pull_request' });
  expect(await due()).not.toContain(job.id);
});
