// A door between a process and a server: open, shut (connections are refused and cut), or held (nothing passes, nothing is
// said, as when a cable is pulled).
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type TcpGate = Awaited<ReturnType<typeof openTcpGate>>;

/** Opens a door before the server of `url`; `url` of the answer leads through it. */
export async function openTcpGate(target: string) {
  const { hostname, port } = new URL(target);
  let state: 'open' | 'held' | 'shut' = 'open';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    if (state === 'shut') return void client.destroy();
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
      from.on('data', (chunk) => state === 'open' && to.write(chunk));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  const cut = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    url: url.href,
    hold() {
      state = 'held';
    },
    shut() {
      state = 'shut';
      cut();
    },
    open() {
      state = 'open';
    },
    close() {
      cut();
      server.close();
    },
  };
}
