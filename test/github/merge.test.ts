// Every named outcome of a merge, over both of GitHub's merge routes, against the local GitHub with real commits.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type GitHubPeer, openTestPull, startGitHubPeer } from '../support/github-peer.ts';

const ASYNC_ROUTE = /\/merge-async$/;
const CLASSIC_ROUTE = /\/merge$/;

let peer: GitHubPeer;
beforeAll(async () => {
  peer = await startGitHubPeer();
});
afterEach(() => {
  peer.server.clearFaults();
  peer.server.holdAsyncMerges(false);
});
afterAll(() => peer.stop());

/** A fresh repository with an open pull, and the merge a human has approved. */
async function prepare() {
  const { fullName, sha, ...at } = await peer.repository();
  const { number } = await openTestPull(peer, at);
  const ask = {
    repo: at.repo,
    number,
    sha,
    method: 'squash',
    title: 'Add b (#1)',
    message: 'Because.',
  } as const;
  return { ...at, fullName, number, sha, ask, merge: () => peer.gitHub.merge(ask) };
}

describe.each([
  { name: 'asynchronous', asyncMerge: true },
  { name: 'classic', asyncMerge: false },
])('the $name merge', ({ asyncMerge }) => {
  beforeAll(() => peer.server.setAsyncMerge(asyncMerge));

  it('merges the shown commit and names the merge commit', async () => {
    const { merge, sha, fullName } = await prepare();
    const outcome = await merge();
    const tip = await peer.server.branchSha(fullName, 'main');
    expect(outcome).toEqual({ kind: 'merged', sha, mergeCommitSha: tip });
    expect(await peer.server.readFile(fullName, 'main', 'b.txt')).toBe('two\n');
  });

  it('says merged again when it is asked again', async () => {
    const { merge, sha } = await prepare();
    await merge();
    const outcome = await merge();
    expect(['merged', 'already_merged']).toContain(outcome.kind);
    expect(outcome).toMatchObject(outcome.kind === 'merged' ? { sha } : { headSha: sha });
  });

  it('tells which commit was merged when somebody pushed and merged by hand', async () => {
    const { merge, fullName, branch, number } = await prepare();
    const newer = await peer.server.commitTo(fullName, branch, { 'c.txt': 'three\n' }, { message: 'More' });
    await peer.server.mergePullByHand(fullName, number);
    expect(await merge()).toMatchObject({ kind: 'already_merged', headSha: newer });
  });

  it('refuses when the head moved, and merges nothing', async () => {
    const { merge, fullName, branch } = await prepare();
    const before = await peer.server.branchSha(fullName, 'main');
    const newer = await peer.server.commitTo(fullName, branch, { 'c.txt': 'three\n' }, { message: 'More' });
    expect(await merge()).toEqual({ kind: 'head_moved', headSha: newer });
    expect(await peer.server.branchSha(fullName, 'main')).toBe(before);
  });

  it('names a conflict', async () => {
    const { merge, fullName } = await prepare();
    await peer.server.commitTo(fullName, 'main', { 'b.txt': 'other\n' }, { message: 'Also b' });
    expect(await merge()).toMatchObject({ kind: 'conflict', say: expect.stringContaining('main') });
  });

  it('names required checks that failed, run or never started', async () => {
    const { merge, fullName, sha } = await prepare();
    await peer.server.setBranchProtection(fullName, 'main', { requiredChecks: ['unit', 'e2e'] });
    peer.server.setCheck(fullName, sha, { name: 'e2e', status: 'in_progress' });
    expect(await merge()).toMatchObject({
      kind: 'checks_pending',
      say: expect.stringContaining('unit, e2e'),
    });
    peer.server.setCheck(fullName, sha, { name: 'unit', status: 'completed', conclusion: 'success' });
    expect(await merge()).toMatchObject({ kind: 'checks_pending', say: expect.stringMatching(/: e2e\.$/) });
    peer.server.setCheck(fullName, sha, { name: 'e2e', status: 'completed', conclusion: 'failure' });
    expect(await merge()).toMatchObject({ kind: 'checks_failed', say: 'Checks failed: e2e.' });
  });

  it('names a missing review, and merges once it is there', async () => {
    const { merge, fullName, number } = await prepare();
    await peer.server.setBranchProtection(fullName, 'main', { requiredApprovals: 1 });
    expect(await merge()).toMatchObject({ kind: 'review_required' });
    peer.server.review(fullName, number, { author: 'dora', state: 'CHANGES_REQUESTED', body: 'No.' });
    expect(await merge()).toMatchObject({ kind: 'review_required', say: expect.stringContaining('dora') });
    peer.server.review(fullName, number, { author: 'dora', state: 'APPROVED' });
    expect(await merge()).toMatchObject({ kind: 'merged' });
  });

  it("passes on GitHub's reason where the repository does not permit the merge", async () => {
    const { merge, fullName } = await prepare();
    peer.server.setSettings(fullName, { allowSquashMerge: false });
    const say = expect.stringContaining('Squash merges are not allowed');
    expect(await merge()).toMatchObject({ kind: 'not_permitted', say });
  });

  it('says not permitted where the token may only read', async () => {
    const { fullName, ask } = await prepare();
    peer.server.addToken('reader-token', 'reader');
    peer.server.setCollaborator(fullName, 'reader', 'read');
    const reader = peer.connect({ auth: { kind: 'token', token: 'reader-token' } });
    expect(await reader.merge(ask)).toMatchObject({ kind: 'not_permitted' });
  });

  it('says closed for a pull that was closed by hand', async () => {
    const { merge, fullName, number } = await prepare();
    peer.server.closePullByHand(fullName, number);
    expect(await merge()).toEqual({ kind: 'closed' });
  });

  it('enters the merge queue where there is one and follows it to the merge', async () => {
    const { merge, fullName, repo, number, sha } = await prepare();
    await peer.server.setBranchProtection(fullName, 'main', { mergeQueue: true });
    expect(await merge()).toEqual({ kind: 'queued', certain: true });
    expect(await peer.gitHub.mergeStatus({ repo, number, sha })).toEqual({ kind: 'queued', certain: true });
    await peer.server.advanceQueue(fullName);
    expect(await peer.gitHub.mergeStatus({ repo, number, sha })).toMatchObject({ kind: 'merged', sha });
  });

  it("takes GraphQL's trouble for trouble, though it comes as 200", async () => {
    const { merge, fullName, repo, number, sha } = await prepare();
    await peer.server.setBranchProtection(fullName, 'main', { mergeQueue: true });
    await merge();
    const hiccup = {
      message: 'Something went wrong while executing your query. Please include `AB12` when reporting this.',
    };
    const trouble = (error: object, headers = {}) =>
      peer.server.fault({
        method: 'POST',
        path: '/graphql',
        status: 200,
        headers,
        body: { data: null, errors: [error] },
        times: 3,
      });
    const status = () => peer.gitHub.mergeStatus({ repo, number, sha });
    trouble(hiccup);
    expect((await status()).kind).toBe('unknown');
    peer.server.clearFaults();
    const reset = Math.ceil(Date.now() / 1000) + 600;
    const limits = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    trouble({ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }, limits);
    const outcome = await status();
    expect(outcome.kind).toBe('unknown');
    expect('retryAfterMs' in outcome && (outcome.retryAfterMs ?? 0)).toBeGreaterThan(500_000);
    peer.server.clearFaults();
    expect(await status()).toEqual({ kind: 'queued', certain: true });
  });

  it('notices when the queue lets go of the pull', async () => {
    const { merge, fullName, repo, number, sha } = await prepare();
    await peer.server.setBranchProtection(fullName, 'main', { mergeQueue: true });
    await merge();
    await peer.server.advanceQueue(fullName, { kickOut: true });
    const outcome = await peer.gitHub.mergeStatus({ repo, number, sha });
    expect(outcome).toMatchObject({ kind: 'not_permitted', say: expect.stringContaining('merge queue') });
  });

  it('says unknown when nobody knows whether GitHub merged, and merges when it is asked again', async () => {
    const { merge, sha } = await prepare();
    peer.server.fault({ method: 'PUT', path: asyncMerge ? ASYNC_ROUTE : CLASSIC_ROUTE, dropBefore: true });
    expect(await merge()).toMatchObject({ kind: 'unknown' });
    expect(await merge()).toMatchObject({ kind: 'merged', sha });
  });

  it('says unknown while GitHub is down or limits our rate for long', async () => {
    const { merge, ask } = await prepare();
    peer.server.limitRate({ retryAfterS: 600, method: 'PUT' });
    expect(await merge()).toMatchObject({ kind: 'unknown', retryAfterMs: 600_000 });
    peer.server.down(true);
    expect(await peer.connect().merge(ask)).toMatchObject({ kind: 'unknown' });
    peer.server.down(false);
  });
});

