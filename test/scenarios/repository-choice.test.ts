// Which repository? Named before channel default before a searchable question over all of them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSlack } from '../../src/playground/slack/local-slack.ts';
import { type Errand, openErrand } from '../support/errand.ts';

const COUNT = 120;
let errand: Errand;
let slack: LocalSlack;

beforeAll(async () => {
  errand = await openErrand({ halves: ['bot'] });
  slack = errand.slack;
  for (let number = 1; number <= COUNT; number += 1) {
    const name = `service-${String(number).padStart(3, '0')}`;
    await errand.github.addRepository({ owner: 'acme', name, copyOf: errand.repo });
  }
});
afterAll(() => errand.close());

const newChannel = (name: string) => slack.addChannel({ name, members: [errand.ann, errand.bob] }).id;

/** Types a task that names no repository; answers the question that Ann alone sees. */
async function isAsked(channel: string, text = '/agent do tidy up') {
  const seen = new Set(slack.ephemerals(errand.ann).map((one) => one.ts));
  await errand.types(text, { channel });
  return slack.waitFor(
    {
      description: 'the question',
      check: () => slack.ephemerals(errand.ann).find((one) => one.channel === channel && !seen.has(one.ts)),
    },
    { timeoutMs: 15_000 },
  );
}

test('a repository beyond the first hundred is found by its name, and the job starts there', async () => {
  const channel = newChannel('many');
  const before = await errand.countJobs();
  const question = await isAsked(channel);
  expect(slack.renderEphemeral(question)).toContain('Which repository');
  expect(errand.cardsIn(channel)).toEqual([]);
  expect(await errand.countJobs()).toBe(before);

  const at = { user: errand.ann, channel, ts: question.ts, actionId: 'choice_repo' };
  expect(await slack.suggest({ ...at, query: '' })).toHaveLength(100);
  const found = await slack.suggest({ ...at, query: 'service-117' });
  expect(found.map((option) => option.value)).toEqual(['acme/service-117']);

  await slack.click({ ...at, value: 'acme/service-117' });
  const [card] = await slack.waitFor({
    description: 'the card',
    check: () => (errand.cardsIn(channel).length > 0 ? errand.cardsIn(channel) : undefined),
  });
  expect(JSON.stringify(card?.blocks)).toContain('acme/service-117');
  expect(await errand.countJobs()).toBe(before + 1);
  await slack.waitFor({
    description: 'the question to be gone',
    check: () => !slack.ephemerals(errand.ann).some((one) => one.ts === question.ts),
  });
});

test('a dropped question starts nothing', async () => {
  const channel = newChannel('dropped');
  const question = await isAsked(channel);
  await slack.click({ user: errand.ann, channel, ts: question.ts, actionId: 'choice_drop' });
  await slack.waitFor({ description: 'a goodbye', check: () => question.text.includes('Dropped') });
  expect(errand.cardsIn(channel)).toEqual([]);
});

test('a named repository and the default of the channel ask nobody', async () => {
  const channel = newChannel('settled');
  const named = await errand.asks('/agent do tidy up repo=acme/service-005', { channel });
  expect(named.cardText()).toContain('acme/service-005');
  expect(await (await errand.types('/agent repo', { channel })).answer()).toContain('no default');
  const set = await errand.types('/agent repo acme/service-007', { channel });
  expect(await set.answer()).toContain('acme/service-007');
  const byDefault = await errand.asks('/agent do tidy up', { channel });
  expect(byDefault.cardText()).toContain('acme/service-007');
  const stillNamed = await errand.asks('/agent do tidy up repo=acme/service-005', { channel });
  expect(stillNamed.cardText()).toContain('acme/service-005');
  const wrong = await errand.types('/agent repo acme/service-07', { channel });
  expect(await wrong.answer()).toMatch(/can't see/);
});
