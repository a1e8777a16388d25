// How Slack reaches us: Socket Mode or signed HTTP. Also serves further pages of this deployment over the same port.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { defaultProcessEventErrorHandler, HTTPReceiver, type Logger, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Log } from '../log.ts';
import { createSockets } from './sockets.ts';
import { answerStrange, guardSlackEndpoint, StrangeRequest } from './strange-request.ts';

export type SlackConfig =
  | Readonly<{ mode: 'socket'; appToken: string; botToken: string }>
  | Readonly<{ mode: 'http'; signingSecret: string; botToken: string; port: number }>;

/** A page beside Slack's own endpoint; `path` may hold parameters (`/jobs/:id`), which arrive in `params`. */
export type Route = Readonly<{
  path: string;
  method: string | string[];
  handler: (
    request: IncomingMessage & { params?: Readonly<Record<string, string | string[]>> | undefined },
    response: ServerResponse,
  ) => void;
}>;

/** Where to listen. Port 0 lets the system choose. */
export type Listen = Readonly<{ port: number; host?: string }>;

export type Connection = Readonly<{
  receiver: Receiver;
  /** Opens the port, where there is one; the port it got. */
  listen(): Promise<number | undefined>;
  closePort(): Promise<void>;
  /** False while no socket is open; always true over HTTP. */
  isConnected(): boolean;
  /** What was heard of Slack last. */
  pulse(): Pulse;
}>;

/** How long ago Slack was heard, in ms, by a clock that does not jump. */
export type Pulse =
  | Readonly<{ mode: 'socket'; sockets: readonly Readonly<{ lastFrameMs: number }>[] }>
  | Readonly<{ mode: 'http'; lastRequestMs?: number }>;

export function createConnection(options: {
  config: SlackConfig;
  listen: Listen | undefined;
  routes: readonly Route[];
  log: Log;
  logger: Logger;
  clientOptions: WebClientOptions;
}): Connection {
  const { config, logger } = options;
  const web = createWeb(options);
  if (config.mode === 'http') {
    let heardAt: number | undefined;
    const inert: Receiver = {
      init(app) {
        // Only what bears Slack's signature comes this far.
        const process = app.processEvent.bind(app);
        app.processEvent = (event) => {
          heardAt = performance.now();
          return process(event);
        };
        web.http.init(app);
      },
      start: async () => {},
      stop: async () => {},
    };
    const pulse = (): Pulse =>
      heardAt === undefined
        ? { mode: 'http' }
        : { mode: 'http', lastRequestMs: Math.round(performance.now() - heardAt) };
    return { ...web, receiver: inert, isConnected: () => true, pulse };
  }
  const sockets = createSockets({
    log: options.log,
    receiver: {
      appToken: config.appToken,
      logger,
      // Acknowledged, or Slack would send it again.
      processEventErrorHandler: async (args) =>
        args.error instanceof StrangeRequest || defaultProcessEventErrorHandler(args),
      // The sockets decide themselves when to try again.
      installerOptions: {
        clientOptions: {
          ...options.clientOptions,
          retryConfig: { retries: 1 },
          rejectRateLimitedCalls: true,
        },
      },
    },
  });
  const pulse = (): Pulse => ({
    mode: 'socket',
    sockets: sockets.lastFramesMs().map((lastFrameMs) => ({ lastFrameMs })),
  });
  return { ...web, receiver: sockets, isConnected: sockets.isConnected, pulse };
}

const ENDPOINT = '/slack/events';

/** How long requests that have begun may take once the port is closed to others. */
const CLOSE_LIMIT_MS = 3_000;

/** One HTTP server for Slack's endpoint (only in HTTP mode) and the further routes. */
function createWeb(options: Parameters<typeof createConnection>[0]) {
  const { config, listen } = options;
  const signingSecret = config.mode === 'http' ? config.signingSecret : '';
  const receiver = new HTTPReceiver({
    signingSecret,
    signatureVerification: config.mode === 'http',
    endpoints: config.mode === 'http' ? [ENDPOINT] : [],
    processEventErrorHandler: answerStrange,
    customRoutes: options.routes.map((route) => ({
      ...route,
      handler: (req, res) => route.handler(req, res),
    })),
    logger: options.logger,
  });
  if (config.mode === 'http') {
    const { requestListener } = receiver;
    receiver.requestListener = guardSlackEndpoint(requestListener, { signingSecret, path: ENDPOINT });
  }
  let open: Server | undefined;
  return {
    http: receiver,
    async listen(): Promise<number | undefined> {
      if (listen === undefined) return undefined;
      const server = await receiver.start({ ...listen });
      open = server;
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : listen.port;
    },
    async closePort(): Promise<void> {
      const server = open;
      open = undefined;
      if (server === undefined) return;
      // Who opened a connection and says nothing, or never takes its answer, must not hold up the end.
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
      await receiver.stop();
      clearTimeout(timer);
    },
  };
}
