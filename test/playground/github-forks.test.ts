// Pulls from forks as GitHub shows them: their head lies in somebody else's repository, their commits come along.
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub, TOKEN } from '../support/playground-github.ts';

const FORK = 'mallory/shop';

/** Mallory forked acme/shop and proposes a branch of hers that is called as the base's own is. */
async function startWithFork(wish: { maintainer_can_modify?: boolean } = {}) {
  const world = await startGitHub();
  const { github } = world;
  github.setSettings(REPO, { private: false });
  await github.addFork({ of: REPO, owner: 'mallory' });
  await github.commitTo(FORK, 'main', { 'README.md': 'one\nTWO\nthree\n' }, { message: 'Shout two' });
  const fields = { title: 'Shout two', head: 'mallory:main', base: 'main', by: 'mallory', ...wish };
  const { number } = await github.propose(REPO, fields);
  const octokit = world.octokit();
  const read = async () => (await octokit.rest.pulls.get({ ...HERE, pull_number: number })).data;
  /** Where the base repository's git server says that the pull stands. */
  const headRef = async () =>
    (await world.git(world.dir, 'ls-remote', world.remote(TOKEN), `refs/pull/${number}/head`)).stdout;
  return { ...world, world, number, octokit, read, headRef };
}

test('its head is in the fork, and its commits can be fetched from the base', async () => {
  const { world, github, read, headRef, octokit, number, remote } = await startWithFork();
  await using _ = world;
  const sha = await github.branchSha(FORK, 'main');
  const pull = await read();
  expect(pull).toMatchObject({ maintainer_can_modify: true, commits: 1, additions: 1, deletions: 1 });
  expect(pull.head).toMatchObject({ ref: 'main', sha, label: 'mallory:main' });
  expect(pull.head.repo).toMatchObject({ full_name: FORK, fork: true });
  expect(pull.base.repo).toMatchObject({ full_name: REPO, fork: false });
  expect(await headRef()).toContain(sha);
  const listed = async (head: string) =>
    (await octokit.rest.pulls.list({ ...HERE, head })).data.map((one) => one.number);
  expect(await listed('mallory:main')).toEqual([number]);
  expect(await listed('acme:main')).toEqual([]);
  const clone = await world.clone();
  const push = await world.git(clone, 'push', remote(TOKEN, FORK), 'HEAD:refs/heads/ours');
  expect(push.stderr).toContain(`Permission to ${FORK}.git denied to errand-dev.`);
});

test('it follows the fork and not the branch of the same name at the base', async () => {
  const { world, github, read, headRef, octokit, number } = await startWithFork({
    maintainer_can_modify: false,
  });
  await using _ = world;
  const before = await read();
  expect(before.maintainer_can_modify).toBe(false);
  await github.commitTo(REPO, 'main', { 'other.txt': 'x\n' }, { message: 'Go on' });
  expect((await read()).head.sha).toBe(before.head.sha);
  const sha = await github.commitTo(FORK, 'main', { 'new.txt': 'y\n' }, { message: 'Add more' });
  expect((await read()).head.sha).toBe(sha);
  expect(await headRef()).toContain(sha);
  github.deleteRepository(FORK, 'mallory');
  expect(await read()).toMatchObject({ state: 'open', head: { sha, repo: null } });
  const merged = await octokit.rest.pulls.merge({ ...HERE, pull_number: number });
  expect(await github.readFile(REPO, merged.data.sha, 'new.txt')).toBe('y\n');
});

test('what GitHub refuses of it', async () => {
  const { world, github } = await startWithFork();
  await using _ = world;
  const propose = (head: string) =>
    github.propose(REPO, { title: 'Again', head, base: 'main', by: 'mallory' });
  const saying = (message: string) => ({ answer: { body: { errors: [{ message }] } } });
  await expect(propose('mallory:main')).rejects.toMatchObject(
    saying('A pull request already exists for mallory:main.'),
  );
  await expect(propose('mallory:nowhere')).rejects.toMatchObject({
    answer: { body: { errors: [{ field: 'head', code: 'invalid' }] } },
  });
});
