// What people say under an open pull becomes a turn: each comment is addressed or answered, once, quietly where nothing
// changed, and nobody is heard who may not steer. By looking alone; webhooks stand at the end.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedOf } from '../support/asked-of.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { openPull, promptsOf } from '../support/open-pull.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

const PATIENCE = { timeoutMs: 40_000 };

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
});
afterAll(() => errand.close());

type Answer = Readonly<{ comment: string; did: string; say: string }>;
/** What an agent says last, as a directive. */
const saying = (answers: readonly Answer[]) =>
  `answer ## Title\\nSay hello louder\\n## What changed\\nIt shouts.\\n\\n\`\`\`json\\n${JSON.stringify({ answers })}\\n\`\`\``;

test('a review is one turn: each comment is addressed or answered, and one summary tells', async () => {
  const { job, repo, number, branch, pull } = await openPull(errand, 'reviewed');
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
  expect(job.words(result), 'it says which').toMatch(
    /Still open: .*carla on hello\.txt.*the next turn has them again/,
  );
  expect(job.words(result)).not.toContain('"answers"');
  expect(await errand.github.readFile(repo, branch, 'hello.txt')).toBe('HELLO');
  const replies = pull().reviewComments.filter(({ inReplyTo }) => inReplyTo !== null);
  expect(replies.map(({ inReplyTo, body }) => [inReplyTo, body.split('\n')[0]])).toEqual([
    [first, 'Done. It shouts now, @\u200bcarla.'],
    [second, 'The task names it.'],
  ]);
  expect([...pull().resolvedThreads.keys()]).toEqual([first]);
  const [, prompt = ''] = await promptsOf(errand, job);
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
  expect((await promptsOf(errand, job)).length).toBe(3);
  const [, , again = ''] = await promptsOf(errand, job);
  expect(again, 'what was answered is settled').not.toContain('Why this file?');
  expect(again, 'what was not answered is not').toContain('Two things, please.');
  job.expectNotifications(2);
});

test('an answer that GitHub did not take follows later, once; words written anew get another turn', async () => {
  const { job, repo, number, pull } = await openPull(errand, 'later');
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
  await github.waitFor(() => replies().length > 0, PATIENCE);
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
  await github.waitFor(() => replies().length > 1, PATIENCE);
  expect(replies().map(({ body }) => body.split('\n')[0])).toEqual(['Because.', 'Not done: Not my task.']);
  job.expectNotifications(1);
});

test('outsiders, bots, talk among people and approvals are not heard, and their words reach no agent', async () => {
  const { job, repo, number } = await openPull(errand, 'outsiders');
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
  const prompts = (await promptsOf(errand, job)).join('\n');
  expect(prompts).toContain('and a note, please');
  expect(prompts).not.toContain('SECRET-OF');
  expect(await promptsOf(errand, job)).toHaveLength(2);
});

test('a turn for comments that fails before any agent had them begins once; Retry takes them along', async () => {
  const { github } = errand;
  const { repo, channel } = await ownRepository(errand, 'fails-early');
  const says = (text: string) =>
    github.commitTo(repo, 'main', { '.agents/profiles/loud.md': text }, { message: 'Tell how' });
  await says('You shout.');
  const options = `repo=${repo} profile=loud`;
  const job = await errand.asksScript(['write hello.txt <<hello'], { channel, options });
  await job.result();
  const { number, branch } = onlyPull(errand, repo);
  await says('---\nwhy: x\n---\nYou shout.');
  await github.reviewLines(repo, number, {
    author: 'carla',
    lines: [{ path: 'hello.txt', line: 1, body: 'Louder.\nscript: write hello.txt <<HELLO' }],
  });
  await job.cardSays('`loud` cannot be read');
  const path = `/repos/${repo}/pulls/${number}`;
  const looks = () => github.requests.filter((one) => one.method === 'GET' && one.path === path).length;
  const before = looks();
  await github.waitFor(() => looks() > before + 5, PATIENCE);
  const begun = (await errand.eventsInside(job)).filter(
    ({ kind, data }) => kind === 'status' && 'event' in data && data.event === 'follow_up',
  );
  expect(begun).toHaveLength(1);
  expect(await promptsOf(errand, job)).toHaveLength(1);
  await says('You shout.');
  await job.presses('Retry');
  await job.result(3);
  expect(await github.readFile(repo, branch, 'hello.txt')).toBe('HELLO');
});

