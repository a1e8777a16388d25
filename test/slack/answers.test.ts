// Words to one person: said once, kept until Slack has taken them, and given up where it never will.
import { describe, expect, it } from 'vitest';
import { type Front, inboxSettled, startFront } from '../support/slack-front.ts';

describe('an answer', () => {
  const asks = (front: Front, text = 'help') =>
    front.slack.slashCommand({ user: front.ada.id, channel: front.general.id, command: '/agent', text });
  const answers = async (front: Front) =>
    (await front.store.db.sql.query('SELECT tries, ended_at IS NOT NULL AS ended, problem FROM answers'))
      .rows;
  const due = (front: Front) => front.store.db.sql.query(`UPDATE answers SET not_before = 'epoch'`);

  it('that Slack did not take is said from the database later, once', async () => {
    const front = await startFront();
    front.slack.fault({ method: 'response_url', httpStatus: 500 });
    front.slack.fault({ method: 'chat.postEphemeral', error: 'internal_error' });
    await asks(front);
    await inboxSettled(front.store);
    expect(front.slack.ephemerals(front.ada.id)).toEqual([]);
    expect(await answers(front)).toEqual([{ tries: 1, ended: false, problem: 'internal_error' }]);
    await front.slackIn.sayDue();
    expect(front.slack.ephemerals(front.ada.id)).toEqual([]);
    await due(front);
    await Promise.all([front.slackIn.sayDue(), front.slackIn.sayDue()]);
    await front.slackIn.sayDue();
    expect(front.slack.ephemerals(front.ada.id)).toHaveLength(1);
    expect(await answers(front)).toEqual([{ tries: 2, ended: true, problem: null }]);
  });

  it('that a response_url refuses with a good status is said in another way', async () => {
    const front = await startFront();
    front.slack.fault({ method: 'response_url', httpStatus: 200, error: 'expired_url' });
    await asks(front);
    await inboxSettled(front.store);
    expect(front.slack.ephemerals(front.ada.id)).toHaveLength(1);
  });

  it('whose outcome nobody knows is not repeated at once', async () => {
    const front = await startFront();
    front.slack.fault({ method: 'response_url', httpStatus: 404 });
    front.slack.fault({ method: 'chat.postEphemeral', dropAfterApply: true });
    await asks(front);
    await inboxSettled(front.store);
    expect(front.slack.ephemerals(front.ada.id)).toHaveLength(1);
    expect(await answers(front)).toMatchObject([{ tries: 1, ended: false }]);
  });

  it('is given up after six tries in vain, and at once where Slack says never', async () => {
    const front = await startFront();
    front.slack.fault({ method: 'response_url', httpStatus: 404, times: 100 });
    front.slack.fault({ method: 'chat.postEphemeral', error: 'service_unavailable', times: 6 });
    await asks(front);
    await inboxSettled(front.store);
    for (let n = 0; n < 9; n += 1) {
      await due(front);
      await front.slackIn.sayDue();
    }
    expect(await answers(front)).toEqual([{ tries: 6, ended: true, problem: 'service_unavailable' }]);
    front.slack.fault({ method: 'chat.postEphemeral', error: 'user_disabled' });
    await asks(front, 'list');
    await inboxSettled(front.store, 2);
    expect(await answers(front)).toContainEqual({ tries: 1, ended: true, problem: 'user_disabled' });
  });

  it('that this version cannot read is left to others, and given up when it is old', async () => {
    const front = await startFront();
    const { sql } = front.store.db;
    await sql.query(
      `INSERT INTO answers (key, recipient, message, not_before) VALUES ('newer', '{"to":1}', '{}', 'epoch')`,
    );
    await front.slackIn.sayDue();
    expect(await answers(front)).toEqual([{ tries: 2, ended: false, problem: null }]);
    await sql.query(`UPDATE answers SET created_at = now() - interval '2 hours'`);
    await due(front);
    await front.slackIn.sayDue();
    expect(await answers(front)).toEqual([{ tries: 3, ended: true, problem: 'too old' }]);
  });
});
