// Webhooks: signed as @octokit/webhooks wants them, and lost, doubled or reordered on request.
import { createServer } from 'node:http';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub } from '../support/playground-github.ts';

const SECRET = 'shared secret';

/** A receiver made of @octokit/webhooks, which refuses bad signatures; and a GitHub that sends to it. */
async function startReceiver() {
  const webhooks = new Webhooks({ secret: SECRET });
  const heard: { id: string; name: string }[] = [];
  webhooks.onAny(({ id, name, payload }) => {
    heard.push({ id, name: 'action' in payload ? `${name}.${payload.action}` : name });
  });
  const server = createServer(createNodeMiddleware(webhooks, { path: '/hook' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const world = await startGitHub({ webhook: { url: `http://127.0.0.1:${port}/hook`, secret: SECRET } });
  return {
    world,
    heard,
    names: () => heard.map((one) => one.name),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
    },
  };
}

test('the life of a pull is told in signed webhooks', async () => {
  await using receiver = await startReceiver();
  const { world } = receiver;
  world.github.addIssue({ repo: REPO, title: 'Two is too quiet', author: 'mira' });
  const pull = await world.openPull();
  await world.github.commitTo(REPO, 'errand/j-1', { 'x.txt': 'x' }, { message: 'More' });
  const head = world.github.pull(REPO, pull.number).head.sha;
  world.github.comment(REPO, pull.number, { author: 'mira', body: 'Nice' });
  world.github.review(REPO, pull.number, { author: 'mira', state: 'APPROVED' });
  world.github.setCheck(REPO, head, { name: 'ci', status: 'completed', conclusion: 'success' });
  await world.octokit().rest.pulls.merge({ ...HERE, pull_number: pull.number, sha: head });
  await world.github.webhooks.settled();
  expect(receiver.names()).toEqual([
    'issues.opened',
    'push',
    'pull_request.opened',
    'push',
    'pull_request.synchronize',
    'issue_comment.created',
    'pull_request_review.submitted',
    'check_run.completed',
    'pull_request.closed',
    'issues.closed',
    'push',
  ]);
  expect(world.github.webhooks.deliveries.every((one) => one.status === 200)).toBe(true);
  const closed = world.github.webhooks.deliveries.find((one) => one.action === 'closed')?.body ?? '';
  expect(JSON.parse(closed)).toMatchObject({
    pull_request: { merged: true, number: pull.number },
    repository: { full_name: REPO },
    installation: { id: expect.any(Number) },
    sender: { login: 'errand-dev' },
  });
});

test('webhooks are lost, doubled, reordered and sent again under the same id', async () => {
  await using receiver = await startReceiver();
  const { github } = receiver.world;
  const { webhooks } = github;
  webhooks.set({ lost: (delivery) => delivery.event === 'issues' });
  github.addIssue({ repo: REPO, title: 'Lost', author: 'mira' });
  await webhooks.settled();
  expect(receiver.heard).toEqual([]);
  const lost = webhooks.deliveries[0]?.id ?? '';
  await webhooks.redeliver(lost);
  expect(receiver.heard).toEqual([{ id: lost, name: 'issues.opened' }]);

  webhooks.set({ doubled: true });
  github.comment(REPO, 1, { author: 'mira', body: 'Twice' });
  await webhooks.settled();
  const [, first, second] = receiver.heard;
  expect(first).toEqual(second);

  webhooks.set({ reordered: true });
  github.comment(REPO, 1, { author: 'mira', body: 'First' });
  github.closeIssue(REPO, 1, 'mira');
  await webhooks.settled();
  expect(receiver.names().slice(3)).toEqual(['issues.closed', 'issue_comment.created']);
});
