// A second Slack, written by hand and knowing as little as possible: raw Socket Mode frames and a tiny Web API. It shares
// nothing with the local Slack, so that the bot cannot lean on that one's peculiarities. It holds no rules.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

type Answer = Readonly<Record<string, unknown>>;
type Block = Readonly<{ type: string; elements?: readonly Button[] }>;
type Button = Readonly<{ action_id: string; value: string; text: Readonly<{ text: string }> }>;
export type WireMessage = { channel: string; ts: string; thread_ts?: string; text: string; blocks: Block[] };

export const WIRE = { team: 'TWIRE001', bot: 'UWIREBOT', channel: 'CWIRE001', ann: 'UWIREANN' } as const;

const TIMEOUT_MS = 40_000;

/** `answers` replaces what a method answers; whatever is not known gets `otherwise`. */
export async function startWireSlack(options: {
  otherwise: Answer;
  answers?: Readonly<Record<string, Answer>>;
}) {
  const messages: WireMessage[] = [];
  const called: string[] = [];
  const sockets = new Set<WebSocket>();
  const acks = new Map<string, () => void>();
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of watchers) look();
  };
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };

  const methods: Record<string, (args: Record<string, string>) => Answer> = {
    'auth.test': () => ({ ok: true, team_id: WIRE.team, user_id: WIRE.bot, bot_id: 'BWIRE001' }),
    'apps.connections.open': () => ({ ok: true, url: `ws://127.0.0.1:${port()}/socket` }),
    'chat.postMessage'(args) {
      const ts = `1700000000.${String(next()).padStart(6, '0')}`;
      messages.push({ ...(args as unknown as WireMessage), ts, blocks: readBlocks(args['blocks']) }); // kept as sent
      return { ok: true, channel: args['channel'], ts, message: {} };
    },
    'chat.update'(args) {
      const found = messages.find((message) => message.ts === args['ts']);
      if (found === undefined) return { ok: false, error: 'message_not_found' };
      Object.assign(found, { text: args['text'] ?? '', blocks: readBlocks(args['blocks']) });
      return { ok: true, channel: found.channel, ts: found.ts, text: found.text };
    },
  };

  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').replace(/^\/api\//, '');
    called.push(method);
    const args = await readArguments(request);
    const answer = options.answers?.[method] ?? methods[method]?.(args) ?? options.otherwise;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
    changed();
  });
  const port = () => (server.address() as AddressInfo).port;
  const hub = new WebSocketServer({ server });
  hub.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { envelope_id?: string };
      acks.get(frame.envelope_id ?? '')?.();
    });
    socket.send(JSON.stringify({ type: 'hello' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** Resolves with the milliseconds until the acknowledgement. */
  async function send(type: 'slash_commands' | 'events_api' | 'interactive', payload: unknown) {
    const envelope_id = `envelope-${next()}`;
    const acked = new Promise<void>((resolve) => acks.set(envelope_id, resolve));
    const open = [...sockets];
    const since = performance.now();
    open[count % open.length]?.send(JSON.stringify({ envelope_id, type, payload }));
    await acked;
    return performance.now() - since;
  }

  return {
    apiUrl: `http://127.0.0.1:${port()}/api`,
    messages,
    called,
    /** Sends what is no request at all; resolves once it is acknowledged. */
    babbles: (payload: unknown) => send('interactive', payload),
    /** Waits until `check` gives something, looking again after every call of the bot. */
    waitFor<T>(what: string, check: () => T | undefined | false): Promise<T> {
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        const look = () => {
          const found = check();
          if (found === undefined || found === false) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`Waited in vain for ${what}. Shown: ${JSON.stringify(messages, null, 1)}`));
        }, TIMEOUT_MS);
        watchers.add(look);
        look();
      });
    },
    types: (text: string) =>
      send('slash_commands', {
        command: '/agent',
        text,
        user_id: WIRE.ann,
        channel_id: WIRE.channel,
        team_id: WIRE.team,
        trigger_id: `trigger-${next()}`,
        response_url: `http://127.0.0.1:${port()}/gone`,
      }),
    hears: (event: object) =>
      send('events_api', {
        type: 'event_callback',
        team_id: WIRE.team,
        event_id: `Ev${next()}`,
        event: { user: WIRE.ann, ...event },
      }),
    /** Presses the button of this label on a message. */
    presses(message: WireMessage, label: string) {
      const button = buttonOf(message, label);
      return send('interactive', {
        type: 'block_actions',
        user: { id: WIRE.ann },
        trigger_id: `trigger-${next()}`,
        channel: { id: message.channel },
        message: { ts: message.ts },
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
        actions: [{ ...button, type: 'button', action_ts: `1700000001.${next()}` }],
      });
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      hub.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function buttonOf(message: WireMessage, label: string): Button | undefined {
  return message.blocks
    .flatMap((block) => (block.type === 'actions' ? (block.elements ?? []) : []))
    .find((button) => button.text.text.startsWith(label));
}

function readBlocks(text: string | undefined): Block[] {
  return text === undefined ? [] : (JSON.parse(text) as Block[]); // the bot's own blocks
}

async function readArguments(request: IncomingMessage): Promise<Record<string, string>> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return Object.fromEntries(new URLSearchParams(body));
}
