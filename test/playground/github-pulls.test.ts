// Pulls, issues and files as Octokit sees them, with GitHub's own refusals.
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub } from '../support/playground-github.ts';

test('a pull is opened, found again by its head, and knows its size', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const octokit = world.octokit();
  const found = await octokit.rest.pulls.list({ ...HERE, head: 'acme:errand/j-1', state: 'all' });
  expect(found.data.map((one) => one.number)).toEqual([pull.number]);
  expect(pull).toMatchObject({ additions: 1, deletions: 1, changed_files: 1, commits: 1, merged: false });
  expect(pull.head.sha).toBe(await world.github.branchSha(REPO, 'errand/j-1'));
  const files = await octokit.rest.pulls.listFiles({ ...HERE, pull_number: pull.number });
  expect(files.data[0]).toMatchObject({ filename: 'README.md', status: 'modified' });
  expect(files.data[0]?.patch).toContain('+TWO');
  const other = await octokit.rest.pulls.list({ ...HERE, head: 'acme:other', state: 'all' });
  expect(other.data).toEqual([]);
});

test('a second pull for the same branch is 422 "A pull request already exists"', async () => {
  await using world = await startGitHub();
  await world.openPull();
  const again = world.octokit().rest.pulls.create({ ...HERE, title: 'x', head: 'errand/j-1', base: 'main' });
  const message = 'A pull request already exists for acme:errand/j-1.';
  await expect(again).rejects.toMatchObject({
    status: 422,
    response: {
      data: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] },
    },
  });
});

test('a pull from a branch that does not exist is 422 on its head', async () => {
  await using world = await startGitHub();
  const call = world.octokit().rest.pulls.create({ ...HERE, title: 'x', head: 'nowhere', base: 'main' });
  await expect(call).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }] } },
  });
});

test('a pull without commits is 422 "No commits between"', async () => {
  await using world = await startGitHub();
  const clone = await world.clone();
  await world.git(clone, 'push', 'origin', 'HEAD:refs/heads/same');
  const call = world.octokit().rest.pulls.create({ ...HERE, title: 'x', head: 'same', base: 'main' });
  await expect(call).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ message: 'No commits between main and same' }] } },
  });
});

test('mergeable is null for the first who asks after a change, then known', async () => {
  await using world = await startGitHub();
  const created = await world.openPull();
  const octokit = world.octokit();
  const ask = async () => (await octokit.rest.pulls.get({ ...HERE, pull_number: created.number })).data;
  expect(created).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
  expect(await ask()).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
  await world.github.commitTo(REPO, 'main', { 'README.md': 'one\n2\nthree\n' }, { message: 'Other change' });
  expect(await ask()).toMatchObject({ mergeable: null });
  expect(await ask()).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  world.github.setMergeable(REPO, created.number, null);
  expect(await ask()).toMatchObject({ mergeable: null });
});

test('a push moves the head of its pull', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const clone = await world.clone();
  await world.git(clone, 'checkout', 'errand/j-1');
  await world.git(clone, 'commit', '--allow-empty', '-m', 'More');
  const pushed = await world.git(clone, 'push', 'origin', 'errand/j-1');
  expect(pushed.exitCode).toBe(0);
  const { stdout: sha } = await world.git(clone, 'rev-parse', 'HEAD');
  const { data } = await world.octokit().rest.pulls.get({ ...HERE, pull_number: pull.number });
  expect(data.head.sha).toBe(sha);
  expect(data.commits).toBe(2);
});

test('a pull is edited, closed, opened again, and closed when its branch is deleted', async () => {
  await using world = await startGitHub();
  const { number } = await world.openPull();
  const octokit = world.octokit();
  const change = { ...HERE, pull_number: number };
  const edited = await octokit.rest.pulls.update({ ...change, title: 'Better', body: 'Words' });
  expect(edited.data).toMatchObject({ title: 'Better', body: 'Words' });
  const closed = await octokit.rest.pulls.update({ ...change, state: 'closed' });
  expect(closed.data).toMatchObject({ state: 'closed', merged: false });
  expect((await octokit.rest.pulls.update({ ...change, state: 'open' })).data.state).toBe('open');
  const ref = { ...HERE, ref: 'heads/errand/j-1' };
  expect((await octokit.rest.git.deleteRef(ref)).status).toBe(204);
  expect(world.github.pull(REPO, number).state).toBe('closed');
  await expect(octokit.rest.pulls.update({ ...change, state: 'open' })).rejects.toMatchObject({
    status: 422,
  });
  await expect(octokit.rest.git.deleteRef(ref)).rejects.toMatchObject({
    status: 422,
    response: { data: { message: 'Reference does not exist' } },
  });
});

test('nobody approves their own pull', async () => {
  await using world = await startGitHub();
  const { number } = await world.openPull();
  world.github.addToken('ghp_mira', 'mira');
  world.github.setCollaborator(REPO, 'mira', 'write');
  const review = { ...HERE, pull_number: number, event: 'APPROVE' as const };
  await expect(world.octokit().rest.pulls.createReview(review)).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: ['Can not approve your own pull request'] } },
  });
  await world.octokit('ghp_mira').rest.pulls.createReview(review);
  const { data } = await world.octokit().rest.pulls.listReviews({ ...HERE, pull_number: number });
  expect(data.map((one) => [one.user?.login, one.state])).toEqual([['mira', 'APPROVED']]);
});

