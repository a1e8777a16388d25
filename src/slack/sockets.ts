// Keeps several Socket Mode connections open. Slack recycles each every few hours, and the SDK's own reconnect leaves a
// gap of 5 s in which commands and clicks are lost (FACTS §1.2); here a successor is opened as soon as Slack says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver, type SocketModeReceiverOptions } from '@slack/bolt';
import { TransientError, toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createSocketPulse, type SocketPulse } from './socket-pulse.ts';

/** Each request comes over one of them; Slack allows ten for all bots of an app together. */
const SOCKETS = 2;
/** Slack says hello right after the socket opens. */
const HELLO_MS = 15_000;
/** A socket that breaks while it is closed never says that it is (the SDK waits for that word without a limit). */
const CLOSING_MS = 3_000;
/** Waits before the attempts to open a successor; the last one repeats. */
const BACKOFF_MS = [0, 250, 1_000, 2_000, 5_000, 10_000] as const;

export type Sockets = Receiver &
  Readonly<{
    isConnected(): boolean;
    /** How long ago each open connection was heard, in ms. */
    lastFramesMs(): readonly number[];
  }>;

/** One Bolt receiver made of many. `start` rejects when the first connections cannot be made. */
export function createSockets(options: { receiver: SocketModeReceiverOptions; log: Log }): Sockets {
  const live = new Map<SocketModeReceiver, SocketPulse>();
  /** Those that have not said hello yet. */
  const opening = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let app: App | undefined;
  let stopped = false;

  async function open(): Promise<void> {
    const socket = new SocketModeReceiver({ ...options.receiver, autoReconnectEnabled: false });
    if (app) socket.init(app);
    let replaced = false;
    const replace = () => {
      if (replaced) return;
      replaced = true;
      live.get(socket)?.close();
      live.delete(socket);
      reopen(0);
    };
    socket.client.once('connected', () => {
      live.set(socket, createSocketPulse(socket.client));
      socket.client.once('disconnected', replace);
      socket.client.on('ws_message', (data: unknown) => isGoodbye(data) && replace());
    });
    const opened = openUnlessStopped(socket);
    opening.add(opened);
    await opened.finally(() => opening.delete(opened));
  }

  /** A socket that opens after everything was stopped would take requests that nobody can store, so it goes again. */
  async function openUnlessStopped(socket: SocketModeReceiver): Promise<void> {
    await withinHello(socket);
    if (stopped) await socket.stop();
  }

  function reopen(attempt: number): void {
    if (stopped) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        open().catch((thrown: unknown) => {
          options.log.warn({ err: toError(thrown), attempt }, 'slack.socket.not_opened');
          reopen(attempt + 1);
        });
      },
      BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)],
    );
    timers.add(timer);
  }

  return {
    init(given) {
      app = given;
    },
    async start() {
      stopped = false;
      await Promise.all(Array.from({ length: SOCKETS }, open));
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      const closing = [...[...live.keys()].map((socket) => socket.stop()), ...opening];
      await Promise.race([Promise.allSettled(closing), sleep(CLOSING_MS, undefined, { ref: false })]);
    },
    isConnected: () => live.size > 0,
    lastFramesMs: () => [...live.values()].map((pulse) => pulse.lastFrameMs()),
  };
}

/** A socket that opens and then stays silent is given up. */
async function withinHello(socket: SocketModeReceiver): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransientError('Slack opened a socket and said nothing.')), HELLO_MS);
  });
  try {
    await Promise.race([socket.start(), silence]);
  } catch (thrown) {
    void socket.stop().catch(() => {});
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

/** Slack's announcement that it is about to close this socket. */
function isGoodbye(data: unknown): boolean {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return false;
  try {
    return (JSON.parse(data) as { type?: unknown }).type === 'disconnect'; // only compared
  } catch {
    return false;
  }
}
