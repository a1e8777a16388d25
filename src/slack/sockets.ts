// Keeps several Socket Mode connections open. Slack recycles each every few hours, and the SDK's own reconnect leaves a
// gap of 5 s in which commands and clicks are lost (FACTS §1.2); here a successor is opened as soon as Slack says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver, type SocketModeReceiverOptions } from '@slack/bolt';
import { TransientError, toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { guardFrames } from './frame-guard.ts';
import { readSlackTrouble } from './slack-errors.ts';
import { createSocketPulse, type SocketPulse } from './socket-pulse.ts';

/** Each request comes over one of them; Slack allows ten for all bots of an app together. */
const SOCKETS = 2;
/** Slack says hello right after the socket opens. */
const HELLO_MS = 15_000;
/** A socket that breaks while it is closed never says that it is (the SDK waits for that word without a limit). */
const CLOSING_MS = 3_000;
/** Waits before the attempts to open a successor; the last one repeats. */
const BACKOFF_MS = [0, 250, 1_000, 2_000, 5_000, 10_000] as const;
/** A socket that Slack ends sooner counts as an attempt in vain: there may be too many of them. */
const LASTING_MS = 30_000;
/** How long a bot that starts tries to get its first socket; Slack refuses single handshakes for no reason. */
const START_PATIENCE_MS = 30_000;
const UNREACHABLE =
  "Slack's WebSocket could not be opened. Let this machine reach *.slack.com on port 443, or use HTTP mode.";

export type Sockets = Receiver &
  Readonly<{
    isConnected(): boolean;
    /** How long ago each open connection was heard, in ms. */
    lastFramesMs(): readonly number[];
  }>;

/** One Bolt receiver made of many. `start` rejects when not even one connection can be made. */
export function createSockets(options: {
  receiver: SocketModeReceiverOptions;
  log: Log;
  /** Shorter in tests. */
  helloMs?: number;
  startPatienceMs?: number;
}): Sockets {
  const live = new Map<SocketModeReceiver, SocketPulse>();
  /** Those that have not said hello yet. */
  const opening = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let app: App | undefined;
  let stopped = false;
  let ending = new AbortController();

  /** `attempt` is the one that its place among the sockets has come to; a bot's first ones are none. */
  async function open(attempt: number): Promise<void> {
    const socket = new SocketModeReceiver({ ...options.receiver, autoReconnectEnabled: false });
    guardFrames(socket.client, options.log);
    if (app) socket.init(app);
    const patience = new AbortController();
    socket.client.once('connected', () => {
      // Its place was given to another meanwhile.
      if (patience.signal.aborted) letGo(socket);
      else if (!stopped) keep(socket, attempt);
    });
    const opened = openUnlessStopped(socket);
    opening.add(opened);
    try {
      await opened;
    } catch (thrown) {
      patience.abort();
      letGo(socket);
      throw thrown;
    } finally {
      opening.delete(opened);
    }
  }

  /** A socket that opens after everything was stopped would take requests that nobody can store, so it goes again. */
  async function openUnlessStopped(socket: SocketModeReceiver): Promise<void> {
    await withinHello(socket, options.helloMs ?? HELLO_MS);
    if (stopped) await socket.stop();
  }

  function keep(socket: SocketModeReceiver, attempt: number): void {
    const since = performance.now();
    const pulse = createSocketPulse(socket.client);
    live.set(socket, pulse);
    const replace = () => {
      if (!live.delete(socket)) return;
      pulse.close();
      reopen(attemptAfter(attempt, performance.now() - since));
    };
    socket.client.once('disconnected', replace);
    socket.client.on('ws_message', (data: unknown) => isGoodbye(data) && replace());
  }

  function reopen(attempt: number, atLeastMs = 0): void {
    if (stopped) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        open(attempt).catch((thrown: unknown) => {
          options.log.warn({ err: explained(thrown), attempt }, 'slack.socket.not_opened');
          reopen(attempt + 1, limitMs(thrown));
        });
      },
      Math.max(atLeastMs, backoffMs(attempt)),
    );
    timers.add(timer);
  }

  /** Tries again for a while, unless Slack refuses the token. */
  async function openFirst(): Promise<void> {
    const until = performance.now() + (options.startPatienceMs ?? START_PATIENCE_MS);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await open(FIRST);
      } catch (thrown) {
        const waitMs = Math.max(limitMs(thrown), backoffMs(attempt));
        if (isVerdict(thrown) || performance.now() + waitMs > until) throw explained(thrown);
        options.log.warn({ err: explained(thrown), attempt }, 'slack.socket.not_opened');
        await sleep(waitMs, undefined, { signal: ending.signal }).catch(() => {});
        if (stopped) throw explained(thrown);
      }
    }
  }

  return {
    init(given) {
      app = given;
    },
    async start() {
      stopped = false;
      ending = new AbortController();
      await openFirst();
      // One is enough to begin with, and Slack does not like them all at once.
      const others = Array.from({ length: SOCKETS - 1 }, () =>
        open(FIRST).catch((thrown: unknown) => {
          options.log.warn({ err: explained(thrown) }, 'slack.socket.not_opened');
          reopen(1, limitMs(thrown));
        }),
      );
      await Promise.all(others);
    },
    async stop() {
      stopped = true;
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
      const closing = [...[...live.keys()].map((socket) => socket.stop()), ...opening];
      await Promise.race([Promise.allSettled(closing), sleep(CLOSING_MS, undefined, { ref: false })]);
    },
    isConnected: () => live.size > 0,
    lastFramesMs: () => [...live.values()].map((pulse) => pulse.lastFrameMs()),
  };
}

/** The place of a socket that a bot starts with, in `BACKOFF_MS`. */
const FIRST = -1;

function backoffMs(attempt: number): number {
  return BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 0;
}

/** Pure: which attempt comes after a socket that lived so long. */
export function attemptAfter(attempt: number, livedMs: number): number {
  return livedMs > LASTING_MS ? 0 : attempt + 1;
}

/** How long Slack wants to be left alone. */
function limitMs(thrown: unknown): number {
  const trouble = readSlackTrouble(thrown);
  return trouble.kind === 'later' && trouble.isLimit ? trouble.waitMs : 0;
}

/** Slack said what is wrong, and it will be so again. */
function isVerdict(thrown: unknown): boolean {
  return readSlackTrouble(thrown).kind !== 'later';
}

/** The SDK rejects with nothing where the handshake was refused. */
function explained(thrown: unknown): Error {
  return thrown === undefined ? new TransientError(UNREACHABLE) : toError(thrown);
}

function letGo(socket: SocketModeReceiver): void {
  void socket.stop().catch(() => {});
}

/** A socket that opens and then stays silent is given up. */
async function withinHello(socket: SocketModeReceiver, helloMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransientError('Slack opened a socket and said nothing.')), helloMs);
  });
  await Promise.race([socket.start(), silence]).finally(() => clearTimeout(timer));
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
