// The classic merge endpoint: real merges, and every refusal in GitHub's own words.
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub } from '../support/playground-github.ts';

type World = Awaited<ReturnType<typeof startGitHub>>;

const merge = (
  world: World,
  pull: number,
  more: { sha?: string; merge_method?: 'merge' | 'squash' | 'rebase' } = {},
) => world.octokit().rest.pulls.merge({ ...HERE, pull_number: pull, merge_method: 'squash', ...more });

const log = async (world: World, format: string) => {
  const clone = await world.clone();
  return (await world.git(clone, 'log', `--format=${format}`)).stdout.split('\n');
};

test('a squash merge is one commit with the given words, closes the issue, and keeps the branch', async () => {
  await using world = await startGitHub();
  world.github.addIssue({ repo: REPO, title: 'Two is too quiet', author: 'mira' });
  const pull = await world.openPull({ body: 'Fixes #1' });
  const { data } = await world.octokit().rest.pulls.merge({
    ...HERE,
    pull_number: pull.number,
    merge_method: 'squash',
    sha: pull.head.sha,
    commit_title: 'Shout (#2)',
    commit_message: 'As asked.',
  });
  expect(data).toMatchObject({ merged: true, message: 'Pull Request successfully merged' });
  expect(await log(world, '%H %s|%b')).toEqual([
    `${data.sha} Shout (#2)|As asked.`,
    '',
    expect.stringContaining('Initial'),
  ]);
  expect(await world.github.readFile(REPO, 'main', 'README.md')).toBe('one\nTWO\nthree\n');
  expect(world.github.issue(REPO, 1)).toMatchObject({ state: 'closed', stateReason: 'completed' });
  expect(await world.github.branchSha(REPO, 'errand/j-1')).toBe(pull.head.sha);
  const after = await world.octokit().rest.pulls.get({ ...HERE, pull_number: pull.number });
  expect(after.data).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: data.sha });
  expect(after.data.merged_by?.login).toBe('errand-dev');
  const asked = await world.octokit().rest.pulls.checkIfMerged({ ...HERE, pull_number: pull.number });
  expect(asked.status).toBe(204);
});

test('an unmerged pull answers 404 to "are you merged"', async () => {
  await using world = await startGitHub();
  const { number } = await world.openPull();
  const asked = world.octokit().rest.pulls.checkIfMerged({ ...HERE, pull_number: number });
  await expect(asked).rejects.toMatchObject({ status: 404 });
});

test('a merge commit has both parents and a rebase keeps the commits', async () => {
  await using world = await startGitHub();
  const first = await world.openPull({ branch: 'first' });
  await merge(world, first.number, { merge_method: 'merge' });
  expect((await log(world, '%P'))[0]?.split(' ')).toHaveLength(2);
  await world.github.commitTo(REPO, 'second', { 'a.txt': 'a' }, { message: 'Add a', author: 'mira' });
  await world.github.commitTo(REPO, 'second', { 'b.txt': 'b' }, { message: 'Add b', author: 'mira' });
  await world.github.commitTo(REPO, 'main', { 'c.txt': 'c' }, { message: 'Add c' });
  const { data: second } = await world
    .octokit()
    .rest.pulls.create({ ...HERE, title: 'ab', head: 'second', base: 'main' });
  await merge(world, second.number, { merge_method: 'rebase' });
  expect((await log(world, '%an %s')).slice(0, 3)).toEqual(['mira Add b', 'mira Add a', 'acme Add c']);
});

test('a rebase that conflicts is refused and changes nothing', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const sha = await world.github.commitTo(
    REPO,
    'main',
    { 'README.md': 'one\n2\nthree\n' },
    { message: 'Other' },
  );
  const refused = merge(world, pull.number, { merge_method: 'rebase' });
  await expect(refused).rejects.toMatchObject({ status: 405, message: /Pull Request is not mergeable/ });
  expect(await world.github.branchSha(REPO, 'main')).toBe(sha);
});

test('a head that moved is 409', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.commitTo(REPO, 'errand/j-1', { 'more.txt': 'x' }, { message: 'More' });
  await expect(merge(world, pull.number, { sha: pull.head.sha })).rejects.toMatchObject({
    status: 409,
    response: { data: { message: 'Head branch was modified. Review and try the merge again.' } },
  });
  expect(world.github.pull(REPO, pull.number).mergedAt).toBeNull();
});

test('a conflict is 405 "Pull Request is not mergeable"', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.commitTo(REPO, 'main', { 'README.md': 'one\n2\nthree\n' }, { message: 'Other' });
  await expect(merge(world, pull.number)).rejects.toMatchObject({
    status: 405,
    response: { data: { message: 'Pull Request is not mergeable' } },
  });
});

test('a branch with a merge queue is 405 "Changes must be made through the merge queue."', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { mergeQueue: true });
  await expect(merge(world, pull.number)).rejects.toMatchObject({
    status: 405,
    response: { data: { message: 'Changes must be made through the merge queue.' } },
  });
});

