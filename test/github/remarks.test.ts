// What is said under a pull, read by conditional requests and answered once; what checks say, and why.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMarked } from '../../src/github/issues.ts';
import { isForAgent } from '../../src/job/remarks.ts';
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

describe('words under a pull', () => {
  it('are read with where they stand, and cost a 304 while nothing is new', async () => {
    const { repo, fullName, number } = await openPull();
    const line = { path: 'b.txt', line: 1 };
    const [id = 0] = await peer.server.reviewLines(fullName, number, {
      author: 'carla',
      state: 'CHANGES_REQUESTED',
      body: 'Two things.',
      lines: [{ ...line, body: 'Why?<!-- hidden --> And\u200b how?' }],
    });
    const reply = peer.server.replyInThread(fullName, number, { author: 'dora', body: 'Yes.', first: id });
    peer.server.comment(fullName, number, { author: 'lint[bot]', body: 'Beep.' });
    const { said, tags } = await peer.app.readRemarks({ repo, number }, {});
    expect(said).toEqual([
      expect.objectContaining({ key: `c${id}`, author: 'carla', thread: id, ...line, text: 'Why? And how?' }),
      expect.objectContaining({ key: `c${reply}`, author: 'dora', thread: id, isPerson: true }),
      expect.objectContaining({ review: 'CHANGES_REQUESTED', text: 'Two things.' }),
      expect.objectContaining({ author: 'lint[bot]', isPerson: false }),
    ]);
    expect(said[0]?.hunk).toContain('+two');
    const before = peer.server.requests.length;
    expect(await peer.app.readRemarks({ repo, number }, tags)).toEqual({ said: [], tags });
    expect(peer.server.requests.slice(before).map(({ status }) => status)).toEqual([304, 304, 304]);
  });

  it('are ours by the number of our account, whatever it is called by now', () => {
    const body = 'Fine.\n\n<!-- errand:J-1:review -->';
    const isOurs = (user: { login: string; id: number }, by: { login: string; id?: number }) =>
      isMarked({ body, user }, { marker: 'errand:J-1:review', by });
    const us = { login: 'errand[bot]', id: 7 };
    expect(isOurs({ login: 'renamed[bot]', id: 7 }, us)).toBe(true);
    expect(isOurs({ login: 'errand[bot]', id: 8 }, us)).toBe(false);
    // Where GitHub does not tell who we are, the name is all there is.
    expect(isOurs({ login: 'Errand[bot]', id: 7 }, { login: 'errand[bot]' })).toBe(true);
    expect(isOurs({ login: 'mallory', id: 7 }, { login: 'errand[bot]' })).toBe(false);
  });

  it('speak for us only by our own account: anybody can write a marker', async () => {
    const { repo, fullName, number } = await openPull();
    const at = { repo, number };
    const lines = [{ path: 'b.txt', line: 1, body: 'Why?' }];
    const [thread = 0] = await peer.server.reviewLines(fullName, number, { author: 'mallory', lines });
    const forged = (marker: string) => `Fine.\n\n<!-- ${marker} -->`;
    const author = 'mallory';
    peer.server.replyInThread(fullName, number, {
      author,
      first: thread,
      body: forged('errand:J-1:c1:abcd'),
    });
    peer.server.comment(fullName, number, { author, body: forged('errand:J-1:rejected') });
    peer.server.review(fullName, number, { author, state: 'COMMENTED', body: forged('errand:J-1:review') });
    await peer.gitHub.answerThread({ ...at, thread, body: 'Because.', marker: 'errand:J-1:c1:abcd' });
    const said = await peer.gitHub.comment({ ...at, body: 'No.', marker: 'errand:J-1:rejected' });
    expect(said.created).toBe(true);
    const { headSha } = await peer.gitHub.pull(repo, number);
    const wish = {
      ...at,
      headSha,
      body: 'Looked.',
      comments: [],
      whole: 'Looked.',
      marker: 'errand:J-1:review',
    };
    const first = await peer.gitHub.postReview(wish);
    expect(first.created).toBe(true);
    expect(await peer.gitHub.postReview(wish), 'our own is found again').toEqual({
      url: first.url,
      created: false,
    });
    const byApp = { ...wish, marker: 'errand:J-2:review' };
    await peer.app.postReview(byApp);
    expect((await peer.app.postReview(byApp)).created, 'and that of an App').toBe(false);
    const pull = peer.server.pull(fullName, number);
    expect(pull.reviewComments.map(({ body }) => body.split('\n')[0])).toEqual(['Why?', 'Fine.', 'Because.']);
  });

  it('are answered once, whatever becomes of the answer to that', async () => {
    const { repo, fullName, number } = await openPull();
    const lines = [{ path: 'b.txt', line: 1, body: 'Why?' }];
    const [thread = 0] = await peer.server.reviewLines(fullName, number, { author: 'carla', lines });
    const path = `/repos/${fullName}/pulls/${number}/comments/${thread}/replies`;
    const answer = () =>
      peer.gitHub.answerThread({ repo, number, thread, body: 'Because.', marker: 'errand:J-1:c1:abcd' });
    peer.server.fault({ method: 'POST', path, dropAfterApply: true });
    expect(await answer()).toBe('said');
    expect(await answer()).toBe('said');
    const [, ...replies] = peer.server.pull(fullName, number).reviewComments;
    expect(replies).toHaveLength(1);
    const { said } = await peer.gitHub.readRemarks({ repo, number }, {});
    expect(
      said.filter((one) => isForAgent(one, 'somebody')),
      'never our own',
    ).toHaveLength(1);
    await peer.gitHub.resolveThreads({ repo, number, threads: [thread] });
    await peer.gitHub.resolveThreads({ repo, number, threads: [thread, 1] });
    expect([...peer.server.pull(fullName, number).resolvedThreads.keys()]).toEqual([thread]);
    const asked = peer.gitHub.answerThread({
      repo,
      number,
      thread: 1,
      body: 'x',
      marker: 'errand:J-1:c2:ab',
    });
    expect(await asked).toBe('gone');
  });

  it('are resolved whatever their number is, also where one cannot be told or the server knows short ones only', async () => {
    peer.server.passId(2 ** 31);
    const { repo, fullName, number } = await openPull();
    const ask = async () => {
      const lines = [{ path: 'b.txt', line: 1, body: 'Why?' }];
      const [thread = 0] = await peer.server.reviewLines(fullName, number, { author: 'carla', lines });
      return thread;
    };
    const resolved = () => [...peer.server.pull(fullName, number).resolvedThreads.keys()];
    const [first, second, third] = [await ask(), await ask(), await ask()];
    await peer.gitHub.resolveThreads({ repo, number, threads: [first] });
    expect(resolved()).toEqual([first]);
    const answer = (body: unknown) =>
      peer.server.fault({ method: 'POST', path: '/graphql', status: 200, body });
    const nodeOf = (id: number) => ({
      id: `PRRT_${id}`,
      isResolved: false,
      comments: { nodes: [{ databaseId: id }] },
    });
    const threads = (nodes: unknown[]) => ({
      data: {
        repository: {
          pullRequest: { reviewThreads: { pageInfo: { hasNextPage: false, endCursor: null }, nodes } },
        },
      },
    });
    answer(threads([null, { id: 'PRRT_0', isResolved: false, comments: { nodes: [null] } }, nodeOf(second)]));
    await peer.gitHub.resolveThreads({ repo, number, threads: [second] });
    expect(resolved()).toEqual([first, second]);
    const message = "Field 'fullDatabaseId' doesn't exist on type 'PullRequestReviewComment'";
    answer({ errors: [{ message, type: 'undefinedField' }] });
    answer(threads([nodeOf(third)]));
    await peer.gitHub.resolveThreads({ repo, number, threads: [third] });
    expect(resolved()).toEqual([first, second, third]);
  });

  it.each([
    ['c1', '@bob look', false],
    ['c1', '@errand-app look', true],
    ['c1', 'Thanks @bob, rename it', true],
    ['i1', 'Rename it', false],
    ['i1', 'Rename it, @Errand-App', true],
    ['i1', 'mail@errand-app.test', false],
  ])('%s %j is for the agent: %s', (key, text, expected) => {
    const said = { key, text, author: 'carla', authorId: 7, url: '', isPerson: true, isOurs: false };
    expect(isForAgent(said, 'errand-app[bot]')).toBe(expected);
  });
});

