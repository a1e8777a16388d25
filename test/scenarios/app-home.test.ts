// The app's home, from a job's beginning to its merge: what waits for whom, what runs, how it ended, and buttons that work.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

const homeOf = (person: string): string => {
  const home = errand.slack.home(person);
  return home === undefined ? '' : errand.slack.renderView(home);
};

async function homeSays(person: string, words: RegExp): Promise<void> {
  await errand.slack.waitFor(
    { description: `the home of ${person} to say ${words}`, check: () => words.test(homeOf(person)) },
    { timeoutMs: 40_000 },
  );
}

test('a person follows a job at home, approves it there, and everybody finds how it ended', async () => {
  errand = await openErrand({ agentFlags: '--steering=native' });
  const { slack, ann, bob } = errand;
  await slack.openHome(ann);
  await slack.openHome(bob);
  await homeSays(ann, /This is how it goes/);
  const job = await errand.asksScript(['write begun.txt <<', 'wait-for-steering', 'write one.txt <<one']);
  await homeSays(ann, /# Under way\n.*J-1.*\n.*working · since .*\n.*\[ Stop \]/);
  await job.cardSays('Last: Edit begun.txt');
  job.replies('go');
  await homeSays(
    ann,
    /# Waiting for you\n.*J-1[\s\S]*Ready for your decision[\s\S]*\[ Approve & merge \] \[ Reject \] \[ Open thread \]/,
  );
  await homeSays(bob, /# Under way\n.*J-1.*\n.*ready, others decide/);
  expect(homeOf(bob)).not.toContain('[ Approve');
  await slack.click({ user: ann, home: true, actionId: 'job_open' });
  await slack.click({ user: ann, home: true, actionId: 'job_approve' });
  await job.cardSays(':tada: Merged');
  await homeSays(ann, /# Recent\n.*J-1.*#\d+ .*\n.*:tada: merged/);
  await homeSays(bob, /# Recent\n.*J-1.*#\d+ .*\n.*:tada: merged/);
  expect(homeOf(ann)).toContain('Nothing waits for you.');
  job.expectNotifications(1);
});

test('Stop at home stops the agent, and asks before', async () => {
  errand = await openErrand();
  const { slack, ann } = errand;
  const job = await errand.asksScript(['hang']);
  await slack.openHome(ann);
  await homeSays(ann, /working · since[\s\S]*\[ Stop \]/);
  await slack.click({ user: ann, home: true, actionId: 'job_stop', confirms: false });
  await slack.click({ user: ann, home: true, actionId: 'job_stop' });
  await job.cardSays(':octagonal_sign: Stopped');
  await homeSays(ann, /# Recent\n.*J-1.*\n.*:octagonal_sign: stopped/);
});
