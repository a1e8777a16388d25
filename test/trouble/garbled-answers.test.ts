// Slack did what was asked and says so in a way that nobody can read: nobody knows the outcome, so it is looked up first.
import { expect, test } from 'vitest';
import { allShown, openShowRoom, type ShowRoom } from '../support/show-room.ts';

const callsTo = (room: ShowRoom, method: string) => room.slack.calls.filter((call) => call.method === method);
const GARBLED = ['{"ok":true,"ts":"17', '<html>Sign in to the guest network</html>', '{}', '[]', 'null', ''];

test.each(GARBLED)('a post that is answered by %j is found and not posted again', async (rawBody) => {
  const room = await openShowRoom();
  room.slack.fault({ method: 'chat.postMessage', rawBody });
  await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room, 30_000);
  expect(room.said()).toHaveLength(1);
  expect(callsTo(room, 'chat.postMessage')).toHaveLength(1);
  expect(callsTo(room, 'conversations.history')).toHaveLength(1);
});

test('an edit that is answered by half an answer is made again, with all its blocks', async () => {
  const room = await openShowRoom();
  room.slack.fault({ method: 'chat.postMessage', dropAfterApply: true });
  room.slack.fault({ method: 'chat.update', rawBody: '{"ok":' });
  await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room, 30_000);
  const [first, second, ...more] = callsTo(room, 'chat.update').map(({ args }) => args['blocks']);
  expect(more).toEqual([]);
  expect(second).toBe(first);
});

test('a refusal that nobody has met yet is no proof that nothing was posted', async () => {
  const room = await openShowRoom();
  room.slack.fault({ method: 'chat.postMessage', error: 'telepathy_denied' });
  await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room, 30_000);
  expect(callsTo(room, 'conversations.history')).toHaveLength(1);
  expect(room.said()).toHaveLength(1);
});

test('a limit without a time is a limit: nothing is looked up, and it ends', async () => {
  const room = await openShowRoom();
  room.slack.fault({ method: 'chat.postMessage', httpStatus: 429 });
  await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room, 30_000);
  expect(callsTo(room, 'conversations.history')).toEqual([]);
  expect(room.said()).toHaveLength(1);
});
