// A clock that is set back, as by a time server that mends a wrong one: GitHub is still asked at once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { TransientError } from '../../src/errors.ts';
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

test('what waits for its turn meanwhile is given back and never sent', async () => {
  const { repo } = await peer.repository();
  const arrived: (() => void)[] = [];
  const server = createServer((_, response) => {
    arrived.push(() => response.writeHead(404, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  try {
    const gitHub = peer.connect({ apiUrl: `http://127.0.0.1:${port}` });
    const asked = Array.from({ length: 12 }, (_, index) => gitHub.branchSha(repo, `b-${index}`));
    const ended = Promise.allSettled(asked);
    // As many as are let through at once.
    await vi.waitFor(() => expect(arrived).toHaveLength(10));
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() - 3_600_000);
    await expect(asked[11]).rejects.toThrow(TransientError);
    for (const answer of arrived) answer();
    const outcomes = (await ended).map((one) => (one.status === 'rejected' ? 'given back' : one.value));
    expect(outcomes).toEqual([...Array.from({ length: 10 }, () => undefined), 'given back', 'given back']);
    const later = gitHub.branchSha(repo, 'later');
    await vi.waitFor(() => expect(arrived).toHaveLength(11));
    arrived.at(-1)?.();
    expect(await later).toBeUndefined();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
