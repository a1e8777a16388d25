// Where a wish is too vague to act on, people are asked before anything is done: with answers to choose from, at most twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askedOf, countEvents, promptsOf } from '../support/asked-of.ts';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_PLAN: 'auto' } });
});
afterAll(() => errand.close());

const PLAN = { understood: 'A page is to be faster.', steps: ['Cache it'] };
const VAGUE = {
  ...PLAN,
  questions: [
    { question: 'Which page is slow?', proposals: ['The start page', 'The cart'] },
    { question: 'How fast is fast?', proposals: ['Below a second', 'Half of now'] },
  ],
};
const OPEN = [
  'The start page',
  'The cart',
  'Below a second',
  'Half of now',
  'Decide yourself',
  'Change',
  'Drop',
];
const answers = (value: unknown) => `answer ${JSON.stringify(value)}`;

/** A planner that asks until it is told this word. */
const asks = (word: string) =>
  errand.asksScript(['write done.txt <<done'], {
    others: [`script planner: unless-told ${word} ${answers(VAGUE)} ;; ${answers(PLAN)}`],
  });

test('questions are answered by buttons, by whoever is there, and the work goes on', async () => {
  const job = await asks('Asked');
  const shown = await job.result();
  await job.offers(shown, OPEN);
  await job.cardSays('It has questions for you');
  expect(await promptsOf(errand, job), 'nothing is guessed').toEqual([]);

  await job.presses('The cart');
  await job.offers(shown, OPEN.slice(2));
  await job.presses('Below a second', { user: errand.bob });
  await job.offers(await job.result(2), DECISION);
  await job.offers(shown, []);
  expect(job.words(shown)).toContain(`The cart (<@${errand.ann}>)`);
  expect(job.words(shown)).toContain(`Below a second (<@${errand.bob}>)`);
  const planned = (await askedOf(errand, job)).filter(({ part }) => part === 'planner');
  expect(planned).toHaveLength(2);
  expect(planned[1]?.prompt).toContain('Asked "Which page is slow?": The cart');
  const [told = ''] = await promptsOf(errand, job);
  expect(told, 'the author knows what was answered').toContain('Asked "How fast is fast?": Below a second');
  job.expectNotifications(2);
});

test('an answer in words answers all questions at once, and is heard once', async () => {
  const job = await asks('mangoes');
  await job.offers(await job.result(), OPEN);
  const said = job.replies('The page with the mangoes, please, and not slower than the others.');
  await job.offers(await job.result(2), DECISION);
  await job.reacted(said, 'white_check_mark');
  const [told = ''] = await promptsOf(errand, job);
  expect(told.split('The page with the mangoes')).toHaveLength(2);
});

test('two people who choose for the same question at once: one choice holds', async () => {
  const job = await asks('Asked');
  const shown = await job.result();
  await job.offers(shown, OPEN);
  await Promise.all([job.presses('The start page'), job.presses('The cart', { user: errand.bob })]);
  await job.offers(shown, OPEN.slice(2));
  expect(await countEvents(errand, job, 'plan_answered')).toBe(1);
  await job.presses('Drop');
  await job.cardSays('Dropped by');
});

test('people are asked twice at the most; then the plan decides by itself', async () => {
  const job = await asks('never-said');
  await job.offers(await job.result(), OPEN);
  job.replies('I do not know.');
  await job.offers(await job.result(2), OPEN);
  job.replies('I still do not know.');
  await job.offers(await job.result(3), DECISION);
  const planned = (await askedOf(errand, job)).filter(({ part }) => part === 'planner');
  expect(planned).toHaveLength(3);
  expect(planned[2]?.prompt).toContain('Nobody will answer any more questions');
});

test('who lets it decide is not asked again', async () => {
  const job = await asks('never-said');
  const shown = await job.result();
  await job.offers(shown, OPEN);
  await job.presses('Decide yourself');
  await job.offers(await job.result(2), DECISION);
  await job.offers(shown, []);
});

test('where plans are approved, the one after the answers is approved too', async () => {
  const job = await errand.asksScript(['write done.txt <<done'], {
    options: 'plan=ask',
    others: [`script planner: unless-told cart ${answers(VAGUE)} ;; ${answers(PLAN)}`],
  });
  await job.offers(await job.result(), OPEN);
  job.replies('The cart.');
  const plan = await job.result(2);
  await job.offers(plan, ['Run', 'Change', 'Drop']);
  expect(await promptsOf(errand, job)).toEqual([]);
  await job.presses('Run');
  await job.offers(await job.result(3), DECISION);
});

test('without a plan there are no questions', async () => {
  const job = await errand.asksScript(['write done.txt <<done'], {
    options: 'plan=off',
    others: [`script planner: ${answers(VAGUE)}`],
  });
  await job.offers(await job.result(), DECISION);
  expect(await askedOf(errand, job)).toEqual([]);
});
