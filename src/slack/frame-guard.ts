// Stands between a Socket Mode connection and the SDK, which walks into every frame as if it were Slack's own and rejects
// where nobody listens (socket-mode 3.1, `onWebSocketMessage`): one strange frame would end the whole process.
import type { SocketModeReceiver } from '@slack/bolt';
import { toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isStrange } from './strange-request.ts';

type Client = SocketModeReceiver['client'];
type Frame = Readonly<Record<string, unknown>>;

/** What Slack says about the connection itself. */
const SIGNALS: readonly unknown[] = ['hello', 'disconnect'];
/** What carries a request to the app (docs.slack.dev, Socket Mode). */
const REQUESTS: readonly unknown[] = ['events_api', 'slash_commands', 'interactive'];

/**
 * Lets through what the SDK can take. A frame that it could not (no object, an unknown type, `app_rate_limited`, which has
 * no event) is told in the log and, where it bears an id, acknowledged: Slack would only send it again. Call it before
 * anybody else listens to the client.
 */
export function guardFrames(client: Client, log: Log): void {
  const passOn = takeOver(client, 'ws_message', log);
  const perform = takeOver(client, 'slack_event', log);
  client.on('slack_event', perform);
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const frame = isBinary === true ? undefined : readFrame(data);
    if (frame !== undefined && isForTheSdk(frame, client.eventNames())) return passOn(data, isBinary);
    const { type, payload, envelope_id: id }: Frame = frame ?? {};
    const payloadType = isRecord(payload) ? payload['type'] : payload;
    log.warn({ type: nameOf(type), payloadType: nameOf(payloadType) }, 'slack.frame.strange');
    if (typeof id === 'string') acknowledge(client, id, log);
  });
}

/** Who listened to an event until now; what they reject with is told in the log. */
function takeOver(client: Client, event: string, log: Log): (...args: readonly unknown[]) => void {
  const listeners = client.listeners(event);
  client.removeAllListeners(event);
  return (...args) => {
    for (const listen of listeners) {
      Promise.try(listen, ...args).catch((thrown: unknown) =>
        log.warn({ err: toError(thrown) }, 'slack.frame.failed'),
      );
    }
  };
}

function readFrame(data: unknown): Frame | undefined {
  try {
    const frame: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    return isRecord(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** The SDK announces an event under Slack's name for it, so none may bear the name of one of the SDK's own. */
function isForTheSdk({ type, payload }: Frame, ownEvents: readonly unknown[]): boolean {
  if (SIGNALS.includes(type)) return true;
  if (!REQUESTS.includes(type) || !isRecord(payload) || isStrange(payload)) return false;
  if (type !== 'events_api') return true;
  const { event } = payload;
  return isRecord(event) && typeof event['type'] === 'string' && !ownEvents.includes(event['type']);
}

function acknowledge(client: Client, envelopeId: string, log: Log): void {
  client.websocket?.send(JSON.stringify({ envelope_id: envelopeId, payload: {} }), (thrown) => {
    if (thrown) log.warn({ err: thrown }, 'slack.ack.failed');
  });
}

/** What may stand in a log, whatever it is. */
function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 80) : typeof value;
}

function isRecord(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
