// The local Slack against the real Bolt over Socket Mode: envelopes, acks, retries, several sockets, refresh.
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { RETRY_DELAYS_MS } from '../../src/playground/slack/events.ts';
import { startSocketApp, startTown } from '../support/bolt-on-local-slack.ts';

test('Bolt connects, hears a slash command and answers it', async () => {
  const town = await startTown();
  const { slack, ada, general } = town;
  await startSocketApp(town, (app) => {
    app.command('/agent', async ({ ack, command, respond }) => {
      await ack(`on it: ${command.text}`);
      await respond({ text: 'and more', response_type: 'in_channel' });
    });
  });

  const outcome = await slack.slashCommand({
    user: ada.id,
    channel: general.id,
    command: '/agent',
    text: 'fix #12',
  });

  expect(outcome.isAcked).toBe(true);
  expect(outcome.ackMs).toBeLessThan(3000);
  expect(slack.ephemerals(ada.id).map((one) => one.text)).toEqual(['on it: fix #12']);
  await slack.waitFor(() => slack.messages(general.id).some((message) => message.text === 'and more'));
});

test('a command that is not acknowledged in time tells the person so and is not sent again', async () => {
  const town = await startTown({ ackTimeoutMs: 60 });
  const { slack, ada, general } = town;
  let heard = 0;
  await startSocketApp(town, (app) => {
    app.command('/agent', async () => {
      heard += 1;
    });
  });

  const outcome = await slack.slashCommand({
    user: ada.id,
    channel: general.id,
    command: '/agent',
    text: 'x',
  });
  await slack.retryNow();

  expect(outcome.error).toBe('operation_timeout');
  await expect.poll(() => heard).toBe(1);
  expect(slack.ephemerals(ada.id)[0]?.text).toContain('operation_timeout');
});

test('the time to acknowledge is 3 s unless told otherwise', async () => {
  const { slack, ada, general, apiUrl } = await startTown();
  await openRawSocket(slack.appToken, apiUrl);

  const outcome = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent' });

  expect(outcome.error).toBe('operation_timeout');
  expect(outcome.ackMs).toBeGreaterThan(2950);
  expect(outcome.ackMs).toBeLessThan(4000);
});

test('slash commands are refused in threads, and when nobody registered them', async () => {
  const town = await startTown();
  const { slack, ada, general } = town;
  const { ts } = slack.post({ user: ada.id, channel: general.id, text: 'root' });

  const inThread = await slack.slashCommand({
    user: ada.id,
    channel: general.id,
    command: '/agent',
    threadTs: ts,
  });
  const unknown = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/other' });
  const nobody = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent' });

  expect(inThread.error).toBe('not_supported_in_threads');
  expect(unknown.error).toBe('unknown_command');
  expect(nobody.error).toBe('dispatch_failed');
});

test('one post that mentions the bot comes as message and as app_mention with different event ids', async () => {
  const town = await startTown();
  const { slack, ada, general } = town;
  const heard: { type: string; id: unknown; text: string | undefined; ts: string }[] = [];
  await startSocketApp(town, (app) => {
    app.event('app_mention', async ({ event, body }) => {
      heard.push({ type: event.type, id: body.event_id, text: event.text, ts: event.ts });
    });
    app.message(async ({ message, body }) => {
      if (message.subtype) return;
      heard.push({ type: message.type, id: body.event_id, text: message.text, ts: message.ts });
    });
  });

  const posted = slack.post({ user: ada.id, channel: general.id, text: '@errand is 1 < 2 & <b>?' });
  expect(await posted.acked).toBe(true);

  expect(heard.map((one) => one.type).sort()).toEqual(['app_mention', 'message']);
  expect(new Set(heard.map((one) => one.id)).size).toBe(2);
  expect(new Set(heard.map((one) => one.ts))).toEqual(new Set([posted.ts]));
  expect(heard[0]?.text).toBe(`<@${slack.botUserId}> is 1 &lt; 2 &amp; &lt;b&gt;?`);
});

test('the bot hears nothing of channels it is not in, and direct messages as channel type im', async () => {
  const town = await startTown();
  const { slack, ada } = town;
  const heard: string[] = [];
  await startSocketApp(town, (app) => {
    app.message(async ({ message }) => {
      heard.push(message.channel_type);
    });
  });
  const secret = slack.addChannel({ name: 'secret', isPrivate: true, members: [ada.id] });

  expect(await slack.post({ user: ada.id, channel: secret.id, text: '@errand hello' }).acked).toBe(true);
  expect(await slack.post({ user: ada.id, channel: slack.openDm(ada.id).id, text: 'hello' }).acked).toBe(
    true,
  );

  expect(heard).toEqual(['im']);
});

test('an event that is not acknowledged comes three more times under the same id', async () => {
  const { slack, ada, general, apiUrl } = await startTown({
    ackTimeoutMs: 20,
    retryDelaysMs: [1e6, 1e6, 1e6],
  });
  const socket = await openRawSocket(slack.appToken, apiUrl);

  expect(await slack.post({ user: ada.id, channel: general.id, text: 'anybody?' }).acked).toBe(false);
  for (let retry = 1; retry <= 5; retry++) await slack.retryNow();

  const frames = socket.frames.filter((frame) => frame.type === 'events_api');
  expect(frames.map((frame) => frame.retry_attempt)).toEqual([0, 1, 2, 3]);
  expect(frames.map((frame) => frame.retry_reason)).toEqual(['', 'timeout', 'timeout', 'timeout']);
  expect(new Set(frames.map((frame) => frame.payload?.event_id)).size).toBe(1);
  expect(new Set(frames.map((frame) => frame.envelope_id)).size).toBe(4);
  expect(slack.waitingRetries()).toBe(0);
});

