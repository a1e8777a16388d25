// What people and agents said: replies, events, raw requests, questions, settings.
import { expect, test } from 'vitest';
import { endAnswer, openAnswer } from '../../src/store/answers.ts';
import { expireChoices, openChoice, peekChoice, takeChoice } from '../../src/store/choices.ts';
import { appendEvent, appendEvents, appendNote, readEvents } from '../../src/store/events.ts';
import { finishRequest, receive } from '../../src/store/inbox.ts';
import { LostJobError } from '../../src/store/lost-job.ts';
import {
  insertReply,
  isKnownReply,
  markDelivered,
  markReplyShown,
  pendingReplies,
  refuseReplies,
  repliesToShow,
} from '../../src/store/replies.ts';
import { loadChannel, setDefaultRepo, setReplyPolicy } from '../../src/store/settings.ts';
import { addJob, happen, shareRoom, tenTimes } from '../support/store-room.ts';

const room = shareRoom();

test('words are stored once, kept in order and delivered once', async () => {
  const store = room();
  const { sql } = store.db;
  const job = await addJob(store);
  const { id: jobId } = job;
  const message = { channel: 'C1', ts: '1.1' };
  const stored = await tenTimes(() =>
    insertReply(sql, { jobId, key: 'a', author: 'U1', text: 'one', message }),
  );
  expect(stored.filter(Boolean)).toHaveLength(1);
  await insertReply(sql, { jobId, key: 'b', author: 'U2', text: 'two\u0000😀' });
  expect([await isKnownReply(sql, 'a'), await isKnownReply(sql, 'c')]).toEqual([true, false]);
  const [one, two] = await pendingReplies(sql, jobId);
  expect(one).toMatchObject({ author: 'U1', text: 'one', message });
  expect(two?.text).toBe('two\uFFFD😀');
  expect(two?.message).toBeUndefined();
  const oneAndNone = [one?.id ?? 0, 0];
  await markDelivered(sql, job, oneAndNone);
  const [first] = await repliesToShow(sql, jobId);
  await markDelivered(sql, job, oneAndNone);
  await refuseReplies(sql, job, oneAndNone);
  await markDelivered(sql, job, []);
  expect((await pendingReplies(sql, jobId)).map((reply) => reply.id)).toEqual([two?.id]);
  expect(first?.deliveredAt).toBeInstanceOf(Date);
  expect(await repliesToShow(sql, jobId)).toEqual([first]);
});

test('a reply is shown when stored and again when delivered, and never without a message', async () => {
  const store = room();
  const { sql } = store.db;
  const job = await addJob(store);
  const { id: jobId } = job;
  await insertReply(sql, {
    jobId,
    key: 'shown',
    author: 'U1',
    text: 'x',
    message: { channel: 'C1', ts: '1.1' },
  });
  await insertReply(sql, { jobId, key: 'modal', author: 'U1', text: 'x' });
  const due = () => repliesToShow(sql, jobId);
  const [reply] = await due();
  const id = reply?.id ?? 0;
  expect(await due()).toHaveLength(1);
  await markReplyShown(sql, id, 'eyes');
  expect(await due()).toHaveLength(0);
  await markDelivered(sql, job, [id]);
  expect(await due()).toMatchObject([{ id, shown: 'eyes' }]);
  await markReplyShown(sql, id, 'white_check_mark');
  expect(await due()).toHaveLength(0);
});

test('events come back in their order, whatever was printed', async () => {
  const store = room();
  const job = await addJob(store);
  const holder = { id: job.id, attempt: job.attempt, turn: 2 };
  const texts = ['first', 'nul \u0000', '\\u0000 as text', '😀'.slice(0, 1), '"\\ \n'];
  await appendEvents(
    store.db.sql,
    holder,
    texts.map((text) => ({ kind: 'agent', data: { kind: 'message', text } })),
  );
  await appendEvents(store.db.sql, holder, []);
  const events = await readEvents(store.db.sql, job.id, { kinds: ['agent'] });
  expect(
    events.map((event) => event.kind === 'agent' && event.data.kind === 'message' && event.data.text),
  ).toEqual(['first', 'nul \uFFFD', '\\u0000 as text', '\uFFFD', '"\\ \n']);
  expect(events.every((event) => event.attempt === job.attempt && event.turn === 2)).toBe(true);
  const rest = await readEvents(store.db.sql, job.id, { afterId: events[1]?.id ?? 0, limit: 2 });
  expect(rest.map((event) => event.id)).toEqual(events.slice(2, 4).map((event) => event.id));
});

test('whoever has lost the job appends and delivers nothing more, also when it is taken at that very moment', async () => {
  const store = room();
  const { id } = await addJob(store);
  const { turn, attempt } = await happen(store, id, { type: 'taken', workId: 'w1' });
  await insertReply(store.db.sql, { jobId: id, key: 'lost', author: 'U1', text: 'x' });
  const [reply] = await pendingReplies(store.db.sql, id);
  const words = [reply?.id ?? 0];
  const note = { kind: 'note', data: { name: 'pushed' } } as const;
  const append = () => appendEvent(store.db.sql, { id, turn, attempt }, note);
  await append();
  const { begun } = await store.db.transaction(async (tx) => {
    await tx.query('UPDATE jobs SET attempt = attempt + 1 WHERE id = $1', [id]);
    // Waits for whoever takes the job; wrapped, so that nobody waits for it here.
    const late = append();
    late.catch(() => {});
    return { begun: late };
  });
  await expect(begun).rejects.toThrow(LostJobError);
  await expect(append()).rejects.toThrow(LostJobError);
  await expect(markDelivered(store.db.sql, { id, attempt }, words)).rejects.toThrow(LostJobError);
  await expect(refuseReplies(store.db.sql, { id, attempt }, words)).rejects.toThrow(LostJobError);
  expect(await pendingReplies(store.db.sql, id)).toHaveLength(1);
  expect(await readEvents(store.db.sql, id, { kinds: ['note'] })).toHaveLength(1);
  await appendNote(store.db.sql, id, { name: 'refused' });
  expect((await readEvents(store.db.sql, id, { kinds: ['note'] }))[1]).toMatchObject({ attempt: 2, turn });
});

