// Checks that are red on an open pull become turns, a bounded number of them; a branch that is behind its base, or conflicts
// with it, is updated when somebody wants it. By looking alone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { answerLine } from '../support/asked-of.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { openPull, promptsOf } from '../support/open-pull.ts';
import { ownRepository } from '../support/own-repository.ts';

const PATIENCE = { timeoutMs: 40_000 };

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
});
afterAll(() => errand.close());

async function parentsOf(repo: string, sha: string): Promise<string[]> {
  const answer = await fetch(`${errand.config.github.apiUrl}/repos/${repo}/commits/${sha}`, {
    headers: { authorization: `token ${errand.githubToken}` },
  });
  const { parents } = z
    .object({ parents: z.array(z.object({ sha: z.string() })) })
    .parse(await answer.json());
  return parents.map((parent) => parent.sha);
}

test('red checks are mended twice, with their logs, and then left to people', async () => {
  const { job, repo, number, pull } = await openPull(errand, 'red');
  const { github } = errand;
  const base = pull().base.sha;
  const red = { status: 'completed', conclusion: 'failure' } as const;
  github.setCheck(repo, base, { name: 'flaky', ...red });
  const fail = (log: string) => {
    const { sha } = pull().head;
    github.setCheck(repo, sha, { name: 'flaky', ...red });
    github.setCheck(repo, sha, { name: 'skipped', status: 'completed', conclusion: 'cancelled' });
    github.setCheck(repo, sha, { name: 'test', status: 'completed', conclusion: 'failure', log });
  };
  fail('2026-03-01T09:00:00.0000000Z expected 3, got 4 [first]');
  const second = await job.result(2);
  expect(job.words(second)).toContain('For checks that were red');
  fail('expected 3, got 5 [second]');
  await job.result(3);
  fail('expected 3, got 6 [third]');
  await job.says('I tried 2 times to mend them and leave it to you now');
  await job.says('red on the base as well: `flaky`');
  const prompts = await promptsOf(errand, job);
  expect(prompts).toHaveLength(3);
  expect(prompts[1]).toContain('\nexpected 3, got 4 [first]');
  expect(prompts[1]).not.toContain('flaky');
  expect(prompts[2]).toContain('got 5 [second]');
  job.expectNotifications(3);
  // A word of a person begins it anew.
  job.replies('script: write more.txt <<more');
  await job.result(4);
  await errand.slack.waitFor(() => !job.cardText().includes('leave it to you now'));
  expect(number).toBe(pull().number);
});

test('red checks that are not the change are answered without a sound, once a head', async () => {
  const { job, repo, pull } = await openPull(errand, 'flaky', { next: ['answer The service was down.'] });
  const { sha } = pull().head;
  errand.github.setCheck(repo, sha, { name: 'test', status: 'in_progress' });
  errand.github.setCheck(repo, sha, {
    name: 'lint',
    status: 'completed',
    conclusion: 'failure',
    summary: 'LINT-SAYS-NO',
  });
  await errand.github.waitFor(
    () => errand.github.requests.some(({ path }) => path.endsWith(`${sha}/check-runs`)),
    PATIENCE,
  );
  expect(await promptsOf(errand, job), 'one check still runs').toHaveLength(1);
  errand.github.setCheck(repo, sha, { name: 'test', status: 'completed', conclusion: 'timed_out' });
  await job.says('looked at the red checks on GitHub');
  await job.says('The service was down.');
  expect((await promptsOf(errand, job))[1]).toContain('LINT-SAYS-NO');
  job.expectNotifications(1);
  expect(pull().head.sha).toBe(sha);
  await job.says('Checks red on GitHub: `lint`, `test`');
  await job.presses('Approve');
});

test('a conflict offers Update branch; the agent merges, and the pull can be merged again', async () => {
  const { job, result, repo, branch, pull } = await openPull(errand, 'conflict', {
    next: ['write hello.txt <<both'],
  });
  const { github } = errand;
  const base = await github.commitTo(repo, 'main', { 'hello.txt': 'theirs' }, { message: 'Say it too' });
  await job.cardSays('The branch conflicts with `main`');
  await job.offers(result, ['Approve & merge', 'Update branch', 'Request changes', 'Reject']);
  const before = pull().head.sha;
  await job.presses('Update branch', { user: errand.bob });
  const second = await job.result(2);
  await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
  expect(job.words(second)).toContain('For *Update branch*.');
  expect(await github.readFile(repo, branch, 'hello.txt')).toBe('both');
  expect((await promptsOf(errand, job))[1]).toContain('- "hello.txt"');
  expect(await parentsOf(repo, pull().head.sha)).toEqual([before, base]);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(await github.readFile(repo, 'main', 'hello.txt')).toBe('both');
});

