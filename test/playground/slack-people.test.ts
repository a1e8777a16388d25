// People clicking, choosing and using shortcuts, against the real Bolt.
import type { App, BlockAction } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSocketApp, startTown } from '../support/bolt-on-local-slack.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const button = (action_id: string, value: string) => ({
  type: 'button' as const,
  action_id,
  value,
  text: plain(action_id),
});
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });

test('a click carries value, message, container, state and a response URL that can replace the message', async () => {
  const bodies: BlockAction[] = [];
  const { slack, at, general } = await startTownWithCard((app) => {
    app.action<BlockAction>(/.*/, async ({ ack, body, respond }) => {
      await ack();
      bodies.push(body);
      if (body.actions[0]?.action_id === 'approve')
        await respond({ text: 'merging', blocks: [], replace_original: true });
    });
  });

  await slack.click({ ...at, actionId: 'repo', value: 'b' });
  await slack.click({ ...at, actionId: 'more', value: 'c' });
  await slack.click({ ...at, actionId: 'approve' });
  await slack.waitFor(() => slack.message(general.id, at.ts)?.text === 'merging');

  const body = bodies[2];
  expect(body?.actions[0]).toMatchObject({
    type: 'button',
    block_id: 'row',
    action_id: 'approve',
    value: 'J-12',
  });
  expect(body?.actions[0]?.action_ts).toMatch(/^\d+\.\d{6}$/);
  expect(body?.container).toMatchObject({ type: 'message', message_ts: at.ts, is_ephemeral: false });
  expect(body?.message?.text).toBe('card');
  expect(body?.user).toMatchObject({ id: at.user, team_id: slack.teamId });
  expect(body?.state?.values['row']?.['repo']?.selected_option).toEqual(option('b'));
  expect(bodies[0]?.actions[0]).toMatchObject({ selected_option: option('b') });
  expect(bodies[1]?.actions[0]).toMatchObject({ type: 'overflow', selected_option: option('c') });
});

test('nobody can click what is not shown now, or press a button with another value', async () => {
  const { slack, at, client } = await startTownWithCard((app) => app.action(/.*/, async ({ ack }) => ack()));

  await expect(slack.click({ ...at, actionId: 'approve', value: 'J-13' })).rejects.toThrow(
    'carries J-12, not J-13',
  );
  await expect(slack.click({ ...at, actionId: 'repo', value: 'z' })).rejects.toThrow('offered: A, B');
  expect((await slack.click({ ...at, actionId: 'approve', confirms: false })).error).toBe('turned_back');
  await client.chat.update({ channel: at.channel, ts: at.ts, text: 'done', blocks: [] });
  await expect(slack.click({ ...at, actionId: 'approve' })).rejects.toThrow('There is no approve to click');
});

test('an ephemeral can be clicked and then replaced or deleted by its response URL', async () => {
  const town = await startTown();
  const { slack, ada, bob, general, client } = town;
  await startSocketApp(town, (app) => {
    app.action('pick', async ({ ack, respond }) => {
      await ack();
      await respond({ delete_original: true });
    });
  });
  const blocks = [{ type: 'actions', elements: [button('pick', '1')] }];
  const posted = await client.chat.postEphemeral({
    channel: general.id,
    user: ada.id,
    text: 'pick one',
    blocks,
  });
  const at = { channel: general.id, ts: String(posted.message_ts), actionId: 'pick' };

  await expect(slack.click({ ...at, user: bob.id })).rejects.toThrow('message_not_found');
  await slack.click({ ...at, user: ada.id });
  await slack.waitFor(() => slack.ephemerals(ada.id).length === 0);
});

test('a response URL is used up after five answers, and after thirty minutes', async () => {
  let nowMs = Date.now();
  const town = await startTown({ now: () => new Date(nowMs) });
  const { slack, ada, general } = town;
  const urls: string[] = [];
  await startSocketApp(town, (app) => {
    app.command('/agent', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    });
  });
  const answer = async (url: string | undefined, body: object = { text: 'hi' }) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(String(url), { method: 'POST', headers, body: JSON.stringify(body) });
    return [response.status, ((await response.json()) as { error?: string }).error];
  };
  for (const text of ['1', '2'])
    await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text });

  for (let n = 0; n < 5; n++) expect(await answer(urls[0])).toEqual([200, undefined]);
  expect(await answer(urls[0])).toEqual([404, 'used_url']);
  expect(await answer(urls[1], {})).toEqual([400, 'no_text']);
  nowMs += 30 * 60_000 + 1;
  expect(await answer(urls[1])).toEqual([404, 'expired_url']);
  expect(slack.ephemerals(ada.id)).toHaveLength(5);
});

