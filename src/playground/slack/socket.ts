// One Socket Mode connection: greets, pings, carries envelopes and matches their acks.
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Envelope, RoadOutcome } from './delivery.ts';

/** The Socket Mode client gives up when it hears no ping for 30 s. */
const PING_EVERY_MS = 10_000;
/** How long a socket that was told to go may stay. */
const LEAVE_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1000;
const HOST = 'local-slack';

const ackSchema = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export type DisconnectReason = 'refresh_requested' | 'warning' | 'link_disabled' | 'too_many_websockets';

/** Takes over an open WebSocket. `ackTimeoutMs` is Slack's 3 s; a socket that closes fails what it still carried. */
export function createSocket(options: {
  ws: WebSocket;
  ackTimeoutMs: number;
  /** Told of acknowledgements that nobody waits for. */
  onStrayAck: (envelopeId: string) => void;
}) {
  const { ws } = options;
  const pending = new Map<string, (ack: RoadOutcome) => void>();
  let isLeaving = false;

  const pinging = setInterval(() => ws.ping(`Ping from ${HOST}`), PING_EVERY_MS);
  ws.on('message', (data) => {
    const parsed = ackSchema.safeParse(parseJson(String(data)));
    if (!parsed.success) return;
    const { envelope_id, payload } = parsed.data;
    const settle = pending.get(envelope_id);
    if (settle) settle({ isAcked: true, body: payload, reason: '' });
    else options.onStrayAck(envelope_id);
  });
  ws.on('error', () => ws.terminate());
  ws.on('close', () => {
    clearInterval(pinging);
    for (const settle of [...pending.values()]) settle(unacked('timeout'));
  });

  const write = (frame: object) => ws.send(JSON.stringify(frame));

  return {
    isUsable: () => !isLeaving && ws.readyState === ws.OPEN,
    greet(appId: string, connections: number): void {
      const debug_info = { host: HOST, build_number: 1, approximate_connection_time: 18_060 };
      write({ type: 'hello', num_connections: connections, debug_info, connection_info: { app_id: appId } });
    },
    send(envelope: Envelope): Promise<RoadOutcome> {
      const id = randomUUID();
      return new Promise((resolve) => {
        const settle = (ack: RoadOutcome) => {
          clearTimeout(timer);
          pending.delete(id);
          resolve(ack);
        };
        const timer = setTimeout(() => settle(unacked('timeout')), options.ackTimeoutMs);
        pending.set(id, settle);
        write(toFrame(id, envelope));
      });
    },
    /** Sends whatever it is: text as it stands, anything else as a binary frame. */
    sendRaw: (frame: string | Uint8Array) => ws.send(frame),
    /** Tells the client to go; it gets no more envelopes, and is cut when it stays. */
    dismiss(reason: DisconnectReason): void {
      isLeaving = true;
      write({ type: 'disconnect', reason, debug_info: { host: HOST } });
      const forced = setTimeout(() => ws.terminate(), LEAVE_WITHIN_MS);
      forced.unref();
      ws.once('close', () => clearTimeout(forced));
    },
    /** Closes properly, or cuts a client that does not answer. */
    async close(): Promise<void> {
      const forced = setTimeout(() => ws.terminate(), CLOSE_WITHIN_MS);
      const gone = new Promise<void>((resolve) => ws.once('close', () => resolve()));
      ws.close(1001);
      await gone;
      clearTimeout(forced);
    },
    cut: () => ws.terminate(),
  };
}

export type Socket = ReturnType<typeof createSocket>;

/** What became of an envelope that nobody acknowledged. */
export function unacked(reason: string): RoadOutcome {
  return { isAcked: false, body: undefined, reason };
}

function toFrame(id: string, envelope: Envelope) {
  return {
    envelope_id: id,
    type: envelope.kind,
    payload: envelope.payload,
    accepts_response_payload: envelope.acceptsBody ?? false,
    ...(envelope.kind === 'events_api' && {
      retry_attempt: envelope.retry?.num ?? 0,
      retry_reason: envelope.retry?.reason ?? '',
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
