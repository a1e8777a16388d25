// A job in Slack whose requests can be made to come again, as if the bot that had them had died over them.
import { expect } from 'vitest';
import { type ButtonValue, buildButtonValue } from '../../src/slack/ids.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { inboxSettled, startFront } from './slack-front.ts';
import { happen } from './store-room.ts';
import { rememberRequests, unfinish } from './unfinished-requests.ts';

/** A job of ada's, its thread, and a message with a button of each value in `buttons`. */
export async function startReplayRoom(buttons: Readonly<Record<string, ButtonValue>> = {}, options = {}) {
  const front = await startFront(options);
  const { ada, general, slack, store } = front;
  const { sql } = store.db;
  await rememberRequests(sql);
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await inboxSettled(store);
  const root = await front.slackIn.client.chat.postMessage({
    channel: general.id,
    text: 'card',
    blocks:
      Object.keys(buttons).length === 0
        ? []
        : [{ type: 'actions', elements: Object.entries(buttons).map(buildButton) }],
  });
  const ts = root.ts ?? '';
  await sql.query('UPDATE jobs SET thread_ts = $1', [ts]);
  let count = 1;
  const settled = async () => {
    count += 1;
    await inboxSettled(store, count);
  };
  return {
    ...front,
    front,
    ts,
    settled,
    job: () => loadJob(sql, 1),
    told: (user = ada.id) => slack.ephemerals(user).map((one) => one.text),
    happen: (...events: Parameters<typeof happen>[2][]) => happen(store, 1, ...events),
    async press(actionId: string, user = ada.id) {
      const outcome = await slack.click({ user, channel: general.id, ts, actionId });
      expect(outcome.error).toBeUndefined();
      await settled();
    },
    /** The newest request comes to a bot once more, as if the one that had it had died before it could note the end. */
    async replay({ ageS = 60, isEffectLost = false } = {}) {
      if (isEffectLost) await sql.query('DELETE FROM effects');
      await unfinish(sql, { ageS });
      await front.slackIn.takeUp();
      await inboxSettled(store, count);
    },
  };
}

function buildButton([action_id, value]: [string, ButtonValue]) {
  const text = { type: 'plain_text' as const, text: action_id };
  return { type: 'button' as const, action_id, text, value: buildButtonValue(value) };
}
