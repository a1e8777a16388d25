// Whatever comes over a Socket Mode connection, the bot lives and hears the next command.
import { expect, test } from 'vitest';
import { listJobs } from '../../src/store/jobs.ts';
import { inboxSettled, startFront } from '../support/slack-front.ts';

const NEVER_ACKED = ['null', '5', '"words"', '[]', '[[{', '{}', '{"type":7}', new Uint8Array([1, 2, 3])];

/** Each under the name of its envelope. */
const STRANGE: Readonly<Record<string, object>> = {
  'no payload': { type: 'events_api' },
  'empty payload': { type: 'events_api', payload: null },
  'no event': { type: 'events_api', payload: {} },
  'event without a type': { type: 'events_api', payload: { event: { type: 5 } } },
  'words for an event': { type: 'events_api', payload: { event: 'words' } },
  'the limit': {
    type: 'events_api',
    payload: { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1518467820, api_app_id: 'A1' },
  },
  "an event named as the SDK's own": { type: 'events_api', payload: { event: { type: 'ws_message' } } },
  "another of the SDK's own": { type: 'close', payload: {} },
  'a type of next year': { type: 'telepathy', payload: { thought: true } },
  'no type': { payload: {} },
  'a command of words': { type: 'slash_commands', payload: 'words' },
  'a command without payload': { type: 'slash_commands' },
  'a click of many': { type: 'interactive', payload: [] },
};

test('no frame of any shape ends the bot; what bears an id and can never be handled is acknowledged', async () => {
  const { slack, store, ada, general } = await startFront();
  for (const frame of NEVER_ACKED) slack.sendRawFrame(frame);
  for (const [envelope_id, frame] of Object.entries(STRANGE))
    slack.sendRawFrame(JSON.stringify({ envelope_id, ...frame }));
  await slack.waitFor({
    description: 'every envelope to be acknowledged',
    check: () => Object.keys(STRANGE).every(slack.wasAcked),
  });
  expect(slack.socketCount()).toBe(2);
  const told = await slack.slashCommand({
    user: ada.id,
    channel: general.id,
    command: '/agent',
    text: 'do add a test',
  });
  expect(told.isAcked).toBe(true);
  await inboxSettled(store);
  expect(await listJobs(store.db.sql, { limit: 10 })).toHaveLength(1);
});
