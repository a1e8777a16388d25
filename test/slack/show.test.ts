// The card and the results in a real conversation with Slack: once each, equal to the database, through every trouble.
import { expect, test } from 'vitest';
import { loadJob, saveProgress } from '../../src/store/jobs.ts';
import { loadMessages } from '../../src/store/messages.ts';
import { jobInStatus, SAMPLE_PULL, SHA_A, sampleResult } from '../support/sample-job.ts';
import { allShown, openShowRoom, type ShowRoom } from '../support/show-room.ts';
import { happen } from '../support/store-room.ts';

const ended = (turn: number) =>
  ({ type: 'turn_ended', result: sampleResult({ turn }), pull: SAMPLE_PULL }) as const;
const taken = { type: 'taken', workId: 'w1' } as const;

/** Distances between the post and the edits of a message, as Slack saw them. */
function gaps(history: readonly Readonly<{ at: Date }>[]): number[] {
  return history.slice(1).map((one, at) => one.at.getTime() - (history[at]?.at.getTime() ?? 0));
}

function mentions(room: ShowRoom): string[] {
  return room
    .said()
    .flatMap(
      ({ history: [post] }) => JSON.stringify([post?.text, post?.blocks]).match(/<[@!#][^>^]*>/g) ?? [],
    );
}

test('a card is posted once, then edited at its pace through a storm, and ends equal to the database', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 400 });
  await room.slack.waitFor(() => room.said().length === 1);
  const { attempt } = await happen(room.store, id, taken);
  const until = Date.now() + 1_500;
  let n = 0;
  while (Date.now() < until) {
    n += 1;
    await saveProgress(room.store.db.sql, { id, attempt }, { plan: [], usage: {}, activity: `step ${n}` });
  }
  await room.slack.waitFor(() => JSON.stringify(room.said()[0]?.blocks).includes(`step ${n}"`));
  const [card, ...others] = room.said();
  expect(others).toEqual([]);
  const apart = gaps(card?.history ?? []);
  expect(apart.length).toBeGreaterThan(2);
  // The last edit is measured from Slack's answer, which it sends a moment after it noted the time.
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(400);
  expect(mentions(room)).toEqual([]);
});

test('with its own pace a change is shown within three seconds of it, at most one edit in three', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show();
  await room.slack.waitFor(() => room.said().length === 1);
  await happen(room.store, id, taken);
  const changedAt = Date.now();
  await room.slack.waitFor(() => JSON.stringify(room.said()[0]?.blocks).includes('Getting the code ready'));
  expect(Date.now() - changedAt).toBeLessThan(3_500);
  expect(Math.min(...gaps(room.said()[0]?.history ?? []))).toBeGreaterThanOrEqual(3_000);
});

test('a bot whose clock is behind shows changes no later than any other', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 50, now: () => new Date(Date.now() - 60 * 60_000) });
  await room.slack.waitFor(() => room.said().length === 1);
  await happen(room.store, id, taken);
  await room.slack.waitFor(() => JSON.stringify(room.said()[0]?.blocks).includes('Getting the code ready'));
});

test.each([undefined, 'internal_error'])(
  'a job in a thread of people learns its address once, and does without when Slack answers %s',
  async (error) => {
    const room = await openShowRoom();
    const { ts } = room.slack.post({ user: room.ada.id, channel: room.general.id, text: 'totals are wrong' });
    if (error) room.slack.fault({ method: 'chat.getPermalink', error, times: 5 });
    const { id } = await room.addHere({ threadTs: ts });
    room.show({ cardIntervalMs: 0 });
    await allShown(room);
    await happen(room.store, id, taken, ended(1));
    await allShown(room);
    const url = (await loadJob(room.store.db.sql, id))?.threadUrl;
    if (error) expect(url).toBeUndefined();
    else expect(url).toContain(ts.replace('.', ''));
    const asked = room.slack.calls.filter((call) => call.method === 'chat.getPermalink');
    expect(asked).toHaveLength(1);
  },
);

test('a loop that stops leaves nothing behind that the next one does not show', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  const first = room.show({ cardIntervalMs: 50 });
  await room.slack.waitFor(() => room.said().length === 1);
  await first.stop();
  await happen(room.store, id, taken, ended(1));
  room.show({ cardIntervalMs: 50 });
  await room.slack.waitFor(() => room.said().length === 2);
  await allShown(room);
  const [card, result] = room.said();
  expect(JSON.stringify(card?.blocks)).toContain('waiting for a decision');
  expect(result?.threadTs).toBe(card?.ts);
  expect(JSON.stringify(result?.blocks)).toContain(`${id}:${SHA_A}`);
});

