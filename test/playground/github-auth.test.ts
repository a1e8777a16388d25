// Who may come in: personal tokens, the App's JWT and narrowed installation tokens, over REST and over git.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { APP_ID, HERE, PRIVATE_KEY, startGitHub, TOKEN } from '../support/playground-github.ts';

test('a personal token says who it belongs to', async () => {
  await using world = await startGitHub();
  const { data } = await world.octokit().rest.users.getAuthenticated();
  expect(data.login).toBe('errand-dev');
});

test('a wrong token is refused with 401 Bad credentials', async () => {
  await using world = await startGitHub();
  const call = world.octokit('ghp_wrong').rest.users.getAuthenticated();
  await expect(call).rejects.toMatchObject({
    status: 401,
    response: { data: { message: 'Bad credentials', documentation_url: expect.any(String) } },
  });
});

test('auth-app finds the installation and works as it', async () => {
  await using world = await startGitHub();
  const { data: app } = await world.asApp().rest.apps.getAuthenticated();
  expect(app?.slug).toBe('errand-local');
  const { data: installations } = await world.asApp().rest.apps.listInstallations();
  const installationId = installations[0]?.id;
  const octokit = new Octokit({
    baseUrl: world.apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: APP_ID, privateKey: PRIVATE_KEY, installationId },
  });
  const { data: comment } = await octokit.rest.issues.createComment({
    ...HERE,
    issue_number: world.github.addIssue({ repo: 'acme/shop', title: 'Hello', author: 'mira' }).number,
    body: 'Hi',
  });
  expect(comment.user?.login).toBe('errand-local[bot]');
  expect(comment.user?.type).toBe('Bot');
});

test('a JWT signed with another key is refused', async () => {
  await using world = await startGitHub();
  const other = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const call = world.asApp(other.privateKey).rest.apps.listInstallations();
  await expect(call).rejects.toMatchObject({ status: 401, message: /JSON web token could not be decoded/ });
});

test('an old JWT is refused', async () => {
  await using world = await startGitHub({ now: () => new Date(Date.now() + 3_600_000) });
  const call = world.asApp().rest.apps.listInstallations({ request: { retries: 0 } });
  await expect(call).rejects.toMatchObject({ status: 401, message: /'Expiration time' claim/ });
});

test('a repository out of reach is 404 and nothing else', async () => {
  await using world = await startGitHub();
  await world.github.addRepository({ owner: 'acme', name: 'vault' });
  const token = await world.installationToken({ repositories: ['shop'] });
  const octokit = world.octokit(token);
  await expect(octokit.rest.repos.get(HERE)).resolves.toMatchObject({ status: 200 });
  const vault = { owner: 'acme', repo: 'vault' };
  await expect(octokit.rest.repos.get(vault)).rejects.toMatchObject({
    status: 404,
    response: { data: { message: 'Not Found' } },
  });
  const seen = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation);
  expect(seen.map((one) => one.full_name)).toEqual(['acme/shop']);
  const pull = await world.git(world.dir, 'ls-remote', world.remote(token, 'acme/vault'));
  expect(pull.stderr).toContain('Repository not found');
});

test('a token without the permission is 403 Resource not accessible by integration', async () => {
  await using world = await startGitHub();
  const { number } = world.github.addIssue({ repo: 'acme/shop', title: 'Hello', author: 'mira' });
  const token = await world.installationToken({ permissions: { issues: 'read', contents: 'read' } });
  const octokit = world.octokit(token);
  await expect(octokit.rest.issues.get({ ...HERE, issue_number: number })).resolves.toMatchObject({
    status: 200,
  });
  const comment = octokit.rest.issues.createComment({ ...HERE, issue_number: number, body: 'Hi' });
  await expect(comment).rejects.toMatchObject({
    status: 403,
    response: { data: { message: 'Resource not accessible by integration' } },
  });
  await expect(octokit.rest.pulls.list(HERE)).rejects.toMatchObject({ status: 403 });
});

test('a token that may only read is refused when it pushes', async () => {
  await using world = await startGitHub();
  const token = await world.installationToken({ permissions: { contents: 'read' } });
  const clone = await world.clone(token);
  const push = await world.git(clone, 'push', 'origin', 'HEAD:refs/heads/errand/j-1');
  expect(push.exitCode).not.toBe(0);
  expect(push.stderr).toContain('Write access to repository not granted');
});

