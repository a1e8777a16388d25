// The home tab: what the bot understands, and the open jobs of whoever looks.
import { expect, test } from 'vitest';
import { inboxSettled, startFront } from '../support/slack-front.ts';

test("shows what the bot understands and the person's open jobs", async () => {
  const { slack, ada, bob, general, store } = await startFront();
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await inboxSettled(store);
  await slack.openHome(ada.id);
  await slack.openHome(bob.id);
  await inboxSettled(store, 3);
  await slack.waitFor(() => slack.home(bob.id));
  expect(JSON.stringify(slack.home(ada.id)?.content)).toContain('Totals are wrong');
  expect(JSON.stringify(slack.home(bob.id)?.content)).toContain('Nothing is open');
});
