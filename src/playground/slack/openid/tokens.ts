// Slack's side of OpenID Connect: codes that count once, RS256 keys, ID and access tokens. Shapes as in Slack's own page
// (https://docs.slack.dev/authentication/sign-in-with-slack).
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Directory } from '../directory.ts';

/** What an app asked for and a person agreed to. */
export type Grant = Readonly<{
  clientId: string;
  redirectUri: string;
  user: string;
  nonce: string | undefined;
  scopes: readonly string[];
}>;

/** Slack's codes live for ten minutes. */
const CODE_LIFETIME_MS = 10 * 60_000;
const ID_TOKEN_LIFETIME_S = 300;
const KEY_ID = 'local-slack-key';

/** Creates the codes, keys and tokens of one workspace. */
export function createTokens(options: { directory: Directory; now: () => Date; issuer: () => string }) {
  const { directory, now, issuer } = options;
  const codes = new Map<string, Grant & { expiresAt: number }>();
  const access = new Map<string, Grant>();
  let keys: { privateKey: KeyObject; publicKey: KeyObject } | undefined;
  // Made when somebody signs in first: no other test waits for it.
  const pair = () => {
    keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return keys;
  };

  return {
    issueCode(grant: Grant): string {
      const code = randomBytes(20).toString('hex');
      codes.set(code, { ...grant, expiresAt: now().getTime() + CODE_LIFETIME_MS });
      return code;
    },
    /** The grant behind a code that was not used before and is not too old. */
    takeCode(code: string): Grant | undefined {
      const grant = codes.get(code);
      codes.delete(code);
      return grant !== undefined && grant.expiresAt >= now().getTime() ? grant : undefined;
    },
    issueAccessToken(grant: Grant): string {
      const token = `xoxp-${randomBytes(20).toString('hex')}`;
      access.set(token, grant);
      return token;
    },
    grantOf: (accessToken: string) => access.get(accessToken),
    claimsOf: (grant: Grant) => describePerson(directory, grant),
    issueIdToken(grant: Grant, accessToken: string): string {
      const iat = Math.floor(now().getTime() / 1_000);
      const claims = {
        iss: issuer(),
        aud: grant.clientId,
        exp: iat + ID_TOKEN_LIFETIME_S,
        iat,
        auth_time: iat,
        ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
        at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
        ...describePerson(directory, grant),
      };
      const signed = [{ typ: 'JWT', alg: 'RS256', kid: KEY_ID }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), pair().privateKey).toString('base64url')}`;
    },
    publicKeys: () => ({
      keys: [{ ...pair().publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID }],
    }),
  };
}

function describePerson(directory: Directory, { user: id, scopes }: Grant) {
  const user = directory.getUser(id);
  const ids = {
    sub: user.id,
    'https://slack.com/user_id': user.id,
    'https://slack.com/team_id': user.teamId,
  };
  if (!scopes.includes('profile')) return ids;
  return {
    ...ids,
    name: user.realName,
    given_name: user.realName,
    locale: 'en-US',
    'https://slack.com/team_name': 'Local',
    'https://slack.com/team_domain': 'local',
  };
}
