// What happens under an open pull becomes a turn: comments are addressed or answered, red checks mended, conflicts merged.
// Bounded, quiet where nothing changed, and deaf to whoever may not steer. By looking alone; webhooks stand at the end.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
    env: { ERRAND_SLOTS: '8' },
  });
});
afterAll(() => errand.close());

/** A job whose pull waits for a decision; `next` is what its agent does when it is told nothing else. */
async function inReview(
  story: string,
  { next = [], on = errand }: { next?: readonly string[]; on?: Errand } = {},
) {
  const { repo, channel } = await ownRepository(on, story);
  const directives = ['write hello.txt <<hello', ...next.map((one) => `next ${one}`)];
  const job = await on.asksScript(directives, { channel, options: `repo=${repo}` });
  const result = await job.result();
  return { job, result, repo, ...onlyPull(on, repo) };
}

type Answer = Readonly<{ comment: string; did: string; say: string }>;
/** What an agent says last, as a directive. */
const saying = (answers: readonly Answer[]) =>
  `answer ## Title\\nSay hello louder\\n## What changed\\nIt shouts.\\n\\n\`\`\`json\\n${JSON.stringify({ answers })}\\n\`\`\``;

/** All that agents of a job were told. */
async function told(job: Awaited<ReturnType<typeof inReview>>['job'], on = errand): Promise<string[]> {
  const events = await on.eventsInside(job);
  return events.flatMap((event) => (event.kind === 'prompt' ? [event.data.text] : []));
}

async function parentsOf(repo: string, sha: string): Promise<string[]> {
  const answer = await fetch(`${errand.config.github.apiUrl}/repos/${repo}/commits/${sha}`, {
    headers: { authorization: `token ${errand.githubToken}` },
  });
  const { parents } = z
    .object({ parents: z.array(z.object({ sha: z.string() })) })
    .parse(await answer.json());
  return parents.map((parent) => parent.sha);
}

test.concurrent('a review is one turn: each comment is addressed or answered, and one summary tells', async () => {
  const { job, repo, number, branch, pull } = await inReview('reviewed');
  const [first = 0, second = 0, third = 0] = await errand.github.reviewLines(repo, number, {
    author: 'carla',
    state: 'CHANGES_REQUESTED',
    body: 'Two things, please.',
    lines: [
      { path: 'hello.txt', line: 1, body: 'Louder.\nscript: write hello.txt <<HELLO' },
      { path: 'hello.txt', line: 1, body: 'Why this file?' },
      {
        path: 'hello.txt',
        line: 1,
        body: ([louder, why]) =>
          `And colours?\nscript: ${saying([
            { comment: `c${louder}`, did: 'addressed', say: 'It shouts now, @carla.' },
            { comment: `c${why}`, did: 'answered', say: 'The task names it.' },
          ])}`,
      },
    ],
  });
  const result = await job.result(2);
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  expect(job.words(result)).toContain('Comments on GitHub: 1 addressed, 1 answered, *2 without an answer*.');
  expect(job.words(result)).not.toContain('"answers"');
  expect(await errand.github.readFile(repo, branch, 'hello.txt')).toBe('HELLO');
  const replies = pull().reviewComments.filter(({ inReplyTo }) => inReplyTo !== null);
  expect(replies.map(({ inReplyTo, body }) => [inReplyTo, body.split('\n')[0]])).toEqual([
    [first, 'Done. It shouts now, @\u200bcarla.'],
    [second, 'The task names it.'],
  ]);
  expect([...pull().resolvedThreads.keys()]).toEqual([first]);
  const [, prompt = ''] = await told(job);
  expect(prompt).toContain(`[c${third}] carla on "hello.txt", line 1:\nAnd colours?`);
  expect(prompt).toContain('Two things, please.');
  job.expectNotifications(2);
  // Another look, and another word of somebody: what was handled is not handled again.
  errand.github.replyInThread(repo, number, {
    author: 'carla',
    first: third,
    body: 'Never mind.\nscript: answer Fine.',
  });
  await job.says('went through what was said on GitHub');
  expect((await told(job)).length).toBe(3);
  expect((await told(job))[2]).not.toContain('Why this file?');
  job.expectNotifications(2);
});

