// Bodies that bear Slack's signature and are nothing that Slack would send: each is answered at once, nothing breaks on the
// way, and the next honest request is served as ever.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signRequest } from '../../src/playground/slack/http-delivery.ts';
import { isStrange } from '../../src/slack/strange-request.ts';
import { startFront } from '../support/slack-front.ts';
import { anyJson, broken } from './hostile.ts';

const SPEAKER = { id: 'U0ADA' };
const BODIES = [
  {
    type: 'event_callback',
    event_id: 'Ev1',
    event: { type: 'app_mention', channel: 'C1', user: 'U1', text: 'hi', ts: '1.2', item: { channel: 'C1' } },
  },
  { command: '/agent', text: 'help', channel_id: 'C1', user_id: 'U1', trigger_id: '1.2.3' },
  {
    type: 'block_actions',
    user: SPEAKER,
    trigger_id: 't',
    container: { message_ts: '1.2' },
    actions: [{ type: 'button', action_id: 'job_stop', action_ts: '3', value: '12' }],
  },
  {
    type: 'view_submission',
    user: SPEAKER,
    view: { id: 'V1', callback_id: 'reject_view', hash: 'h', private_metadata: '{}', state: { values: {} } },
  },
  { type: 'block_suggestion', user: SPEAKER, action_id: 'choice_repo', block_id: 'b', value: 'x' },
];

async function startSigned() {
  const front = await startFront({ mode: 'http' });
  const { signingSecret } = front.slack;
  const post = async (body: string, contentType: string) => {
    const timestampS = Math.floor(Date.now() / 1_000);
    return fetch(`http://127.0.0.1:${front.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'x-slack-request-timestamp': String(timestampS),
        'x-slack-signature': signRequest({ signingSecret, timestampS, body }),
      },
      body,
    });
  };
  const sends = (body: string) => post(body, 'application/json');
  const interacts = (payload: string) =>
    post(new URLSearchParams({ payload }).toString(), 'application/x-www-form-urlencoded');
  const isServed = async () => {
    const answer = await sends(JSON.stringify({ type: 'url_verification', challenge: 'still here' }));
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'still here' }]);
  };
  return { ...front, sends, interacts, isServed };
}

test.each([
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['a number', '5'],
  ['nothing', ''],
  ['no JSON', '{"type":'],
  ['an object that says nothing', '{}'],
  ['of a type that nobody knows', '{"type":"weather_report"}'],
  ['no event', '{"event":null,"event_id":"Ev1"}'],
  ['an event about nothing', '{"event":{"type":"app_home_opened","channel":null},"event_id":"Ev2"}'],
  ['nested very deep', `{"type":"block_actions","a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
])('%s is answered 400', async (_name, body) => {
  const { sends, interacts, isServed } = await startSigned();
  expect((await sends(body)).status).toBe(400);
  expect((await interacts(body.replace('Ev', 'Another'))).status).toBe(400);
  await isServed();
});

test('more than Slack ever sends is answered 413', async () => {
  const { sends, isServed } = await startSigned();
  expect((await sends(`{"a":"${'x'.repeat(5_000_000)}"}`)).status).toBe(413);
  await isServed();
});

test('whatever it is, it is answered, and the next request is served', async () => {
  const { sends, interacts, isServed } = await startSigned();
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyJson, ...BODIES.map(broken)), fc.boolean(), async (body, asForm) => {
      const text = JSON.stringify(body) ?? '';
      const { status } = await (asForm ? interacts(text) : sends(text));
      expect([200, 400]).toContain(status);
    }),
    { numRuns: 100 },
  );
  await isServed();
});

test('what is strange is told without walking deep', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 5 }), (value) => {
      if (typeof value !== 'object' || value === null) expect(isStrange(value)).toBe(true);
      else isStrange(value);
    }),
  );
  for (const body of BODIES) expect(isStrange(body)).toBe(false);
});
