// A question that nobody answers ends with a word instead of hanging.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('a repository question that nobody answers expires, says so, and starts nothing', async () => {
  errand = await openErrand({ halves: ['bot'], limits: { choiceLifetimeMs: 1_000 } });
  const { slack, ann, channel } = errand;
  await errand.github.addRepository({ owner: 'acme', name: 'second' });
  await errand.types('/agent do tidy up');
  const question = await slack.waitFor({
    description: 'the question',
    check: () => slack.ephemerals(ann).find((one) => JSON.stringify(one.blocks).includes('choice_repo')),
  });
  await slack.waitFor({
    description: 'the word that it is over',
    check: () => slack.ephemerals(ann).some((one) => /Nobody chose a repository/.test(one.text)),
  });

  await slack.suggest({ user: ann, channel, ts: question.ts, actionId: 'choice_repo', query: 'sec' });
  await slack.click({ user: ann, channel, ts: question.ts, actionId: 'choice_repo', value: 'acme/second' });
  await slack.waitFor({ description: 'a late answer', check: () => /is over/.test(question.text) });
  expect(await errand.countJobs()).toBe(0);
  expect(errand.cardsIn()).toEqual([]);
});
