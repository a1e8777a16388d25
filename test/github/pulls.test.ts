// Pulls, comments and branches: done once, however often they are asked for and whatever answers get lost.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { type GitHubPeer, openTestPull, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterEach(() => peer.server.clearFaults());
afterAll(() => peer.stop());

const WISH = { base: 'main', title: 'Add b', body: 'Why not.', marker: 'errand:J-1' };

it('opens a pull ready for review and finds it again', async () => {
  const { repo, branch, sha, fullName } = await peer.repository();
  const first = await peer.gitHub.openPull({ repo, branch, ...WISH });
  expect(first).toMatchObject({
    kind: 'pull',
    created: true,
    pull: { headSha: sha, state: 'open', draft: false },
  });
  const second = await peer.gitHub.openPull({ repo, branch, ...WISH });
  expect(second).toMatchObject({ kind: 'pull', created: false, pull: { number: 1 } });
  expect(await peer.gitHub.findPull({ repo, branch })).toMatchObject({ number: 1 });
  expect(peer.server.pull(fullName, 1).body).toBe('Why not.\n\n<!-- errand:J-1 -->');
});

it.each([
  { name: 'before GitHub read it', fault: { dropBefore: true }, pulls: 0 },
  { name: 'after GitHub opened the pull', fault: { dropAfterApply: true }, pulls: 1 },
])('opens one pull when the connection is cut $name', async ({ fault, pulls }) => {
  const { repo, branch, fullName } = await peer.repository();
  peer.server.fault({ method: 'POST', path: /\/pulls$/, ...fault });
  const open = () => peer.gitHub.openPull({ repo, branch, ...WISH });
  if (pulls === 0) await expect(open()).rejects.toBeInstanceOf(TransientError);
  else expect(await open()).toMatchObject({ kind: 'pull', created: true });
  expect(peer.server.pulls(fullName)).toHaveLength(pulls);
  expect(await open()).toMatchObject({ kind: 'pull' });
  expect(peer.server.pulls(fullName)).toHaveLength(1);
});

it('reads the pull back when somebody else opened it in between', async () => {
  const { repo, branch } = await peer.repository();
  const both = await Promise.all([1, 2].map(() => peer.connect().openPull({ repo, branch, ...WISH })));
  expect(both.map((answer) => answer.kind === 'pull' && answer.pull.number)).toEqual([1, 1]);
});

it('names a branch without commits, a base and a head that do not exist', async () => {
  const { repo, branch, fullName } = await peer.repository();
  await peer.server.commitTo(fullName, 'old', { 'b.txt': 'x\n' }, { message: 'Base of another' });
  expect(await peer.gitHub.openPull({ repo, branch, ...WISH, base: branch })).toEqual({ kind: 'no_commits' });
  const noBase = await peer.gitHub.openPull({ repo, branch, ...WISH, base: 'nowhere' });
  expect(noBase).toMatchObject({ kind: 'refused', field: 'base' });
  const noHead = await peer.gitHub.openPull({ repo, branch: 'nowhere', ...WISH });
  expect(noHead).toMatchObject({ kind: 'refused', field: 'head' });
});

it('changes, closes and reopens a pull, twice each', async () => {
  const { repo, branch } = await peer.repository();
  const { number } = await openTestPull(peer, { repo, branch });
  expect(await peer.gitHub.updatePull({ repo, number, title: 'Better' })).toMatchObject({ title: 'Better' });
  for (const _ of [1, 2])
    expect(await peer.gitHub.closePull({ repo, number })).toMatchObject({ state: 'closed' });
  expect(await peer.gitHub.findPull({ repo, branch })).toMatchObject({ number, state: 'closed' });
  for (const _ of [1, 2])
    expect(await peer.gitHub.reopenPull({ repo, number })).toMatchObject({ state: 'open' });
  await peer.gitHub.closePull({ repo, number });
  await peer.gitHub.deleteBranch({ repo, branch });
  await expect(peer.gitHub.reopenPull({ repo, number })).rejects.toMatchObject({ code: 'github_refused' });
  await expect(peer.gitHub.pull(repo, 99)).rejects.toMatchObject({ code: 'github_not_found' });
});

