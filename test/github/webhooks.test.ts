// Webhooks are believed only when their signature is right, and read only as hints.
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSignatureCheck, parseHint } from '../../src/github/webhooks.ts';

const SECRET = 'a secret for webhooks';
const repository = { full_name: 'acme/shop' };
const repo = { owner: 'acme', name: 'shop' };

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

it('believes what GitHub signed, and nothing else', async () => {
  const isGenuine = createSignatureCheck({ secret: SECRET });
  const body = JSON.stringify({ repository, pull_request: { number: 7 } });
  expect(await isGenuine(body, sign(body))).toBe(true);
  for (const forged of [sign(body, 'another secret'), sign(`${body} `), '', 'sha256=', 'sha256=abc']) {
    expect(await isGenuine(body, forged), forged).toBe(false);
  }
  const sha1 = createHmac('sha1', SECRET).update(body).digest('hex');
  expect(await isGenuine(body, `sha1=${sha1}`)).toBe(false);
});

it('says what to look at again', () => {
  const pull = { repository, pull_request: { number: 7 } };
  expect(parseHint('pull_request', pull)).toEqual({ kind: 'pull', repo, number: 7 });
  expect(parseHint('pull_request_review', pull)).toEqual({ kind: 'pull', repo, number: 7 });
  const push = { repository, ref: 'refs/heads/errand/J-1', after: 'abc' };
  expect(parseHint('push', push)).toEqual({ kind: 'branch', repo, branch: 'errand/J-1' });
  expect(parseHint('issues', { repository, issue: { number: 3 } })).toEqual({
    kind: 'issue',
    repo,
    number: 3,
  });
  for (const event of ['installation', 'installation_repositories', 'repository'])
    expect(parseHint(event, {})).toEqual({ kind: 'everything' });
});

it('hears nothing in events of no interest and in bodies that it cannot read', () => {
  const push = { repository, ref: 'refs/heads/errand/J-1' };
  expect(parseHint('push', { ...push, ref: 'refs/tags/v1' })).toBeUndefined();
  expect(parseHint('push', { ...push, repository: { full_name: '../../etc' } })).toBeUndefined();
  expect(parseHint('pull_request', { repository, pull_request: { number: '7' } })).toBeUndefined();
  expect(parseHint('pull_request', null)).toBeUndefined();
  expect(parseHint('star', { repository })).toBeUndefined();
  expect(parseHint('ping', { zen: 'Keep it logically awesome.' })).toBeUndefined();
  expect(parseHint('constructor', { repository })).toBeUndefined();
});