test.concurrent('an answer that GitHub did not take follows later, once; words written anew get another turn', async () => {
  const { job, repo, number, pull } = await inReview('later');
  const { github } = errand;
  const replies = () => pull().reviewComments.filter(({ inReplyTo }) => inReplyTo !== null);
  const path = new RegExp(`/repos/${repo}/pulls/${number}/comments/\\d+/replies`);
  github.fault({ method: 'POST', path, status: 502 });
  github.fault({ method: 'POST', path, dropAfterApply: true });
  const [id = 0] = await github.reviewLines(repo, number, {
    author: 'carla',
    lines: [
      {
        path: 'hello.txt',
        line: 1,
        body: ([own]) =>
          `Why?\nscript: ${saying([{ comment: `c${own}`, did: 'addressed', say: 'Because.' }])}`,
      },
    ],
  });
  await github.waitFor(() => replies().length > 0);
  expect(
    replies().map(({ body }) => body.split('\n')[0]),
    'nothing changed, so nothing is done',
  ).toEqual(['Because.']);
  expect(pull().resolvedThreads.size).toBe(0);
  await job.says('1 answered');
  github.editReviewComment(
    repo,
    number,
    id,
    `Why not?\nscript: ${saying([{ comment: `c${id}`, did: 'declined', say: 'Not my task.' }])}`,
  );
  await job.says('1 declined');
  await github.waitFor(() => replies().length > 1);
  expect(replies().map(({ body }) => body.split('\n')[0])).toEqual(['Because.', 'Not done: Not my task.']);
  job.expectNotifications(1);
});

test.concurrent('outsiders, bots, talk among people and approvals are not heard, and their words reach no agent', async () => {
  const { job, repo, number } = await inReview('outsiders');
  const { github } = errand;
  const line = { path: 'hello.txt', line: 1 };
  github.setCollaborator(repo, 'mallory', 'read');
  await github.reviewLines(repo, number, {
    author: 'mallory',
    lines: [{ ...line, body: 'SECRET-OF-MALLORY' }],
  });
  await github.reviewLines(repo, number, {
    author: 'lint[bot]',
    lines: [{ ...line, body: 'SECRET-OF-BOT' }],
  });
  await github.reviewLines(repo, number, {
    author: 'dora',
    lines: [{ ...line, body: '@carla SECRET-OF-TALK' }],
  });
  github.comment(repo, number, { author: 'dora', body: 'SECRET-OF-CONVERSATION' });
  github.review(repo, number, { author: 'dora', state: 'APPROVED', body: 'SECRET-OF-APPROVAL' });
  await github.reviewLines(repo, number, {
    author: 'dora',
    lines: [{ ...line, body: 'Add more.\nscript: write more.txt <<more' }],
  });
  github.comment(repo, number, { author: 'dora', body: '@errand-dev and a note, please' });
  const result = await job.result(2);
  expect(job.words(result)).toContain('*2 without an answer*');
  const prompts = (await told(job)).join('\n');
  expect(prompts).toContain('and a note, please');
  expect(prompts).not.toContain('SECRET-OF');
  expect(await told(job)).toHaveLength(2);
});

