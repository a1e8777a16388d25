// Webhooks are read only when their signature is right, and only as hints.
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createWebhookVerifier, parseHint } from '../../src/github/webhooks.ts';

const SECRET = 'a secret for webhooks';
const repository = { full_name: 'acme/shop' };
const repo = { owner: 'acme', name: 'shop' };

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

it('reads a delivery that GitHub signed, and calls everything else forged', async () => {
  const verifier = createWebhookVerifier({ secret: SECRET });
  const body = JSON.stringify({ repository, pull_request: { number: 7 } });
  const read = (signature: string) => verifier.read({ event: 'pull_request', signature, body });
  expect(await read(sign(body))).toEqual({ kind: 'pull_changed', repo, number: 7 });
  expect(await read(sign(body, 'another secret'))).toBe('forged');
  expect(await read(sign(`${body} `))).toBe('forged');
  expect(await read('')).toBe('forged');
  expect(await read('sha256=abc')).toBe('forged');
});

it('gives no hint for a body that is no JSON or has no repository', async () => {
  const verifier = createWebhookVerifier({ secret: SECRET });
  const read = (body: string) => verifier.read({ event: 'push', signature: sign(body), body });
  expect(await read('not json')).toBeUndefined();
  expect(await read('{"ref":"refs/heads/main"}')).toBeUndefined();
});

it('says what to look at again', () => {
  const push = { repository, ref: 'refs/heads/errand/J-1', after: 'abc' };
  expect(parseHint('push', push)).toEqual({ kind: 'push', repo, branch: 'errand/J-1', sha: 'abc' });
  expect(parseHint('push', { ...push, ref: 'refs/tags/v1' })).toBeUndefined();
  expect(parseHint('issues', { repository, issue: { number: 3 } })).toEqual({
    kind: 'issue_changed',
    repo,
    number: 3,
  });
  const onPull = { repository, issue: { number: 4, pull_request: {} } };
  expect(parseHint('issue_comment', onPull)).toEqual({ kind: 'pull_changed', repo, number: 4 });
  expect(parseHint('check_suite', { repository, check_suite: { head_sha: 'abc' } })).toMatchObject({
    sha: 'abc',
  });
  expect(parseHint('status', { repository, sha: 'abc' })).toMatchObject({ kind: 'checks_changed' });
  expect(parseHint('installation', {})).toEqual({ kind: 'access_changed' });
  expect(parseHint('star', { repository })).toBeUndefined();
  expect(parseHint('push', { ...push, repository: { full_name: '../../etc' } })).toBeUndefined();
});
