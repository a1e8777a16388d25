// Saying no: the pull is closed, the branch goes, and the reason stands where the author of the next attempt finds it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand();
});
afterAll(() => errand.close());

async function readyJob(file: string) {
  const job = await errand.asksScript([`write ${file} <<x`]);
  const result = await job.result();
  const pull = errand.github.pulls(errand.repo).find((one) => one.head.ref === `errand/${job.name}`);
  return { job, result, number: pull?.number ?? 0 };
}

test.concurrent('a rejection with a reason leaves the reason on the closed pull', async () => {
  const { job, result, number } = await readyJob('with-reason.txt');
  await job.pressesAndSays('Reject', 'Not the way we want to go, @acme/team.');
  await job.cardSays(':no_entry_sign: Rejected');
  const pull = errand.github.pull(errand.repo, number);
  expect(pull.state).toBe('closed');
  expect(pull.mergedAt).toBeNull();
  expect(pull.comments.map((comment) => comment.body).join()).toContain(
    '> Not the way we want to go, @\u200bacme/team.',
  );
  expect(await errand.github.branchSha(errand.repo, `errand/${job.name}`)).toBeUndefined();
  await job.offers(result, ['Remember this']);
  job.expectNotifications(1);
});

test.concurrent('a rejection without a reason says nothing on the closed pull', async () => {
  const { job, number } = await readyJob('without-reason.txt');
  await job.pressesAndSays('Reject', '');
  await job.cardSays(':no_entry_sign: Rejected');
  const pull = errand.github.pull(errand.repo, number);
  expect(pull.state).toBe('closed');
  expect(pull.comments).toEqual([]);
  expect(await errand.github.branchSha(errand.repo, `errand/${job.name}`)).toBeUndefined();
});

test.concurrent('a reply to a finished job gets a polite way forward, once', async () => {
  const { job } = await readyJob('merged.txt');
  await job.presses('Approve');
  await job.cardSays('Merged');
  job.replies('One more thing: also do the other one.');
  await job.says('that is final. Start the next one with');
  job.replies('Hello?');
  job.replies('@errand stop');
  await errand.slack.waitFor(() =>
    errand.slack.ephemerals(errand.ann).find((one) => one.threadTs === job.threadTs),
  );
  expect(
    job.thread().filter((message) => job.words(message).includes('that is final. Start the next one with')),
  ).toHaveLength(1);
});
