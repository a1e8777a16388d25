// What a runner notes of its own doings, and that one which has lost the job notes nothing and begins nothing.
import { expect, test } from 'vitest';
import { audited } from '../../src/runner/audited.ts';
import type { RunnerContext } from '../../src/runner/context.ts';
import { readEvents } from '../../src/store/events.ts';
import { LostJobError } from '../../src/store/lost-job.ts';
import { addJob, happen, type Room, shareRoom, silent } from '../support/store-room.ts';

const room = shareRoom();

/** A GitHub that only remembers what it was asked for. */
function open(store: Room) {
  const asked: string[] = [];
  const act = (name: string) => async () => void asked.push(name);
  const github = { merge: act('merge'), closePull: act('closePull') };
  const context = { store, log: silent, github, workspaces: {} } as unknown as RunnerContext; // as much as is used
  return { asked, context };
}

test('a review that was posted is noted with its address', async () => {
  const store = room();
  const posted = { url: 'https://github.test/acme/shop/pull/3#review', created: true };
  const github = { postReview: async () => posted };
  const context = { store, log: silent, github, workspaces: {} } as unknown as RunnerContext; // as much as is used
  const { id } = await addJob(store);
  const job = await happen(store, id, { type: 'taken', workId: 'w1' });
  const text = { headSha: 'a'.repeat(40), body: 'Fine.', whole: 'Fine.', marker: 'errand:J-1:review' };
  await audited(context, job).github.postReview({ ...text, repo: job.repo, number: 3, comments: [] });
  const notes = await readEvents(store.db.sql, id, { kinds: ['note'] });
  expect(notes.map(({ data }) => data)).toEqual([{ name: 'reviewed_pull', number: 3, ...posted }]);
});

const names = async (store: Room, jobId: number) =>
  (await readEvents(store.db.sql, jobId, { kinds: ['note'] })).map(
    ({ data }) => 'name' in data && data['name'],
  );

test('what is written outside is noted under the attempt that wrote it; a lost one begins nothing', async () => {
  const store = room();
  const { asked, context } = open(store);
  const { id } = await addJob(store);
  const first = await happen(store, id, { type: 'taken', workId: 'w1' });
  const at = { repo: first.repo, number: 3 };
  const merge = { ...at, sha: 'a'.repeat(40), method: 'squash', title: '', message: '' } as const;
  const { github } = audited(context, first);
  await github.merge(merge);
  await github.closePull(at);
  expect([asked, await names(store, id)]).toEqual([
    ['merge', 'closePull'],
    ['merge_asked', 'pull_closed'],
  ]);
  await happen(store, id, { type: 'taken', workId: 'w1' });
  await expect(github.merge(merge)).rejects.toThrow(LostJobError);
  // What was begun before the job was lost is done; its successor finds it, and notes it.
  await github.closePull(at);
  expect([asked, await names(store, id)]).toEqual([
    ['merge', 'closePull', 'closePull'],
    ['merge_asked', 'pull_closed'],
  ]);
});
