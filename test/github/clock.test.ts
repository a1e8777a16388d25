// A clock that is set back, as by a time server that mends a wrong one: GitHub is still asked at once.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type GitHubPeer, startGitHubPeer } from '../support/github-peer.ts';

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterEach(() => void vi.useRealTimers());
afterAll(() => peer.stop());

test.each(['gitHub', 'app'] as const)(
  'a request by %s does not wait until the clock is where it was',
  async (who) => {
    const { repo } = await peer.repository();
    const before = new Date();
    expect(await peer[who].repository(repo)).toMatchObject({ repo });
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(before.getTime() - 60_000);
    const { number } = peer.server.addIssue({
      repo: `${repo.owner}/${repo.name}`,
      title: 'Late',
      author: 'dora',
    });
    expect(await peer[who].issue(repo, number)).toMatchObject({ kind: 'issue', title: 'Late' });
  },
  10_000,
);
