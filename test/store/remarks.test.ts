// Words under a pull: seen ten times, written anew, taken along by a runner that dies, answered: each thing once.
import { expect, test } from 'vitest';
import type { Remark } from '../../src/job/remarks.ts';
import { LostJobError } from '../../src/store/lost-job.ts';
import {
  endRemarks,
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
import { addJob, openRoom, tenTimes } from '../support/store-room.ts';

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

test('a turn takes them along; one that fails leaves them to the next, one that ends is done with them', async () => {
  const { room, sql, job } = await open();
  await takeRemarks(sql, job, ['c9', 'c10']);
  await refuseRemarks(sql, job, ['r1']);
  expect(await waitingRemarks(sql, job.id), 'they ask for no other turn').toMatchObject({ count: 0 });
  expect((await openRemarks(sql, job.id)).map(({ key }) => key)).toEqual(['c9', 'c10']);
  await room.db.transaction((tx) => endRemarks(tx, { id: job.id, turn: 3 }));
  expect(await openRemarks(sql, job.id), 'that was another turn').toHaveLength(2);
  await room.db.transaction((tx) => endRemarks(tx, job));
  expect(await openRemarks(sql, job.id)).toEqual([]);
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