test('a token cannot be narrowed to more than the installation has', async () => {
  await using world = await startGitHub();
  const strange = world.installationToken({ repositories: ['nowhere'] });
  await expect(strange).rejects.toMatchObject({
    status: 422,
    message: /not accessible to the parent installation/,
  });
  const greedy = world.installationToken({ permissions: { administration: 'write' } });
  await expect(greedy).rejects.toMatchObject({
    status: 422,
    message: /permissions requested are not granted/,
  });
});

test('an installation token dies after an hour, or when it is revoked', async () => {
  let skewMs = 0;
  await using world = await startGitHub({ now: () => new Date(Date.now() + skewMs) });
  const token = await world.installationToken();
  skewMs = 61 * 60_000;
  await expect(world.octokit(token).rest.repos.get(HERE)).rejects.toMatchObject({ status: 401 });
  skewMs = 0;
  world.github.revokeToken(token);
  await expect(world.octokit(token).rest.repos.get(HERE)).rejects.toMatchObject({ status: 401 });
});

test('all repositories are found, page by page', async () => {
  await using world = await startGitHub();
  for (const name of ['a', 'b', 'c', 'd']) await world.github.addRepository({ owner: 'acme', name });
  const octokit = world.octokit(await world.installationToken());
  const names = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 2 });
  expect(names.map((one) => one.name)).toEqual(['shop', 'a', 'b', 'c', 'd']);
  const mine = await world.octokit().paginate('GET /user/repos', { per_page: 2 });
  expect(mine).toHaveLength(5);
  const pages = world.github.requests.filter((one) => one.path === '/installation/repositories');
  expect(pages).toHaveLength(3);
  expect(pages[0]).toMatchObject({ method: 'GET', status: 200, auth: 'installation' });
});

test('git takes the token as Basic password and as an extra header, and nobody without one', async () => {
  await using world = await startGitHub();
  const url = `${world.serverUrl}/acme/shop.git`;
  const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
  const header = `http.${world.serverUrl}/.extraHeader=Authorization: basic ${basic}`;
  const withHeader = await world.git(world.dir, '-c', header, 'ls-remote', url);
  expect(withHeader.stdout).toContain('refs/heads/main');
  const folder = await mkdtemp(join(world.dir, 'anonymous-'));
  const anonymous = await world.git(folder, 'clone', url, '.');
  expect(anonymous.exitCode).not.toBe(0);
  const wrong = await world.git(world.dir, 'ls-remote', world.remote('ghp_wrong'));
  expect(wrong.stderr).toContain('Authentication failed');
});

test('everybody reads a public repository, and only its people write', async () => {
  await using world = await startGitHub();
  await world.github.addRepository({ owner: 'acme', name: 'open', private: false });
  const open = { owner: 'acme', repo: 'open' };
  world.github.addToken('ghp_stranger', 'stranger');
  const octokit = world.octokit('ghp_stranger');
  expect((await octokit.rest.repos.get(open)).data.permissions).toMatchObject({ pull: true, push: false });
  await expect(octokit.rest.repos.get(HERE)).rejects.toMatchObject({ status: 404 });
  const remove = octokit.rest.git.deleteRef({ ...open, ref: 'heads/x' });
  await expect(remove).rejects.toMatchObject({ status: 403 });
  const url = `${world.serverUrl}/acme/open.git`;
  expect((await world.git(world.dir, 'clone', url, 'open')).exitCode).toBe(0);
  const push = await world.git(
    `${world.dir}/open`,
    'push',
    world.remote('ghp_stranger', 'acme/open'),
    'HEAD:x',
  );
  expect(push.stderr).toContain('Permission to acme/open.git denied to stranger');
});

test('rights on pulls are no rights on issues', async () => {
  await using world = await startGitHub();
  const issue = world.github.addIssue({ repo: 'acme/shop', title: 'Hello', author: 'mira' });
  const pull = await world.openPull();
  const octokit = world.octokit(await world.installationToken({ permissions: { pull_requests: 'write' } }));
  const comment = (number: number) =>
    octokit.rest.issues.createComment({ ...HERE, issue_number: number, body: 'Hi' });
  await expect(comment(pull.number)).resolves.toMatchObject({ status: 201 });
  await expect(comment(issue.number)).rejects.toMatchObject({ status: 403 });
});
