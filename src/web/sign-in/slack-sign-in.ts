// Sign in with Slack, over OpenID Connect. Knows the protocol alone: no cookies, no pages.
import * as openid from 'openid-client';
import { z } from 'zod';
import { TransientError, toError } from '../../errors.ts';
import type { Site } from '../site.ts';

/** What must be kept between the two halves of a sign-in, by the browser that began it. */
export const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  /** PKCE, where the provider offers it. */
  verifier: z.string().optional(),
  /** A path of ours to go on with. */
  to: z.string(),
});
export type Attempt = Readonly<z.infer<typeof attemptSchema>>;

export type Identified = Readonly<{ person: string; team: string }>;

/** The claims that Slack names people by (https://docs.slack.dev/authentication/sign-in-with-slack). */
const claimsSchema = z.object({
  'https://slack.com/user_id': z.string().min(1),
  'https://slack.com/team_id': z.string().min(1),
});

const TIMEOUT_S = 10;

export type SlackSignIn = ReturnType<typeof createSlackSignIn>;

export function createSlackSignIn({ publicUrl, client }: Pick<Site, 'publicUrl' | 'client'>) {
  const redirectUri = `${publicUrl}/sign-in/callback`;
  let known: Promise<openid.Configuration> | undefined;

  /** Asked once; whoever comes after a failure asks again. */
  function provider(): Promise<openid.Configuration> {
    known ??= discover().catch((thrown: unknown) => {
      known = undefined;
      throw new TransientError('Slack does not say how people sign in.', { cause: thrown });
    });
    return known;
  }

  async function discover(): Promise<openid.Configuration> {
    const isLocal = client.issuer.startsWith('http://');
    return openid.discovery(new URL(client.issuer), client.clientId, client.clientSecret, undefined, {
      timeout: TIMEOUT_S,
      execute: [openid.enableNonRepudiationChecks, ...(isLocal ? [openid.allowInsecureRequests] : [])],
    });
  }

  return {
    /**
     * Where to send the browser, and what it has to keep. Slack's discovery offers no PKCE for clients that have a secret
     * (and fails where both come); state, nonce and the secret hold without it.
     */
    async begin(options: { team: string; to: string }): Promise<{ url: URL; attempt: Attempt }> {
      const config = await provider();
      const verifier = config.serverMetadata().supportsPKCE() ? openid.randomPKCECodeVerifier() : undefined;
      const attempt = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        ...(verifier === undefined ? {} : { verifier }),
        to: options.to,
      };
      const pkce =
        verifier === undefined
          ? {}
          : {
              code_challenge: await openid.calculatePKCECodeChallenge(verifier),
              code_challenge_method: 'S256',
            };
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        response_type: 'code',
        state: attempt.state,
        nonce: attempt.nonce,
        team: options.team,
        ...pkce,
      });
      return { url, attempt };
    },
    /** Who came back; an error where the answer does not belong to this attempt or Slack does not confirm it, a transient one where
     * Slack does not answer. */
    async finish(answer: URLSearchParams, attempt: Attempt): Promise<Identified | Error> {
      const config = await provider();
      const came = new URL(redirectUri);
      came.search = answer.toString();
      try {
        const tokens = await openid.authorizationCodeGrant(config, came, {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          idTokenExpected: true,
          ...(attempt.verifier === undefined ? {} : { pkceCodeVerifier: attempt.verifier }),
        });
        const claims = claimsSchema.parse(tokens.claims());
        return { person: claims['https://slack.com/user_id'], team: claims['https://slack.com/team_id'] };
      } catch (thrown) {
        const error = toError(thrown);
        return isNetworkFault(error) ? new TransientError('Slack does not answer.', { cause: error }) : error;
      }
    },
  };
}

/** What `fetch` throws where nobody answers, or not in time; the client wraps it. */
function isNetworkFault(error: Error): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at.name === 'TimeoutError' || (at instanceof TypeError && at.message === 'fetch failed')) return true;
  return false;
}
