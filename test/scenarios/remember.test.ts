// *Remember this*: what people had to say to an agent becomes a page under .agents/context/, proposed as a pull like any
// other, merged with what stands there.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_REVIEW: 'on' } });
});
afterAll(() => errand.close());

const PAGE = '.agents/context/prices.md';
const LESSON = {
  file: 'prices.md',
  content: 'Prices are whole cents, never floats.',
  title: 'Say how prices are kept',
  why: 'A float was used.',
};

/** The job that a press on *Remember this* began. */
async function lessonJob(job: JobThread, channel: string): Promise<JobThread> {
  const card = await errand.slack.waitFor(
    {
      description: 'the card of the lesson',
      check: () => errand.cardsIn(channel).find((one) => one.ts !== job.threadTs),
    },
    { timeoutMs: 20_000 },
  );
  return errand.jobIn({ channel, threadTs: card.ts });
}

test.concurrent('what a rejection taught is proposed as a page, merged with what stands there', async () => {
  const { repo, channel } = await ownRepository(errand, 'lesson');
  await errand.github.commitTo(
    repo,
    'main',
    { [PAGE]: '# Prices\n\nOld words.\n' },
    { message: 'Say something' },
  );
  const job = await errand.asksScript(['write price.txt <<0.1'], {
    channel,
    options: `repo=${repo}`,
    others: [`script librarian: answer ${JSON.stringify(LESSON)}`],
  });
  const result = await job.result();
  await job.pressesAndSays('Reject', 'We never keep prices as floats.');
  await job.offers(result, ['Remember this']);
  await Promise.all([job.presses('Remember this'), job.presses('Remember this', { user: errand.bob })]);
  const lesson = await lessonJob(job, channel);
  const proposed = await lesson.result();
  await lesson.offers(proposed, ['Approve & merge', 'Request changes', 'Reject']);
  expect(lesson.words(proposed)).toContain('Say how prices are kept');
  expect(await errand.github.readFile(repo, `errand/${lesson.name}`, PAGE)).toBe(`${LESSON.content}\n`);
  const asked = (await errand.eventsInside(lesson)).flatMap(({ kind, data }) =>
    kind === 'note' && data['name'] === 'session' && data['prompt'] !== undefined
      ? [String(data['prompt'])]
      : [],
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('We never keep prices as floats.');
  expect(errand.cardsIn(channel), 'two presses, one lesson').toHaveLength(2);
});

test.concurrent('a page that cannot be read is no lesson, and nothing is proposed', async () => {
  const { repo, channel } = await ownRepository(errand, 'no-lesson');
  const job = await errand.asksScript(['write price.txt <<0.1'], {
    channel,
    options: `repo=${repo}`,
    others: [
      `script librarian: next answer No. ;; answer ${JSON.stringify({ ...LESSON, file: '../../.github/workflows/ci.yml' })}`,
    ],
  });
  const result = await job.result();
  await job.pressesAndSays('Reject', 'No.');
  await job.offers(result, ['Remember this']);
  await job.presses('Remember this');
  const lesson = await lessonJob(job, channel);
  expect(lesson.words(await lesson.result())).toContain('Nothing was written down');
  expect(errand.github.pulls(repo)).toHaveLength(1);
});
