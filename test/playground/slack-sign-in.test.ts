// The local Slack as an OpenID provider: what Slack refuses it refuses, and a real client library takes its tokens.
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLocalSlack } from '../../src/playground/slack/local-slack.ts';

const slack = createLocalSlack();
let url = '';
let ann = '';

beforeAll(async () => {
  ({ url } = await slack.start());
  ann = slack.addUser({ name: 'ann', realName: 'Ann' }).id;
});
afterAll(() => slack.stop());

const BACK = 'http://127.0.0.1:9/back';

function asked(fields: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    client_id: slack.clientId,
    redirect_uri: BACK,
    response_type: 'code',
    scope: 'openid profile',
    state: 's1',
    nonce: 'n1',
    ...fields,
  });
}

async function agree(fields: Record<string, string> = {}): Promise<URL> {
  const answer = await fetch(`${url}/openid/connect/authorize`, {
    method: 'POST',
    body: asked({ user: ann, ...fields }),
    redirect: 'manual',
  });
  return new URL(answer.headers.get('location') ?? 'http://nowhere.example');
}

async function token(fields: Record<string, string>): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({
    client_id: slack.clientId,
    client_secret: slack.clientSecret,
    redirect_uri: BACK,
    ...fields,
  });
  const answer = await fetch(`${url}/api/openid.connect.token`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return z.record(z.string(), z.unknown()).parse(await answer.json());
}

test('a client library finds it, and believes what it signs', async () => {
  const config = await openid.discovery(new URL(url), slack.clientId, slack.clientSecret, undefined, {
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });
  expect(config.serverMetadata().supportsPKCE()).toBe(false);
  const back = await agree();
  const tokens = await openid.authorizationCodeGrant(config, back, {
    expectedState: 's1',
    expectedNonce: 'n1',
  });
  expect(tokens.claims()).toMatchObject({
    iss: url,
    aud: slack.clientId,
    sub: ann,
    name: 'Ann',
    'https://slack.com/user_id': ann,
    'https://slack.com/team_id': slack.teamId,
  });
  const info = await openid.fetchUserInfo(config, tokens.access_token, ann);
  expect(info).toMatchObject({ ok: true, 'https://slack.com/team_id': slack.teamId });
});

describe('it refuses', () => {
  test.for([
    [{ client_id: '1.2' }, 'invalid_client_id'],
    [{ redirect_uri: 'https://evil.example/back' }, 'bad_redirect_uri'],
    [{ response_type: 'token' }, 'invalid_response_type'],
    [{ scope: 'openid chat:write' }, 'invalid_scope'],
  ] as const)('to ask anybody for %o', async ([fields, error]) => {
    const answer = await fetch(`${url}/openid/connect/authorize?${asked(fields)}`, { redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(error);
  });

  test('a secret that is wrong, a code that was used or belongs elsewhere, and PKCE beside the secret', async () => {
    const code = async () => (await agree()).searchParams.get('code') ?? '';
    expect(await token({ code: await code(), client_secret: 'guessed' })).toEqual({
      ok: false,
      error: 'bad_client_secret',
    });
    expect(await token({ code: 'made-up' })).toEqual({ ok: false, error: 'invalid_code' });
    expect(await token({ code: await code(), redirect_uri: `${BACK}2` })).toMatchObject({
      error: 'bad_redirect_uri',
    });
    expect(await token({ code: await code(), code_verifier: 'v' })).toMatchObject({
      error: 'internal_error',
    });
    const once = await code();
    expect(await token({ code: once })).toMatchObject({ ok: true, token_type: 'Bearer' });
    expect(await token({ code: once })).toEqual({ ok: false, error: 'invalid_code' });
  });

  test('who may decline', async () => {
    const back = await agree({ user: '' });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('s1');
  });
});