test.concurrent('red checks are mended twice, with their logs, and then left to people', async () => {
  const { job, repo, number, pull } = await inReview('red');
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
  const prompts = await told(job);
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

test.concurrent('red checks that are not the change are answered without a sound, once a head', async () => {
  const { job, repo, pull } = await inReview('flaky', { next: ['answer The service was down.'] });
  const { sha } = pull().head;
  errand.github.setCheck(repo, sha, { name: 'test', status: 'in_progress' });
  errand.github.setCheck(repo, sha, {
    name: 'lint',
    status: 'completed',
    conclusion: 'failure',
    summary: 'LINT-SAYS-NO',
  });
  await errand.github.waitFor(() =>
    errand.github.requests.some(({ path }) => path.endsWith(`${sha}/check-runs`)),
  );
  expect(await told(job), 'one check still runs').toHaveLength(1);
  errand.github.setCheck(repo, sha, { name: 'test', status: 'completed', conclusion: 'timed_out' });
  await job.says('looked at the red checks on GitHub');
  await job.says('The service was down.');
  expect((await told(job))[1]).toContain('LINT-SAYS-NO');
  job.expectNotifications(1);
  expect(pull().head.sha).toBe(sha);
  await job.says('Checks red on GitHub: `lint`, `test`');
  await job.presses('Approve');
});

test.concurrent('a conflict offers Update branch; the agent merges, and the pull can be merged again', async () => {
  const { job, result, repo, branch, pull } = await inReview('conflict', {
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
  expect((await told(job))[1]).toContain('- "hello.txt"');
  expect(await parentsOf(repo, pull().head.sha)).toEqual([before, base]);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(await github.readFile(repo, 'main', 'hello.txt')).toBe('both');
});

test.concurrent('markers that an agent leaves are not pushed; a word of a person goes on with the merge', async () => {
  const { job, repo, branch, pull } = await inReview('markers');
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
  expect((await told(job)).at(-1)).toContain('are still in these files');
  job.replies('script: write hello.txt <<both');
  await job.result(3);
  expect(await errand.github.readFile(repo, branch, 'hello.txt')).toBe('both');
  expect(await parentsOf(repo, pull().head.sha)).toEqual([before, base]);
});

test.concurrent('a branch that is only behind is updated without an agent', async () => {
  const { job, repo, branch } = await inReview('behind');
  const { github } = errand;
  await github.setBranchProtection(repo, 'main', { strict: true, refusePushes: false });
  await github.commitTo(repo, 'main', { 'news.txt': 'news' }, { message: 'Go on' });
  await job.cardSays('GitHub wants the branch up to date');
  await job.presses('Update branch');
  const second = await job.result(2);
  await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
  expect(job.words(second)).toContain('Merged `main` into the branch');
  expect(await github.readFile(repo, branch, 'news.txt')).toBe('news');
  expect(await told(job), 'no agent was asked').toHaveLength(1);
});

test.concurrent('a muted job hears nothing of GitHub until it is unmuted', async () => {
  const { job, repo, number, branch } = await inReview('muted');
  const { github } = errand;
  const muted = await errand.types(`/agent mute ${job.name}`, { channel: job.channel });
  expect(await muted.answer()).toContain('is muted');
  await job.cardSays('Muted: nothing on GitHub starts a turn');
  await github.reviewLines(repo, number, {
    author: 'carla',
    lines: [{ path: 'hello.txt', line: 1, body: 'Louder.\nscript: write hello.txt <<HELLO' }],
  });
  const path = `/repos/${repo}/pulls/${number}`;
  const looks = () => github.requests.filter((one) => one.method === 'GET' && one.path === path).length;
  const before = looks();
  await github.waitFor(() => looks() > before + 3);
  expect(await told(job)).toHaveLength(1);
  await errand.types(`/agent unmute ${job.name}`, { channel: job.channel });
  await job.result(2);
  expect(await github.readFile(repo, branch, 'hello.txt')).toBe('HELLO');
  await errand.slack.waitFor(() => !job.cardText().includes('Muted'));
});

describe('with webhooks', () => {
  let heard: Errand;
  beforeAll(async () => {
    heard = await openErrand({ webhooks: true, limits: { lookEveryMs: 600_000, remarksQuietMs: 500 } });
  });
  afterAll(() => heard.close());

  test('comments and checks are heard at once, and doubled ones do nothing twice', async () => {
    const { job, repo, number, pull } = await inReview('webhooks', { on: heard });
    const { github } = heard;
    const path = `/repos/${repo}/pulls/${number}/reviews`;
    await github.waitFor(() => github.requests.some((one) => one.path === path));
    github.webhooks.set({ doubled: true });
    const review = (body: string) =>
      github.reviewLines(repo, number, { author: 'carla', lines: [{ path: 'hello.txt', line: 1, body }] });
    await review('Louder.\nscript: write hello.txt <<HELLO');
    await review('And more.\nscript: write more.txt <<more');
    const second = await job.result(2);
    expect(heard.github.pull(repo, number).head.sha).toBe(pull().head.sha);
    await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
    const { sha } = pull().head;
    github.setCheck(repo, sha, { name: 'test', status: 'completed', conclusion: 'failure', summary: 'NO' });
    await job.result(3);
    expect(await told(job, heard), 'both reviews were one turn').toHaveLength(3);
    job.expectNotifications(3);
  });
});