test('a message shortcut brings the message, and the home tab can be published and clicked', async () => {
  const town = await startTown();
  const { slack, ada, bob, general } = town;
  const seen: unknown[] = [];
  await startSocketApp(town, (app) => {
    app.shortcut('send', async ({ ack, shortcut }) => {
      await ack();
      if (shortcut.type === 'message_action') seen.push([shortcut.message.text, shortcut.message.user]);
    });
    app.event('app_home_opened', async ({ event, client }) => {
      const view = {
        type: 'home' as const,
        blocks: [{ type: 'actions' as const, elements: [button('stop', 'J-1')] }],
      };
      await client.views.publish({ user_id: event.user, view });
    });
    app.action<BlockAction>('stop', async ({ ack, body }) => {
      await ack();
      seen.push([body.container['type'], body.view?.type]);
    });
  });
  const { ts } = slack.post({ user: bob.id, channel: general.id, text: 'broken' });

  await slack.messageShortcut({ user: ada.id, channel: general.id, ts, callbackId: 'send' });
  await slack.openHome(ada.id);
  await slack.waitFor(() => slack.home(ada.id));
  await slack.click({ user: ada.id, home: true, actionId: 'stop' });

  expect(seen).toEqual([
    ['broken', bob.id],
    ['view', 'home'],
  ]);
});

test('names, channels and links in a command arrive as ids and in angle brackets', async () => {
  const town = await startTown();
  const { slack, ada, bob, general } = town;
  const texts: string[] = [];
  await startSocketApp(town, (app) => {
    app.command('/agent', async ({ ack, command }) => {
      texts.push(command.text);
      await ack();
    });
  });
  const text = 'do ask @bob in #general about #12 https://x.y/z?a=1&b=2 <now> @nobody';
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text });
  expect(texts).toEqual([
    `do ask <@${bob.id}|bob> in <#${general.id}|general> about #12 <https://x.y/z?a=1&amp;b=2> &lt;now&gt; @nobody`,
  ]);
});

test('edits and deletions by people reach the bot as message events', async () => {
  const town = await startTown();
  const { slack, ada, general } = town;
  const subtypes: (string | undefined)[] = [];
  await startSocketApp(town, (app) => {
    app.message(async ({ message }) => {
      subtypes.push(message.subtype);
    });
  });
  const posted = slack.post({ user: ada.id, channel: general.id, text: 'one', files: [{ name: 'log.txt' }] });
  await posted.acked;
  await slack.edit({ user: ada.id, channel: general.id, ts: posted.ts, text: 'two' });
  await slack.deleteMessage({ user: ada.id, channel: general.id, ts: posted.ts });
  expect(subtypes).toEqual(['file_share', 'message_changed', 'message_deleted']);
});

async function startTownWithCard(prepare: (app: App) => void) {
  const town = await startTown();
  await startSocketApp(town, prepare);
  const confirm = {
    title: plain('Sure?'),
    text: plain('Merge abc123'),
    confirm: plain('Yes'),
    deny: plain('No'),
  };
  const elements = [
    { ...button('approve', 'J-12'), confirm },
    {
      type: 'static_select' as const,
      action_id: 'repo',
      placeholder: plain('Which?'),
      options: [option('a'), option('b')],
    },
    { type: 'overflow' as const, action_id: 'more', options: [option('c')] },
  ];
  const blocks = [{ type: 'actions' as const, block_id: 'row', elements }];
  const posted = await town.client.chat.postMessage({ channel: town.general.id, text: 'card', blocks });
  return { ...town, at: { user: town.ada.id, channel: town.general.id, ts: String(posted.ts) } };
}

/** Lets the app open this modal whenever somebody uses the shortcut `open`. */
/** Ada uses that shortcut; answers the id of the modal she then sees. */
