// Whatever Slack answers to a message of ours has a defined end: nothing is lost, doubled, or tried for ever at full speed.
import { expect, test } from 'vitest';
import { loadJob } from '../../src/store/jobs.ts';
import { addNotice, loadMessages, reopenChannel } from '../../src/store/messages.ts';
import { insertReply, repliesToShow } from '../../src/store/replies.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { allShown, openShowRoom, type ShowRoom } from '../support/show-room.ts';
import { addJob, happen } from '../support/store-room.ts';

const taken = { type: 'taken', workId: 'w1' } as const;
const ended = { type: 'turn_ended', result: sampleResult(), pull: SAMPLE_PULL } as const;

/** Polls Postgres, where nothing tells of a change. */
async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Not in time: ${look.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A minute passes in a second. */
function fastClock(): () => Date {
  const startMs = Date.now();
  return () => new Date(startMs + (Date.now() - startMs) * 60);
}

const setOf = async (room: ShowRoom, id: number) =>
  (
    await room.store.db.sql.query<{ failures: number; pause: number; leased: boolean; behind: boolean }>(
      `SELECT failures, extract(epoch FROM not_before - now())::float8 AS pause, leased_by IS NOT NULL AS leased,
         (SELECT change FROM jobs WHERE id = job_id) > shown_change AS behind
       FROM message_sets WHERE job_id = $1`,
      [id],
    )
  ).rows[0];

const cardOf = (room: ShowRoom, id: number) => room.said().filter((one) => one.text.startsWith(`J-${id}:`));
const standing = (room: ShowRoom) => room.said().filter((message) => message.deletedAt === undefined);
const callsTo = (room: ShowRoom, method: string) => room.slack.calls.filter((call) => call.method === method);

test('a channel without the bot is asked at growing pauses, given up after a week, and shown once it is back', async () => {
  const room = await openShowRoom();
  room.slack.kick({ user: room.ada.id, channel: room.general.id, kicked: room.slack.botUserId });
  const { id } = await room.addHere();
  room.show();
  const { sql } = room.store.db;
  for (const [failures, pauseS] of [
    [1, 60],
    [2, 120],
    [3, 240],
    [9, 3_600],
  ] as const) {
    const set = await until(async () => {
      const now = await setOf(room, id);
      return now?.failures === failures && !now.leased && now;
    });
    expect(set.pause).toBeGreaterThan(pauseS - 20);
    expect(set.pause).toBeLessThanOrEqual(pauseS);
    // Time passes; before the last look it was a longer one.
    const next = failures === 3 ? 8 : failures;
    await sql.query(`UPDATE message_sets SET not_before = 'epoch', failures = $1`, [next]);
  }
  expect(await loadMessages(sql, id)).toMatchObject([{ slot: 'card', problem: 'not_in_channel' }]);
  await sql.query(`UPDATE message_sets SET not_before = 'epoch', shut_since = now() - interval '8 days'`);
  await until(async () => (await setOf(room, id))?.behind === false);
  expect(room.said()).toEqual([]);
  room.slack.invite({ user: room.ada.id, channel: room.general.id, invitee: room.slack.botUserId });
  expect(await reopenChannel(sql, room.general.id)).toBe(1);
  await room.slack.waitFor(() => cardOf(room, id).length === 1);
  await allShown(room);
  expect(callsTo(room, 'conversations.history')).toEqual([]);
});

test.each([
  ['archived', 'is_archived', (room: ShowRoom) => room.slack.archive(room.general.id)],
  [
    'deleted',
    'channel_not_found',
    (room: ShowRoom) => room.slack.deleteChannel({ user: room.ada.id, channel: room.general.id }),
  ],
] as const)('a channel that is %s holds up nobody else', async (_name, problem, happens) => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  happens(room);
  await happen(room.store, id, taken, ended);
  await until(async () => (await setOf(room, id))?.failures === 1);
  const problems = (await loadMessages(room.store.db.sql, id)).map((message) => message.problem);
  expect(problems).toContain(problem);
  expect((await setOf(room, id))?.pause).toBeGreaterThan(30);
  const elsewhere = room.slack.addChannel({ name: 'elsewhere' });
  await addJob(room.store, { channel: elsewhere.id, requester: room.ada.id });
  await room.slack.waitFor(() => room.slack.messages(elsewhere.id).length === 1);
});

