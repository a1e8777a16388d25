// The main story: an issue, a fix, a decision.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('Ann asks for a fix, approves what she sees, and exactly that is merged', async () => {
  errand = await openErrand();
  const issue = errand.files({
    title: 'Say hello',
    directives: ['write hello.txt <<hello', 'title Say hello'],
  });

  const job = await errand.asks(`/agent fix #${issue}`);
  const result = await job.result();
  expect(job.buttons(result)).toEqual(['Approve & merge', 'Request changes', 'Reject']);
  const [pull] = errand.github.pulls(errand.repo);
  expect(pull?.body).toContain(`Fixes #${issue}`);
  expect(JSON.stringify(result.blocks)).toContain(pull?.head.sha);

  await job.presses('Approve');
  await job.cardSays('Merged');
  const merged = errand.github.pull(errand.repo, pull?.number ?? 0);
  expect(merged.mergedAt).not.toBeNull();
  expect(merged.head.sha).toBe(pull?.head.sha);
  expect(await errand.github.readFile(errand.repo, 'main', 'hello.txt')).toBe('hello');
  expect(errand.github.issue(errand.repo, issue).state).toBe('closed');
  expect(await errand.github.branchSha(errand.repo, `errand/${job.name}`)).toBeUndefined();
  job.expectNotifications(1);
});
