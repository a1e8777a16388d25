// The asynchronous merge and the merge queue: accepted now, settled later, followed by polling.
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub } from '../support/playground-github.ts';

type World = Awaited<ReturnType<typeof startGitHub>>;
type Wish = { sha?: string; merge_action?: 'default' | 'direct_merge' | 'merge_queue' };

const submit = (world: World, pull: number, wish: Wish = {}) =>
  world.octokit().request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async', {
    ...HERE,
    pull_number: pull,
    merge_method: 'squash',
    ...wish,
  });

const poll = (world: World, pull: number, uuid: string) =>
  world.octokit().request('GET /repos/{owner}/{repo}/pulls/{pull_number}/merge-async/{uuid}', {
    ...HERE,
    pull_number: pull,
    uuid,
  });

/** Submits and waits until the request is no longer pending. */
async function outcome(world: World, pull: number, wish: Wish = {}) {
  const { data } = await submit(world, pull, wish);
  const uuid = 'uuid' in data.details ? data.details.uuid : '';
  return world.github.waitFor(async () => {
    const { data: now } = await poll(world, pull, uuid);
    return now.status === 'pending' ? undefined : now;
  });
}

test('a merge is accepted with 202, then merged', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  world.github.holdAsyncMerges(true);
  const { status, data } = await submit(world, pull.number, { sha: pull.head.sha });
  expect(status).toBe(202);
  expect(data).toMatchObject({
    status: 'pending',
    details: { merge_method: 'squash', merge_action: 'default', expected_head_sha: pull.head.sha },
  });
  const uuid = 'uuid' in data.details ? data.details.uuid : '';
  expect((await poll(world, pull.number, uuid)).data.status).toBe('pending');
  world.github.holdAsyncMerges(false);
  await world.github.waitFor(() => world.github.pull(REPO, pull.number).mergedAt);
  const { mergeCommitSha } = world.github.pull(REPO, pull.number);
  const result = await world.github.waitFor(async () => {
    const { data: now } = await poll(world, pull.number, uuid);
    return now.status === 'merged' ? now : undefined;
  });
  expect(result.details).toEqual({ message: 'Pull request was merged.', sha: mergeCommitSha });
  expect(await world.github.branchSha(REPO, 'main')).toBe(mergeCommitSha);
});

test('a second request is 409 with the first one, and 200 once it is merged', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  world.github.holdAsyncMerges(true);
  const first = await submit(world, pull.number);
  await expect(submit(world, pull.number)).rejects.toMatchObject({
    status: 409,
    response: { data: first.data },
  });
  world.github.holdAsyncMerges(false);
  await world.github.waitFor(() => world.github.pull(REPO, pull.number).mergedAt);
  expect(await submit(world, pull.number)).toMatchObject({ status: 200, data: { status: 'merged' } });
});

test('a closed pull is 400', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  world.github.closePullByHand(REPO, pull.number);
  await expect(submit(world, pull.number)).rejects.toMatchObject({
    status: 400,
    response: { data: { status: 'failed' } },
  });
});

test('an older server answers 404', async () => {
  await using world = await startGitHub({ asyncMerge: false });
  const pull = await world.openPull();
  await expect(submit(world, pull.number)).rejects.toMatchObject({ status: 404 });
});

test('a push between the request and the merge cancels it', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  world.github.holdAsyncMerges(true);
  const { data } = await submit(world, pull.number);
  await world.github.commitTo(REPO, 'errand/j-1', { 'more.txt': 'x' }, { message: 'More' });
  world.github.holdAsyncMerges(false);
  const uuid = 'uuid' in data.details ? data.details.uuid : '';
  const result = await world.github.waitFor(async () => {
    const { data: now } = await poll(world, pull.number, uuid);
    return now.status === 'failed' ? now : undefined;
  });
  expect(result.details.message).toContain('Head branch was modified');
  expect(world.github.pull(REPO, pull.number).state).toBe('open');
});

test('a wrong SHA, a conflict, a missing review and a red check fail with their reason', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const failed = async (wish: Wish = {}) => {
    const result = await outcome(world, pull.number, wish);
    expect(result.status).toBe('failed');
    return result.details.message;
  };
  expect(await failed({ sha: '0'.repeat(40) })).toContain('Head branch was modified');
  await world.github.setBranchProtection(REPO, 'main', { requiredApprovals: 1, requiredChecks: ['ci'] });
  expect(await failed()).toContain('At least 1 approving review is required');
  world.github.review(REPO, pull.number, { author: 'mira', state: 'APPROVED' });
  expect(await failed()).toBe('Required status check "ci" is expected.');
  world.github.setCheck(REPO, pull.head.sha, { name: 'ci', status: 'completed', conclusion: 'success' });
  await world.github.commitTo(REPO, 'main', { 'README.md': 'one\n2\nthree\n' }, { message: 'Other' });
  expect(await failed()).toBe('Merge conflict: the pull request could not be merged.');
});

test('where the branch has a merge queue the pull is enqueued, followed, and merged by the queue', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { mergeQueue: true });
  expect(await outcome(world, pull.number, { merge_action: 'direct_merge' })).toMatchObject({
    status: 'failed',
    details: { message: 'Changes must be made through the merge queue.' },
  });
  expect((await outcome(world, pull.number, { sha: pull.head.sha })).status).toBe('enqueued');
  expect(await submit(world, pull.number)).toMatchObject({ status: 200, data: { status: 'enqueued' } });
  expect(await isInQueue(world, pull.number)).toBe(true);
  expect(await world.github.advanceQueue(REPO)).toBe('merged');
  expect(world.github.pull(REPO, pull.number).mergedAt).not.toBeNull();
  expect(await isInQueue(world, pull.number)).toBe(false);
});

test('the queue throws a pull out, and a push takes it out', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { mergeQueue: true });
  await outcome(world, pull.number);
  expect(await world.github.advanceQueue(REPO, { kickOut: true })).toBe('removed');
  expect(world.github.pull(REPO, pull.number).state).toBe('open');
  const events = await world.octokit().rest.issues.listEvents({ ...HERE, issue_number: pull.number });
  expect(events.data.map((one) => one.event)).toEqual(['added_to_merge_queue', 'removed_from_merge_queue']);
  const enqueue = `mutation ($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input) { mergeQueueEntry { id } } }`;
  const wish = { pullRequestId: pull.node_id, expectedHeadOid: pull.head.sha };
  await world.octokit().graphql(enqueue, { input: wish });
  expect(await isInQueue(world, pull.number)).toBe(true);
  await world.github.commitTo(REPO, 'errand/j-1', { 'more.txt': 'x' }, { message: 'More' });
  expect(await isInQueue(world, pull.number)).toBe(false);
  await expect(world.octokit().graphql(enqueue, { input: wish })).rejects.toThrow('Head branch was modified');
});

async function isInQueue(world: World, number: number): Promise<boolean> {
  const query = `query ($owner: String!, $name: String!, $number: Int!) {
    repository(owner: $owner, name: $name) { pullRequest(number: $number) { isInMergeQueue } } }`;
  const answer = await world
    .octokit()
    .graphql<{ repository: { pullRequest: { isInMergeQueue: boolean } } }>(query, {
      owner: 'acme',
      name: 'shop',
      number,
    });
  return answer.repository.pullRequest.isInMergeQueue;
}