test('each turn ends in one message that mentions the requester once, and old buttons disappear', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 50 });
  await happen(room.store, id, taken, ended(1));
  await room.slack.waitFor(() => room.said().length === 2);
  await happen(room.store, id, { type: 'reply', by: room.bob.id }, { ...taken, workId: 'w2' });
  await room.slack.waitFor(() => !JSON.stringify(room.said()[1]?.blocks).includes('job_approve'));
  await happen(room.store, id, ended(2));
  await room.slack.waitFor(() => room.said().length === 3);
  await happen(
    room.store,
    id,
    { type: 'approve', by: room.ada.id, sha: SHA_A },
    { type: 'merged', sha: SHA_A },
  );
  await room.slack.waitFor(() => JSON.stringify(room.said()[2]?.blocks).includes('and merged'));
  await allShown(room);
  expect(
    room.said().flatMap((message) => JSON.stringify(message.blocks).match(/"job_\w+"/g) ?? []),
    'all that is left is to keep what was learned',
  ).toEqual(['"job_remember"']);
  // In the text for notifications and in the block itself, of two messages.
  expect(mentions(room)).toEqual(Array(4).fill(`<@${room.ada.id}>`));
});

test('two bots show one card and one result', async () => {
  const room = await openShowRoom();
  room.show({ cardIntervalMs: 50 });
  room.show({ cardIntervalMs: 50 });
  const jobs = await Promise.all(Array.from({ length: 4 }, () => room.addHere()));
  await Promise.all(jobs.map(({ id }) => happen(room.store, id, taken, ended(1))));
  await room.slack.waitFor(() => room.said().length === 8);
  await allShown(room);
  expect(room.said()).toHaveLength(8);
});

test.each(['card', 'result'])(
  'a %s whose post was never answered is found again, not posted twice',
  async (which) => {
    const room = await openShowRoom();
    const { id } = await room.addHere();
    if (which === 'result') {
      room.show({ cardIntervalMs: 50 });
      await allShown(room);
    }
    room.slack.fault({ method: 'chat.postMessage', dropAfterApply: true });
    if (which === 'card') room.show({ cardIntervalMs: 50 });
    else await happen(room.store, id, taken, ended(1));
    const count = which === 'card' ? 1 : 2;
    await room.slack.waitFor(
      () => room.said().length === count && room.slack.calls.some((call) => call.wasCut),
    );
    await allShown(room);
    expect(room.said()).toHaveLength(count);
    expect((await loadMessages(room.store.db.sql, id)).every((message) => message.ts !== undefined)).toBe(
      true,
    );
  },
);

test('a card that was posted just before a crash still becomes the root of its thread', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  const first = room.show();
  await allShown(room);
  await first.stop();
  await room.store.db.sql.query('UPDATE jobs SET thread_ts = NULL WHERE id = $1', [id]);
  await happen(room.store, id, taken, ended(1));
  room.show({ cardIntervalMs: 50 });
  await room.slack.waitFor(() => room.said().length === 2);
  const [card, result] = room.said();
  expect(result?.threadTs).toBe(card?.ts);
});

test('a limit, an error of Slack, an hour of silence: all is shown in the end, once', async () => {
  const room = await openShowRoom();
  const { slack } = room;
  slack.fault({ method: 'chat.postMessage', retryAfterS: 1 });
  slack.fault({ method: 'chat.postMessage', error: 'internal_error' });
  slack.fault({ method: 'chat.postMessage', httpStatus: 503 });
  await room.addHere();
  room.show({ cardIntervalMs: 50 });
  await slack.waitFor(() => room.said().length === 1, { timeoutMs: 15_000 });
  await allShown(room);
  slack.down(true);
  await room.addHere();
  const lost = room.store.db.sql;
  const tried = async () =>
    (await lost.query('SELECT 1 FROM messages WHERE posting_at IS NOT NULL')).rows.length;
  while ((await tried()) === 0) await new Promise((resolve) => setImmediate(resolve));
  slack.down(false);
  await slack.waitFor(() => room.said().length === 2, { timeoutMs: 15_000 });
  await allShown(room);
  expect(room.said()).toHaveLength(2);
}, 40_000);

test('too many edits do not hold back a result', async () => {
  const room = await openShowRoom();
  const { id } = await room.addHere();
  room.show({ cardIntervalMs: 0 });
  await allShown(room);
  room.slack.fault({ method: 'chat.update', retryAfterS: 60, times: 5 });
  await happen(room.store, id, taken, ended(1));
  await room.slack.waitFor(() => room.said().length === 2);
});

test.each(['invalid_blocks', 'an_error_nobody_knows'])(
  'what Slack refuses by %s is said in plain words, with its buttons',
  async (error) => {
    const room = await openShowRoom();
    const { status, ...review } = jobInStatus('in_review');
    room.slack.fault({ method: 'chat.postMessage', error, times: 1 });
    const { id } = await room.addHere({ status, ...review });
    room.show({ cardIntervalMs: 0 });
    await allShown(room);
    const [card, result] = room.said();
    expect(card?.blocks).toHaveLength(1);
    expect(card?.text).toContain('Prices are rounded twice');
    expect(JSON.stringify(result?.blocks)).toContain('job_approve');
    expect((await loadMessages(room.store.db.sql, id)).find((one) => one.slot === 'card')?.problem).toBe(
      error,
    );
  },
);
