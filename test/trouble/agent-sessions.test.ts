// Slack's own surface of a job in bad times: whatever dies, pauses or is refused, the plain card says it all in the end, and
// nothing of a stream stays behind.
import { expect, test } from 'vitest';
import type { PlanStep } from '../../src/job/agent-update.ts';
import { saveProgress } from '../../src/store/jobs.ts';
import { leaseJobsToShow } from '../../src/store/messages.ts';
import { setThread } from '../../src/store/threads.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { allShown, openShowRoom, type ShowRoom } from '../support/show-room.ts';
import { happen } from '../support/store-room.ts';

const OFFERED = { slack: { agentSessions: 'offered' } } as const;
const PLAN: readonly PlanStep[] = [{ text: 'Round once', status: 'in_progress' }];
const PACE = { cardIntervalMs: 200 };

/** A job whose first turn runs, with a card; nothing was shown of the turn yet. */
async function startTurn(room: ShowRoom) {
  const { id } = await room.addHere();
  const { attempt } = await happen(room.store, id, { type: 'taken', workId: 'w1' });
  let steps = 0;
  const works = () => {
    steps += 1;
    const progress = { plan: [...PLAN], usage: {}, activity: `step ${steps}` };
    return saveProgress(room.store.db.sql, { id, attempt }, progress);
  };
  await works();
  const ends = () =>
    happen(room.store, id, { type: 'turn_ended', result: sampleResult({ turn: 1 }), pull: SAMPLE_PULL });
  return { id, works, ends };
}

const shown = (room: ShowRoom) => room.said().map(({ blocks, text }) => JSON.stringify([text, blocks]));
const card = (room: ShowRoom) => shown(room)[0] ?? '';
const streams = (room: ShowRoom) =>
  room.said().filter(({ blocks }) => blocks.some((block) => block.type === 'plan'));
const called = (room: ShowRoom, method: string) => room.slack.calls.filter((call) => call.method === method);

async function until(room: ShowRoom, description: string, check: () => boolean): Promise<void> {
  await room.slack.waitFor({ description, check }, { timeoutMs: 20_000 });
}

const streaming = (room: ShowRoom) =>
  until(room, 'a stream, and a card that leaves the steps to it', () =>
    Boolean(streams(room).length === 1 && !card(room).includes('Round once')),
  );
const plain = (room: ShowRoom) =>
  until(room, 'no stream, and a card with the steps', () =>
    Boolean(streams(room).length === 0 && card(room).includes('Round once')),
  );

async function endsInCardAndResult(room: ShowRoom, turn: Awaited<ReturnType<typeof startTurn>>) {
  await turn.ends();
  await until(room, 'a result', () => shown(room).some((said) => said.includes('ready for your decision')));
  await until(room, 'no stream', () => streams(room).length === 0);
  await allShown(room, 20_000);
  expect(room.said()).toHaveLength(2);
  const threadTs = room.said()[0]?.ts ?? '';
  expect(room.slack.agentSession(room.general.id, threadTs)?.status).toBe('active');
}

test('a turn is streamed while it runs, and ends in one card and one result', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.show(PACE);
  await streaming(room);
  await turn.works();
  await until(room, 'the second step', () => JSON.stringify(streams(room)[0]?.blocks).includes('step 2'));
  await endsInCardAndResult(room, turn);
  expect(called(room, 'chat.startStream')).toHaveLength(1);
});

test.each([
  ['a pause that Slack asks for', { method: 'chat.appendStream', retryAfterS: 30 }],
  ['an append that Slack never answers', { method: 'chat.appendStream', httpStatus: 503 }],
])('%s ends the stream, and the plain card goes on', async (_, fault) => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.show(PACE);
  await streaming(room);
  room.slack.fault(fault);
  await turn.works();
  await plain(room);
  await endsInCardAndResult(room, turn);
  expect(called(room, 'chat.startStream')).toHaveLength(1);
});

test('a stream that died of its age becomes the plain card', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.show(PACE);
  await streaming(room);
  room.slack.ageStreams(5 * 60_000);
  await turn.works();
  await plain(room);
  await endsInCardAndResult(room, turn);
});

