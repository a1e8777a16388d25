// Things that go wrong on purpose, met by an Octokit with throttling and retry as the bot uses it.
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub, TOKEN } from '../support/playground-github.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

test('the secondary rate limit is recognised by the throttling plugin and waited for', async () => {
  await using world = await startGitHub();
  const ThrottledOctokit = Octokit.plugin(throttling, retry);
  const waits: number[] = [];
  const octokit = new ThrottledOctokit({
    baseUrl: world.apiUrl,
    auth: TOKEN,
    log: quiet,
    throttle: {
      // A second of the real limit is a millisecond here.
      retryAfterBaseValue: 1,
      onRateLimit: () => false,
      onSecondaryRateLimit: (retryAfter) => {
        waits.push(retryAfter);
        return true;
      },
    },
  });
  world.github.limitRate({ retryAfterS: 30, path: '/repos/acme/shop' });
  const { data, headers } = await octokit.rest.repos.get(HERE);
  expect(data.full_name).toBe(REPO);
  expect(waits).toEqual([30]);
  expect(headers['x-ratelimit-limit']).toBe('5000');
  expect(headers['x-github-request-id']).toBeTruthy();
});

test('a server error is retried, as often as it was asked for', async () => {
  await using world = await startGitHub();
  world.github.fault({ method: 'GET', path: /^\/repos\/acme\/shop$/, status: 502, times: 2 });
  const { status } = await world.octokit().rest.repos.get(HERE);
  expect(status).toBe(200);
  expect(world.github.requests.map((one) => one.status)).toEqual([502, 502, 200]);
});

test('a connection cut after the work leaves the work done', async () => {
  await using world = await startGitHub();
  await world.github.commitTo(REPO, 'errand/j-1', { 'x.txt': 'x' }, { message: 'X' });
  world.github.fault({ method: 'POST', path: '/repos/acme/shop/pulls', dropAfterApply: true });
  const create = { ...HERE, title: 'x', head: 'errand/j-1', base: 'main', request: { retries: 0 } };
  await expect(world.octokit().rest.pulls.create(create)).rejects.toThrow();
  expect(world.github.pulls(REPO).map((one) => one.head.ref)).toEqual(['errand/j-1']);
  expect(world.github.requests.at(-1)).toMatchObject({ method: 'POST', status: 0, auth: 'user' });
});

test('a connection cut before the work leaves nothing done', async () => {
  await using world = await startGitHub();
  const issue = world.github.addIssue({ repo: REPO, title: 'x', author: 'mira' });
  world.github.fault({ method: 'POST', path: /comments$/, dropBefore: true });
  const comment = { ...HERE, issue_number: issue.number, body: 'Hi', request: { retries: 0 } };
  await expect(world.octokit().rest.issues.createComment(comment)).rejects.toThrow();
  expect(issue.comments).toEqual([]);
});

test('while GitHub is down nobody gets through', async () => {
  await using world = await startGitHub();
  world.github.down(true);
  await expect(world.octokit().rest.repos.get({ ...HERE, request: { retries: 0 } })).rejects.toThrow();
  expect((await world.git(world.dir, 'ls-remote', world.remote(TOKEN))).exitCode).not.toBe(0);
  world.github.down(false);
  await expect(world.octokit().rest.repos.get(HERE)).resolves.toMatchObject({ status: 200 });
});

test('a wait that never comes true says what it waited for', async () => {
  await using world = await startGitHub();
  const never = world.github.waitFor(() => world.github.pulls(REPO).length > 5, { timeoutMs: 20 });
  await expect(never).rejects.toThrow(/Nothing came true within 20 ms: .*pulls/);
});

test('an unknown route is 404, a broken body is 400', async () => {
  await using world = await startGitHub();
  await expect(world.octokit().request('GET /nowhere')).rejects.toMatchObject({ status: 404 });
  const headers = { authorization: `token ${TOKEN}` };
  const broken = { method: 'POST', headers, body: '{' };
  const response = await fetch(`${world.apiUrl}/repos/acme/shop/issues`, broken);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: 'Problems parsing JSON' });
});

test('links lead to pages: a pull with its diff, its repository, a commit', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull({ body: '<b>Fixes #1</b>' });
  const read = async (url: string) => (await fetch(url)).text();
  const page = await read(pull.html_url);
  expect(page).toContain('Shout two');
  expect(page).toContain('&lt;b&gt;Fixes #1');
  expect(page).toContain('+TWO');
  expect(await read(pull.base.repo.html_url)).toContain('/acme/shop/pull/1');
  expect(await read(`${world.serverUrl}/acme/shop/commit/${pull.head.sha}`)).toContain('Change two');
});