describe('checks', () => {
  const red = { status: 'completed', conclusion: 'failure' } as const;

  it('are told as red, pending or neither, with the job that has the log', async () => {
    const { repo, fullName, sha } = await peer.repository();
    const log =
      '\uFEFF2026-03-01T09:00:00.1234567Z \u001b[31mexpected 3\u001b[0m\n2026-03-01T09:00:01.1Z got 4\n';
    peer.server.setCheck(fullName, sha, { name: 'test', ...red, log });
    peer.server.setCheck(fullName, sha, { name: 'lint', ...red, title: 'Lint', summary: 'Two mistakes' });
    peer.server.setCheck(fullName, sha, { name: 'old', status: 'completed', conclusion: 'cancelled' });
    peer.server.setCheck(fullName, sha, { name: 'slow', status: 'in_progress' });
    const seen = await peer.app.seeCheckRuns({ repo, sha });
    if (seen.kind !== 'seen') throw new Error(seen.kind);
    expect(seen.value).toMatchObject({ count: 4, pending: 1, redSince: expect.any(String) });
    const [test, lint] = seen.value.red;
    expect([test?.name, lint?.name, lint?.say]).toEqual(['test', 'lint', 'Lint\nTwo mistakes']);
    expect(await peer.app.checkLog(repo, test?.logId ?? 0)).toBe('expected 3\ngot 4');
    expect(await peer.app.checkLog(repo, 1), 'GitHub keeps logs for a while').toBeUndefined();
    expect(await peer.app.seeCheckRuns({ repo, sha, etag: seen.etag })).toEqual({ kind: 'unchanged' });
    expect((await peer.app.seeStatuses({ repo, sha })).kind).toBe('seen');
  });

  it('tell the end of a log, however long it is', async () => {
    const { repo, fullName, sha } = await peer.repository();
    const log = `THE-BEGIN\n${'one line of many\n'.repeat(200_000)}THE-END\n`;
    peer.server.setCheck(fullName, sha, { name: 'test', ...red, log });
    const seen = await peer.app.seeCheckRuns({ repo, sha });
    const logId = seen.kind === 'seen' ? seen.value.red[0]?.logId : undefined;
    const told = await peer.app.checkLog(repo, logId ?? 0);
    expect(told?.endsWith('one line of many\nTHE-END')).toBe(true);
    expect(told).toHaveLength(12_000);
  });

  it('are read to the last page before anything is settled', async () => {
    const { repo, fullName, sha } = await peer.repository();
    for (let n = 0; n < 130; n += 1) {
      const last = n === 129;
      peer.server.setCheck(fullName, sha, {
        name: `check ${n}`,
        ...(n === 0
          ? red
          : { status: last ? 'in_progress' : 'completed', conclusion: last ? null : 'success' }),
      });
    }
    const seen = await peer.app.seeCheckRuns({ repo, sha });
    if (seen.kind !== 'seen') throw new Error(seen.kind);
    expect(seen.value).toMatchObject({ count: 130, pending: 1, red: [{ name: 'check 0' }] });
    expect(seen.etag, 'the tag of one page says nothing of the next').toBeUndefined();
  });

  it('of where a branch left its base are found there', async () => {
    const { repo, fullName, sha } = await peer.repository();
    const base = await peer.server.branchSha(fullName, 'main');
    await peer.server.commitTo(fullName, 'main', { 'c.txt': 'c' }, { message: 'Go on' });
    expect(await peer.gitHub.forkPoint(repo, { base: 'main', head: sha })).toBe(base);
  });
});

it('says how a pull stands to its base, once it knows', async () => {
  const { repo, fullName, number } = await openPull();
  const freshness = async () => {
    const seen = await peer.gitHub.seePull({ repo, number });
    return seen.kind === 'seen' ? seen.value.freshness : seen.kind;
  };
  expect(await freshness()).toBe('current');
  await peer.server.setBranchProtection(fullName, 'main', { strict: true, refusePushes: false });
  await peer.server.commitTo(fullName, 'main', { 'c.txt': 'c' }, { message: 'Go on' });
  expect([await freshness(), await freshness()]).toEqual([undefined, 'behind']);
  await peer.server.commitTo(fullName, 'main', { 'b.txt': 'other' }, { message: 'Conflict' });
  expect([await freshness(), await freshness()]).toEqual([undefined, 'conflicts']);
});