test('a stream ends in time before Slack ends it', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.show(PACE);
  await streaming(room);
  await room.store.db.sql.query(
    `UPDATE slack_sessions SET stream_started_at = now() - interval '275 seconds'`,
  );
  await turn.works();
  await plain(room);
  expect(called(room, 'chat.stopStream').map(({ answer }) => answer['ok'])).toEqual([true]);
  await endsInCardAndResult(room, turn);
});

test('a start that nobody heard the answer of is found, and taken away', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.slack.fault({ method: 'chat.startStream', dropAfterApply: true });
  room.show(PACE);
  await until(room, 'the start', () => called(room, 'chat.startStream').length === 1);
  await plain(room);
  await endsInCardAndResult(room, turn);
  expect(called(room, 'chat.startStream')).toHaveLength(1);
});

test('what a killed bot streamed is taken away by the next one, also when the turn ended meanwhile', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  const first = room.show(PACE);
  await streaming(room);
  await allShown(room, 20_000);
  await first.stop();
  // It died with the job in its hands.
  await turn.works();
  const { sql } = room.store.db;
  expect(await leaseJobsToShow(sql, { holder: 'dead', leaseMs: 500, limit: 1 })).toHaveLength(1);
  await turn.ends();
  room.show(PACE);
  await until(room, 'no stream', () => streams(room).length === 0);
  await allShown(room, 20_000);
  expect(room.said()).toHaveLength(2);
});

test('where nobody may delete, a word is left in its place', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.slack.fault({ method: 'chat.delete', error: 'cant_delete_message' });
  room.show(PACE);
  await streaming(room);
  await turn.ends();
  await until(room, 'the word', () => shown(room).some((said) => said.includes('says how it goes on')));
  await allShown(room, 20_000);
  expect(room.said()).toHaveLength(3);
});

test.each(['unknown_method', 'feature_disabled', 'not_allowed'] as const)(
  'a workspace that says %s is asked once in a while, and gets the plain card',
  async (agentSessions) => {
    const room = await openShowRoom({ slack: { agentSessions } });
    const turn = await startTurn(room);
    const other = await startTurn(room);
    room.show(PACE);
    await until(
      room,
      'both cards',
      () => shown(room).filter((said) => said.includes('Round once')).length === 2,
    );
    await turn.ends();
    await other.ends();
    await allShown(room, 20_000);
    // Two jobs may be at it at the same time.
    expect(called(room, 'agents.sessions.setStatus').length).toBeLessThanOrEqual(2);
    expect(called(room, 'chat.startStream')).toEqual([]);
    expect(room.said()).toHaveLength(4);
  },
);

test('a workspace that offers them later is noticed after an hour', async () => {
  const room = await openShowRoom({ slack: { agentSessions: 'unknown_method' } });
  let aheadMs = 0;
  const turn = await startTurn(room);
  room.show({ ...PACE, now: () => new Date(Date.now() + aheadMs) });
  await plain(room);
  await allShown(room, 20_000);
  room.slack.offerAgentSessions('offered');
  await turn.works();
  await allShown(room, 20_000);
  expect(streams(room)).toEqual([]);
  aheadMs = 61 * 60_000;
  await turn.works();
  await streaming(room);
  await endsInCardAndResult(room, turn);
});

test('an earlier job of the same thread says nothing of the session any more', async () => {
  const room = await openShowRoom(OFFERED);
  const first = await startTurn(room);
  room.show(PACE);
  await streaming(room);
  const threadTs = room.said()[0]?.ts ?? '';
  const { id } = await room.addHere();
  await setThread(room.store.db.sql, id, threadTs);
  await happen(room.store, id, { type: 'taken', workId: 'w2' });
  await first.ends();
  await allShown(room, 20_000);
  expect(room.slack.agentSession(room.general.id, threadTs)?.status).toBe('processing');
});

test('two bots stream a turn once', async () => {
  const room = await openShowRoom(OFFERED);
  const turn = await startTurn(room);
  room.show(PACE);
  room.show(PACE);
  await streaming(room);
  for (let n = 0; n < 5; n += 1) await turn.works();
  await endsInCardAndResult(room, turn);
  expect(called(room, 'chat.startStream')).toHaveLength(1);
});
