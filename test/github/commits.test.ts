// Small commits made at GitHub: what is at the top, and a new branch that is made once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GitHubPeer, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterAll(() => peer.stop());

it('makes a branch with new files once, beside what is there', async () => {
  const { repo, fullName } = await peer.repository();
  const files = { 'src/a.js': 'a', 'README.md': '# shop' };
  const parentSha = await peer.server.commitTo(fullName, 'main', files, { message: 'Begin' });
  const ask = { repo, branch: 'errand/init', parentSha, message: 'Add b', files: { 'docs/b.md': 'b\n' } };
  expect(await peer.gitHub.topOf(repo, parentSha)).toEqual(
    expect.arrayContaining([
      { name: 'README.md', kind: 'file' },
      { name: 'src', kind: 'folder' },
    ]),
  );
  expect(await peer.gitHub.commitToNewBranch(ask)).toBe('created');
  const sha = await peer.gitHub.branchSha(repo, 'errand/init');
  expect(await peer.server.readFile(fullName, 'errand/init', 'docs/b.md')).toBe('b\n');
  expect(await peer.server.readFile(fullName, 'errand/init', 'src/a.js')).toBe('a');
  expect(await peer.gitHub.commitToNewBranch({ ...ask, files: { 'docs/b.md': 'other' } })).toBe('exists');
  expect(await peer.gitHub.branchSha(repo, 'errand/init')).toBe(sha);
});