test('issues are read with their comments, closed ones too', async () => {
  await using world = await startGitHub();
  const comments = Array.from({ length: 5 }, (_, at) => ({ author: 'mira', body: `comment ${at}` }));
  world.github.addIssue({
    repo: REPO,
    title: 'Open',
    body: 'Please',
    author: 'mira',
    comments,
    labels: ['bug'],
  });
  world.github.addIssue({ repo: REPO, title: 'Done', author: 'mira', state: 'closed' });
  const octokit = world.octokit();
  const issue = { ...HERE, issue_number: 1 };
  expect((await octokit.rest.issues.get(issue)).data).toMatchObject({
    title: 'Open',
    state: 'open',
    comments: 5,
  });
  const all = await octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 2 });
  expect(all.map((one) => one.body)).toEqual(comments.map((one) => one.body));
  expect((await octokit.rest.issues.get({ ...HERE, issue_number: 2 })).data.state).toBe('closed');
  expect((await octokit.rest.issues.listForRepo(HERE)).data.map((one) => one.number)).toEqual([1]);
  await expect(octokit.rest.issues.get({ ...HERE, issue_number: 9 })).rejects.toMatchObject({ status: 404 });
});

test('files and branches are read from git', async () => {
  await using world = await startGitHub();
  await world.github.commitTo(REPO, 'main', { '.agents/config.yml': 'agent: ä\n' }, { message: 'Configure' });
  const octokit = world.octokit();
  const file = await octokit.rest.repos.getContent({ ...HERE, path: '.agents/config.yml', ref: 'main' });
  const content = 'content' in file.data ? Buffer.from(file.data.content, 'base64').toString() : '';
  expect(content).toBe('agent: ä\n');
  const folder = await octokit.rest.repos.getContent({ ...HERE, path: '.agents' });
  expect(Array.isArray(folder.data) && folder.data[0]?.path).toBe('.agents/config.yml');
  await expect(octokit.rest.repos.getContent({ ...HERE, path: 'nope' })).rejects.toMatchObject({
    status: 404,
  });
  await expect(octokit.rest.repos.getBranch({ ...HERE, branch: 'nope' })).rejects.toMatchObject({
    status: 404,
  });
  const branch = await octokit.rest.repos.getBranch({ ...HERE, branch: 'main' });
  expect(branch.data.commit.sha).toBe(await world.github.branchSha(REPO, 'main'));
});

test('an unchanged GET with its ETag is 304', async () => {
  await using world = await startGitHub();
  const first = await world.octokit().rest.repos.get(HERE);
  const { etag } = first.headers;
  expect(etag).toMatch(/^W\//);
  const again = world.octokit().rest.repos.get({ ...HERE, headers: { 'if-none-match': etag } });
  await expect(again).rejects.toMatchObject({ status: 304 });
});

test('of many who open the same pull at once, one opens it', async () => {
  await using world = await startGitHub();
  await world.github.commitTo(REPO, 'errand/j-1', { 'x.txt': 'x' }, { message: 'X' });
  const open = () =>
    world.octokit().rest.pulls.create({ ...HERE, title: 'x', head: 'errand/j-1', base: 'main' });
  const answers = await Promise.allSettled(Array.from({ length: 8 }, open));
  expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(world.github.pulls(REPO)).toHaveLength(1);
});

test('a pull is closed as an issue too, and stays a pull', async () => {
  await using world = await startGitHub();
  const { number } = await world.openPull();
  const octokit = world.octokit();
  const issue = await octokit.rest.issues.update({ ...HERE, issue_number: number, state: 'closed' });
  expect(issue.data.pull_request?.url).toContain(`/pulls/${number}`);
  expect(world.github.pull(REPO, number).state).toBe('closed');
  const { data } = await octokit.rest.pulls.list({ ...HERE, state: 'closed' });
  expect(data.map((one) => one.number)).toEqual([number]);
});

test('rules, people, differences and commits can be asked for', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const octokit = world.octokit();
  await world.github.setBranchProtection(REPO, 'main', {
    requiredChecks: ['ci'],
    requiredApprovals: 2,
    mergeQueue: true,
  });
  const rules = await octokit.rest.repos.getBranchRules({ ...HERE, branch: 'main' });
  expect(rules.data.map((rule) => rule.type)).toEqual([
    'pull_request',
    'required_status_checks',
    'merge_queue',
  ]);
  const branch = await octokit.rest.repos.getBranch({ ...HERE, branch: 'main' });
  expect(branch.data.protection.required_status_checks?.contexts).toEqual(['ci']);
  const person = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: 'acme' });
  expect(person.data.permission).toBe('admin');
  const nobody = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: 'nobody' });
  expect(nobody.data.permission).toBe('none');
  const range = { ...HERE, basehead: 'main...errand/j-1' };
  const compared = await octokit.rest.repos.compareCommitsWithBasehead(range);
  expect(compared.data).toMatchObject({
    status: 'ahead',
    ahead_by: 1,
    behind_by: 0,
    files: [{ filename: 'README.md' }],
  });
  const commit = await octokit.rest.repos.getCommit({ ...HERE, ref: 'errand/j-1' });
  expect(commit.data).toMatchObject({
    sha: pull.head.sha,
    commit: { message: 'Change two\n\nIt was small.' },
  });
  expect((await octokit.rest.rateLimit.get()).data.rate.limit).toBe(5000);
});
