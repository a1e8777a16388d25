// GitHub says no to a merge, in each of its ways: the job is back in review with the reason and working buttons. One
// world, one repository a story, so that the stories run side by side.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { inReview } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand();
});
afterAll(() => errand.close());

/** The decision was not carried out: the reason is shown where the buttons are, and they work again. */
async function isRefused(job: JobThread, reason: RegExp, approve = 'Approve & merge') {
  await job.says(reason);
  await job.cardSays('Ready, waiting for a decision');
  // Whether a conflict has been seen by now is another story.
  const buttons = job.buttons(await job.result()).filter((label) => label !== 'Update branch');
  expect(buttons).toEqual([approve, 'Request changes', 'Reject']);
}

async function isMerged(job: JobThread, repo: string, number: number) {
  await job.cardSays(':tada: Merged');
  expect(errand.github.pull(repo, number).mergedAt).not.toBeNull();
  job.expectNotifications(1);
}

test.concurrent('somebody pushed after the result: nothing is merged, then the new head is', async () => {
  const { job, repo, number, pull } = await inReview(errand, 'moved');
  const shown = pull().head.sha;
  const pushed = await errand.github.commitTo(
    repo,
    pull().head.ref,
    { 'more.txt': 'more' },
    { message: 'More' },
  );
  await job.presses('Approve');
  // Nobody verified what was pushed: the button says so, and asks.
  await isRefused(job, /somebody pushed/, 'Approve & merge anyway');
  expect(pull().mergedAt).toBeNull();
  const buttons = JSON.stringify((await job.result()).blocks.filter((block) => block.type === 'actions'));
  expect(buttons).toContain(pushed);
  expect(buttons).not.toContain(shown);
  await job.presses('Approve & merge anyway');
  await isMerged(job, repo, number);
  expect(pull().head.sha).toBe(pushed);
});

test.concurrent('a conflict', async () => {
  const { job, repo, pull } = await inReview(errand, 'conflict');
  await errand.github.commitTo(repo, 'main', { 'hello.txt': 'other words' }, { message: 'Say otherwise' });
  await job.presses('Approve');
  await isRefused(job, /conflicts with main/);
  expect(pull().mergedAt).toBeNull();
});

test.concurrent('checks pending, then red, then green', async () => {
  const { job, repo, number, pull } = await inReview(errand, 'checks');
  const { github } = errand;
  // Red checks would be a turn.
  await (await errand.types(`/agent mute ${job.name}`, { channel: job.channel })).answer();
  await github.setBranchProtection(repo, 'main', { requiredChecks: ['build'], refusePushes: false });
  const check = (state: { status: 'in_progress' | 'completed'; conclusion?: 'failure' | 'success' }) =>
    github.setCheck(repo, pull().head.sha, { name: 'build', ...state });
  check({ status: 'in_progress' });
  await job.presses('Approve');
  await isRefused(job, /Checks are not finished: build/);
  check({ status: 'completed', conclusion: 'failure' });
  await job.presses('Approve');
  await isRefused(job, /Checks failed: build/);
  check({ status: 'completed', conclusion: 'success' });
  await job.presses('Approve');
  await isMerged(job, repo, number);
});

test.concurrent('a review is required, then given', async () => {
  const { job, repo, number } = await inReview(errand, 'review');
  await errand.github.setBranchProtection(repo, 'main', { requiredApprovals: 1, refusePushes: false });
  await job.presses('Approve');
  await isRefused(job, /one approving review/);
  errand.github.review(repo, number, { author: 'carla', state: 'APPROVED' });
  await job.presses('Approve');
  await isMerged(job, repo, number);
});

test.concurrent('the merge is not permitted', async () => {
  const { job, repo, pull } = await inReview(errand, 'forbidden');
  errand.github.setSettings(repo, { allowSquashMerge: false });
  await job.presses('Approve');
  await isRefused(job, /Squash merges are not allowed/);
  expect(pull().mergedAt).toBeNull();
});

test.concurrent('a merge queue is followed until it merged', async () => {
  const { job, repo, number } = await inReview(errand, 'queued');
  await errand.github.setBranchProtection(repo, 'main', { mergeQueue: true, refusePushes: false });
  await job.presses('Approve');
  await job.cardSays("it is in GitHub's merge queue");
  expect(await errand.github.advanceQueue(repo)).toBe('merged');
  await isMerged(job, repo, number);
});

test.concurrent('a merge queue throws the pull out: back in review', async () => {
  const { job, repo, pull } = await inReview(errand, 'thrown-out');
  await errand.github.setBranchProtection(repo, 'main', { mergeQueue: true, refusePushes: false });
  await job.presses('Approve');
  await job.cardSays("it is in GitHub's merge queue");
  await errand.github.advanceQueue(repo, { kickOut: true });
  await isRefused(job, /merge queue let go/);
  expect(pull().mergedAt).toBeNull();
});

test.concurrent('merged by hand before: the job is merged', async () => {
  const { job, repo, number } = await inReview(errand, 'by-hand');
  await errand.github.mergePullByHand(repo, number);
  await job.presses('Approve');
  await isMerged(job, repo, number);
});

test.concurrent('closed by hand: it says so, and Reject tidies up', async ({ onTestFinished }) => {
  const watchful = await openErrand({ limits: { lookEveryMs: 300 } });
  onTestFinished(watchful.close);
  const { job, repo, number } = await inReview(watchful, 'closed-by-hand');
  watchful.github.closePullByHand(repo, number);
  await job.says(/was closed on GitHub/);
  await job.offers(await job.result(), ['Request changes', 'Reject']);
  await job.pressesAndSays('Reject', 'Superseded.');
  await job.cardSays(':no_entry_sign: Rejected');
  expect(await watchful.github.branchSha(repo, `errand/${job.name}`)).toBeUndefined();
});

test.concurrent('GitHub merges and the answer is lost: merged once', async () => {
  const { job, repo, number } = await inReview(errand, 'lost-answer');
  errand.github.fault({
    method: 'PUT',
    path: `/repos/${repo}/pulls/${number}/merge`,
    dropAfterApply: true,
  });
  await job.presses('Approve');
  await isMerged(job, repo, number);
  const asked = errand.github.requests.filter(
    (request) => request.method === 'PUT' && request.path.includes(`/${repo}/pulls/`),
  );
  expect(asked.length).toBeLessThanOrEqual(2);
});

test.concurrent('two people and a double click approve: one merge', async () => {
  const { job, repo, number } = await inReview(errand, 'twice');
  const result = await job.result();
  const click = (user: string) =>
    errand.slack.click({ user, channel: job.channel, ts: result.ts, actionId: 'job_approve' });
  await Promise.all([click(errand.ann), click(errand.ann), click(errand.bob)]);
  await isMerged(job, repo, number);
  const told = errand.slack.ephemerals(errand.bob).map((one) => errand.slack.renderEphemeral(one));
  expect(told.join('\n')).toMatch(/Only @ann/);
});
