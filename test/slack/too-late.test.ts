// Requests that were left behind too long ago: answered instead of done, unless they had been done all the same.
import { describe, expect, it } from 'vitest';
import { listJobs } from '../../src/store/jobs.ts';
import { pendingReplies } from '../../src/store/replies.ts';
import { startReplayRoom as startJob } from '../support/replay-room.ts';
import { inboxSettled } from '../support/slack-front.ts';

describe('too late', () => {
  it.each(['by age', 'by number of tries'])(
    'a request is not done any more but answered, once (%s)',
    async (why) => {
      const room = await startJob({ job_stop: { jobId: 1, turn: 1 } });
      const { ada, bob, general, slack, store } = room;
      const late = async () => {
        const tries = why === 'by age' ? 1 : 9;
        await store.db.sql.query('UPDATE inbox SET takes = $1 WHERE id = (SELECT max(id) FROM inbox)', [
          tries,
        ]);
        await room.replay({ ageS: why === 'by age' ? 40 * 60 : 60, isEffectLost: true });
        await room.front.slackIn.takeUp();
      };
      await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'do not this' });
      await room.settled();
      await store.db.sql.query(`DELETE FROM jobs WHERE id = 2`);
      await late();
      expect(await listJobs(store.db.sql, {})).toHaveLength(1);
      expect(room.told().filter((text) => text.includes('please say it again'))).toHaveLength(1);
      await room.press('job_stop', bob.id);
      await late();
      expect(room.told(bob.id).at(-1)).toContain('please say it again');
      slack.post({ user: bob.id, channel: general.id, threadTs: room.ts, text: 'nice weather' });
      await room.settled();
      await late();
      expect(room.told(bob.id)).toHaveLength(1);
      slack.post({ user: bob.id, channel: general.id, threadTs: room.ts, text: '@errand use tabs' });
      await room.settled();
      await late();
      expect(room.told(bob.id)).toHaveLength(2);
    },
  );

  const old = { ageS: 40 * 60 };

  it('a press, words, a form and a command that were done are left in peace', async () => {
    const room = await startJob({ job_stop: { jobId: 1, turn: 1 }, job_changes: { jobId: 1 } });
    const { ada, general, slack, store } = room;
    const types = async (text: string) => {
      await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text });
      await room.settled();
    };
    await room.replay(old);
    slack.post({ user: ada.id, channel: general.id, threadTs: room.ts, text: '@errand use tabs' });
    await room.settled();
    await room.replay(old);
    await room.press('job_changes');
    const [modal] = slack.modals(ada.id);
    await slack.submitView({ user: ada.id, viewId: modal?.id ?? '', values: { words: 'And a test' } });
    await room.settled();
    expect(await pendingReplies(store.db.sql, 1)).toHaveLength(2);
    await store.db.sql.query('UPDATE inbox SET acked_at = now() WHERE id = (SELECT max(id) FROM inbox)');
    await room.replay(old);
    await room.press('job_stop');
    expect(await room.job()).toMatchObject({ status: 'cancelled' });
    await room.replay(old);
    await types('replies all');
    await room.replay(old);
    await types('list');
    await room.replay(old);
    expect(room.told().join()).not.toContain('please say it again');
    expect(room.told()).toHaveLength(2);
  });

  it('what was handled is forgotten after a week', async () => {
    const room = await startJob();
    const { sql } = room.store.db;
    await sql.query(`UPDATE inbox SET handled_at = now() - interval '8 days'`);
    await room.slack.slashCommand({
      user: room.ada.id,
      channel: room.general.id,
      command: '/agent',
      text: 'help',
    });
    await inboxSettled(room.store, 2);
    await room.front.slackIn.takeUp();
    expect((await sql.query('SELECT body FROM inbox')).rows).toMatchObject([{ body: { text: 'help' } }]);
  });
});
