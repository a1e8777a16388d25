// Slack's own passing trouble while a command is heard: people read that something does not answer, and are sent nowhere.
import { expect, test } from 'vitest';
import { inboxSettled, startFront } from '../support/slack-front.ts';

const DOWN = "isn't answering right now";

test.each([
  { error: 'internal_error' },
  { error: 'fatal_error' },
  { error: 'service_unavailable' },
  { error: 'request_timeout' },
  { rawBody: '{"ok":true,"user":{"id":"U' },
  { rawBody: '{}' },
  { dropAfterApply: true },
])('%j about who is speaking', async (fault) => {
  const { slack, store, ada, general } = await startFront();
  slack.fault({ method: 'users.info', times: 3, ...fault });
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'do add a test' });
  await inboxSettled(store);
  expect(slack.ephemerals(ada.id).map(({ text }) => text)).toEqual([expect.stringContaining(DOWN)]);
});

test.each(['conversations.join', 'conversations.info'])(
  'an internal error of %s sends nobody to invite the bot',
  async (method) => {
    const { slack, store, ada } = await startFront();
    const channel = slack.addChannel({ name: 'elsewhere', members: [ada.id] });
    slack.fault({ method, error: 'internal_error' });
    await slack.slashCommand({ user: ada.id, channel: channel.id, command: '/agent', text: 'do add a test' });
    await inboxSettled(store);
    expect(slack.ephemerals(ada.id).map(({ text }) => text)).toEqual([expect.stringContaining(DOWN)]);
  },
);
