// People do things on GitHub while an agent works or a decision is carried out: nothing is overwritten, no no is overruled,
// and the thread says what became of it. Webhooks are off.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ limits: { lookEveryMs: 300 }, env: { ERRAND_SLOTS: '8' } });
});
afterAll(() => errand.close());

/** A second turn whose agent waits for `goOn` in the middle of its work. */
async function atWork(story: string) {
  const { repo, channel, name } = await ownRepository(errand, story);
  const job = await errand.asksScript(['write hello.txt <<hello'], { channel, options: `repo=${repo}` });
  await job.result();
  const whistle = join(errand.dir, `whistle-${name}`);
  job.replies(`script: write begun.txt <<1 ;; wait-for-file ${whistle} ;; write more.txt <<more`);
  await job.cardSays('Last: Edit begun.txt');
  return {
    job,
    repo,
    ...onlyPull(errand, repo),
    goOn: () => writeFile(whistle, ''),
  };
}

test.concurrent('merged meanwhile: the turn says that its work has no pull to go to, and the job is merged', async () => {
  const { job, repo, number, goOn, pull } = await atWork('merged-meanwhile');
  await errand.github.mergePullByHand(repo, number, { by: 'carla' });
  await goOn();
  await job.says(/was merged on GitHub meanwhile/);
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(repo)).toHaveLength(1);
  expect(pull().state).toBe('closed');
  job.expectNotifications(2);
});

test.concurrent('closed meanwhile: the pull stays closed until somebody asks again', async () => {
  const { job, repo, number, goOn, pull, branch } = await atWork('closed-meanwhile');
  errand.github.closePullByHand(repo, number, 'carla');
  await goOn();
  await job.says(/was closed on GitHub while the agent worked/);
  expect(pull().state).toBe('closed');
  expect(await errand.github.readFile(repo, branch, 'more.txt')).toBe('more');
  await job.presses('Retry');
  const third = await job.result(3);
  await job.offers(third, ['Approve & merge', 'Request changes', 'Reject']);
  expect(pull().state).toBe('open');
  expect(errand.github.pulls(repo)).toHaveLength(1);
});

test.concurrent('pushed to meanwhile: nothing is overwritten, and Retry goes on from there', async () => {
  const { job, repo, branch, goOn } = await atWork('pushed-meanwhile');
  await errand.github.commitTo(repo, branch, { 'theirs.txt': 'theirs' }, { message: 'Add theirs' });
  await goOn();
  await job.says(/Somebody else changed the branch/);
  await job.presses('Retry');
  await job.result(3);
  expect(await errand.github.readFile(repo, branch, 'theirs.txt')).toBe('theirs');
  expect(await errand.github.readFile(repo, branch, 'more.txt')).toBe('more');
});

test.concurrent('renamed meanwhile: the turn ends well, and the job follows', async () => {
  const { job, repo, goOn } = await atWork('renamed-meanwhile');
  const renamed = `${repo}-since`;
  await errand.github.renameRepository(repo, { name: renamed.slice('acme/'.length) });
  await goOn();
  const second = await job.result(2);
  await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
  await job.cardSays(renamed);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(renamed)).toHaveLength(1);
});

test.concurrent('retargeted just before the approval: nothing is merged where nobody meant it to go', async () => {
  const { job, repo, number, goOn, pull } = await atWork('retargeted-meanwhile');
  await goOn();
  await job.result(2);
  await errand.github.commitTo(repo, 'release', { 'release.txt': '1' }, { message: 'Prepare a release' });
  // The approval must be on its way before anybody looked.
  errand.github.fault({ method: 'GET', path: `/repos/${repo}/pulls/${number}`, delayMs: 300, times: 3 });
  errand.github.retargetPullByHand(repo, number, 'release', 'carla');
  await job.presses('Approve');
  await errand.slack.waitFor(
    () => /into `release`/.test(job.rendered()) || errand.slack.ephemerals(errand.ann).length > 0,
    { timeoutMs: 20_000 },
  );
  await job.cardSays('Ready, waiting for a decision');
  expect(pull().mergedAt).toBeNull();
});

test.concurrent('a merge queue that takes its time can be left again', async () => {
  const { job, repo, goOn, pull } = await atWork('queue');
  await goOn();
  await job.result(2);
  await errand.github.setBranchProtection(repo, 'main', { mergeQueue: true, refusePushes: false });
  await job.presses('Approve');
  await job.cardSays("it is in GitHub's merge queue");
  await job.presses('Stop');
  await job.says(/left GitHub's merge queue/);
  await job.cardSays('Ready, waiting for a decision');
  expect(await errand.github.advanceQueue(repo)).toBe('empty');
  expect(pull().mergedAt).toBeNull();
});

test.concurrent('a merge that GitHub sits on can be stopped; if it happens after all, the thread says so', async () => {
  const { job, goOn, pull } = await atWork('held');
  await goOn();
  await job.result(2);
  errand.github.holdAsyncMerges(true);
  await job.presses('Approve');
  await job.cardSays('GitHub is merging it');
  await job.presses('Stop');
  await job.says(/GitHub may still merge it/);
  errand.github.holdAsyncMerges(false);
  await job.cardSays(':tada: Merged');
  expect(pull().mergedAt).not.toBeNull();
});

test.concurrent('the issue is closed during the first turn: the card says so while the agent works', async () => {
  const whistle = join(errand.dir, 'whistle-issue');
  const issue = errand.files({
    title: 'Say hello',
    directives: [`wait-for-file ${whistle}`, 'write hi.txt <<hi'],
  });
  const job = await errand.asks(`/agent fix #${issue} repo=${errand.repo}`);
  await job.cardSays('Working');
  errand.github.closeIssue(errand.repo, issue, 'carla');
  await job.cardSays(
    `Issue #${issue} was closed on GitHub by carla. Press *Stop* if this is no longer wanted.`,
  );
  await writeFile(whistle, '');
  await job.result();
});
