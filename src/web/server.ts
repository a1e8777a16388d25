// A small web server for processes that have no other: a runner's health pages, and GitHub's webhooks.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One path that this deployment serves. */
export type WebRoute = Readonly<{
  path: string;
  method: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}>;

/** Longer requests are nobody's who asks how we are; GitHub itself gives up after 10 s. */
const REQUEST_LIMIT_MS = 5_000;

/** Listens on `port` (0: the system chooses); answers 404 to everything but `routes`. */
export async function serveHealth(options: {
  port: number;
  routes: readonly WebRoute[];
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const route = options.routes.find((one) => one.path === path && one.method === request.method);
    if (route) return route.handler(request, response);
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"ok":false}\n');
  });
  server.listen(options.port);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
