// HTTP mode: POSTs to the app's request URL, signed with the v0 HMAC of the signing secret.
import { createHmac, randomBytes } from 'node:crypto';
import type { Envelope, RoadOutcome } from './delivery.ts';

type Post = Readonly<{ body: string; contentType: string; headers?: Record<string, string> }>;

/** The signature of a request: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`. */
export function signRequest(options: { signingSecret: string; timestampS: number; body: string }): string {
  const hmac = createHmac('sha256', options.signingSecret);
  return `v0=${hmac.update(`v0:${options.timestampS}:${options.body}`).digest('hex')}`;
}

/** Creates the road to an app that listens for HTTP. */
export function createHttpDelivery(options: { signingSecret: string; ackTimeoutMs: number }) {
  let requestUrl: string | undefined;

  async function post(url: string, request: Post): Promise<RoadOutcome> {
    // Signed with the machine's clock, since the app compares it with its own.
    const timestampS = Math.floor(Date.now() / 1000);
    const { signingSecret } = options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: request.body,
        signal: AbortSignal.timeout(options.ackTimeoutMs),
        headers: {
          ...request.headers,
          'content-type': request.contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          'x-slack-request-timestamp': String(timestampS),
          'x-slack-signature': signRequest({ signingSecret, timestampS, body: request.body }),
        },
      });
      return await readAck(response);
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError';
      return { isAcked: false, body: undefined, reason: isTimeout ? 'http_timeout' : 'connection_failed' };
    }
  }

  return {
    isConnected: () => requestUrl !== undefined,
    /**
     * Registers the app's request URL as Slack's settings page does: it must answer the `url_verification`
     * challenge first. Throws where it does not.
     */
    async connect(url: string): Promise<void> {
      const challenge = randomBytes(16).toString('hex');
      const body = JSON.stringify({ token: 'local-verification-token', challenge, type: 'url_verification' });
      const answer = await post(url, { body, contentType: 'application/json' });
      const echoed = typeof answer.body === 'object' ? JSON.stringify(answer.body) : String(answer.body);
      if (!answer.isAcked || !echoed.includes(challenge)) {
        throw new Error(`${url} did not answer the challenge: ${answer.reason || echoed}`);
      }
      requestUrl = url;
    },
    disconnect(): void {
      requestUrl = undefined;
    },
    async send(envelope: Envelope): Promise<RoadOutcome> {
      if (requestUrl === undefined) return { isAcked: false, body: undefined, reason: 'connection_failed' };
      return post(requestUrl, toPost(envelope));
    },
  };
}

export type HttpDelivery = ReturnType<typeof createHttpDelivery>;

/** Events travel as JSON, commands as form fields, interactions as JSON in one form field. */
function toPost(envelope: Envelope): Post {
  const contentType = 'application/x-www-form-urlencoded';
  if (envelope.kind === 'events_api') {
    const { retry } = envelope;
    const headers: Record<string, string> = retry
      ? { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }
      : {};
    return { body: JSON.stringify(envelope.payload), contentType: 'application/json', headers };
  }
  if (envelope.kind === 'slash_commands') {
    return { body: new URLSearchParams(Object.entries(envelope.payload)).toString(), contentType };
  }
  return { body: new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString(), contentType };
}

async function readAck(response: Response): Promise<RoadOutcome> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (response.ok) return { isAcked: true, body, reason: '' };
  const refusesRetry = response.headers.get('x-slack-no-retry') === '1';
  return { isAcked: false, body, reason: 'http_error', refusesRetry };
}