test('a missing review is 405 until somebody with write access approves', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { requiredApprovals: 1 });
  const message = 'At least 1 approving review is required by reviewers with write access.';
  await expect(merge(world, pull.number)).rejects.toMatchObject({
    status: 405,
    response: { data: { message } },
  });
  world.github.setCollaborator(REPO, 'passer-by', 'read');
  world.github.review(REPO, pull.number, { author: 'passer-by', state: 'APPROVED' });
  await expect(merge(world, pull.number)).rejects.toMatchObject({ status: 405 });
  const { data } = await world.octokit().rest.pulls.get({ ...HERE, pull_number: pull.number });
  expect(data.mergeable_state).toBe('blocked');
  world.github.review(REPO, pull.number, { author: 'mira', state: 'APPROVED' });
  await expect(merge(world, pull.number)).resolves.toMatchObject({ status: 200 });
});

test('required checks are 405 while expected, pending or failing', async () => {
  await using world = await startGitHub();
  const { number, head } = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { requiredChecks: ['ci'] });
  const refusal = (word: string) => ({
    status: 405,
    response: { data: { message: `Required status check "ci" is ${word}.` } },
  });
  await expect(merge(world, number)).rejects.toMatchObject(refusal('expected'));
  world.github.setCheck(REPO, head.sha, { name: 'ci', status: 'in_progress' });
  await expect(merge(world, number)).rejects.toMatchObject(refusal('pending'));
  world.github.setCheck(REPO, head.sha, { name: 'ci', status: 'completed', conclusion: 'failure' });
  await expect(merge(world, number)).rejects.toMatchObject(refusal('failing'));
  const runs = await world.octokit().rest.checks.listForRef({ ...HERE, ref: head.sha });
  expect(runs.data).toMatchObject({ total_count: 1, check_runs: [{ name: 'ci', conclusion: 'failure' }] });
  const status = { ...HERE, sha: head.sha, context: 'lint', state: 'success' as const };
  await world.octokit().rest.repos.createCommitStatus(status);
  const combined = await world.octokit().rest.repos.getCombinedStatusForRef({ ...HERE, ref: head.sha });
  expect(combined.data).toMatchObject({ state: 'success', total_count: 1 });
  world.github.setCheck(REPO, head.sha, { name: 'ci', status: 'completed', conclusion: 'success' });
  await expect(merge(world, number)).resolves.toMatchObject({ status: 200 });
});

test('several missing checks are counted', async () => {
  await using world = await startGitHub();
  const { number, head } = await world.openPull();
  await world.github.setBranchProtection(REPO, 'main', { requiredChecks: ['ci', 'lint', 'docs'] });
  await expect(merge(world, number)).rejects.toThrow('3 of 3 required status checks are expected.');
  world.github.setCheck(REPO, head.sha, { name: 'ci', status: 'completed', conclusion: 'success' });
  world.github.setCheck(REPO, head.sha, { name: 'lint', status: 'completed', conclusion: 'failure' });
  await expect(merge(world, number)).rejects.toThrow(
    '2 of 3 required status checks have not succeeded: 1 expected and 1 failing.',
  );
});

test('a method that the repository does not allow, a draft and a closed pull are 405', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  world.github.setSettings(REPO, { allowSquashMerge: false });
  const squash = merge(world, pull.number);
  await expect(squash).rejects.toThrow('Squash merges are not allowed on this repository.');
  world.github.closePullByHand(REPO, pull.number);
  await expect(merge(world, pull.number, { merge_method: 'merge' })).rejects.toMatchObject({ status: 405 });
  await world.github.commitTo(REPO, 'draft', { 'x.txt': 'x' }, { message: 'X' });
  const draft = { ...HERE, title: 'x', head: 'draft', base: 'main', draft: true };
  const { data } = await world.octokit().rest.pulls.create(draft);
  const refused = merge(world, data.number, { merge_method: 'merge' });
  await expect(refused).rejects.toThrow('Pull Request is still a draft');
});

test('people merge by hand, by button or by push, and the pull knows', async () => {
  await using world = await startGitHub();
  const first = await world.openPull({ branch: 'first' });
  const sha = await world.github.mergePullByHand(REPO, first.number, { by: 'mira' });
  expect(world.github.pull(REPO, first.number)).toMatchObject({ mergeCommitSha: sha, mergedBy: 'mira' });
  await world.github.commitTo(REPO, 'second', { 'x.txt': 'x' }, { message: 'X' });
  const { data } = await world
    .octokit()
    .rest.pulls.create({ ...HERE, title: 'x', head: 'second', base: 'main' });
  const clone = await world.clone();
  await world.git(clone, 'push', 'origin', 'origin/second:main');
  expect(world.github.pull(REPO, data.number)).toMatchObject({ state: 'closed', mergedBy: 'errand-dev' });
});
