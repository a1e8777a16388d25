// Where the local GitHub's webhooks arrive: the bot's own receiver, but on 127.0.0.1 alone.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createSignatureCheck, parseHint } from '../../github/webhooks.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { receiveDelivery } from '../../store/watches.ts';
import { createWebhookRoute } from '../../web/webhook-route.ts';

/** Listens on any free port; `url` is what the webhook is set to. */
export async function receiveWebhooks({
  secret,
  store,
  log,
}: Readonly<{ secret: string; store: Store; log: Log }>) {
  const isGenuine = createSignatureCheck({ secret });
  const receive = (delivery: Parameters<typeof receiveDelivery>[1]) => receiveDelivery(store.db, delivery);
  const route = createWebhookRoute({ isGenuine, parseHint, receive, log });
  const server = createServer((request, response) => {
    if (request.url === route.path && request.method === route.method)
      return route.handler(request, response);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${route.path}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
