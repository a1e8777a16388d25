// Words under a pull: seen ten times, written anew, taken along by a runner that dies, answered: each thing once.
import { expect, test } from 'vitest';
import type { Remark } from '../../src/job/remarks.ts';
import type { JobEvent } from '../../src/job/transition.ts';
import { LostJobError } from '../../src/store/lost-job.ts';
import {
  endRemarks,
  holdAnswers,
  markPosted,
  newRemarks,
  noteRemarks,
  openRemarks,
  refuseRemarks,
  saveAnswer,
  takeRemarks,
  unpostedAnswers,
  waitingRemarks,
} from '../../src/store/remarks.ts';
import { SAMPLE_PULL } from '../support/sample-job.ts';
import { addJob, happen, openRoom, tenTimes } from '../support/store-room.ts';

const remark = (key: string, text = `words of ${key}`): Remark => ({
  key,
  author: 'carla',
  authorId: 7,
  text,
  url: 'https://github.test',
});
const KEYS = ['c9', 'c10', 'r1'];
const ANSWER = { did: 'answered', say: 'Yes.' } as const;

async function open() {
  const room = await openRoom();
  const job = await addJob(room, { status: 'running', attempt: 0, turn: 2 });
  const { sql } = room.db;
  await noteRemarks(
    sql,
    job.id,
    KEYS.map((key) => remark(key)),
  );
  return { room, sql, job };
}

test('however often they are seen they are stored once, in the order they were said', async () => {
  const { sql, job } = await open();
  const counts = await tenTimes(() =>
    noteRemarks(
      sql,
      job.id,
      KEYS.map((key) => remark(key)),
    ),
  );
  expect(counts).toEqual(counts.map(() => 0));
  expect((await openRemarks(sql, job.id)).map(({ key }) => key)).toEqual(['c9', 'r1', 'c10']);
  expect(await waitingRemarks(sql, job.id)).toMatchObject({ count: 3 });
  const again = [remark('c9'), remark('c10', 'other words'), remark('i4')];
  expect((await newRemarks(sql, job.id, again)).map(({ key }) => key)).toEqual(['c10', 'i4']);
});

test('a turn takes them along; one that fails leaves them to the next, one that ends is done with what it answered', async () => {
  const { room, sql, job } = await open();
  await takeRemarks(sql, job, ['c9', 'c10']);
  await refuseRemarks(sql, job, ['r1']);
  expect(await waitingRemarks(sql, job.id), 'they ask for no other turn').toMatchObject({ count: 0 });
  expect((await openRemarks(sql, job.id)).map(({ key }) => key)).toEqual(['c9', 'c10']);
  await room.db.transaction((tx) => endRemarks(tx, { id: job.id, turn: 3 }));
  expect(await openRemarks(sql, job.id), 'that was another turn').toHaveLength(2);
  await saveAnswer(sql, job, 'c10', ANSWER);
  await room.db.transaction((tx) => endRemarks(tx, job));
  expect(
    (await openRemarks(sql, job.id)).map(({ key }) => key),
    'nobody answered it',
  ).toEqual(['c9']);
  expect(await waitingRemarks(sql, job.id), 'it asks for no turn of its own').toMatchObject({ count: 0 });
  await noteRemarks(sql, job.id, [remark('c11')]);
  expect(
    (await openRemarks(sql, job.id)).map(({ key }) => key),
    'what is new comes first',
  ).toEqual(['c11', 'c9']);
});

test('an answer waits until it stands at GitHub, and belongs to the words that it answers', async () => {
  const { sql, job } = await open();
  await takeRemarks(sql, job, KEYS);
  await saveAnswer(sql, job, 'c9', ANSWER);
  await noteRemarks(sql, job.id, [remark('c10', 'other words')]);
  await saveAnswer(sql, job, 'c10', ANSWER);
  expect(await unpostedAnswers(sql, job.id)).toEqual([{ remark: remark('c9'), answer: ANSWER }]);
  expect(await waitingRemarks(sql, job.id), 'written anew in the middle of a turn').toMatchObject({
    count: 1,
  });
  await markPosted(sql, job.id, remark('c9', 'earlier words'));
  expect(await unpostedAnswers(sql, job.id)).toHaveLength(1);
  await markPosted(sql, job.id, remark('c9'));
  expect(await unpostedAnswers(sql, job.id)).toEqual([]);
});

test('a runner that lost the job changes nothing', async () => {
  const { sql, job } = await open();
  const lost = { ...job, attempt: job.attempt + 1 };
  await expect(takeRemarks(sql, lost, KEYS)).rejects.toThrow(LostJobError);
  await expect(refuseRemarks(sql, lost, KEYS)).rejects.toThrow(LostJobError);
  await expect(saveAnswer(sql, lost, 'c9', ANSWER)).rejects.toThrow(LostJobError);
  expect(await waitingRemarks(sql, job.id)).toMatchObject({ count: 3 });
  expect(await unpostedAnswers(sql, job.id)).toEqual([]);
});

const STOP: JobEvent = { type: 'stop', by: 'U0ADA' };
const TAKEN: JobEvent = { type: 'taken', workId: 'w' };
const FAILED: JobEvent = {
  type: 'turn_ended',
  result: {
    turn: 3,
    outcome: 'failed',
    endedAt: new Date().toISOString(),
    failure: { code: 'no_base', reason: 'There is no base.' },
    usage: {},
  },
};
test.each([
  ['stopped while it waits', [STOP]],
  ['stopped while it is prepared', [TAKEN, STOP, { type: 'put_back', code: 'restart', say: '' } as const]],
  ['failed before it took them', [TAKEN, FAILED]],
])('a turn for them that is %s is begun anew by nobody but a person', async (_how, events) => {
  const room = await openRoom();
  const { sql } = room.db;
  const occasion = { kind: 'remarks' } as const;
  const { id } = await addJob(room, { status: 'queued', turn: 3, pull: SAMPLE_PULL, occasion });
  await noteRemarks(sql, id, [remark('c9')]);
  await happen(room, id, ...events);
  expect(await waitingRemarks(sql, id)).toMatchObject({ count: 0 });
  expect(await openRemarks(sql, id), 'for the next turn').toHaveLength(1);
  await noteRemarks(sql, id, [remark('c10')]);
  expect(await waitingRemarks(sql, id), 'newer words').toMatchObject({ count: 1 });
});

test('a turn for something else that is stopped leaves them waiting', async () => {
  const room = await openRoom();
  const { id } = await addJob(room, { status: 'queued', turn: 3, pull: SAMPLE_PULL });
  await noteRemarks(room.db.sql, id, [remark('c9')]);
  await happen(room, id, STOP);
  expect(await waitingRemarks(room.db.sql, id)).toMatchObject({ count: 1 });
});

test('one at a time posts the answers of a job, and whoever comes meanwhile leaves it to the first', async () => {
  const { room, job } = await open();
  const done: string[] = [];
  const held = await holdAnswers(room.db, job.id, async () => {
    const second = await holdAnswers(room.db, job.id, async () => {
      done.push('twice');
    });
    const other = await holdAnswers(room.db, job.id + 1, async () => {
      done.push('of another job');
    });
    expect([second, other]).toEqual([false, true]);
    done.push('once');
  });
  expect(held).toBe(true);
  expect(done).toEqual(['of another job', 'once']);
  expect(await holdAnswers(room.db, job.id, async () => {}), 'free again').toBe(true);
});
