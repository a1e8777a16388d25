// Webhooks that never arrive cost time and nothing else: the next look finds what they would have told.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('every second webhook is lost, and the bot that hears them dies: the thread tells all the same', async () => {
  errand = await openErrand({ webhooks: true, limits: { lookEveryMs: 400 } });
  const { github, repo } = errand;
  let count = 0;
  github.webhooks.set({ lost: () => count++ % 2 === 0 });
  const job = await errand.asksScript(['write hello.txt <<hello']);
  const result = await job.result();
  const number = github.pulls(repo)[0]?.number ?? 0;
  github.closePullByHand(repo, number, 'carla');
  await job.cardSays('Closed on GitHub');
  github.webhooks.set({ lost: () => true });
  await github.reopenPullByHand(repo, number, 'carla');
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  // Nobody is there to hear of the merge, neither by webhook nor by looking.
  await errand.stopRunner();
  await errand.stopBot();
  await github.mergePullByHand(repo, number, { by: 'carla' });
  await errand.addRunner();
  await errand.restartBot();
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
  expect(github.pulls(repo)).toHaveLength(1);
});

test('GitHub is in trouble: looking rests and goes on, without a storm of requests', async () => {
  errand = await openErrand({ limits: { lookEveryMs: 200 } });
  const { github, repo } = errand;
  const job = await errand.asksScript(['write hello.txt <<hello']);
  await job.result();
  const number = github.pulls(repo)[0]?.number ?? 0;
  const path = `/repos/${repo}/pulls/${number}`;
  const asked = () => github.requests.filter((one) => one.method === 'GET' && one.path === path);
  await github.waitFor(() => asked().at(-1)?.status === 304, { timeoutMs: 30_000 });
  github.limitRate({ path, retryAfterS: 1, times: 2 });
  github.fault({ path, status: 503, times: 3 });
  const before = asked().length;
  github.closePullByHand(repo, number, 'carla');
  await job.cardSays('Closed on GitHub');
  const during = asked().slice(before);
  expect(during.filter(({ status }) => status >= 400).length).toBe(5);
  expect(during.length, 'each trouble is met with a pause').toBeLessThan(20);
});
