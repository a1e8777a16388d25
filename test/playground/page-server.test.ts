// Who may talk to the page, what it keeps to itself, and how little it sends when something changes.

import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { difference } from '../../src/playground/page/live.ts';
import { readPlace } from '../../src/playground/page/place.ts';
import { type PlaygroundPage, servePage } from '../../src/playground/page/server.ts';
import { createWorld, type World } from '../../src/playground/world.ts';

let dir: string;
let world: World;
let page: PlaygroundPage;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-page-'));
  world = await createWorld({ dir, guest: true });
  page = await servePage(
    {
      slack: world.slack,
      github: world.github,
      githubUrl: world.githubUrl,
      repo: 'acme/shop',
      me: 'ann',
      channel: world.channel,
      commands: [],
      shortcuts: [],
      notes: [],
      killRunner: async () => {},
    },
    0,
  );
});

afterAll(async () => {
  await page.stop();
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

/** With headers that fetch would not let us choose. */
function ask(
  path: string,
  options: { at?: string; method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { at = page.url, method = 'GET', headers = {}, body } = options;
  return new Promise<{ status: number; text: string; headers: Readonly<Record<string, unknown>> }>(
    (resolve, reject) => {
      const asking = request(`${at}${path}`, { method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString(),
            headers: response.headers,
          });
        });
      });
      asking.on('error', reject);
      asking.end(body);
    },
  );
}

describe('the Slack and the GitHub behind it', () => {
  test.for([
    ['a page of GitHub', '/acme/shop', () => world.githubUrl],
    ['its API', '/repos/acme/shop', () => world.githubUrl],
    ['git', '/acme/shop.git/info/refs?service=git-upload-pack', () => world.githubUrl],
    ["Slack's API", '/auth.test', () => (world.env['SLACK_API_URL'] ?? '').replace(/\/$/, '')],
  ] as const)('%s is not there for a site that has its name lead here', async ([, path, at]) => {
    const token = at() === world.githubUrl ? world.env['GITHUB_TOKEN'] : world.slack.botToken;
    const headers = { authorization: `Bearer ${token}` };
    const local = await ask(path, { at: at(), headers });
    const foreign = await ask(path, { at: at(), headers: { ...headers, host: 'evil.example:80' } });
    expect([local.status === 403, foreign.status]).toEqual([false, 403]);
  });

  test('has tokens that nobody can guess', async () => {
    const other = await createWorld({ dir: join(dir, 'other') });
    await other.stop();
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'GITHUB_TOKEN'])
      expect(other.env[name]).not.toBe(world.env[name]);
    expect(other.slack.signingSecret).not.toBe(world.slack.signingSecret);
  });
});

const say = JSON.stringify({ do: 'say', channel: 'C0', thread: '', text: 'hello' });

describe('the guard', () => {
  test('answers only at its own address, so that no other site can have its name lead here', async () => {
    expect((await ask('/')).status).toBe(200);
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403);
    const { port } = new URL(page.url);
    expect((await ask('/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  test.for([
    ['no origin', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['null', { origin: 'null' }],
  ] as const)('lets nothing be done from %s', async ([, headers]) => {
    const before = world.slack.messages(world.channel).length;
    const done = await ask('/act', { method: 'POST', body: say.replace('C0', world.channel), headers });
    expect(done.status).toBe(403);
    expect(world.slack.messages(world.channel)).toHaveLength(before);
  });

  test('lets the page itself do it', async () => {
    const body = say.replace('C0', world.channel);
    const done = await ask('/act?me=bob', { method: 'POST', body, headers: { origin: page.url } });
    expect(JSON.parse(done.text)).toEqual({});
    expect(world.slack.messages(world.channel).at(-1)?.user).toBe(world.people.bob);
  });

  test('does not wait for a body that is too long', async () => {
    const headers = { origin: page.url, 'content-length': '300000', connection: 'close' };
    expect((await ask('/act', { method: 'POST', body: '{', headers })).status).toBe(413);
  });

  test('forbids every script and style that is not a file of ours', async () => {
    const { headers, text } = await ask('/');
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(text).not.toMatch(/<script(?! type="module" src="\/browser\/)|<style|style="| on\w+="/);
  });
});

test.for([
  '{',
  '{}',
  '{"do":"say"}',
  '{"do":"hand","hand":"merge","number":1}',
  '{"do":"fault","name":"__proto__"}',
])('says so where nobody can do what was sent: %s', async (body) => {
  const done = await ask('/act', { method: 'POST', body, headers: { origin: page.url } });
  expect(JSON.parse(done.text)).toHaveProperty('say');
});

test.for([
  '/browser/../page/server.ts',
  '/browser/%2e%2e%2fpage%2fserver.ts',
  '/look/none.css',
  '/package.json',
])('hands out none but its own files: %s', async (path) => {
  expect((await ask(path)).status).toBe(404);
});

test('what is unknown in an address becomes what a newcomer sees', () => {
  const fallback = { me: 'ann', channel: world.channel };
  const place = readPlace(
    { me: 'nobody', channel: 'C?', thread: '<b>', github: '../../x' },
    world.slack,
    fallback,
  );
  expect(place).toMatchObject({ me: 'ann', channelId: world.channel, thread: '', github: 'overview' });
  expect(readPlace({ me: 'bob', github: 'pull/4' }, world.slack, fallback)).toMatchObject({
    me: 'bob',
    github: 'pull/4',
  });
});

test('only what differs is sent, and the order where somebody came or went', () => {
  const a = { key: 'a', html: '1' };
  const b = { key: 'b', html: '2' };
  expect(difference({}, { x: [a] })).toEqual({ x: { order: ['a'], items: { a: '1' } } });
  expect(difference({ x: [a, b] }, { x: [a, b] })).toEqual({});
  expect(difference({ x: [a, b] }, { x: [a, { key: 'b', html: '3' }] })).toEqual({
    x: { order: ['a', 'b'], items: { b: '3' } },
  });
  expect(difference({ x: [a, b] }, { x: [b] })).toEqual({ x: { order: ['b'], items: {} } });
});
