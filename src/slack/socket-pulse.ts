// When a Socket Mode connection was last heard: messages, and the pings and pongs that the SDK keeps to itself. Measured by
// a clock that does not jump.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SocketModeReceiver } from '@slack/bolt';

/** undici tells these channels of every control frame; the SDK listens to them as well. */
const CHANNELS = ['undici:websocket:ping', 'undici:websocket:pong'] as const;

export type SocketPulse = Readonly<{
  /** Milliseconds since the last frame. */
  lastFrameMs(): number;
  close(): void;
}>;

/** Listens to one connection until `close`. */
export function createSocketPulse(client: SocketModeReceiver['client']): SocketPulse {
  let heardAt = performance.now();
  const hear = () => {
    heardAt = performance.now();
  };
  const hearFrame = (message: unknown) => {
    if (isRecord(message) && isRecord(message['websocket']) && message['websocket'] === innerSocket(client))
      hear();
  };
  client.on('ws_message', hear);
  for (const channel of CHANNELS) subscribe(channel, hearFrame);
  return {
    lastFrameMs: () => Math.round(performance.now() - heardAt),
    close() {
      for (const channel of CHANNELS) unsubscribe(channel, hearFrame);
    },
  };
}

/** The SDK hides its socket; where a later version hides it elsewhere, only messages count. */
function innerSocket(client: unknown): unknown {
  const outer = isRecord(client) ? client['websocket'] : undefined;
  return isRecord(outer) ? outer['websocket'] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