test('a request is new once, unfinished until its effect is there, and handled ever after', async () => {
  const { db } = room();
  const request = { key: 'Ev1', kind: 'event', body: { text: 'a\u0000b' } } as const;
  const answers = await tenTimes(() => receive(db.sql, request));
  expect(answers.map(({ seen }) => seen).toSorted()).toEqual(['new', ...Array(9).fill('unfinished')]);
  await finishRequest(db.sql, 'Ev1');
  expect((await receive(db.sql, request)).seen).toBe('handled');
  await receive(db.sql, { ...request, key: 'Ev2' });
  await finishRequest(db.sql, 'Ev2', 'no such channel');
  expect((await receive(db.sql, { ...request, key: 'Ev2' })).seen).toBe('handled');
});

test('what lets anybody speak as the bot is kept no longer than it is needed', async () => {
  const { sql, transaction } = room().db;
  const address = 'https://hooks.slack.example/commands/1';
  const body = {
    text: 'fix',
    trigger_id: '1.2',
    response_url: address,
    response_urls: [address],
  };
  await receive(sql, { key: 'cmd', kind: 'command', body });
  const asked = { team: 'T1', channel: 'C1', person: 'U1', lifetimeMs: 60_000 };
  const early = { sourceKey: 'cmd:1', responseUrl: address };
  const taken = await transaction((tx) => openChoice(tx, { ...asked, wish: early }));
  await takeChoice(sql, taken, 'cmd');
  const late = { sourceKey: 'cmd:2', responseUrl: address };
  await transaction((tx) => openChoice(tx, { ...asked, wish: late, lifetimeMs: -1 }));
  const recipient = { user: 'U1', responseUrl: address };
  const answer = await openAnswer(sql, { key: 'cmd', recipient, message: { text: 'x' }, leaseMs: 60_000 });

  // Whoever takes it up again, or says that its time is over, still has it.
  expect((await takeChoice(sql, taken, 'cmd'))?.wish).toMatchObject({ responseUrl: address });
  expect((await transaction(expireChoices)).map(({ wish }) => wish)).toEqual([late]);
  await endAnswer(sql, answer ?? 0);
  await finishRequest(sql, 'cmd');
  const { rows } = await sql.query<{ kept: string }>(
    'SELECT body::text AS kept FROM inbox UNION ALL SELECT wish::text FROM choices UNION ALL SELECT recipient::text FROM answers',
  );
  const kept = rows.map((row) => row.kept).join();
  expect(kept).toContain('"text": "fix"');
  expect(kept).not.toMatch(/hooks\.slack|trigger_id/);
});

test('a question is taken by one of ten, and by nobody after its time', async () => {
  const { db } = room();
  const asked = { team: 'T1', channel: 'C1', person: 'U1', wish: { sourceKey: 'command:1' } };
  const open = (wish: Parameters<typeof openChoice>[1]) => db.transaction((tx) => openChoice(tx, wish));
  const [id = '', ...others] = await tenTimes(() => open({ ...asked, lifetimeMs: 60_000 }));
  expect(new Set(others)).toEqual(new Set([id]));
  expect(await peekChoice(db.sql, id, 'click:0')).toEqual({ ...asked, id });
  const taken = await tenTimes((n) => takeChoice(db.sql, id, `click:${n}`));
  expect(taken.filter((choice) => choice !== undefined)).toEqual([{ ...asked, id }]);
  expect(await peekChoice(db.sql, id, 'click:11')).toBeUndefined();
  expect(await open({ ...asked, lifetimeMs: 60_000 })).toBe(id);
  expect(await takeChoice(db.sql, 'not a uuid', 'click:0')).toBeUndefined();

  const later = { ...asked, wish: { sourceKey: 'command:2' }, lifetimeMs: -1 };
  const late = await open(later);
  expect([await peekChoice(db.sql, late, 'click:0'), await takeChoice(db.sql, late, 'click:0')]).toEqual([
    undefined,
    undefined,
  ]);
  const expired = await tenTimes(() => db.transaction(expireChoices));
  expect(expired.flat().map((choice) => choice.id)).toEqual([late]);
});

test('a channel remembers its repository and its policy independently', async () => {
  const { db } = room();
  const place = { team: 'T1', channel: 'C1' };
  expect(await loadChannel(db.sql, place)).toEqual({});
  await setReplyPolicy(db.sql, place, 'mention');
  await setDefaultRepo(db.sql, place, { owner: 'acme', name: 'shop' });
  await setDefaultRepo(db.sql, place, { owner: 'acme', name: 'till' });
  expect(await loadChannel(db.sql, place)).toEqual({
    defaultRepo: { owner: 'acme', name: 'till' },
    replyPolicy: 'mention',
  });
  expect(await loadChannel(db.sql, { ...place, team: 'T2' })).toEqual({});
});