it('comments once, also when the answer to the first attempt is lost', async () => {
  const { repo, branch, fullName } = await peer.repository();
  const { number } = await openTestPull(peer, { repo, branch });
  const say = (marker: string) => peer.gitHub.comment({ repo, number, body: 'No thanks.', marker });
  peer.server.fault({ method: 'POST', path: /\/comments$/, dropAfterApply: true });
  expect(await say('errand:J-1:rejected')).toMatchObject({ created: true });
  expect(await say('errand:J-1:rejected')).toMatchObject({ created: false });
  expect(peer.server.pull(fullName, number).comments).toHaveLength(1);
  await say('errand:J-1:other');
  expect(peer.server.pull(fullName, number).comments).toHaveLength(2);
});

it('finds its comment among hundreds', async () => {
  const { repo, branch, fullName } = await peer.repository();
  const { number } = await openTestPull(peer, { repo, branch });
  const comment = () => peer.gitHub.comment({ repo, number, body: 'Mine.', marker: 'errand:J-1:x' });
  for (let n = 0; n < 150; n++) peer.server.comment(fullName, number, { author: 'dora', body: `Words ${n}` });
  await comment();
  expect(await comment()).toMatchObject({ created: false });
});

it('deletes a branch once, and never one that somebody pushed to', async () => {
  const { repo, branch, sha, fullName } = await peer.repository();
  const newer = await peer.server.commitTo(fullName, branch, { 'c.txt': 'x\n' }, { message: 'More' });
  expect(await peer.gitHub.deleteBranch({ repo, branch, expectedSha: sha })).toEqual({
    kind: 'moved',
    sha: newer,
  });
  expect(await peer.gitHub.branchSha(repo, branch)).toBe(newer);
  expect(await peer.gitHub.deleteBranch({ repo, branch, expectedSha: newer })).toEqual({ kind: 'deleted' });
  expect(await peer.gitHub.deleteBranch({ repo, branch, expectedSha: newer })).toEqual({ kind: 'gone' });
  expect(await peer.gitHub.branchSha(repo, branch)).toBeUndefined();
  await expect(peer.gitHub.deleteBranch({ repo, branch: 'main' })).rejects.toMatchObject({
    code: 'github_refused',
  });
});

it('waits out a short rate limit and hands a long one back', async () => {
  const { repo, branch, fullName } = await peer.repository();
  peer.server.limitRate({ retryAfterS: 1, method: 'POST', path: /\/pulls$/ });
  expect(await peer.gitHub.openPull({ repo, branch, ...WISH })).toMatchObject({ created: true });
  expect(peer.server.pulls(fullName)).toHaveLength(1);
  peer.server.limitRate({ retryAfterS: 900 });
  const refused = peer.gitHub.pull(repo, 1);
  await expect(refused).rejects.toMatchObject({ name: 'TransientError', retryAfterMs: 900_000 });
});

it('repeats a reading that failed, and gives up after three attempts', async () => {
  const { repo, branch } = await peer.repository();
  const { number } = await openTestPull(peer, { repo, branch });
  peer.server.fault({ path: /\/pulls\/1$/, status: 502, times: 1 });
  peer.server.fault({ path: /\/pulls\/1$/, dropBefore: true, times: 1 });
  expect(await peer.gitHub.pull(repo, number)).toMatchObject({ number });
  const before = peer.server.requests.length;
  peer.server.fault({ path: /\/pulls\/1$/, status: 502, times: 9 });
  await expect(peer.gitHub.pull(repo, number)).rejects.toBeInstanceOf(TransientError);
  expect(peer.asked('GET', /\/pulls\/1$/, before)).toHaveLength(3);
});

it('does not wait longer than its time limit', async () => {
  const { repo } = await peer.repository();
  peer.server.fault({ path: /\/git\/ref\//, delayMs: 60_000, times: 3 });
  const hasty = peer.connect({ requestTimeoutMs: 50 });
  await expect(hasty.branchSha(repo, 'main')).rejects.toBeInstanceOf(TransientError);
});