describe('an answer that got lost', () => {
  it('is found in the pull when the classic merge was done', async () => {
    peer.server.setAsyncMerge(false);
    const { merge, sha, fullName } = await prepare();
    peer.server.fault({ method: 'PUT', path: CLASSIC_ROUTE, dropAfterApply: true });
    expect(await merge()).toMatchObject({ kind: 'merged', sha });
    expect(peer.asked('PUT', new RegExp(`${fullName}/pulls/\\d+/merge$`))).toHaveLength(1);
  });

  it('is found in the request that is under way when the asynchronous merge was accepted', async () => {
    peer.server.setAsyncMerge(true);
    const { merge, sha } = await prepare();
    peer.server.holdAsyncMerges(true);
    peer.server.fault({ method: 'PUT', path: ASYNC_ROUTE, dropAfterApply: true });
    expect(await merge()).toMatchObject({ kind: 'unknown' });
    const again = merge();
    await peer.server.waitFor(() => peer.asked('GET', /\/merge-async\/[\w-]+$/).length > 0);
    peer.server.holdAsyncMerges(false);
    expect(await again).toMatchObject({ kind: 'merged', sha });
  });
});

describe('an asynchronous merge under way', () => {
  beforeAll(() => peer.server.setAsyncMerge(true));

  it('hands out a ticket when it takes long, and is followed by it', async () => {
    const { ask, repo, number, sha } = await prepare();
    peer.server.holdAsyncMerges(true);
    const outcome = await peer.connect({ mergePatienceMs: 20 }).merge(ask);
    if (outcome.kind !== 'pending') throw new Error(`expected a ticket, got ${outcome.kind}`);
    const status = () => peer.gitHub.mergeStatus({ repo, number, sha, ticket: outcome.ticket });
    expect(await status()).toEqual(outcome);
    peer.server.holdAsyncMerges(false);
    await peer.server.waitFor(async () => (await status()).kind === 'merged');
  });

  it('is not taken for ours when it is for another commit', async () => {
    const { merge, repo, number, sha, fullName, branch } = await prepare();
    peer.server.holdAsyncMerges(true);
    const quick = peer.connect({ mergePatienceMs: 20 });
    const other = await peer.server.commitTo(fullName, branch, { 'c.txt': 'x\n' }, { message: 'More' });
    await quick.merge({ repo, number, sha: other, method: 'squash', title: 'Other', message: '' });
    expect(await merge()).toEqual({ kind: 'head_moved', headSha: other });
    expect(await peer.gitHub.mergeStatus({ repo, number, sha })).toEqual({
      kind: 'head_moved',
      headSha: other,
    });
  });

  it('is looked up in the pull when its ticket is forgotten', async () => {
    const { repo, number, sha, merge } = await prepare();
    const ticket = '00000000-0000-0000-0000-000000000000';
    expect(await peer.gitHub.mergeStatus({ repo, number, sha, ticket })).toMatchObject({ kind: 'unknown' });
    await merge();
    expect(await peer.gitHub.mergeStatus({ repo, number, sha, ticket })).toMatchObject({ kind: 'merged' });
  });
});
