// Slack wants a pause for one kind of call, or refuses the bot's token: what was asked for waits, and nobody else does.
import { expect, test } from 'vitest';
import { listJobs } from '../../src/store/jobs.ts';
import { eventually, inboxSettled, startFront } from '../support/slack-front.ts';

test.each([
  ['a limit', { retryAfterS: 600 }],
  ['a limit without a time', { httpStatus: 429 }],
  ['a limit in words', { error: 'ratelimited' }],
  ['a token that is refused', { error: 'token_revoked' }],
])(
  '%s that one person meets keeps nobody else waiting, and what they asked for is done later',
  async (_name, fault) => {
    const front = await startFront();
    const { slack, ada, bob, general, store } = front;
    const { sql } = store.db;
    const types = (user: string, text: string) =>
      slack.slashCommand({ user, channel: general.id, command: '/agent', text });
    slack.fault({ method: 'users.info', ...fault });
    await types(ada.id, 'fix #1');
    await slack.waitFor(() => slack.calls.some((call) => call.method === 'users.info'));
    await types(bob.id, 'do add a test');
    const jobs = () => listJobs(sql, {});
    expect(await eventually(jobs, (all) => all.length === 1)).toMatchObject([{ requester: bob.id }]);
    // Ada's bot has let go of her wish; a while passes.
    await eventually(
      async () => {
        await sql.query(
          `UPDATE inbox SET received_at = now() - interval '1 minute' WHERE handled_at IS NULL`,
        );
        await front.slackIn.takeUp();
        return jobs();
      },
      (all) => all.length === 2,
    );
    await inboxSettled(store, 2);
    expect(slack.ephemerals(ada.id)).toEqual([]);
  },
);

test('a wish outlives any number of take-ups that Slack refuses, and is done when an operator has mended the token', async () => {
  const front = await startFront();
  const { slack, ada, general, store } = front;
  const { sql } = store.db;
  const refusals = () => slack.calls.filter((call) => call.method === 'users.info').length;
  slack.fault({ method: 'users.info', error: 'token_revoked', times: 9 });
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await eventually(
    async () => {
      await sql.query(
        `UPDATE inbox SET received_at = now() - interval '10 minutes', taken_at = now() - interval '1 minute'
         WHERE handled_at IS NULL`,
      );
      await front.slackIn.takeUp();
      return listJobs(sql, {});
    },
    (all) => all.length === 1,
    20_000,
  );
  expect(refusals()).toBeGreaterThan(9);
  await inboxSettled(store);
  expect(slack.ephemerals(ada.id)).toEqual([]);
});
