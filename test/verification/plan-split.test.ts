// Several tasks in one request are offered as several jobs, with one click; whoever wants it as one gets it as one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerLine, countEvents, promptsOf } from '../support/asked-of.ts';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8', ERRAND_PLAN: 'auto' } });
  await errand.addBot();
});
afterAll(() => errand.close());

const NAMES = ['refactored', 'faster', 'analytics', 'cleaned'];
const BUNDLE = {
  understood: 'Four things at once.',
  steps: ['All of it'],
  tasks: NAMES.map((name) => `script: write ${name}.txt <<${name}`),
};
const CHOICE = ['Run as 4 jobs', 'Run as one', 'Change', 'Drop'];

/** Asks for four things in one breath; `author` is what a single job would do. */
async function asksForAll(
  story: string,
  { author = '', words = 'Refactor, speed up, add analytics, clean up tests' } = {},
) {
  const { repo, channel } = await ownRepository(errand, story);
  const lines = [words, ...(author === '' ? [] : [`script: ${author}`]), answerLine('planner', BUNDLE)];
  const job = await errand.asks(`/agent do repo=${repo} ${lines.join('\n')}`, { channel });
  return { job, repo, channel };
}

test.concurrent('four tasks become four jobs, once, though two people press', async () => {
  const { job, repo, channel } = await asksForAll('four-tasks');
  const shown = await job.result();
  await job.offers(shown, CHOICE);
  for (const name of NAMES) expect(job.words(shown)).toContain(`write ${name}.txt`);
  await Promise.all([job.presses('Run as 4 jobs'), job.presses('Run as 4 jobs', { user: errand.bob })]);
  await job.cardSays('Went on as J-');
  await job.offers(shown, []);
  await errand.slack.waitFor(
    { description: 'four more cards', check: () => errand.cardsIn(channel).length === 5 },
    { timeoutMs: 30_000 },
  );
  for (const card of errand.cardsIn(channel).filter(({ ts }) => ts !== job.card().ts)) {
    const one = await errand.jobIn({ channel, threadTs: card.ts, requester: errand.ann });
    await one.offers(await one.result(), DECISION);
    expect(job.cardText()).toContain(one.name);
    one.expectNotifications(1);
  }
  const pulls = errand.github.pulls(repo);
  expect(pulls).toHaveLength(4);
  for (const name of NAMES) {
    const holders = pulls.map((pull) => errand.github.readFile(repo, pull.head.ref, `${name}.txt`));
    expect((await Promise.all(holders)).filter((text) => text === name)).toHaveLength(1);
  }
  expect(await countEvents(errand, job, 'plan_split')).toBe(1);
  expect(errand.cardsIn(channel)).toHaveLength(5);

  const before = errand.slack.ephemerals(errand.ann).length;
  job.replies('And one thing more.');
  const refused = await errand.slack.waitFor(() => errand.slack.ephemerals(errand.ann)[before]);
  expect(refused && errand.slack.renderEphemeral(refused)).toContain('Reply in their threads');
});

test.concurrent('who presses Run as one gets one job', async () => {
  const { job, repo, channel } = await asksForAll('as-one', { author: 'write all.txt <<all' });
  await job.offers(await job.result(), CHOICE);
  await job.presses('Run as one');
  await job.offers(await job.result(2), DECISION);
  expect(errand.github.pulls(repo)).toHaveLength(1);
  expect(errand.cardsIn(channel)).toHaveLength(1);
});

test.concurrent('who says "as one" in the thread is understood, and "go" alone is not enough', async () => {
  const { job } = await asksForAll('as-one-in-words', { author: 'write all.txt <<all' });
  await job.offers(await job.result(), CHOICE);
  const before = errand.slack.ephemerals(errand.ann).length;
  job.replies('go');
  await errand.slack.waitFor({
    description: 'a question which way',
    check: () =>
      errand.slack
        .ephemerals(errand.ann)
        .slice(before)
        .some((one) => errand.slack.renderEphemeral(one).includes('is several tasks')),
  });
  job.replies('as one');
  await job.offers(await job.result(2), DECISION);
});

test.concurrent('who insists on one job from the start is not asked', async () => {
  const { job } = await asksForAll('insists', {
    author: 'write all.txt <<all',
    words: 'Refactor, speed up, add analytics and clean up tests as one',
  });
  await job.offers(await job.result(), DECISION);
  job.expectNotifications(1);
});

test.concurrent('a part knows the issue that all come from, and what the other jobs do', async () => {
  const { repo, channel } = await ownRepository(errand, 'parts');
  const tasks = ['script: write one.txt <<one', 'script: write two.txt <<two'];
  const { number } = errand.github.addIssue({
    repo,
    title: 'Two things',
    author: 'carla',
    body: `The background of both.\n${answerLine('planner', { ...BUNDLE, tasks })}`,
  });
  const job = await errand.asks(`/agent fix #${number} repo=${repo}`, { channel });
  await job.offers(await job.result(), ['Run as 2 jobs', 'Run as one', 'Change', 'Drop']);
  await job.presses('Run as 2 jobs');
  await errand.slack.waitFor(
    { description: 'two more cards', check: () => errand.cardsIn(channel).length === 3 },
    { timeoutMs: 30_000 },
  );
  for (const card of errand.cardsIn(channel).filter(({ ts }) => ts !== job.card().ts)) {
    const one = await errand.jobIn({ channel, threadTs: card.ts, requester: errand.ann });
    await one.offers(await one.result(1, 100_000), DECISION);
    const [prompt = ''] = await promptsOf(errand, one);
    const own = prompt.includes('This is part 1 of 2.') ? 1 : 2;
    expect(prompt).toContain(`This is part ${own} of 2. Other jobs do the others at the same time`);
    expect(prompt).toContain('The background of both.');
    const others = /<material name="What the other jobs do">\n(.*?)\n<\/material>/s.exec(prompt)?.[1];
    expect(others).toBe(`${3 - own}. ${tasks[2 - own]}`);
  }
  const pulls = errand.github.pulls(repo);
  expect(pulls.map(({ body }) => body).join(), 'a part alone fixes no issue').not.toContain(
    `Fixes #${number}`,
  );
  expect(pulls).toHaveLength(2);
});
