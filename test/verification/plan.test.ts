// A plan comes before the work. It is shown as the work begins, or put before people who run it, change it, or drop it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerLine, askedOf, countEvents, promptsOf } from '../support/asked-of.ts';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_PLAN: 'auto' } });
});
afterAll(() => errand.close());

const PLAN = {
  understood: 'A file is wanted.',
  assumptions: [{ assumed: 'Plain text will do', instead: ['Markdown'] }],
  files: ['done.txt'],
  steps: ['Write done.txt', 'Look at it'],
  tests: [{ level: 'manual', must: 'done.txt says done' }],
  size: { files: 1, lines: 3 },
};
const CHOICE = ['Run', 'Change', 'Drop'];

const pullOf = (job: JobThread) =>
  errand.github.pulls(errand.repo).find((pull) => pull.head.ref === `errand/${job.name}`);
const asksForPlan = (plan: unknown = PLAN, options = 'plan=ask') =>
  errand.asksScript(['write done.txt <<done'], { options, others: [answerLine('planner', plan)] });

test('the card shows the plan until the agent has a list of its own, and the pull keeps it', async () => {
  const job = await errand.asksScript(
    [
      'write begun.txt <<',
      'wait-for-steering',
      'plan Think; Write',
      'write done.txt <<done',
      'wait-for-steering',
    ],
    { others: [answerLine('planner', PLAN)] },
  );
  await job.cardSays('*Plan:* A file is wanted.');
  await job.cardSays('Assumes: Plain text will do');
  await job.cardSays('Expects about 1 file, 3 lines');
  await job.cardSays(':white_large_square: Look at it');
  await job.cardSays('Last: Edit begun.txt');
  job.replies('Good, go on.');
  await job.cardSays(':white_large_square: Think');
  await job.cardSays('Last: Edit done.txt');
  expect(job.cardText()).not.toContain(':white_large_square: Look at it');
  job.replies('And end.');
  await job.offers(await job.result(), DECISION);
  const { body = '' } = pullOf(job) ?? {};
  expect(body).toContain('## Plan');
  expect(body).toContain('not chosen: Markdown');
  job.expectNotifications(1);
});

test('a plan that did not come is said, and the work goes on without it', async () => {
  const job = await errand.asksScript(['write begun.txt <<', 'wait-for-steering', 'write done.txt <<done'], {
    others: ['script planner: crash 3'],
  });
  await job.cardSays('There is no plan: whoever was to make it');
  await job.cardSays('Last: Edit begun.txt');
  job.replies('Go on.');
  await job.offers(await job.result(), DECISION);
  expect(pullOf(job)?.body).toContain('There was none: whoever was to make it');
});

test('who wishes to see the plan first decides on it, and nothing is done before', async () => {
  const job = await asksForPlan();
  const shown = await job.result();
  await job.offers(shown, CHOICE);
  for (const words of [
    'Plain text will do',
    'not chosen: Markdown',
    'Look at it',
    'done.txt says done',
    '3 lines',
  ])
    expect(job.words(shown)).toContain(words);
  await job.cardSays('Its plan waits for you in this thread');
  expect(await promptsOf(errand, job), 'no author was asked').toEqual([]);
  const list = await errand.types('/agent list waiting');
  expect(await list.answer()).toContain(job.name);

  await job.presses('Run');
  const done = await job.result(2);
  await job.offers(done, DECISION);
  expect(job.words(done), 'planner, judge and author').toContain('3 sessions, 3 prompts');
  await job.offers(shown, []);
  expect(job.words(shown)).toContain('Approved by');
  expect(await errand.pushed(job, 'done.txt')).toBe('done');
  expect((await promptsOf(errand, job))[0]).toContain('A person approved this plan');
  expect((await askedOf(errand, job)).map(({ part }) => part)).toEqual(['planner', 'test-plan judge']);
  job.expectNotifications(2);
});

test('two people who press Run at once run it once', async () => {
  const job = await asksForPlan();
  const shown = await job.result();
  await job.offers(shown, CHOICE);
  await Promise.all([job.presses('Run'), job.presses('Run', { user: errand.bob })]);
  await job.offers(await job.result(2), DECISION);
  expect(await countEvents(errand, job, 'plan_run')).toBe(1);
  job.expectNotifications(2);
});

