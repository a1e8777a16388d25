// GitHub tells by webhooks what happened: then nobody waits for the next look. They are lost, doubled and out of order, and
// the thread says the same in the end; looking now and then is rare here, so what is quick is quick because of them.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { inReview } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ webhooks: true, limits: { lookEveryMs: 600_000 } });
});
afterAll(() => errand.close());
beforeEach(() => errand.github.webhooks.set({}));

/** The first look at a pull is not by a webhook; what comes after it is. */
async function lookedAt(story: string) {
  const reviewed = await inReview(errand, story);
  const path = `/repos/${reviewed.repo}/pulls/${reviewed.number}`;
  await errand.github.waitFor(() =>
    errand.github.requests.some((one) => one.method === 'GET' && one.path === path),
  );
  return reviewed;
}

test('closed, reopened, pushed and merged are told at once', async () => {
  const { job, result, repo, number, branch } = await lookedAt('quick');
  const { github } = errand;
  github.closePullByHand(repo, number, 'carla');
  await job.cardSays('Closed on GitHub');
  await github.reopenPullByHand(repo, number, 'carla');
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  const pushed = await github.commitTo(repo, branch, { 'a.txt': 'a' }, { message: 'Add a', author: 'carla' });
  await job.says(`carla pushed \`${pushed.slice(0, 7)}\``);
  await github.mergePullByHand(repo, number, { by: 'carla' });
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
});

test('doubled and out of order: the end is what GitHub says, and each thing is told once', async () => {
  const { job, repo, number, branch } = await lookedAt('doubled');
  const { github } = errand;
  github.webhooks.set({ doubled: true, reordered: true });
  github.closePullByHand(repo, number, 'carla');
  await github.reopenPullByHand(repo, number, 'carla');
  await github.commitTo(repo, branch, { 'a.txt': 'a' }, { message: 'Add a', author: 'carla' });
  const pushed = await github.commitTo(repo, branch, { 'b.txt': 'b' }, { message: 'Add b', author: 'carla' });
  github.webhooks.set({});
  await github.webhooks.settled();
  await job.says(`carla pushed \`${pushed.slice(0, 7)}\``);
  await job.cardSays('Ready, waiting for a decision');
  const answered = github.webhooks.deliveries
    .filter(({ event }) => event !== 'ping')
    .map(({ status }) => status);
  expect(
    answered.every((status) => status === 200 || status === 202),
    answered.join(),
  ).toBe(true);
  job.expectNotifications(1);
  // An old one that somebody sends once more says nothing new.
  const closing = github.webhooks.deliveries.findLast(({ action }) => action === 'closed');
  await github.webhooks.redeliver(closing?.id ?? '');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  const trail = (await errand.eventsInside(job)).map(
    (event) => event.kind === 'status' && event.data['event'],
  );
  expect(trail.filter((event) => event === 'merged')).toHaveLength(1);
});

test('a stranger who knocks with a webhook of his own moves nothing', async () => {
  const { job, repo, number } = await lookedAt('forged');
  const before = errand.github.requests.length;
  const body = JSON.stringify({ repository: { full_name: repo }, pull_request: { number } });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': 'forged-1',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  };
  const answer = await fetch(errand.webhookUrl(), { method: 'POST', headers, body });
  expect(answer.status).toBe(401);
  expect(errand.github.requests.length).toBe(before);
  await job.cardSays('Ready, waiting for a decision');
});
