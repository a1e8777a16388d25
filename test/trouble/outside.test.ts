// People do things on GitHub while a job rests: the thread tells, nobody is asked twice, and there is always a way to go on.
// Webhooks are off: looking now and then must find everything. One world, one repository a story.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ limits: { lookEveryMs: 300 }, env: { ERRAND_SLOTS: '8' } });
});
afterAll(() => errand.close());

/** A job whose pull waits for a decision, in a repository and a channel of its own. */
async function inReview(name: string) {
  const { repo, channel } = await ownRepository(errand, name);
  const issue = errand.github.addIssue({
    repo,
    title: 'Say hello',
    body: 'script: write hello.txt <<hello',
    author: 'carla',
  }).number;
  const job = await errand.asks(`/agent fix #${issue} repo=${repo}`, { channel });
  const result = await job.result();
  return { job, result, repo, issue, ...onlyPull(errand, repo) };
}

test.concurrent('merged by hand: the job is merged, by whom, and its branch is gone', async () => {
  const { job, result, repo, number, branch } = await inReview('merged');
  await errand.github.mergePullByHand(repo, number, { by: 'carla' });
  await job.cardSays(':tada: Merged');
  await job.says('Merged on GitHub by carla at');
  await job.offers(result, []);
  await errand.github.waitFor(async () => (await errand.github.branchSha(repo, branch)) === undefined);
  job.expectNotifications(1);
  const trail = (await errand.eventsInside(job)).filter((event) => event.kind === 'status');
  expect(trail.at(-1)?.data).toMatchObject({ event: 'merged', login: 'carla', from: 'in_review' });
});

test.concurrent('closed and reopened: Approve goes and comes back', async () => {
  const { job, result, repo, number, pull } = await inReview('closed');
  errand.github.closePullByHand(repo, number, 'carla');
  await job.cardSays('Closed on GitHub');
  await job.says('was closed on GitHub by carla. Reopen it there, or reply here');
  await job.offers(result, ['Request changes', 'Reject']);
  await errand.github.reopenPullByHand(repo, number, 'carla');
  await job.cardSays('Ready, waiting for a decision');
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(pull().mergedAt).not.toBeNull();
  job.expectNotifications(1);
});

test.concurrent('closed, then somebody replies: the work goes on in the same pull', async () => {
  const { job, repo, number, pull } = await inReview('closed-reply');
  errand.github.closePullByHand(repo, number, 'carla');
  await job.cardSays('Closed on GitHub');
  job.replies('script: write more.txt <<more');
  const second = await job.result(2);
  await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
  expect(pull().state).toBe('open');
  expect(errand.github.pulls(repo)).toHaveLength(1);
});

test.concurrent('pushed to by hand, twice: one message, whose buttons are for what is there now', async () => {
  const { job, result, repo, number, branch, pull } = await inReview('pushed');
  const shown = pull().head.sha;
  const push = (file: string) =>
    errand.github.commitTo(repo, branch, { [file]: 'x' }, { message: `Add ${file}`, author: 'carla' });
  const first = await push('one.txt');
  await job.says(`carla pushed \`${first.slice(0, 7)}\``);
  const second = await push('two.txt');
  await job.says(`carla pushed \`${second.slice(0, 7)}\``);
  await job.says(`compare/${shown}...${second}`);
  // The result is edited after the message that tells of the push.
  await errand.slack.waitFor(() => !job.words(result).includes(first.slice(0, 7)));
  const words = job.words(result);
  expect(words).toContain(`was written for \`${shown.slice(0, 7)}\``);
  expect(words).not.toContain(first.slice(0, 7));
  expect(words, 'the question before the merge').toContain(
    'Pushed by carla after the agent had finished: nobody verified',
  );
  job.expectNotifications(1);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(pull().head.sha).toBe(second);
  expect(number).toBe(pull().number);
});

test.concurrent('retargeted by hand: the message says where the pull goes now, and Approve merges it there', async () => {
  const { job, result, repo, number, pull } = await inReview('retargeted');
  await errand.github.commitTo(repo, 'release', { 'release.txt': '1' }, { message: 'Prepare a release' });
  errand.github.retargetPullByHand(repo, number, 'release', 'carla');
  await job.says('The pull request goes into `release` now; it was `main`.');
  await job.cardSays('(release)');
  // The card and the result are edited one after the other; a press on the old question would be sent back.
  await errand.slack.waitFor(() => job.words(result).includes('release'));
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(pull().base.ref).toBe('release');
  expect(await errand.github.readFile(repo, 'release', 'hello.txt')).toBe('hello');
});

test.concurrent('the branch is deleted: the pull is closed; a reply brings both back', async () => {
  const { job, repo, branch } = await inReview('branch-deleted');
  await errand.github.deleteBranch(repo, branch, 'carla');
  await job.says('was closed on GitHub by carla');
  job.replies('script: write more.txt <<more');
  await job.result(2);
  expect(errand.github.pulls(repo).filter((one) => one.state === 'open')).toHaveLength(1);
  expect(await errand.github.readFile(repo, branch, 'more.txt')).toBe('more');
});

test.concurrent('the issue is closed and reopened: a line comes and goes', async () => {
  const { job, repo, issue } = await inReview('issue');
  errand.github.closeIssue(repo, issue, 'carla');
  await job.cardSays(`Issue #${issue} was closed on GitHub by carla`);
  errand.github.reopenIssue(repo, issue, 'carla');
  await errand.slack.waitFor(() => !job.cardText().includes('was closed on GitHub'));
  job.expectNotifications(1);
});

test.concurrent('the repository is renamed: the job follows, works on and merges there', async () => {
  const { job, repo, number } = await inReview('old-name');
  const renamed = repo.replace('old', 'new');
  await errand.github.renameRepository(repo, { name: renamed.slice('acme/'.length) });
  await job.cardSays(renamed);
  job.replies('script: write more.txt <<more');
  await job.result(2);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(renamed)).toHaveLength(1);
  expect(errand.github.pull(renamed, number).mergedAt).not.toBeNull();
  expect(await errand.github.readFile(renamed, 'main', 'more.txt')).toBe('more');
});

test.concurrent('our access ends and comes back: the job says so and rests meanwhile', async () => {
  const { job, repo, pull } = await inReview('hidden');
  errand.github.setCollaborator(repo, 'errand-dev', 'none');
  await job.cardSays('GitHub no longer shows me pull #');
  errand.github.setCollaborator(repo, 'errand-dev', 'write');
  await errand.slack.waitFor(() => !job.cardText().includes('no longer shows me'), { timeoutMs: 20_000 });
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(pull().mergedAt).not.toBeNull();
  job.expectNotifications(1);
});

test.concurrent('the repository is deleted: the job says so, and deciding comes back with the reason', async () => {
  const { job, repo } = await inReview('deleted');
  errand.github.deleteRepository(repo);
  await job.cardSays('GitHub no longer shows me pull #');
  await job.presses('Approve');
  await job.says(/GitHub knows no such thing, or hides it/);
  await job.cardSays('Ready, waiting for a decision');
});
