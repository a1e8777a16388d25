// Somebody asks about the code: an answer in the thread, no branch, no pull, nothing changed. Words after it are the next
// question.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_PLAN: 'auto', ERRAND_REVIEW: 'on' } });
});
afterAll(() => errand.close());

test.concurrent('a question is answered from the code, and nothing comes of it but words', async () => {
  const job = await errand.asks(
    '/agent ask How many lines has the README?\nscript answerer: run wc -l < README.md > lines.txt ;; answer It has a few lines, see README.md:1.',
  );
  const result = await job.result();
  expect(job.words(result)).toContain('has an answer');
  expect(job.words(result)).toContain('It has a few lines, see README.md:1.');
  await job.offers(result, []);
  expect(await errand.pushed(job, 'lines.txt')).toBeUndefined();
  expect(errand.github.pulls(errand.repo).some((pull) => pull.head.ref === `errand/${job.name}`)).toBe(false);
  job.replies('script answerer: answer Sixty.');
  const second = await job.result(2);
  expect(job.words(second)).toContain('Sixty.');
  const asked = (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
    kind === 'note' && data['name'] === 'session' && data['prompt'] !== undefined
      ? [String(data['prompt'])]
      : [],
  );
  expect(asked, 'one look by one session a question: no plan, no review').toHaveLength(2);
  expect(asked[1]).toContain('You answered: It has a few lines');
  job.expectNotifications(2);
});

test.concurrent('among free words only a question is one', async () => {
  const { id: channel } = errand.slack.addChannel({
    name: `free-${crypto.randomUUID().slice(0, 6)}`,
    members: [errand.ann, errand.slack.botUserId],
  });
  const job = await errand.mentions('ask the user before deleting. script: write done.txt <<done', {
    channel,
  });
  await job.offers(await job.result(), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await errand.pushed(job, 'done.txt')).toBe('done');
  const question = await errand.mentions('ask what is this? script answerer: answer A shop.', { channel });
  expect(question.words(await question.result())).toContain('A shop.');
});
