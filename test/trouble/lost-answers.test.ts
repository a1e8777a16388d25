// GitHub does what Errand asks and its answers are lost, one after another: the whole way of a job, each thing done once.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('push, pull, comment, closing and deleting: every answer is lost, and each is done once', async () => {
  errand = await openErrand();
  const { github, repo } = errand;
  github.fault({ path: `/${repo}.git/git-receive-pack`, dropAfterApply: true });
  github.fault({ method: 'POST', path: `/repos/${repo}/pulls`, statusAfterApply: 502 });
  const job = await errand.asksScript(['write hello.txt <<hello']);
  await job.result();
  const [pull, ...more] = github.pulls(repo);
  expect(more).toEqual([]);
  expect(await errand.pushed(job, 'hello.txt')).toBe('hello');
  const number = pull?.number ?? 0;
  github.fault({ method: 'POST', path: `/repos/${repo}/issues/${number}/comments`, dropAfterApply: true });
  github.fault({ method: 'PATCH', path: `/repos/${repo}/pulls/${number}`, statusAfterApply: 502 });
  github.fault({
    method: 'DELETE',
    path: `/repos/${repo}/git/refs/heads/errand/${job.name}`,
    dropAfterApply: true,
  });
  await job.pressesAndSays('Reject', 'Not the way we want to go.');
  await job.cardSays(':no_entry_sign: Rejected');
  const closed = github.pull(repo, number);
  expect(closed.comments).toHaveLength(1);
  expect(closed.events.map(({ event }) => event)).toEqual(['closed']);
  expect(await github.branchSha(repo, closed.head.ref)).toBeUndefined();
  job.expectNotifications(1);
});

test('every answer to a change is a 2xx that nobody can read: each is done once all the same', async () => {
  errand = await openErrand({ asyncMerge: false });
  const { github, repo } = errand;
  github.fault({ method: 'POST', path: `/repos/${repo}/pulls`, rawBody: '{"number":1,"html_u' });
  github.fault({ path: /^\/repos\/.*\/git\/ref\//, rawBody: '{}' });
  const job = await errand.asksScript(['write hello.txt <<hello']);
  await job.result();
  const [pull, ...more] = github.pulls(repo);
  expect(more).toEqual([]);
  const number = pull?.number ?? 0;
  github.fault({ method: 'PUT', path: `/repos/${repo}/pulls/${number}/merge`, rawBody: '<html>' });
  github.fault({ method: 'GET', path: `/repos/${repo}/pulls/${number}`, rawBody: 'null', times: 4 });
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(github.pull(repo, number).events.filter(({ event }) => event === 'merged')).toHaveLength(1);
  job.expectNotifications(1);
});

test('somebody pushes between the decision and the tidying: their commit is not deleted with our branch', async () => {
  errand = await openErrand();
  const { github, repo } = errand;
  const job = await errand.asksScript(['write hello.txt <<hello']);
  await job.result();
  const [pull] = github.pulls(repo);
  const branch = pull?.head.ref ?? '';
  const theirs = await github.commitTo(repo, branch, { 'theirs.txt': 'theirs' }, { message: 'Add theirs' });
  await job.pressesAndSays('Reject', '');
  await job.cardSays(':no_entry_sign: Rejected');
  expect(github.pull(repo, pull?.number ?? 0).state).toBe('closed');
  expect(await github.branchSha(repo, branch)).toBe(theirs);
});