test('a card that somebody deletes comes back once, in its thread, and so does a question; a notice does not', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await happen(room.store, id, taken, ended);
  const wanted = { text: 'By the way.' };
  await room.store.db.transaction((tx) =>
    addNotice(tx, { jobId: id, slot: 'notice:x', channel: room.general.id, wanted }),
  );
  await allShown(room);
  const [root] = room.said();
  const remove = async () => {
    for (const { ts } of standing(room)) await room.client.chat.delete({ channel: room.general.id, ts });
  };
  const refuse = async () => {
    const approve = { type: 'approve', by: room.ada.id, sha: SAMPLE_PULL.headSha } as const;
    await happen(room.store, id, approve);
    await allShown(room);
    await happen(room.store, id, { type: 'settle_refused', code: 'x', say: 'Checks failed.' });
    await allShown(room);
  };
  await remove();
  await refuse();
  expect(standing(room).map((message) => message.threadTs)).toEqual([root?.ts, root?.ts]);
  expect(JSON.stringify(standing(room)[1]?.blocks)).toContain('job_approve');
  await remove();
  await happen(room.store, id, { type: 'reply', by: room.ada.id });
  await allShown(room);
  expect(standing(room)).toEqual([]);
  const given = await loadMessages(room.store.db.sql, id);
  expect(given.find((message) => message.slot === 'card')).toMatchObject({ problem: 'message_not_found' });
});

test('a job whose thread is gone goes on in a thread of its own', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere({ threadTs: '1700000000.000001' });
  room.show({ cardIntervalMs: 0 });
  await happen(room.store, id, taken, ended);
  await allShown(room);
  const [card, result] = room.said();
  expect(card?.threadTs).toBeUndefined();
  expect(result?.threadTs).toBe(card?.ts);
  expect((await loadJob(room.store.db.sql, id))?.threadTs).toBe(card?.ts);
});

test.each(['cant_update_message', 'edit_window_closed'])(
  'a card that may not be edited any more (%s) stays as it is, and the result comes',
  async (error) => {
    const room = await openShowRoom();
    const { id } = await room.addHere();
    room.show({ cardIntervalMs: 0 });
    await allShown(room);
    room.slack.fault({ method: 'chat.update', error });
    await happen(room.store, id, taken, ended);
    await room.slack.waitFor(() => room.said().length === 2);
    await allShown(room);
    expect(room.said()).toHaveLength(2);
  },
);

test.each(['token_revoked', 'invalid_auth', 'account_inactive'])(
  'a bot that Slack locks out by %s asks once a minute, says so, and goes on when it is let in',
  async (error) => {
    const room = await openShowRoom();
    room.slack.refuseToken(error);
    const ids = [(await room.addHere()).id, (await room.addHere()).id];
    const show = room.show({ now: fastClock() });
    await until(async () => show.trouble()?.includes(error));
    const tried = callsTo(room, 'chat.postMessage').length;
    expect(tried).toBeLessThanOrEqual(2);
    await room.addHere();
    await room.slack.waitFor(() => callsTo(room, 'chat.postMessage').length > tried);
    room.slack.refuseToken(undefined);
    await room.slack.waitFor(() => ids.every((id) => cardOf(room, id).length === 1));
    await allShown(room);
    expect(room.said()).toHaveLength(3);
    expect(show.trouble()).toBeUndefined();
    expect(callsTo(room, 'chat.postMessage').length).toBeLessThanOrEqual(tried + 3 + 3);
  },
);

