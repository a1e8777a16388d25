// Looking at pulls and issues again and again: cheap where nothing changed, under the new name after a rename, and calm
// where GitHub shows nothing any more.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/errors.ts';
import { type GitHubPeer, openTestPull, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterAll(() => peer.stop());

async function openPull() {
  const at = await peer.repository();
  const { number } = await openTestPull(peer, at);
  return { ...at, number };
}

it.each([['a token'], ['an App']])(
  'an unchanged pull costs %s a 304, a changed one is read anew',
  async (who) => {
    const { repo, fullName, number, branch, sha } = await openPull();
    const gitHub = who === 'an App' ? peer.app : peer.gitHub;
    const first = await gitHub.seePull({ repo, number });
    if (first.kind !== 'seen') throw new Error(first.kind);
    expect(first.value).toMatchObject({
      repo,
      state: 'open',
      headSha: sha,
      headRef: branch,
      baseRef: 'main',
    });
    expect(await gitHub.seePull({ repo, number, etag: first.etag })).toEqual({ kind: 'unchanged' });
    const asked = peer.asked('GET', new RegExp(`${fullName}/pulls/${number}$`));
    expect(asked.at(-1)?.status).toBe(304);
    const pushed = await peer.server.commitTo(
      fullName,
      branch,
      { 'c.txt': 'c' },
      { message: 'Add c', author: 'carla' },
    );
    const again = await gitHub.seePull({ repo, number, etag: first.etag });
    expect(again).toMatchObject({ kind: 'seen', value: { headSha: pushed } });
    expect(await gitHub.whoCommitted(repo, pushed)).toBe('carla');
  },
);

it('says who merged and who closed', async () => {
  const merged = await openPull();
  await peer.server.mergePullByHand(merged.fullName, merged.number, { by: 'carla' });
  expect(await peer.gitHub.seePull(merged)).toMatchObject({ value: { state: 'merged', mergedBy: 'carla' } });
  const closed = await openPull();
  peer.server.closePullByHand(closed.fullName, closed.number, 'carla');
  expect(await peer.gitHub.seePull(closed)).toMatchObject({ value: { state: 'closed' } });
  expect(await peer.gitHub.whoClosed(closed.repo, closed.number)).toBe('carla');
  expect(await peer.gitHub.whoClosed(closed.repo, 999)).toBeUndefined();
});

it('follows a renamed repository, reading and writing', async () => {
  const { repo, fullName, number, sha } = await openPull();
  const name = `${repo.name}-renamed`;
  await peer.server.renameRepository(fullName, { name });
  expect(await peer.gitHub.seePull({ repo, number })).toMatchObject({
    value: { repo: { owner: 'acme', name }, repoUrl: expect.stringContaining(name) },
  });
  await peer.gitHub.comment({ repo, number, body: 'Hello', marker: 'errand:J-1:hello' });
  const found = await peer.gitHub.findPull({ repo, branch: 'errand/J-1' });
  expect(found?.number, 'never a second pull for the new name').toBe(number);
  const ask = { repo, number, sha, method: 'squash', title: 'Add b', message: '' } as const;
  expect((await peer.gitHub.merge(ask)).kind).toBe('merged');
  expect(peer.server.pull(`acme/${name}`, number).comments).toHaveLength(1);
});

it('follows a repository to another owner: never a second pull for its branch', async () => {
  const { repo, fullName, number } = await openPull();
  await peer.server.renameRepository(fullName, { owner: 'globex', name: repo.name });
  const branch = 'errand/J-1';
  expect((await peer.gitHub.findPull({ repo, branch }))?.number).toBe(number);
  expect((await openTestPull(peer, { repo, branch })).number).toBe(number);
  expect(peer.server.pulls(`globex/${repo.name}`)).toHaveLength(1);
});

it('is gone: deleted, hidden, or the App was taken away', async () => {
  const hidden = await openPull();
  peer.server.setCollaborator(hidden.fullName, 'errand-dev', 'none');
  expect(await peer.gitHub.seePull(hidden)).toEqual({ kind: 'gone' });
  const taken = await openPull();
  peer.server.setSettings(taken.fullName, { installed: false });
  expect(await peer.app.seePull(taken)).toEqual({ kind: 'gone' });
  peer.server.deleteRepository(taken.fullName);
  expect(await peer.gitHub.seePull(taken)).toEqual({ kind: 'gone' });
  expect(await peer.gitHub.seeIssue({ repo: hidden.repo, number: 12 })).toEqual({ kind: 'gone' });
});

it('trouble is no answer: the limits of GitHub, its failures and our own credentials are told apart', async () => {
  const at = await openPull();
  const path = `/repos/${at.fullName}/pulls/${at.number}`;
  peer.server.limitRate({ path, retryAfterS: 120 });
  await expect(peer.gitHub.seePull(at)).rejects.toMatchObject({ retryAfterMs: 120_000 });
  peer.server.fault({ path, status: 502, times: 3 });
  await expect(peer.gitHub.seePull(at)).rejects.toBeInstanceOf(TransientError);
  const stranger = peer.connect({ auth: { kind: 'token', token: 'revoked' } });
  await expect(stranger.seePull(at)).rejects.toBeInstanceOf(PermanentError);
});
