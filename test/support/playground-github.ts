// A running local GitHub with one repository, real Octokits and a real git client for the tests of the playground.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { Octokit } from '@octokit/rest';
import { execa } from 'execa';
import { createLocalGitHub, type LocalGitHubOptions } from '../../src/playground/github/server.ts';

export const REPO = 'acme/shop';
export const HERE = { owner: 'acme', repo: 'shop' };
export const TOKEN = 'ghp_personal';
export const APP_ID = 4711;

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
export const PRIVATE_KEY = keys.privateKey;

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const RetryingOctokit = Octokit.plugin(retry);

/** Starts a local GitHub that holds acme/shop with one file. Dispose with `await using`. */
export async function startGitHub(options: Partial<LocalGitHubOptions> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'local-github-'));
  const app = { appId: APP_ID, privateKeyPem: PRIVATE_KEY };
  const github = createLocalGitHub({ dir: join(dir, 'github'), token: TOKEN, app, ...options });
  const { apiUrl, serverUrl } = await github.start();
  await github.addRepository({ owner: 'acme', name: 'shop', files: { 'README.md': 'one\ntwo\nthree\n' } });

  /** An Octokit with a token, retrying at once. */
  const octokit = (token = TOKEN) =>
    new RetryingOctokit({ baseUrl: apiUrl, auth: token, log: quiet, retry: { retryAfterBaseValue: 1 } });
  const remote = (token: string, repo = REPO) =>
    `${serverUrl.replace('http://', `http://x-access-token:${token}@`)}/${repo}.git`;
  const runGit = (cwd: string, ...args: string[]) =>
    execa('git', ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.org', ...args], {
      cwd,
      reject: false,
      env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
    });

  return {
    github,
    dir,
    apiUrl,
    serverUrl,
    octokit,
    remote,
    git: runGit,
    /** The App itself, by its signed JWT. */
    asApp: (privateKey = PRIVATE_KEY) =>
      new RetryingOctokit({
        baseUrl: apiUrl,
        authStrategy: createAppAuth,
        auth: { appId: APP_ID, privateKey },
        log: quiet,
        retry: { enabled: false },
      }),
    /** A token of the installation on acme, narrowed as asked. */
    async installationToken(
      narrow: { repositories?: string[]; permissions?: Record<string, 'read' | 'write'> } = {},
    ) {
      const asApp = new Octokit({
        baseUrl: apiUrl,
        authStrategy: createAppAuth,
        auth: { appId: APP_ID, privateKey: PRIVATE_KEY },
        log: quiet,
      });
      const { data: installation } = await asApp.rest.apps.getRepoInstallation(HERE);
      const { data } = await asApp.rest.apps.createInstallationAccessToken({
        installation_id: installation.id,
        ...narrow,
      });
      return data.token;
    },
    /** Clones acme/shop by HTTP with a token and returns the folder. */
    async clone(token = TOKEN) {
      const folder = await mkdtemp(join(dir, 'clone-'));
      const cloned = await runGit(dir, 'clone', '--quiet', remote(token), folder);
      if (cloned.exitCode !== 0) throw new Error(cloned.stderr);
      return folder;
    },
    /** Somebody pushed a branch with a change and opened a pull. */
    async openPull(wish: { branch?: string; content?: string; body?: string; as?: string } = {}) {
      const branch = wish.branch ?? 'errand/j-1';
      const content = wish.content ?? 'one\nTWO\nthree\n';
      await github.commitTo(
        REPO,
        branch,
        { 'README.md': content },
        { message: 'Change two\n\nIt was small.' },
      );
      const fields = {
        ...HERE,
        title: 'Shout two',
        head: branch,
        base: 'main',
        body: wish.body ?? 'Fixes #1',
      };
      return (await octokit(wish.as).rest.pulls.create(fields)).data;
    },
    async [Symbol.asyncDispose]() {
      await github.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
