// The app's home as people meet it: who sees what, and what their presses there come to.
import { expect, test } from 'vitest';
import { SHA, startReviewedJob } from '../support/reviewed-job.ts';
import { createWorld, type Front, inboxSettled, startFront } from '../support/slack-front.ts';

const shownTo = ({ slack }: Front, person: string): string => {
  const home = slack.home(person);
  return home === undefined ? '' : slack.renderView(home);
};

async function opens(front: Front, person: string, words: string | RegExp): Promise<void> {
  await front.slack.openHome(person);
  await says(front, person, words);
}

async function says(front: Front, person: string, words: string | RegExp): Promise<void> {
  const matches = () => {
    const shown = shownTo(front, person);
    return typeof words === 'string' ? shown.includes(words) : words.test(shown);
  };
  await front.slack.waitFor(
    { description: `the home of ${person} to say ${words}`, check: matches },
    { timeoutMs: 15_000 },
  );
}

test('whoever opens it first is taught, and sees a job as soon as it is there', async () => {
  const front = await startFront();
  const { slack, ada, general } = front;
  await opens(front, ada.id, 'This is how it goes');
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await says(front, ada.id, /Totals are wrong[\s\S]*queued/);
  expect(shownTo(front, ada.id)).toContain('[ Stop ]');
});

test('the other tabs of the app are nobody’s home', async () => {
  const front = await startFront();
  await front.slack.openHome(front.ada.id, 'messages');
  await inboxSettled(front.store);
  await opens(front, front.bob.id, 'Waiting for you');
  expect(front.slack.home(front.ada.id)).toBeUndefined();
});

test('a guest is told why there is nothing', async () => {
  const front = await startFront();
  const guest = front.slack.addUser({ name: 'gil', isUltraRestricted: true });
  await opens(front, guest.id, 'I only take tasks from full members');
});

test('a job of a private channel is seen by its members alone', async () => {
  const front = await startFront();
  const { slack, ada, bob, slackIn } = front;
  const botId = slackIn.identity().botUserId;
  const secret = slack.addChannel({ name: 'secret', isPrivate: true, members: [ada.id, botId] });
  await slack.slashCommand({ user: ada.id, channel: secret.id, command: '/agent', text: 'fix #1' });
  await opens(front, ada.id, 'Totals are wrong');
  await opens(front, bob.id, 'This is how it goes');
  expect(shownTo(front, bob.id)).not.toContain('Totals');
});

test('the buttons of a decision stand only with whoever may decide, and merge exactly what they show', async () => {
  const { front } = await startReviewedJob();
  const { slack, ada, bob, store } = front;
  await opens(front, bob.id, 'others decide');
  expect(shownTo(front, bob.id)).not.toContain('[ Approve');
  await opens(front, ada.id, '[ Approve & merge ] [ Reject ]');
  await slack.click({ user: ada.id, home: true, actionId: 'job_approve' });
  await says(front, ada.id, 'being merged');
  const { rows } = await store.db.sql.query<{ data: unknown }>('SELECT data FROM jobs');
  expect(rows[0]?.data).toMatchObject({ status: 'merging', decision: { by: ada.id, sha: SHA } });
  expect(slack.ephemerals(ada.id)).toEqual([]);
});

test('what speaks against a press is said where it was pressed, until the next one', async () => {
  const { front } = await startReviewedJob({
    world: createWorld(),
    rules: { approvers: [], admins: ['U0ADA'] },
  });
  const { slack, ada, store, slackIn } = front;
  await store.db.sql.query(
    `INSERT INTO people (team, person, login, github_id, linked_by) VALUES ($1, $2, 'ada-reads', 123, $2)`,
    [slackIn.identity().teamId, ada.id],
  );
  await opens(front, ada.id, '[ Approve & merge ]');
  await slack.click({ user: ada.id, home: true, actionId: 'job_approve' });
  await says(front, ada.id, /GitHub lets that account only read[\s\S]*# Waiting for you/);
  front.world.writers.push('ada-reads');
  await slack.click({ user: ada.id, home: true, actionId: 'job_approve' });
  await says(front, ada.id, 'being merged');
  expect(shownTo(front, ada.id)).not.toContain('only read');
});

test('a question stands with whoever asked for the job, and the others see that it is open', async () => {
  const front = await startFront();
  const { slack, ada, bob, general, store } = front;
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await inboxSettled(store);
  await store.db.sql.query(
    `UPDATE jobs SET status = 'waiting', data = jsonb_set(data, '{status}', '"waiting"')`,
  );
  await opens(front, ada.id, /Totals are wrong[\s\S]*It waits for an answer in the thread[\s\S]*# Under way/);
  await opens(front, bob.id, 'has a question for others');
  expect(shownTo(front, bob.id)).toContain('Nothing waits for you.');
});

test('a job is rejected from home by the same form', async () => {
  const { front } = await startReviewedJob();
  const { slack, ada } = front;
  await opens(front, ada.id, '[ Reject ]');
  await slack.click({ user: ada.id, home: true, actionId: 'job_reject' });
  const form = await slack.waitFor(() => slack.modals(ada.id)[0]);
  await slack.submitView({ user: ada.id, viewId: form.id, values: {} });
  await says(front, ada.id, 'being closed');
});
