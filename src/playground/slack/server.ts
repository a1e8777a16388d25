// The thin HTTP skin: reads requests, hands them to the Web API or the response URLs, writes answers. No rules here.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { isMeantForUs } from '../local-host.ts';
import type { OpenIdAnswer, OpenIdRequest } from './openid/openid.ts';
import type { Reply } from './web-api/api.ts';

const BODY_MAX_BYTES = 2_000_000;

type Handlers = Readonly<{
  isDown: () => boolean;
  api: (call: { method: string; args: Record<string, unknown>; token: string | undefined }) => Promise<Reply>;
  ownsResponseUrl: (path: string) => boolean;
  respond: (path: string, body: unknown) => { status: number; answer: Record<string, unknown> };
  openId: Readonly<{ owns: (path: string) => boolean; answer: (request: OpenIdRequest) => OpenIdAnswer }>;
  upgrade: (request: IncomingMessage, connection: Duplex, head: Buffer) => void;
  log: (event: string, fields: Record<string, unknown>) => void;
}>;

/** Creates the server; it listens on 127.0.0.1 once started. */
export function createSlackServer(handlers: Handlers) {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      handlers.log('local_slack.request.failed', { path: request.url, error: String(error) });
      response.writeHead(500).end(JSON.stringify({ ok: false, error: 'internal_error' }));
    });
  });
  server.on('upgrade', (request, connection, head) => {
    if (handlers.isDown() || !isMeantForUs(request)) connection.destroy();
    else handlers.upgrade(request, connection, head);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (handlers.isDown()) {
      request.socket.destroy();
      return;
    }
    if (!isMeantForUs(request)) {
      request.resume();
      writeJson(response, 403, { ok: false, error: 'foreign_host' });
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await readBody(request);
    if (handlers.openId.owns(url.pathname)) {
      const {
        status,
        headers,
        body: said,
      } = handlers.openId.answer({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        form: new URLSearchParams(body),
        authorization: request.headers.authorization,
      });
      response.writeHead(status, headers).end(said);
      return;
    }
    if (url.pathname.startsWith('/api/')) {
      const args = {
        ...Object.fromEntries(url.searchParams),
        ...parseBody(body, request.headers['content-type']),
      };
      const { token: argToken, ...rest } = args;
      const bearer = request.headers.authorization?.replace(/^Bearer /i, '');
      const token = bearer ?? (typeof argToken === 'string' ? argToken : undefined);
      const reply = await handlers.api({ method: url.pathname.slice('/api/'.length), args: rest, token });
      if (reply.wasCut) request.socket.destroy();
      else if (reply.rawBody !== undefined) response.end(reply.rawBody);
      else writeJson(response, reply.status, reply.answer, reply.headers);
      return;
    }
    if (request.method === 'POST' && handlers.ownsResponseUrl(url.pathname)) {
      const { status, answer } = handlers.respond(
        url.pathname,
        parseBody(body, request.headers['content-type']),
      );
      writeJson(response, status, answer);
      return;
    }
    writeJson(response, 404, { ok: false, error: 'not_found' });
  }

  return {
    async start(port: number): Promise<number> {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
      return address.port;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function writeJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw new Error('The request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Form fields stay text; the methods know which of them hold JSON. */
function parseBody(body: string, contentType = ''): Record<string, unknown> {
  if (!contentType.includes('json')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
