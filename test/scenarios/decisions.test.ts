// Who decides, and what a server without asynchronous merges makes of it.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('only the requester and named approvers decide, on an older server, too', async () => {
  errand = await openErrand({ asyncMerge: false, env: { ERRAND_APPROVERS: 'UCARL0001' } });
  const { slack, ann, bob, channel } = errand;
  const carl = slack.addUser({ id: 'UCARL0001', name: 'carl' }).id;
  slack.invite({ user: ann, channel, invitee: carl });
  const first = await errand.asksScript(['write one.txt <<one']);
  await first.result();
  await first.presses('Approve', { user: bob });
  const told = await slack.waitFor({ description: 'a refusal', check: () => slack.ephemerals(bob)[0] });
  expect(slack.renderEphemeral(told)).toMatch(/Only @ann or a named approver can decide/);
  await first.presses('Reject', { user: bob });
  await slack.waitFor({ description: 'a second refusal', check: () => slack.ephemerals(bob)[1] });
  expect(slack.modals(bob)).toEqual([]);
  expect(errand.github.pulls(errand.repo)[0]?.state).toBe('open');

  await first.presses('Approve', { user: carl });
  await first.cardSays(':tada: Merged');
  await first.says(`Approved by <@${carl}>`);
  first.expectNotifications(1);
  const [pull] = errand.github.pulls(errand.repo);
  expect(pull?.mergedAt).not.toBeNull();
  const merges = errand.github.requests.filter((request) => /pulls\/\d+\/merge$/.test(request.path));
  expect(merges.filter((request) => request.method === 'PUT')).toHaveLength(1);
});
