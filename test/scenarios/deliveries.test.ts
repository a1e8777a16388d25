// Slack delivers things more than once; people must not notice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ slack: { ackTimeoutMs: 2_000, retryDelaysMs: [60_000, 60_000] } });
});
afterAll(() => errand.close());

test('a mention that arrives four times is one job, and a reply that arrives twice is heard once', async () => {
  const { slack, channel, ann } = errand;
  slack.invite({ user: ann, channel, invitee: slack.botUserId });
  slack.doubleEvents(true);
  const before = await errand.countJobs();
  const job = await errand.mentions('script: write begun.txt << ;; wait-for-steering');
  await job.cardSays('Last: Edit begun.txt');
  const ts = job.replies('script: append log.txt <<once\\n');
  await job.reacted(ts, 'white_check_mark');
  await job.result();
  slack.doubleEvents(false);
  expect(await errand.countJobs()).toBe(before + 1);
  expect(errand.cardsIn()).toHaveLength(before + 1);
  expect(await errand.github.readFile(errand.repo, `errand/${job.name}`, 'log.txt')).toBe('once\n');
  job.expectNotifications(1);
});

test('an event whose acknowledgement was lost comes again and changes nothing', async () => {
  const { slack, channel, ann } = errand;
  const before = await errand.countJobs();
  const { ts, acked } = slack.post({ user: ann, channel, text: '@errand script: write b.txt <<b' });
  slack.cutSockets();
  await acked;
  await slack.waitFor(
    { description: 'sockets again', check: () => slack.socketCount() > 0 },
    { timeoutMs: 30_000 },
  );
  await slack.retryNow();
  const job = await errand.jobIn({ channel, threadTs: ts });
  await job.result();
  expect(await errand.countJobs()).toBe(before + 1);
  job.expectNotifications(1);
});
