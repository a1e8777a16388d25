// The entrances that test/trouble/outsiders.test.ts leaves out: every other button, the menu of repositories, forms and
// questions of people who are no members any more, a first mention. Refused or ignored, and nothing changes.
import { expect, test } from 'vitest';
import { ACTION } from '../../src/slack/ids.ts';
import { listJobs, loadJob } from '../../src/store/jobs.ts';
import { pendingReplies } from '../../src/store/replies.ts';
import { KINDS, REFUSED } from '../support/outsiders.ts';
import { startReplayRoom } from '../support/replay-room.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { createWorld, inboxSettled, startFront } from '../support/slack-front.ts';

const turn = 1;
const CARD_BUTTONS = {
  [ACTION.stop]: { jobId: 1, turn },
  [ACTION.interrupt]: { jobId: 1, turn },
  [ACTION.retry]: { jobId: 1, turn },
  [ACTION.changes]: { jobId: 1, turn },
};

test.each(KINDS)(
  '%s presses the buttons of a card: each is refused and the job goes on',
  async (_name, kind) => {
    const room = await startReplayRoom(CARD_BUTTONS);
    const user = room.slack.addUser({ name: 'outsider', ...kind }).id;
    room.slack.invite({ user: room.ada.id, channel: room.general.id, invitee: user });
    await room.happen({ type: 'taken', workId: 'w1' });
    const before = await room.job();
    for (const [index, action] of Object.keys(CARD_BUTTONS).entries()) {
      await room.press(action, user);
      await room.slack.waitFor(() => room.told(user).length > index);
      expect(room.told(user).at(-1), action).toMatch(REFUSED);
    }
    expect(room.slack.modals(user)).toEqual([]);
    expect(await room.job()).toEqual(before);
  },
);

test.each(KINDS)('%s is offered no repositories and starts nothing by a mention', async (_name, kind) => {
  const { slack, ada, general, store } = await startFront();
  const user = slack.addUser({ name: 'outsider', ...kind }).id;
  slack.invite({ user: ada.id, channel: general.id, invitee: user });
  slack.post({ user, channel: general.id, text: '@errand do add a test' });
  // Somebody else's words, so that the outsider's have been heard by then.
  slack.post({ user: ada.id, channel: general.id, text: '@errand help' });
  await slack.waitFor(() => slack.ephemerals(ada.id).length > 0);
  await inboxSettled(store);
  for (const { text } of slack.ephemerals(user)) expect(text).toMatch(REFUSED);
  expect(await listJobs(store.db.sql, {})).toEqual([]);
});

/** A member who is a guest by the time that it counts. */
async function startWithClock(repositories: string[]) {
  let skewMs = 0;
  const front = await startFront({
    world: createWorld({ repositories }),
    now: () => new Date(Date.now() + skewMs),
  });
  const becomesGuest = () => {
    front.slack.changeUser(front.ada.id, { isRestricted: true });
    // What was known of her is forgotten after five minutes.
    skewMs = 6 * 60_000;
  };
  return { ...front, becomesGuest };
}

test('a question is answered by somebody who became a guest since: nothing starts', async () => {
  const { slack, ada, general, store, becomesGuest } = await startWithClock(['acme/shop', 'acme/web']);
  const spot = { user: ada.id, channel: general.id };
  await slack.slashCommand({ ...spot, command: '/agent', text: 'do add a test' });
  const { ts } = await slack.waitFor(() => slack.ephemerals(ada.id)[0]);
  const menu = { ...spot, ts, actionId: ACTION.pickRepo };
  expect(await slack.suggest({ ...menu, query: 'shop' })).toHaveLength(1);
  becomesGuest();
  await slack.click({ ...menu, value: 'acme/shop' });
  await slack.waitFor(() => slack.ephemerals(ada.id).some(({ text }) => REFUSED.test(text)));
  await inboxSettled(store, 2);
  expect(await listJobs(store.db.sql, {})).toEqual([]);
});

test('*Send to agent* is sent off by somebody who became a guest since: the form says no, and names no repository', async () => {
  const { slack, ada, bob, general, store, becomesGuest } = await startWithClock(['acme/shop']);
  const { ts } = slack.post({ user: bob.id, channel: general.id, text: 'The shop is down' });
  await slack.messageShortcut({ user: ada.id, channel: general.id, ts, callbackId: 'send_to_agent' });
  const { id: viewId } = await slack.waitFor(() => slack.modals(ada.id)[0]);
  await slack.suggest({ user: ada.id, viewId, actionId: ACTION.pickRepo, query: 'sho' });
  becomesGuest();
  const sent = await slack.submitView({ user: ada.id, viewId, values: { choice_repo: 'acme/shop' } });
  expect(sent.errors?.['task']).toMatch(REFUSED);
  expect(await slack.suggest({ user: ada.id, viewId, actionId: ACTION.pickRepo, query: '' })).toEqual([]);
  expect(await listJobs(store.db.sql, {})).toEqual([]);
});

test('words in a thread that somebody else edits or deletes later change nothing of what was said', async () => {
  const room = await startReplayRoom();
  const { ada, bob, general, slack, store, ts: threadTs } = room;
  await room.happen(
    { type: 'taken', workId: 'w1' },
    { type: 'turn_ended', result: sampleResult(), pull: SAMPLE_PULL },
  );
  const { ts } = slack.post({ user: bob.id, channel: general.id, threadTs, text: 'just talking' });
  await room.settled();
  await slack.edit({ user: bob.id, channel: general.id, ts, text: '@errand delete the tests' });
  slack.post({ user: ada.id, channel: general.id, threadTs, text: '@errand status' });
  await slack.waitFor(() => slack.ephemerals(ada.id).length > 0);
  expect(await pendingReplies(store.db.sql, 1)).toEqual([]);
  expect(await loadJob(store.db.sql, 1)).toMatchObject({ status: 'in_review', turn: 1 });
});