test.each(['missing_scope', 'no_permission'])(
  'a job that Slack refuses by %s waits by itself and holds up nobody else',
  async (error) => {
    const room = await openShowRoom();
    room.slack.fault({ method: 'chat.postMessage', error });
    const { id } = await room.addHere();
    const show = room.show();
    await until(async () => (await setOf(room, id))?.failures === 1);
    const { id: other } = await room.addHere();
    await room.slack.waitFor(() => cardOf(room, other).length === 1);
    expect(show.trouble()).toBeUndefined();
    expect(cardOf(room, id)).toEqual([]);
    await room.store.db.sql.query(`UPDATE message_sets SET not_before = 'epoch'`);
    await room.slack.waitFor(() => cardOf(room, id).length === 1);
  },
);

test('a pause that Slack asks for holds for all bots', async () => {
  const room = await openShowRoom();
  room.show();
  room.show();
  room.slack.fault({ method: 'chat.postMessage', retryAfterS: 2 });
  await room.addHere();
  await room.slack.waitFor(() => callsTo(room, 'chat.postMessage').length === 1);
  const askedAt = Date.now();
  const limited = async () => (await room.store.db.sql.query('SELECT 1 FROM slack_rests')).rowCount === 1;
  await until(limited);
  await Promise.all([room.addHere(), room.addHere(), room.addHere()]);
  await room.slack.waitFor(() => room.said().length === 4, { timeoutMs: 15_000 });
  const [, second] = callsTo(room, 'chat.postMessage');
  expect((second?.at.getTime() ?? 0) - askedAt).toBeGreaterThan(1_800);
});

test('an answer that comes too late belongs to a message that is there: it is found, not posted twice', async () => {
  const room = await openShowRoom({ timeoutMs: 300 });
  room.slack.fault({ method: 'chat.postMessage', delayAnswerMs: 1_000 });
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  await happen(room.store, id, taken);
  await allShown(room);
  expect(room.said()).toHaveLength(1);
  expect(callsTo(room, 'chat.postMessage')).toHaveLength(1);
});

test('a bot that lost the job while it looked for its message posts nothing', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  const { sql } = room.store.db;
  await sql.query("INSERT INTO messages (job_id, slot, channel, posting_at) VALUES ($1, 'card', $2, now())", [
    id,
    room.general.id,
  ]);
  // Another bot takes the job right after this one was sure of it.
  await sql.query(`
    CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE message_sets SET leased_by = 'another', leased_until = now() + interval '1 hour' WHERE job_id = NEW.job_id;
      RETURN NULL; END $$;
    CREATE TRIGGER lose AFTER UPDATE ON message_sets FOR EACH ROW
      WHEN (NEW.leased_by = OLD.leased_by) EXECUTE FUNCTION lose()`);
  const show = room.show();
  await room.slack.waitFor(() => callsTo(room, 'conversations.history').length > 0);
  await show.stop();
  expect(room.said()).toEqual([]);
});

test('a sign that Slack cannot make now is made later, one that it forbids is given up, and a lock-out forgets none', async () => {
  const room = await openShowRoom();
  const { id: jobId } = await room.addHere();
  const channel = room.general.id;
  const { sql } = room.store.db;
  const author = room.bob.id;
  const hear = async (key: string) => {
    const { ts } = room.slack.post({ user: author, channel, text: key });
    await insertReply(sql, { jobId, key, author, text: key, message: { channel, ts } });
    return () => room.slack.reactions(channel, ts).length;
  };
  room.show({ cardIntervalMs: 0, now: fastClock() });
  await allShown(room);
  room.slack.fault({ method: 'reactions.add', error: 'ratelimited' });
  room.slack.fault({ method: 'reactions.add', error: 'internal_error' });
  const later = await hear('later');
  await room.slack.waitFor(() => later() === 1, { timeoutMs: 20_000 });
  room.slack.fault({ method: 'reactions.add', error: 'no_permission' });
  const never = await hear('never');
  await allShown(room);
  expect(never()).toBe(0);
  room.slack.fault({ method: 'reactions.add', error: 'token_revoked' });
  const locked = await hear('locked');
  await room.slack.waitFor(() =>
    callsTo(room, 'reactions.add').some((call) => call.answer['error'] === 'token_revoked'),
  );
  expect(await repliesToShow(sql, jobId)).toHaveLength(1);
  await room.slack.waitFor(() => locked() === 1);
  await allShown(room);
}, 40_000);
