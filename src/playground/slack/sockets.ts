// Socket Mode: up to ten sockets, each envelope on exactly one of them, acknowledged on that same socket.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Changes } from './changes.ts';
import type { Envelope, RoadOutcome } from './delivery.ts';
import type { Faults } from './faults.ts';
import { createSocket, type DisconnectReason, type Socket, unacked } from './socket.ts';

const SOCKETS_MAX = 10;

/** Creates the hub of sockets. */
export function createSockets(options: {
  appId: string;
  ackTimeoutMs: number;
  changes: Changes;
  faults: Faults;
}) {
  const { appId, ackTimeoutMs, changes } = options;
  const server = new WebSocketServer({ noServer: true });
  const sockets = new Set<Socket>();
  const tickets = new Set<string>();
  const strayAcks = new Set<string>();
  let turn = 0;
  let everOpened = 0;

  const usable = () => [...sockets].filter((socket) => socket.isUsable());

  function welcome(ws: WebSocket): void {
    const onStrayAck = (envelopeId: string) => {
      strayAcks.add(envelopeId);
      changes.changed();
    };
    const socket = createSocket({ ws, ackTimeoutMs, onStrayAck });
    sockets.add(socket);
    everOpened += 1;
    ws.on('close', () => {
      sockets.delete(socket);
      changes.changed();
    });
    if (sockets.size > SOCKETS_MAX) socket.dismiss('too_many_websockets');
    else socket.greet(appId, usable().length);
    changes.changed();
  }

  return {
    /** A URL path that opens one socket, once. */
    issueTicket(): string {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${appId}`;
    },
    /** Takes over an HTTP upgrade; anything without a fresh ticket is refused, or all by the status of a fault. */
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      const { httpStatus } = options.faults.take('handshake') ?? {};
      if (httpStatus !== undefined) {
        connection.end(`HTTP/1.1 ${httpStatus} Refused\r\nConnection: close\r\n\r\n`);
        return;
      }
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (tickets.delete(ticket)) server.handleUpgrade(request, connection, head, welcome);
      else connection.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    },
    count: () => usable().length,
    /** How many were opened since the start. */
    everOpened: () => everOpened,
    /** Slack chooses a socket as it likes; here they take turns, so that none is left out in a test. */
    async send(envelope: Envelope): Promise<RoadOutcome> {
      const open = usable();
      const socket = open[turn++ % Math.max(open.length, 1)];
      return socket ? socket.send(envelope) : unacked('connection_failed');
    },
    /** Sends a frame of any shape over every socket. */
    sendRaw(frame: string | Uint8Array): void {
      for (const socket of usable()) socket.sendRaw(frame);
    },
    /** Whether the app acknowledged an envelope that was sent raw. */
    wasAcked: (envelopeId: string) => strayAcks.has(envelopeId),
    /** Tells every socket to reconnect, as Slack does every few hours. */
    refresh(reason: DisconnectReason): void {
      for (const socket of usable()) socket.dismiss(reason);
      changes.changed();
    },
    async close(): Promise<void> {
      await Promise.all([...sockets].map((socket) => socket.close()));
    },
    /** Cuts every socket without a word. */
    cut(): void {
      for (const socket of sockets) socket.cut();
    },
  };
}

export type Sockets = ReturnType<typeof createSockets>;
