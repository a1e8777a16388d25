// Comments on the lines of a pull, as Octokit sees them, with GitHub's own refusals.
import { expect, test } from 'vitest';
import { HERE, REPO, startGitHub } from '../support/playground-github.ts';

test('a review brings its comments, a thread takes replies, a reply takes none', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const at = { ...HERE, pull_number: pull.number };
  const octokit = world.octokit();
  const comments = [{ path: 'README.md', line: 2, body: 'Too loud' }];
  await octokit.rest.pulls.createReview({ ...at, event: 'COMMENT', comments });
  const { data } = await octokit.rest.pulls.listReviewComments(at);
  const [first] = data;
  expect(first).toMatchObject({ path: 'README.md', line: 2, body: 'Too loud' });
  expect(first?.in_reply_to_id).toBeUndefined();
  expect(first?.diff_hunk).toContain('+TWO');
  const reply = { ...at, comment_id: Number(first?.id), body: 'Is it?' };
  const { data: said } = await octokit.rest.pulls.createReplyForReviewComment(reply);
  expect(said).toMatchObject({ in_reply_to_id: first?.id, path: 'README.md' });
  const again = octokit.rest.pulls.createReplyForReviewComment({ ...reply, comment_id: Number(said.id) });
  await expect(again).rejects.toMatchObject({ status: 422 });
  const nowhere = octokit.rest.pulls.createReplyForReviewComment({ ...reply, comment_id: 1 });
  await expect(nowhere).rejects.toMatchObject({ status: 404 });
  const newest = await octokit.rest.pulls.listReviewComments({ ...at, sort: 'created', direction: 'desc' });
  expect(newest.data.map(({ id }) => id)).toEqual([said.id, first?.id]);
  const { data: changed } = await octokit.rest.pulls.get(at);
  expect(changed.review_comments).toBe(2);
  expect(Date.parse(changed.updated_at)).toBeGreaterThanOrEqual(Date.parse(said.created_at));
});

test('threads are resolved by GraphQL, by whoever may write', async () => {
  await using world = await startGitHub();
  const pull = await world.openPull();
  const [first = 0] = await world.github.reviewLines(REPO, pull.number, {
    author: 'carla',
    lines: [{ path: 'README.md', line: 2, body: 'Too loud' }],
  });
  const query = `query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { reviewThreads(first: 100) { nodes { id isResolved } } } } }`;
  const resolve =
    'mutation($threadId: ID!) { resolveReviewThread(input: { threadId: $threadId }) { thread { id } } }';
  const threads = async () => {
    const where = { owner: 'acme', name: 'shop', number: pull.number };
    const answer = await world.octokit().graphql<{
      repository: { pullRequest: { reviewThreads: { nodes: { id: string; isResolved: boolean }[] } } };
    }>(query, where);
    return answer.repository.pullRequest.reviewThreads.nodes;
  };
  const threadId = `PRRT_${first}`;
  expect(await threads()).toMatchObject([{ id: threadId, isResolved: false }]);
  world.github.setCollaborator(REPO, 'reader', 'read');
  world.github.addToken('ghp_reader', 'reader');
  await expect(world.octokit('ghp_reader').graphql(resolve, { threadId })).rejects.toThrow(
    /Could not resolve/,
  );
  await world.octokit().graphql(resolve, { threadId });
  expect(await threads()).toMatchObject([{ id: threadId, isResolved: true }]);
});

test('the log of a job of GitHub Actions is text behind a redirect; other checks have none', async () => {
  await using world = await startGitHub();
  const sha = (await world.github.branchSha(REPO, 'main')) ?? '';
  world.github.setCheck(REPO, sha, { name: 'test', status: 'completed', conclusion: 'failure', log: 'no\n' });
  world.github.setCheck(REPO, sha, {
    name: 'lint',
    status: 'completed',
    conclusion: 'failure',
    summary: 'No',
  });
  const octokit = world.octokit();
  const { data } = await octokit.rest.checks.listForRef({ ...HERE, ref: sha });
  const [test, lint] = data.check_runs;
  expect(test?.details_url).toMatch(/\/actions\/runs\/\d+\/job\/\d+$/);
  expect(lint?.output.summary).toBe('No');
  const log = (job: number) => octokit.rest.actions.downloadJobLogsForWorkflowRun({ ...HERE, job_id: job });
  expect((await log(Number(test?.id))).data).toBe('no\n');
  await expect(log(Number(lint?.id))).rejects.toMatchObject({ status: 404 });
});
