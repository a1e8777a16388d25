// A job where the workspace offers agent sessions: Slack itself shows that an agent works, with a Stop button and task cards in
// the thread. What is left in the end is one card and one result, as everywhere.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

let errand: Errand;
afterEach(() => errand.close());

const OFFERED = { agentSessions: 'offered' } as const;
const statusOf = (job: JobThread) => errand.slack.agentSession(job.channel, job.threadTs)?.status;
const taskCards = (job: JobThread) =>
  job.thread().filter(({ blocks }) => blocks.some((block) => block.type === 'plan'));

async function wait(description: string, check: () => boolean): Promise<void> {
  await errand.slack.waitFor({ description, check }, { timeoutMs: 40_000 });
}

test('the turn stands in task cards while it runs, and a merge closes the session', async () => {
  errand = await openErrand({ agentFlags: '--steering=native', slack: OFFERED });
  const job = await errand.asksScript(['write begun.txt <<', 'wait-for-steering', 'write one.txt <<one']);
  await wait('task cards', () => /▶ Work: Edit begun.txt/.test(job.rendered()));
  expect(job.rendered()).toContain('✔ Get the code ready');
  expect(statusOf(job)).toBe('processing');
  await wait('a card that leaves it to them', () => !job.cardText().includes('Last: Edit begun.txt'));
  job.replies('go');
  const result = await job.result();
  expect(job.words(result)).toContain('ready for your decision');
  await wait('no task cards', () => taskCards(job).length === 0);
  await wait('a session that rests', () => statusOf(job) === 'active');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  await wait('a closed session', () => statusOf(job) === 'closed');
  expect(job.thread().filter(({ isByBot }) => isByBot)).toHaveLength(2);
  job.expectNotifications(1);
});

test('Slack’s own Stop button stops the job for whoever may stop it, and nobody else', async () => {
  const env = { ERRAND_STEER: 'UANN00001' };
  errand = await openErrand({ slack: OFFERED, env });
  const { slack, bob, channel } = errand;
  const ann = slack.addUser({ id: 'UANN00001', name: 'anna' }).id;
  slack.invite({ user: bob, channel, invitee: ann });
  const job = await errand.asksScript(['write begun.txt <<', 'hang'], { user: ann });
  await wait('task cards', () => taskCards(job).length === 1);
  const stop = { channel, threadTs: job.threadTs };
  await slack.stopSession({ ...stop, user: bob });
  const told = await slack.waitFor({ description: 'a refusal', check: () => slack.ephemerals(bob)[0] });
  expect(slack.renderEphemeral(told)).toMatch(/Only @anna may stop jobs/);
  // Slack ended the stream all the same: the card says everything again.
  await job.cardSays('Last: Edit begun.txt');
  expect(statusOf(job)).toBe('processing');
  await slack.stopSession({ ...stop, user: ann });
  await job.cardSays(':octagonal_sign: Stopped');
  await wait('a closed session', () => statusOf(job) === 'closed');
  await wait('no task cards', () => taskCards(job).length === 0);
  await job.says('was stopped');
});

test('where the workspace offers none, the plain card says the same', async () => {
  errand = await openErrand({ slack: { agentSessions: 'not_allowed' } });
  const job = await errand.asksScript(['write begun.txt <<', 'hang']);
  await job.cardSays('Last: Edit begun.txt');
  expect(job.cardButtons()).toEqual(['Stop']);
  expect(job.thread()).toHaveLength(1);
  await job.presses('Stop');
  await job.cardSays(':octagonal_sign: Stopped');
});
