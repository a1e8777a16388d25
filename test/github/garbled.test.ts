// GitHub answers 2xx with something that nobody can read: half of it, a proxy's page, other JSON. No reading takes that for
// a fact; each says that it may be asked again, and then tells what is so.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { type GitHubPeer, openTestPull, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterEach(() => peer.server.clearFaults());
afterAll(() => peer.stop());

type At = Awaited<ReturnType<GitHubPeer['repository']>> & { number: number; issue: number };
type Reading = (at: At, gitHub: GitHubPeer['gitHub']) => Promise<unknown>;

const READINGS: readonly (readonly [name: string, read: Reading])[] = [
  ['an issue', ({ repo, issue }, gitHub) => gitHub.issue(repo, issue)],
  ['whether an issue is open', ({ repo, issue: number }, gitHub) => gitHub.seeIssue({ repo, number })],
  ['a pull', ({ repo, number }, gitHub) => gitHub.pull(repo, number)],
  ['how a pull stands', ({ repo, number }, gitHub) => gitHub.seePull({ repo, number })],
  ['the pull of a branch', ({ repo, branch }, gitHub) => gitHub.findPull({ repo, branch })],
  ['a branch', ({ repo, branch }, gitHub) => gitHub.branchSha(repo, branch)],
  ['a file', ({ repo, sha }, gitHub) => gitHub.fileAt({ repo, sha, path: 'a.txt' })],
  ['the files', ({ repo, sha }, gitHub) => gitHub.topOf(repo, sha)],
  ['a repository', ({ repo }, gitHub) => gitHub.repository(repo)],
  ['what is said under a pull', ({ repo, number }, gitHub) => gitHub.readRemarks({ repo, number }, {})],
  ['checks', ({ repo, sha }, gitHub) => gitHub.seeCheckRuns({ repo, sha })],
  ['statuses', ({ repo, sha }, gitHub) => gitHub.seeStatuses({ repo, sha })],
  ['an account', (_at, gitHub) => gitHub.account('carla')],
  ['what somebody may do', ({ repo }, gitHub) => gitHub.accountRights(repo, { login: 'errand-dev', id: 1 })],
];
// An empty list is none of them: it is an answer where a list was asked for.
const BODIES = ['{"number":1,"html_url":"http', '<html>Please wait</html>', '{"ok":true}', 'null', ''];

describe.each(READINGS)('%s', (_name, read) => {
  it('is told once GitHub can be read again, and never before', async () => {
    const made = await peer.repository();
    const { number } = await openTestPull(peer, made);
    const issue = peer.server.addIssue({ repo: made.fullName, title: 'Broken', author: 'emil' }).number;
    const at = { ...made, number, issue };
    const told = await read(at, peer.gitHub);
    for (const rawBody of BODIES) {
      peer.server.fault({ path: /^\/(repos|users)\//, rawBody, times: 20 });
      await expect(read(at, peer.gitHub), rawBody).rejects.toBeInstanceOf(TransientError);
      peer.server.clearFaults();
      peer.server.fault({ path: /^\/(repos|users)\//, rawBody });
      expect(await read(at, peer.gitHub), `once ${rawBody}, then well`).toEqual(told);
    }
  });
});

it('a token that is none is not kept: the next question is asked with a good one', async () => {
  const { repo, branch, sha } = await peer.repository('initech');
  const app = peer.connectApp();
  const garbled = { method: 'POST', path: /\/access_tokens$/, rawBody: '{"ok":true}' };
  // A reading is repeated twice, and its token with it.
  peer.server.fault({ ...garbled, times: 3 });
  await expect(app.branchSha(repo, branch)).rejects.toBeInstanceOf(TransientError);
  expect(await app.branchSha(repo, branch)).toBe(sha);
  peer.server.fault(garbled);
  await expect(app.gitCredentials(repo, { access: 'read' })).rejects.toBeInstanceOf(TransientError);
  expect(await app.branchSha(repo, branch)).toBe(sha);
});

it('who we are is not made up from an answer that does not say it', async () => {
  await peer.repository();
  const app = peer.connectApp();
  peer.server.fault({ method: 'GET', path: '/app', rawBody: '{}', times: 3 });
  await expect(app.whoAmI()).rejects.toBeInstanceOf(TransientError);
  expect(await app.whoAmI()).toMatchObject({ login: 'errand-test[bot]' });
});
