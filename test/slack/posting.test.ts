// Between the note that a post is on its way and the request itself nobody may come in between.
import { expect, test } from 'vitest';
import { deliverMessage } from '../../src/slack/deliver.ts';
import { leaseJobsToShow, loadMessages } from '../../src/store/messages.ts';
import { openShowRoom, type ShowRoom } from '../support/show-room.ts';
import { silent } from '../support/store-room.ts';

const WANTED = { slot: 'notice:x', paced: false, text: 'words', blocks: [] };
const LEASE_MS = 30_000;

async function open() {
  const room = await openShowRoom();
  const { id: jobId } = await room.addHere();
  const { sql } = room.store.db;
  const take = (holder: string, leaseMs = LEASE_MS) => leaseJobsToShow(sql, { holder, leaseMs, limit: 5 });
  const deliver = async (holder: string, clock: () => number = () => 0) => {
    const known = (await loadMessages(sql, jobId)).find(({ slot }) => slot === WANTED.slot);
    const means = { sql, client: room.showClient, log: silent, clock };
    const lease = { holder, jobId, leaseMs: LEASE_MS };
    return deliverMessage(
      { ...means, lease },
      { jobId, channel: room.general.id },
      { wanted: WANTED, known },
    );
  };
  return { room, take, deliver };
}

const posted = (room: ShowRoom) =>
  room.slack.calls.filter(({ method }) => method === 'chat.postMessage').length;

test('whoever was held still after the note posts nothing; what another posted meanwhile is found and kept', async () => {
  const { room, take, deliver } = await open();
  await take('sleeper', -1);
  let nowMs = 0;
  // Each look at it is 6 s after the one before.
  const sleepy = () => {
    nowMs += 6_000;
    return nowMs;
  };
  const slept = { trouble: expect.objectContaining({ kind: 'later', waitMs: 0 }) };
  expect(await deliver('sleeper', sleepy)).toEqual(slept);
  expect(posted(room)).toBe(0);

  await room.store.db.sql.query("UPDATE message_sets SET leased_until = 'epoch'");
  await take('heir');
  expect(await deliver('heir')).toEqual({ ts: expect.any(String) });
  expect(await deliver('sleeper', sleepy), 'The lease is gone as well.').toEqual(slept);
  expect(posted(room)).toBe(1);
  expect(room.said().map(({ text }) => text)).toEqual(['words']);
});

test('a note that comes after another bot has taken the job is no leave to post', async () => {
  const { room, take, deliver } = await open();
  await take('first', -1);
  await take('second');
  expect(await deliver('first')).toEqual({
    trouble: expect.objectContaining({ say: 'another bot shows this job' }),
  });
  expect(posted(room)).toBe(0);
});