test('a lesson whose page changed on the base meanwhile is written anew over it', async () => {
  const { github } = errand;
  const { repo, channel } = await ownRepository(errand, 'lesson');
  const page = '.agents/context/prices.md';
  const lesson = { file: 'prices.md', content: 'Whole cents.', title: 'Say how', why: 'A float was used.' };
  const job = await errand.asksScript(['write price.txt <<0.1'], {
    channel,
    options: `repo=${repo}`,
    others: [answerLine('librarian', lesson)],
  });
  await job.result();
  await job.pressesAndSays('Reject', 'Never floats.');
  await job.presses('Remember this');
  const { ts } = await errand.slack.waitFor(() =>
    errand.cardsIn(channel).find((card) => card.ts !== job.threadTs),
  );
  const taught = await errand.jobIn({ channel, threadTs: ts });
  await taught.result();
  const branch = `errand/${taught.name}`;
  const base = await github.commitTo(repo, 'main', { [page]: 'Something else.' }, { message: 'Say it too' });
  await taught.cardSays('The branch conflicts with `main`');
  await taught.presses('Update branch');
  await taught.offers(await taught.result(2), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await github.readFile(repo, branch, page)).toBe('Whole cents.\n');
  const head = github.pulls(repo).find((pull) => pull.head.ref === branch)?.head.sha ?? '';
  expect(await parentsOf(repo, head)).toContain(base);
});

test('markers that an agent leaves are not pushed; a word of a person goes on with the merge', async () => {
  const { job, repo, branch, pull } = await openPull(errand, 'markers');
  const base = await errand.github.commitTo(
    repo,
    'main',
    { 'hello.txt': 'theirs' },
    { message: 'Say it too' },
  );
  const before = pull().head.sha;
  await job.presses('Update branch');
  await job.cardSays('left conflict markers in');
  expect(pull().head.sha).toBe(before);
  expect((await promptsOf(errand, job)).at(-1)).toContain('are still in these files');
  job.replies('script: write hello.txt <<both');
  await job.result(3);
  expect(await errand.github.readFile(repo, branch, 'hello.txt')).toBe('both');
  expect(await parentsOf(repo, pull().head.sha)).toEqual([before, base]);
});

test('a branch that is only behind is updated without an agent', async () => {
  const { job, repo, branch } = await openPull(errand, 'behind');
  const { github } = errand;
  await github.setBranchProtection(repo, 'main', { strict: true, refusePushes: false });
  await github.commitTo(repo, 'main', { 'news.txt': 'news' }, { message: 'Go on' });
  await job.cardSays('GitHub wants the branch up to date');
  await job.presses('Update branch');
  const second = await job.result(2);
  await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
  expect(job.words(second)).toContain('Merged `main` into the branch');
  expect(await github.readFile(repo, branch, 'news.txt')).toBe('news');
  expect(await promptsOf(errand, job), 'no agent was asked').toHaveLength(1);
});

test('work that a person stopped is not published by an update alone: its author is asked', async () => {
  const { job, repo, branch } = await openPull(errand, 'stopped-half-way', {
    next: ['write half.txt <<whole'],
  });
  const { github } = errand;
  job.replies('script: write half.txt <<half ;; hang');
  await job.cardSays('Last: Edit half.txt');
  await job.presses('Stop');
  await job.result(2);
  await github.setBranchProtection(repo, 'main', { strict: true, refusePushes: false });
  await github.commitTo(repo, 'main', { 'news.txt': 'news' }, { message: 'Go on' });
  await job.cardSays('GitHub wants the branch up to date');
  await job.presses('Update branch');
  const third = await job.result(3);
  expect(job.words(third)).not.toContain('no agent changed anything');
  expect((await promptsOf(errand, job)).at(-1)).toContain('ended before its work was published');
  expect(await github.readFile(repo, branch, 'half.txt')).toBe('whole');
  expect(await github.readFile(repo, branch, 'news.txt')).toBe('news');
});
