// Real git clients against git's own HTTP backend: clone, fetch, push, and the ways a push is refused.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPO, startGitHub, TOKEN } from '../support/playground-github.ts';

test('what is pushed is there, and is fetched by others', async () => {
  await using world = await startGitHub();
  const mine = await world.clone();
  const yours = await world.clone();
  // More than http.postBuffer: git sends it in chunks, of no known length.
  await writeFile(join(mine, 'big.bin'), randomBytes(3_000_000));
  await world.git(mine, 'add', '.');
  await world.git(mine, 'commit', '-m', 'Add much');
  expect((await world.git(mine, 'push', 'origin', 'HEAD:refs/heads/errand/j-1')).exitCode).toBe(0);
  const { stdout: sha } = await world.git(mine, 'rev-parse', 'HEAD');
  expect(await world.github.branchSha(REPO, 'errand/j-1')).toBe(sha);
  expect((await world.git(yours, 'fetch', 'origin', 'errand/j-1')).exitCode).toBe(0);
  expect((await world.git(yours, 'rev-parse', 'FETCH_HEAD')).stdout).toBe(sha);
  const folder = await mkdtemp(join(world.dir, 'files-'));
  await world.github.checkout(REPO, 'errand/j-1', folder);
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('one\ntwo\nthree\n');
});

test('shallow and partial clones work', async () => {
  await using world = await startGitHub();
  await world.github.commitTo(REPO, 'main', { 'a.txt': 'a' }, { message: 'Add a' });
  const args = ['clone', '--depth=1', '--filter=blob:none', world.remote(TOKEN), 'shallow'];
  expect((await world.git(world.dir, ...args)).exitCode).toBe(0);
  const count = await world.git(join(world.dir, 'shallow'), 'rev-list', '--count', 'HEAD');
  expect(count.stdout).toBe('1');
});

test('a push with an outdated lease is refused and changes nothing', async () => {
  await using world = await startGitHub();
  const clone = await world.clone();
  await world.git(clone, 'push', 'origin', 'HEAD:refs/heads/errand/j-1');
  const theirs = await world.github.commitTo(REPO, 'errand/j-1', { 'x.txt': 'x' }, { message: 'By hand' });
  await world.git(clone, 'commit', '--allow-empty', '-m', 'Mine');
  const { stdout: old } = await world.git(clone, 'rev-parse', 'HEAD~1');
  const lease = `--force-with-lease=refs/heads/errand/j-1:${old}`;
  const push = await world.git(clone, 'push', lease, 'origin', 'HEAD:refs/heads/errand/j-1');
  expect(push.exitCode).not.toBe(0);
  expect(push.stderr).toContain('stale info');
  expect(await world.github.branchSha(REPO, 'errand/j-1')).toBe(theirs);
});

test('a refused push says why, and passes once it is allowed again', async () => {
  await using world = await startGitHub();
  const clone = await world.clone();
  await world.github.refusePush(REPO, 'GH013: Repository rule violations found');
  const push = () => world.git(clone, 'push', 'origin', 'HEAD:refs/heads/errand/j-1');
  const refused = await push();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain('remote: GH013: Repository rule violations found');
  expect(refused.stderr).toContain('pre-receive hook declined');
  await world.github.refusePush(REPO, undefined);
  expect((await push()).exitCode).toBe(0);
});

test('a protected branch takes no direct push', async () => {
  await using world = await startGitHub();
  await world.github.setBranchProtection(REPO, 'main', { requiredApprovals: 1 });
  const clone = await world.clone();
  await world.git(clone, 'commit', '--allow-empty', '-m', 'Straight in');
  const push = await world.git(clone, 'push', 'origin', 'HEAD:main');
  expect(push.exitCode).not.toBe(0);
  expect(push.stderr).toContain('GH006: Protected branch update failed for refs/heads/main');
});

test('an App without the permission cannot push workflows, a person can', async () => {
  await using world = await startGitHub();
  const files = { '.github/workflows/ci.yml': 'on: push\n' };
  await world.github.commitTo(REPO, 'other', files, { message: 'Workflow by a person' });
  const push = async (token: string, file: string, branch: string) => {
    const clone = await world.clone(token);
    await world.git(clone, 'checkout', 'origin/main');
    await world.git(clone, 'checkout', 'origin/other', '--', '.github');
    await writeFile(join(clone, file), 'on: pull_request\n');
    await world.git(clone, 'add', '.');
    await world.git(clone, 'commit', '-m', 'Change');
    return world.git(clone, 'push', 'origin', `HEAD:refs/heads/${branch}`);
  };
  const token = await world.installationToken();
  const refused = await push(token, '.github/workflows/ci.yml', 'errand/j-1');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain('refusing to allow a GitHub App to create or update workflow');
  expect((await push(TOKEN, '.github/workflows/ci.yml', 'errand/j-2')).exitCode).toBe(0);
});

test('a push whose answer is lost was still applied', async () => {
  await using world = await startGitHub();
  const clone = await world.clone();
  world.github.fault({ method: 'POST', path: '/acme/shop.git/git-receive-pack', dropAfterApply: true });
  const push = await world.git(clone, 'push', 'origin', 'HEAD:refs/heads/errand/j-1');
  expect(push.exitCode).not.toBe(0);
  const { stdout: sha } = await world.git(clone, 'rev-parse', 'HEAD');
  expect(await world.github.branchSha(REPO, 'errand/j-1')).toBe(sha);
});

test('a push that breaks off half-way blocks nobody', async () => {
  await using world = await startGitHub();
  const { hostname, port } = new URL(world.serverUrl);
  const authorization = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
  const headers = {
    authorization,
    'content-type': 'application/x-git-receive-pack-request',
    'content-length': '100000',
  };
  const half = httpRequest({
    hostname,
    port,
    path: '/acme/shop.git/git-receive-pack',
    method: 'POST',
    headers,
  });
  half.on('error', () => {});
  half.write('0');
  await world.github.waitFor(() => world.github.requests.length > 0);
  half.destroy();
  const clone = await world.clone();
  const push = await world.git(clone, 'push', 'origin', 'HEAD:refs/heads/errand/j-1');
  expect(push.exitCode).toBe(0);
});

test("nobody pushes to a pull's own refs, everybody reads them", async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const clone = await world.clone();
  const push = await world.git(clone, 'push', 'origin', 'HEAD:refs/pull/1/head');
  expect(push.stderr).toContain('deny updating a hidden ref');
  const fetched = await world.git(clone, 'ls-remote', 'origin', 'refs/pull/1/head');
  expect(fetched.stdout).toContain(pull.head.sha);
});
