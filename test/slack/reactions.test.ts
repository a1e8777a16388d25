// The signs on people's replies, in a real conversation with Slack: they tell where the words are and hold nothing up.
import { expect, test } from 'vitest';
import { insertReply, markDelivered, pendingReplies } from '../../src/store/replies.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { allShown, openShowRoom } from '../support/show-room.ts';
import { happen } from '../support/store-room.ts';

test('a reply gets eyes when it is stored and a check mark when the agent has it', async () => {
  const room = await openShowRoom();
  const job = await room.addHere();
  const { id: jobId } = job;
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  const channel = room.general.id;
  const { ts } = room.slack.post({ user: room.bob.id, channel, text: 'and a test, please' });
  const names = () => room.slack.reactions(channel, ts).map((reaction) => reaction.name);
  const { sql } = room.store.db;
  await insertReply(sql, { jobId, key: 'k', author: room.bob.id, text: 'x', message: { channel, ts } });
  await room.slack.waitFor(() => names().join() === 'eyes');
  const ids = (await pendingReplies(sql, jobId)).map((reply) => reply.id);
  await markDelivered(sql, job, ids);
  await room.slack.waitFor(() => names().join() === 'white_check_mark');
  await allShown(room);
});

test('reactions that somebody else took care of, or on a message that is gone, are no trouble', async () => {
  const room = await openShowRoom();
  const { id: jobId } = await room.addHere();
  const channel = room.general.id;
  const { ts } = room.slack.post({ user: room.bob.id, channel, text: 'x' });
  await room.client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  const { sql } = room.store.db;
  await insertReply(sql, { jobId, key: 'a', author: 'U1', text: 'x', message: { channel, ts } });
  await insertReply(sql, {
    jobId,
    key: 'b',
    author: 'U1',
    text: 'x',
    message: { channel, ts: '1700000000.000001' },
  });
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  expect(room.slack.reactions(channel, ts)).toMatchObject([{ name: 'eyes' }]);
});

test('too many reactions do not hold back a result', async () => {
  const room = await openShowRoom();
  const { id: jobId } = await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  const channel = room.general.id;
  const { ts } = room.slack.post({ user: room.bob.id, channel, text: 'and a test, please' });
  const ended = { type: 'turn_ended', result: sampleResult({ turn: 1 }), pull: SAMPLE_PULL } as const;
  room.slack.fault({ method: 'reactions.add', retryAfterS: 60, times: 5 });
  const author = room.bob.id;
  await insertReply(room.store.db.sql, { jobId, key: 'k', author, text: 'x', message: { channel, ts } });
  await room.slack.waitFor(() => room.slack.calls.some((call) => call.method === 'reactions.add'));
  await happen(room.store, jobId, { type: 'taken', workId: 'w1' }, ended);
  await room.slack.waitFor(() => room.said().length === 2);
});
