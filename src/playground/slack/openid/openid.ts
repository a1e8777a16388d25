// "Sign in with Slack" on localhost: the page on which a person agrees, and the three calls that an app makes afterwards.
// Refuses what Slack refuses. As with Slack, a client with a secret uses no PKCE: Slack's discovery does not offer it, and a
// verifier beside the secret is answered with `internal_error` (seen by others: github.com/paradigmxyz/centaur/pull/1101).
import type { Directory } from '../directory.ts';
import { drawAuthorizePage, drawRefusal } from './authorize-page.ts';
import { createTokens } from './tokens.ts';

export type OpenIdRequest = Readonly<{
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  authorization: string | undefined;
}>;
export type OpenIdAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

const SCOPES = ['openid', 'profile', 'email'];
const PATHS = [
  '/.well-known/openid-configuration',
  '/openid/connect/authorize',
  '/openid/connect/keys',
  '/api/openid.connect.token',
  '/api/openid.connect.userInfo',
];

/** Creates the endpoints. Every address on this machine counts as one of the app's redirect URLs. */
export function createOpenId(options: {
  directory: Directory;
  now: () => Date;
  baseUrl: () => string;
  clientId: string;
  clientSecret: string;
}) {
  const { directory, baseUrl, clientId, clientSecret } = options;
  const tokens = createTokens({ directory, now: options.now, issuer: baseUrl });

  function authorize(request: OpenIdRequest): OpenIdAnswer {
    const asked = request.method === 'POST' ? request.form : request.query;
    const wrong = refuseAuthorize(asked, clientId);
    if (wrong !== undefined) return page(400, drawRefusal(wrong));
    const back = new URL(asked.get('redirect_uri') ?? '');
    const state = asked.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const user = asked.get('user');
    if (request.method !== 'POST' || user === null) {
      const people = directory.listUsers().filter((one) => !one.isBot && !one.isDeleted);
      return page(200, drawAuthorizePage(asked, people));
    }
    if (user === '') back.searchParams.set('error', 'access_denied');
    else {
      const scopes = (asked.get('scope') ?? '').split(/[ ,]+/);
      const grant = { clientId, user, scopes, redirectUri: asked.get('redirect_uri') ?? '' };
      back.searchParams.set('code', tokens.issueCode({ ...grant, nonce: asked.get('nonce') ?? undefined }));
    }
    return { status: 302, headers: { location: back.href }, body: '' };
  }

  function token(request: OpenIdRequest): OpenIdAnswer {
    const given = readClient(request);
    if (given.id !== clientId) return failure('invalid_client_id');
    if (given.secret !== clientSecret) return failure('bad_client_secret');
    if (request.form.has('code_verifier')) return failure('internal_error');
    if ((request.form.get('grant_type') ?? 'authorization_code') !== 'authorization_code')
      return failure('invalid_grant_type');
    const grant = tokens.takeCode(request.form.get('code') ?? '');
    if (grant === undefined) return failure('invalid_code');
    if (grant.redirectUri !== request.form.get('redirect_uri')) return failure('bad_redirect_uri');
    const access_token = tokens.issueAccessToken(grant);
    const id_token = tokens.issueIdToken(grant, access_token);
    return json({ ok: true, access_token, token_type: 'Bearer', id_token });
  }

  function userInfo({ authorization, form, query }: OpenIdRequest): OpenIdAnswer {
    const bearer = authorization?.replace(/^Bearer /i, '') ?? form.get('token') ?? query.get('token') ?? '';
    const grant = tokens.grantOf(bearer);
    return grant === undefined ? failure('invalid_auth') : json({ ok: true, ...tokens.claimsOf(grant) });
  }

  return {
    owns: (path: string) => PATHS.includes(path),
    answer(request: OpenIdRequest): OpenIdAnswer {
      switch (request.path) {
        case '/.well-known/openid-configuration':
          return json(describeProvider(baseUrl()));
        case '/openid/connect/keys':
          return json(tokens.publicKeys());
        case '/openid/connect/authorize':
          return authorize(request);
        case '/api/openid.connect.token':
          return token(request);
        default:
          return userInfo(request);
      }
    },
  };
}

/** As https://slack.com/.well-known/openid-configuration answers. */
function describeProvider(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/openid/connect/authorize`,
    token_endpoint: `${issuer}/api/openid.connect.token`,
    userinfo_endpoint: `${issuer}/api/openid.connect.userInfo`,
    jwks_uri: `${issuer}/openid/connect/keys`,
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['form_post'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'auth_time', 'iss'],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: true,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  };
}

/** Slack tells the person, not the app: nobody knows yet whether the address is the app's own. */
function refuseAuthorize(asked: URLSearchParams, clientId: string): string | undefined {
  if (asked.get('client_id') !== clientId) return 'invalid_client_id';
  const redirect = URL.parse(asked.get('redirect_uri') ?? '');
  if (redirect === null || !['127.0.0.1', 'localhost'].includes(redirect.hostname)) return 'bad_redirect_uri';
  if (asked.get('response_type') !== 'code') return 'invalid_response_type';
  const scopes = (asked.get('scope') ?? '').split(/[ ,]+/);
  return scopes.includes('openid') && scopes.every((scope) => SCOPES.includes(scope))
    ? undefined
    : 'invalid_scope';
}

function readClient({ form, authorization = '' }: OpenIdRequest): {
  id: string | null;
  secret: string | null;
} {
  const basic = /^Basic (.+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return { id, secret };
}

function page(status: number, body: string): OpenIdAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** Slack's refusals come with 200. */
function failure(error: string): OpenIdAnswer {
  return json({ ok: false, error });
}

function json(body: object): OpenIdAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status: 200, headers, body: JSON.stringify(body) };
}
