// The local Slack against the real Bolt over HTTP: the challenge, signatures, retries and their headers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { signRequest } from '../../src/playground/slack/http-delivery.ts';
import { startHttpApp, startTown } from '../support/bolt-on-local-slack.ts';

test('Bolt answers the challenge and then hears commands, events and clicks, all signed', async () => {
  const town = await startTown();
  const { slack, ada, general } = town;
  const heard: string[] = [];
  const requestUrl = await startHttpApp(town, (app) => {
    app.command('/agent', async ({ ack, command }) => {
      heard.push(`command ${command.text}`);
      await ack({ text: 'on it', response_type: 'in_channel' });
    });
    app.message(async ({ message }) => {
      if (!message.subtype) heard.push(`message ${message.text}`);
    });
    app.action('stop', async ({ ack, action }) => {
      heard.push(`click ${action.type}`);
      await ack();
    });
  });
  await slack.connectHttp({ requestUrl });

  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix <b> & #1' });
  expect(await slack.post({ user: ada.id, channel: general.id, text: 'hello' }).acked).toBe(true);
  const stop = {
    type: 'button' as const,
    action_id: 'stop',
    text: { type: 'plain_text' as const, text: 'Stop' },
  };
  const { ts } = await town.client.chat.postMessage({
    channel: general.id,
    text: 'card',
    blocks: [{ type: 'actions', elements: [stop] }],
  });
  const click = await slack.click({ user: ada.id, channel: general.id, ts: String(ts), actionId: 'stop' });

  expect(click.isAcked).toBe(true);
  expect(heard).toEqual(['command fix &lt;b&gt; &amp; #1', 'message hello', 'click button']);
  expect(slack.messages(general.id)[0]).toMatchObject({ text: 'on it', isByBot: true });
});

test('an app with another signing secret refuses the challenge', async () => {
  const town = await startTown();
  const requestUrl = await startHttpApp(town, () => {}, 'another-secret');
  await expect(town.slack.connectHttp({ requestUrl })).rejects.toThrow(
    'did not answer the challenge: http_error',
  );
});

test('the signature is the one that Slack documents', () => {
  // The example of Slack's page on verifying requests.
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const signature = signRequest({
    signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    timestampS: 1531420618,
    body,
  });
  expect(signature).toBe('v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
});

test('a failing app gets an event four times, with number and reason of each retry', async () => {
  const { slack, ada, general } = await startTown({ retryDelaysMs: [1e6, 1e6, 1e6], ackTimeoutMs: 1_000 });
  const app = await startBareApp();
  await slack.connectHttp({ requestUrl: app.url });

  app.behaviour = 'fail';
  expect(await slack.post({ user: ada.id, channel: general.id, text: 'x' }).acked).toBe(false);
  app.behaviour = 'hang';
  await slack.retryNow();
  app.behaviour = 'ok';
  await slack.retryNow();
  await slack.retryNow();

  expect(app.events.map((event) => [event.num, event.reason])).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_timeout'],
  ]);
  expect(new Set(app.events.map((event) => event.id)).size).toBe(1);
});

test('x-slack-no-retry ends the retries, and commands have none', async () => {
  const { slack, ada, general } = await startTown({ retryDelaysMs: [1e6, 1e6, 1e6] });
  const app = await startBareApp();
  await slack.connectHttp({ requestUrl: app.url });

  app.behaviour = 'refuse retries';
  await slack.post({ user: ada.id, channel: general.id, text: 'x' }).acked;
  expect(slack.waitingRetries()).toBe(0);
  app.behaviour = 'fail';
  const outcome = await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent' });
  expect(outcome.error).toBe('dispatch_failed');
  expect(slack.waitingRetries()).toBe(0);
});

type Behaviour = 'ok' | 'fail' | 'hang' | 'refuse retries';
type Heard = { id: string; num: unknown; reason: unknown };

/** An app of a few lines that answers as told. */
async function startBareApp() {
  const app: { url: string; behaviour: Behaviour; events: Heard[] } = {
    url: '',
    behaviour: 'ok',
    events: [],
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as { challenge?: string; event_id?: string };
    const { headers } = request;
    if (body.event_id) {
      app.events.push({
        id: body.event_id,
        num: headers['x-slack-retry-num'],
        reason: headers['x-slack-retry-reason'],
      });
    }
    if (app.behaviour === 'hang') return;
    if (app.behaviour === 'refuse retries') response.setHeader('x-slack-no-retry', '1');
    response.writeHead(app.behaviour === 'ok' ? 200 : 500).end(body.challenge);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  app.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  return app;
}
