// GitHub did what was asked and the answer never came: cut off, a gateway's 502, or a 2xx that nobody can read. Each verb finds what it did and does it
// no second time; and when it was not done, that is found, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { type GitHubPeer, openTestPull, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterAll(() => peer.stop());

const LOST = [
  ['the connection is cut', { dropAfterApply: true }],
  ['a gateway answers 502', { statusAfterApply: 502 }],
  ['half of the answer comes', { rawBody: '{"number":1,"html_url":"http' }],
  ["a proxy's page comes", { rawBody: '<html><body>Please wait</body></html>' }],
  ['other JSON comes', { rawBody: '{"ok":true}' }],
  ['nothing comes', { rawBody: '' }],
] as const;

describe.each(LOST)('done, but %s', (_name, trouble) => {
  it('opening a pull: one pull, known as ours', async () => {
    const at = await peer.repository();
    peer.server.fault({ method: 'POST', path: `/repos/${at.fullName}/pulls`, ...trouble });
    const pull = await openTestPull(peer, at);
    expect(peer.server.pulls(at.fullName).map(({ number }) => number)).toEqual([pull.number]);
    await openTestPull(peer, at);
    expect(peer.server.pulls(at.fullName)).toHaveLength(1);
  });

  it('opening a pull, and GitHub does not list it yet: asked again later, it is found', async () => {
    const at = await peer.repository();
    const path = `/repos/${at.fullName}/pulls`;
    peer.server.fault({ method: 'POST', path, ...trouble });
    // The look before the opening is answered truly; the one after it, as by a copy that is behind.
    peer.server.fault({ method: 'GET', path, status: 200, body: [], times: 2 });
    await expect(openTestPull(peer, at)).rejects.toBeInstanceOf(TransientError);
    await openTestPull(peer, at);
    expect(peer.server.pulls(at.fullName)).toHaveLength(1);
  });

  it('a comment: one comment', async () => {
    const at = await peer.repository();
    const { number } = await openTestPull(peer, at);
    const path = `/repos/${at.fullName}/issues/${number}/comments`;
    const ask = { repo: at.repo, number, body: 'Rejected in Slack', marker: 'errand:J-1:rejected' };
    peer.server.fault({ method: 'POST', path, ...trouble });
    await peer.gitHub.comment(ask);
    await peer.gitHub.comment(ask);
    expect(peer.server.pull(at.fullName, number).comments).toHaveLength(1);
  });

  it.each([['merge-async'], ['merge']])(
    'a merge by %s: merged once, at the SHA that was asked for',
    async (route) => {
      const at = await peer.repository();
      const { number } = await openTestPull(peer, at);
      peer.server.setAsyncMerge(route === 'merge-async');
      peer.server.fault({
        method: 'PUT',
        path: `/repos/${at.fullName}/pulls/${number}/${route}`,
        ...trouble,
      });
      const ask = {
        repo: at.repo,
        number,
        sha: at.sha,
        method: 'squash',
        title: 'Add b',
        message: '',
      } as const;
      let outcome = await peer.gitHub.merge(ask);
      // An asynchronous merge may still be running when the pull is looked at: that says nothing, so it is asked anew.
      while (outcome.kind === 'unknown') outcome = await peer.gitHub.merge(ask);
      peer.server.setAsyncMerge(true);
      expect(outcome).toMatchObject({ kind: 'merged', sha: at.sha });
      expect(
        peer.server.pull(at.fullName, number).events.filter(({ event }) => event === 'merged'),
      ).toHaveLength(1);
    },
  );

  it('closing and reopening a pull: once each', async () => {
    const at = await peer.repository();
    const { number } = await openTestPull(peer, at);
    const path = `/repos/${at.fullName}/pulls/${number}`;
    peer.server.fault({ method: 'PATCH', path, ...trouble });
    expect((await peer.gitHub.closePull({ repo: at.repo, number })).state).toBe('closed');
    peer.server.fault({ method: 'PATCH', path, ...trouble });
    expect((await peer.gitHub.reopenPull({ repo: at.repo, number })).state).toBe('open');
    const told = peer.server.pull(at.fullName, number).events.map(({ event }) => event);
    expect(told).toEqual(['closed', 'reopened']);
  });

  it('deleting a branch: gone, and nobody complains', async () => {
    const at = await peer.repository();
    const path = `/repos/${at.fullName}/git/refs/heads/errand/J-1`;
    peer.server.fault({ method: 'DELETE', path, ...trouble });
    const answer = await peer.gitHub.deleteBranch({ ...at, expectedSha: at.sha });
    expect(['deleted', 'gone']).toContain(answer.kind);
    expect(await peer.server.branchSha(at.fullName, at.branch)).toBeUndefined();
    expect(await peer.gitHub.deleteBranch({ ...at, expectedSha: at.sha })).toEqual({ kind: 'gone' });
  });
});

describe('not done, and nobody said so', () => {
  it('each verb says that it may be asked again, and then does it once', async () => {
    const at = await peer.repository();
    peer.server.fault({ method: 'POST', path: `/repos/${at.fullName}/pulls`, dropBefore: true });
    await expect(openTestPull(peer, at)).rejects.toBeInstanceOf(TransientError);
    const { number } = await openTestPull(peer, at);
    const ask = { repo: at.repo, number, body: 'Rejected in Slack', marker: 'errand:J-1:rejected' };
    const comments = `/repos/${at.fullName}/issues/${number}/comments`;
    peer.server.fault({ method: 'POST', path: comments, dropBefore: true });
    await expect(peer.gitHub.comment(ask)).rejects.toBeInstanceOf(TransientError);
    await peer.gitHub.comment(ask);
    const merge = {
      repo: at.repo,
      number,
      sha: at.sha,
      method: 'squash',
      title: 'Add b',
      message: '',
    } as const;
    peer.server.fault({ method: 'PUT', path: /\/merge-async$/, dropBefore: true });
    expect((await peer.gitHub.merge(merge)).kind).toBe('unknown');
    expect(peer.server.pull(at.fullName, number).mergedAt).toBeNull();
    expect((await peer.gitHub.merge(merge)).kind).toBe('merged');
    expect(peer.server.pulls(at.fullName)).toHaveLength(1);
    expect(peer.server.pull(at.fullName, number).comments).toHaveLength(1);
  });
});

it('a branch that somebody pushed to is not deleted with the SHA that was meant', async () => {
  const at = await peer.repository();
  const theirs = await peer.server.commitTo(
    at.fullName,
    at.branch,
    { 'c.txt': 'three\n' },
    { message: 'Add c' },
  );
  const answer = await peer.gitHub.deleteBranch({ ...at, expectedSha: at.sha });
  expect(answer).toEqual({ kind: 'moved', sha: theirs });
  expect(await peer.server.branchSha(at.fullName, at.branch)).toBe(theirs);
});
