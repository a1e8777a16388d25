// A local GitHub with our adapter on it: real HTTP, real bare repositories, no network.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitHub, type GitHubOptions } from '../../src/github/github.ts';
import type { Repo } from '../../src/job/repo.ts';
import { createLog } from '../../src/log.ts';
import { createLocalGitHub } from '../../src/playground/github/server.ts';

const TOKEN = 'a-token-for-tests';
const APP_ID = 4711;

export type GitHubPeer = Awaited<ReturnType<typeof startGitHubPeer>>;

/** Starts a local GitHub. `gitHub` speaks to it with a token, `app` as a GitHub App; waits are short. */
export async function startGitHubPeer() {
  const dir = await mkdtemp(join(tmpdir(), 'errand-github-peer-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const server = createLocalGitHub({
    dir,
    token: { token: TOKEN, login: 'errand-dev' },
    app: { appId: APP_ID, privateKeyPem, slug: 'errand-test' },
  });
  const urls = await server.start();
  const connect = (options: Partial<GitHubOptions> = {}) =>
    createGitHub({
      auth: { kind: 'token', token: TOKEN },
      ...urls,
      log: createLog({ level: 'silent' }),
      requestTimeoutMs: 5000,
      retryBaseMs: 5,
      mergePollMs: 5,
      mergePatienceMs: 5000,
      ...options,
    });
  const connectApp = (options: Partial<GitHubOptions> = {}) =>
    connect({ auth: { kind: 'app', appId: APP_ID, privateKey: privateKeyPem }, ...options });
  let repositories = 0;

  return {
    server,
    ...urls,
    connect,
    gitHub: connect(),
    app: connectApp(),
    /** One more App, which remembers nothing yet. */
    connectApp,

    /** A repository of its own for one test, with a branch `errand/J-1` that adds a file. */
    async repository(owner = 'acme') {
      repositories += 1;
      const repo: Repo = { owner, name: `shop-${repositories}` };
      const fullName = `${repo.owner}/${repo.name}`;
      await server.addRepository({ owner, name: repo.name, files: { 'a.txt': 'one\n' } });
      const sha = await server.commitTo(fullName, 'errand/J-1', { 'b.txt': 'two\n' }, { message: 'Add b' });
      return { repo, fullName, branch: 'errand/J-1', sha };
    },

    /** What was asked of this path since `since` requests. */
    asked: (method: string, path: RegExp, since = 0) =>
      server.requests.slice(since).filter((request) => request.method === method && path.test(request.path)),

    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Opens the usual pull of a test repository. */
export async function openTestPull(peer: GitHubPeer, at: { repo: Repo; branch: string }) {
  const answer = await peer.gitHub.openPull({
    ...at,
    base: 'main',
    title: 'Add b',
    body: 'It was missing.',
    marker: 'errand:J-1',
  });
  if (answer.kind !== 'pull') throw new Error(`The pull was not opened: ${JSON.stringify(answer)}`);
  return answer.pull;
}
