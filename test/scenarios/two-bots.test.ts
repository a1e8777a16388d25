// Two bots over one database, as during a rolling deployment: nobody may see two of anything.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('two bots share the work: one card, one result, one merge', async () => {
  errand = await openErrand();
  await errand.addBot();
  const job = await errand.asksScript(['write hello.txt <<hello']);
  const asked = await errand.mentions('script: answer All is well.');
  await job.result();
  await asked.result();
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
  asked.expectNotifications(1);
  expect(errand.cardsIn().filter((card) => card.text.startsWith(`${job.name}:`))).toHaveLength(1);
  expect(errand.cardsIn().filter((card) => card.text.startsWith(`${asked.name}:`))).toHaveLength(1);
  expect(await errand.countJobs()).toBe(2);
});
