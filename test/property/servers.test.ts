// Raw bytes on the ports that face the world: Slack's endpoint and the health pages. No crash, no partial write; the next
// honest request is answered as ever.
import { connect } from 'node:net';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { anyText, nearly } from './hostile.ts';

const SECRET = 'a-secret-of-ours';
const RUNS = { numRuns: 40 };

let errand: Errand;
let port: number;

beforeAll(async () => {
  errand = await openErrand({
    halves: [],
    slack: { signingSecret: SECRET },
    env: { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: SECRET, PORT: '0' },
  });
  port = (await errand.addBot()).port ?? 0;
  return () => errand.close();
});

async function stored(): Promise<string> {
  const tables = ['inbox', 'jobs', 'replies', 'events', 'choices'];
  const counts = await Promise.all(
    tables.map((table) => errand.query(`SELECT count(*)::int AS n FROM ${table}`)),
  );
  return JSON.stringify(counts.map(({ rows }) => rows[0]));
}

/** Sends bytes and waits until the other side closes or has answered. */
function send(bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
    socket.end(bytes);
  });
}

const isReady = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status;

test('bytes that are no honest request change nothing and hold up nobody', async () => {
  const before = await stored();
  const head = nearly(
    'GET',
    'POST',
    '/slack/events',
    '/health',
    '/ready',
    ' HTTP/1.1\r\n',
    'Host: x\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'X-Slack-Signature: v0=00\r\n',
    '\r\n\r\n',
    '{"type":"url_verification"}',
    '%00',
    '..',
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(head, anyText), (bytes) => send(bytes)),
    RUNS,
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), (bytes) => send(Buffer.from(bytes))),
    RUNS,
  );
  expect(await stored()).toBe(before);
  expect(await isReady()).toBe(200);
});