test('Bolt sees the number and reason of a retry, and an acknowledged one ends the retries', async () => {
  const town = await startTown({ retryDelaysMs: [1e6, 1e6, 1e6] });
  const { slack, ada, general } = town;
  const seen: unknown[] = [];

  expect(await slack.post({ user: ada.id, channel: general.id, text: 'nobody is there' }).acked).toBe(false);
  await startSocketApp(town, (app) => {
    app.message(async ({ context }) => {
      seen.push([context.retryNum, context.retryReason]);
    });
  });
  await slack.retryNow();

  await expect.poll(() => seen).toEqual([[1, 'connection_failed']]);
  expect(slack.waitingRetries()).toBe(0);
});

test('the first retry comes at once, by itself, and Slack waits a minute and five for the others', async () => {
  const { slack, ada, general, apiUrl } = await startTown({ ackTimeoutMs: 20 });
  const socket = await openRawSocket(slack.appToken, apiUrl);
  slack.post({ user: ada.id, channel: general.id, text: 'anybody?' });
  await expect.poll(() => socket.frames.map((frame) => frame.retry_attempt)).toEqual([undefined, 0, 1]);
  await expect.poll(() => slack.waitingRetries()).toBe(1);
  expect(RETRY_DELAYS_MS).toEqual([0, 60_000, 300_000]);
});

test('with two sockets each envelope goes to exactly one, and both get some', async () => {
  const { slack, ada, general, apiUrl } = await startTown({ ackTimeoutMs: 20 });
  const first = await openRawSocket(slack.appToken, apiUrl);
  const second = await openRawSocket(slack.appToken, apiUrl);

  for (let n = 0; n < 4; n++) {
    await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: String(n) });
  }

  const texts = (socket: RawSocket) =>
    socket.frames.filter((frame) => frame.type === 'slash_commands').map((frame) => frame.payload?.text);
  expect(texts(first)).toHaveLength(2);
  expect([...texts(first), ...texts(second)].sort()).toEqual(['0', '1', '2', '3']);
});

test('a socket starts with hello; the eleventh is sent away', async () => {
  const { slack, apiUrl } = await startTown();
  const sockets: RawSocket[] = [];
  for (let n = 0; n < 10; n++) sockets.push(await openRawSocket(slack.appToken, apiUrl));

  const eleventh = await openRawSocket(slack.appToken, apiUrl);

  expect(sockets[0]?.frames[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  expect(eleventh.frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(slack.socketCount()).toBe(10);
});

test('a refresh tells the socket to go, sends it nothing more, and Bolt comes back by itself', async () => {
  const town = await startTown();
  const { slack, ada, general, apiUrl } = town;
  const raw = await openRawSocket(slack.appToken, apiUrl);
  await startSocketApp(town, (app) => {
    app.command('/agent', async ({ ack }) => ack());
  });
  await slack.waitFor(() => slack.socketCount() === 2);

  slack.refreshSockets();
  const inTheGap = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent' });
  await slack.waitFor(() => slack.socketCount() === 1, { timeoutMs: 20_000 });
  const afterwards = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent' });

  await expect
    .poll(() => raw.frames.at(-1))
    .toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  expect(inTheGap.error).toBe('dispatch_failed');
  expect(afterwards.isAcked).toBe(true);
});

test('events can be doubled, and come again after Slack was down', async () => {
  const town = await startTown({ retryDelaysMs: [1e6, 1e6, 1e6] });
  const { slack, ada, general, apiUrl } = town;
  const socket = await openRawSocket(slack.appToken, apiUrl, { acks: true });

  slack.doubleEvents(true);
  await slack.post({ user: ada.id, channel: general.id, text: 'twice' }).acked;
  await expect.poll(() => socket.frames.filter((frame) => frame.type === 'events_api')).toHaveLength(2);
  const ids = socket.frames.flatMap((frame) => frame.payload?.event_id ?? []);
  expect(new Set(ids).size).toBe(1);

  slack.doubleEvents(false);
  slack.down(true);
  expect(await slack.post({ user: ada.id, channel: general.id, text: 'lost for now' }).acked).toBe(false);
  await expect(fetch(`${apiUrl}api.test`)).rejects.toThrow();
  slack.down(false);
  const again = await openRawSocket(slack.appToken, apiUrl, { acks: true });
  await slack.retryNow();
  expect(again.frames.at(-1)).toMatchObject({ retry_attempt: 1, retry_reason: 'connection_failed' });
});

test('events can be held back, so that a later one overtakes', async () => {
  const { slack, ada, general, apiUrl } = await startTown();
  const socket = await openRawSocket(slack.appToken, apiUrl, { acks: true });
  const holds = [400, 0];
  slack.holdEvents(() => holds.shift() ?? 0);
  const acked = ['first', 'second'].map(
    (text) => slack.post({ user: ada.id, channel: general.id, text }).acked,
  );
  await Promise.all(acked);
  slack.holdEvents(undefined);
  expect(socket.frames.flatMap((frame) => frame.payload?.event?.text ?? [])).toEqual(['second', 'first']);
});

type Frame = {
  type: string;
  reason?: string;
  envelope_id?: string;
  retry_attempt?: number;
  retry_reason?: string;
  payload?: { event_id?: string; text?: string; event?: { text?: string } };
};
type RawSocket = { frames: Frame[] };

/** A client of our own, which acknowledges only when asked to. Resolves after the first frame. */
async function openRawSocket(appToken: string, apiUrl: string, { acks = false } = {}): Promise<RawSocket> {
  const response = await fetch(`${apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${appToken}` },
  });
  const { url } = (await response.json()) as { url: string };
  const frames: Frame[] = [];
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      frames.push(frame);
      if (acks && frame.envelope_id) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
      resolve();
    });
  });
  return { frames };
}
