// Where GitHub's webhooks arrive: checked, stored once, acknowledged. What they ask for is done by the runner that finds
// the mark in the database; nothing here waits for it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toError } from '../errors.ts';
import type { Hint } from '../job/outside.ts';
import type { Log } from '../log.ts';
import type { WebRoute } from './server.ts';

/** Bodies beyond this are not read: a push of thousands of commits, say. Its hint is missed and polling makes up for it. */
const LIMIT_BYTES = 5 * 1024 * 1024;

export type WebhookOptions = Readonly<{
  /** Whether GitHub signed this body. */
  isGenuine(body: string, signature: string): Promise<boolean>;
  /** What to look at again; undefined for events of no interest. */
  parseHint(event: string, payload: unknown): Hint | undefined;
  /** Stores a delivery durably; false when its id came before. */
  receive(delivery: { id: string; event: string; hint: Hint | undefined }): Promise<boolean>;
  log: Log;
}>;

type Reply = Readonly<{ status: number; say: string }>;

/** `POST /webhooks/github`, for the web server's table of routes. */
export function createWebhookRoute(options: WebhookOptions): WebRoute {
  return {
    path: '/webhooks/github',
    method: 'POST',
    handler: (request: IncomingMessage, response: ServerResponse) => {
      answer(options, request)
        .catch((thrown: unknown): Reply => {
          options.log.warn({ err: toError(thrown) }, 'web.webhook.failed');
          return {
            status: 503,
            say: 'Not stored. Redeliver it later, or leave it: Errand looks for itself.',
          };
        })
        .then(({ status, say }) => {
          response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
          response.end(`${say}\n`);
          // Thrown away unread, so that a sender who is still sending gets to hear the answer.
          request.resume();
        });
    },
  };
}

async function answer(options: WebhookOptions, request: IncomingMessage): Promise<Reply> {
  const body = await readBody(request);
  if (body === undefined) return { status: 413, say: 'Too large. Errand looks for itself.' };
  const header = (name: string) => String(request.headers[name] ?? '');
  if (!(await options.isGenuine(body, header('x-hub-signature-256'))))
    return { status: 401, say: 'The signature is wrong: compare the secret with GITHUB_WEBHOOK_SECRET.' };
  const id = header('x-github-delivery');
  const event = header('x-github-event');
  if (!/^[\w-]{1,100}$/.test(id) || !/^\w{1,100}$/.test(event))
    return { status: 400, say: 'X-GitHub-Delivery or X-GitHub-Event is missing.' };
  const payload = parseJson(body);
  if (payload === undefined)
    return { status: 400, say: 'The body is no JSON: choose the content type application/json.' };
  const isNew = await options.receive({ id, event, hint: options.parseHint(event, payload) });
  options.log.debug({ id, event, isNew }, 'web.webhook.received');
  return isNew ? { status: 202, say: 'Heard.' } : { status: 200, say: 'Heard before.' };
}

/** Undefined when it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > LIMIT_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