test('what people said under the pull can be remembered; a turn that nobody asked for taught nothing', async () => {
  const { job, repo, number, pull } = await openPull(errand, 'taught');
  const { github } = errand;
  const body = 'Never shout here.\nscript: write hello.txt <<softly';
  await github.reviewLines(repo, number, { author: 'carla', lines: [{ path: 'hello.txt', line: 1, body }] });
  const result = await job.result(2);
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  await job.presses('Approve & merge');
  await job.offers(result, ['Remember this']);
  expect(pull().mergedAt).not.toBeNull();
  await job.presses('Remember this');
  const { ts } = await errand.slack.waitFor(() =>
    errand.cardsIn(job.channel).find((card) => card.ts !== job.threadTs),
  );
  const lesson = await errand.jobIn({ channel: job.channel, threadTs: ts });
  await lesson.result();
  const asked = (await askedOf(errand, lesson)).map(({ prompt }) => prompt);
  expect(asked[0]).toContain('carla: hello.txt: Never shout here.');

  const other = await openPull(errand, 'untaught', { next: ['write mended.txt <<1'] });
  const red = { name: 'test', status: 'completed', conclusion: 'failure', summary: 'NO' } as const;
  github.setCheck(other.repo, other.pull().head.sha, red);
  const mended = await other.job.result(2);
  await other.job.presses('Approve & merge');
  await other.job.cardSays('Merged');
  await other.job.offers(mended, []);
});

test('while the settings cannot be read nobody is heard; it is said once, and taken up once they are mended', async () => {
  const { job, repo, number, branch } = await openPull(errand, 'unreadable');
  const { github } = errand;
  const settings = (text: string) =>
    github.commitTo(repo, 'main', { '.agents/config.yml': text }, { message: 'Set it' });
  await settings('chekcs: x\n');
  const line = { path: 'hello.txt', line: 1 };
  const body = 'Louder.\nscript: write hello.txt <<HELLO';
  await github.reviewLines(repo, number, { author: 'carla', lines: [{ ...line, body }] });
  const said = "I can't hear it";
  await job.says(said);
  await github.reviewLines(repo, number, { author: 'carla', lines: [{ ...line, body: 'Really.' }] });
  const path = `/repos/${repo}/pulls/${number}`;
  const looks = () => github.requests.filter((one) => one.method === 'GET' && one.path === path).length;
  const before = looks();
  await github.waitFor(() => looks() > before + 3, PATIENCE);
  expect(await promptsOf(errand, job)).toHaveLength(1);
  await settings('review: off\n');
  await github.reviewLines(repo, number, { author: 'carla', lines: [{ ...line, body: 'Please.' }] });
  await job.result(2);
  expect(await github.readFile(repo, branch, 'hello.txt')).toBe('HELLO');
  const told = errand.slack.messages(job.channel).filter(({ text }) => text?.includes(said));
  expect(told).toHaveLength(1);
});

test('a muted job hears nothing of GitHub until it is unmuted', async () => {
  const { job, repo, number, branch } = await openPull(errand, 'muted');
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
  await github.waitFor(() => looks() > before + 3, PATIENCE);
  expect(await promptsOf(errand, job)).toHaveLength(1);
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
    const { job, repo, number, pull } = await openPull(heard, 'webhooks');
    const { github } = heard;
    const path = `/repos/${repo}/pulls/${number}/reviews`;
    await github.waitFor(() => github.requests.some((one) => one.path === path), PATIENCE);
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
    expect(await promptsOf(heard, job), 'both reviews were one turn').toHaveLength(3);
    job.expectNotifications(3);
  });
});