test('a plan is changed by a form and by a reply, and the newest one runs at a word', async () => {
  const other = (word: string) =>
    `unless-told ${word} answer ${JSON.stringify({ ...PLAN, understood: `Before ${word}.` })}`;
  const job = await errand.asksScript(['write done.txt <<done'], {
    options: 'plan=ask',
    others: [`script planner: ${other('green')} ;; ${other('blue')} ;; answer ${JSON.stringify(PLAN)}`],
  });
  const first = await job.result();
  await job.offers(first, CHOICE);
  expect(job.words(first)).toContain('Before green.');
  await job.pressesAndSays('Change', 'Paint it green.');
  const second = await job.result(2);
  await job.offers(second, CHOICE);
  expect(job.words(second)).toContain('Before blue.');
  await job.offers(first, []);
  expect(job.words(first), 'what was shown stays to be read').toContain('Before green.');

  const said = job.replies('No, blue.');
  await job.offers(await job.result(3), CHOICE);
  await job.reacted(said, 'white_check_mark');
  const planned = (await askedOf(errand, job)).filter(({ part }) => part === 'planner');
  expect(planned[2]?.prompt).toContain('Before blue.');
  expect(planned[2]?.prompt).toContain('Paint it green.');

  job.replies('go');
  await job.offers(await job.result(4), DECISION);
  const [told = ''] = await promptsOf(errand, job);
  expect(told, 'the author hears what was said to the planner').toContain('Paint it green.');
  expect(told).toContain('No, blue.');
  job.expectNotifications(4);
});

test('a dropped plan ends the job, and nothing was changed', async () => {
  const job = await asksForPlan();
  const shown = await job.result();
  await job.offers(shown, CHOICE);
  await job.presses('Drop', { user: errand.bob });
  await job.cardSays('Dropped by');
  await job.offers(shown, []);
  expect(job.words(shown)).toContain('nothing was changed');
  expect(pullOf(job)).toBeUndefined();
  job.expectNotifications(1);
});

test('a repository that wants its plans approved gets that, whatever a command says', async () => {
  const { repo, channel } = await ownRepository(errand, 'approved-plans');
  await errand.github.commitTo(repo, 'main', { '.agents/config.yml': 'plan: ask\n' }, { message: 'Ask' });
  const job = await errand.asksScript(['write done.txt <<done'], {
    channel,
    options: `repo=${repo} plan=off`,
    others: [answerLine('planner', PLAN)],
  });
  await job.offers(await job.result(), CHOICE);
});

test('where a plan must be approved and none comes, nothing is done without it', async () => {
  const job = await errand.asksScript(['write done.txt <<done'], {
    options: 'plan=ask',
    others: ['script planner: unless-told again crash 3'],
  });
  const failed = await job.result();
  await job.offers(failed, ['Retry']);
  expect(job.words(failed)).toContain('No plan came');
  await job.presses('Retry');
  await job.offers(await job.result(2), ['Retry']);
  job.replies('Try again.');
  await job.offers(await job.result(3), CHOICE);
  expect(await promptsOf(errand, job)).toEqual([]);
});

test('several issues are planned side by side, once each, and each is run by itself', async () => {
  const { repo, channel } = await ownRepository(errand, 'several-plans');
  const file = (title: string) =>
    errand.github.addIssue({ repo, title, author: 'carla', body: 'script: write done.txt <<done' }).number;
  const numbers = [file('First'), file('Second'), file('Third')];
  const written = numbers.map((number) => `#${number}`).join(' ');
  await errand.types(`/agent plan ${written} repo=${repo}`, { channel });
  await errand.slack.waitFor(
    { description: 'three cards', check: () => errand.cardsIn(channel).length === 3 },
    { timeoutMs: 30_000 },
  );
  const jobs = await Promise.all(
    errand.cardsIn(channel).map(({ ts }) => errand.jobIn({ channel, threadTs: ts, requester: errand.ann })),
  );
  for (const job of jobs) await job.offers(await job.result(), CHOICE);
  const [first] = jobs;
  await first?.presses('Run');
  await first?.offers(await first.result(2), DECISION);
  expect(errand.github.pulls(repo)).toHaveLength(1);
  expect(errand.cardsIn(channel)).toHaveLength(3);
});

test('a mention of several issues that arrives four times makes one plan for each, which a mention runs', async () => {
  const { slack, ann } = errand;
  const { repo, channel } = await ownRepository(errand, 'plans-in-doubles');
  const file = (title: string) =>
    errand.github.addIssue({ repo, title, author: 'carla', body: 'script: write done.txt <<done' }).number;
  slack.invite({ user: ann, channel, invitee: slack.botUserId });
  slack.doubleEvents(true);
  slack.post({ user: ann, channel, text: `@errand plan #${file('One')} #${file('Two')} repo=${repo}` });
  await slack.waitFor(
    { description: 'two cards', check: () => errand.cardsIn(channel).length === 2 },
    { timeoutMs: 30_000 },
  );
  const [card, other] = errand.cardsIn(channel).map(({ ts }) => ts);
  const job = await errand.jobIn({ channel, threadTs: card ?? '', requester: ann });
  await job.offers(await job.result(), CHOICE);
  slack.post({ user: ann, channel, threadTs: job.threadTs, text: '@errand go' });
  await job.offers(await job.result(2), DECISION);
  slack.doubleEvents(false);
  expect(await countEvents(errand, job, 'plan_run')).toBe(1);
  const second = await errand.jobIn({ channel, threadTs: other ?? '', requester: ann });
  await second.offers(await second.result(), CHOICE);
  expect(errand.cardsIn(channel)).toHaveLength(2);
});
