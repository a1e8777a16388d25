// The local Slack's Web API through the real @slack/web-api client: what it answers and what it refuses.
import { expect, test } from 'vitest';
import { connectClient, refusalOf, startTown } from '../support/bolt-on-local-slack.ts';

test('a bot is told who it is, and a wrong, missing or misused token is refused', async () => {
  const { slack, apiUrl, client } = await startTown();

  expect(await client.auth.test()).toMatchObject({ ok: true, user_id: slack.botUserId, bot_id: slack.botId });
  expect((await client.auth.test()).response_metadata?.scopes).toContain('chat:write');
  expect((await refusalOf(connectClient(apiUrl, 'xoxb-wrong').auth.test())).error).toBe('invalid_auth');
  expect((await refusalOf(connectClient(apiUrl, '').auth.test())).error).toBe('not_authed');
  expect((await refusalOf(client.apps.connections.open({}))).error).toBe('not_allowed_token_type');
  expect((await refusalOf(client.apiCall('no.such.method'))).error).toBe('unknown_method');
});

test('a post can be read back with its metadata, edited and deleted, and every edit is kept', async () => {
  let nowMs = Date.parse('2026-11-20T10:00:00Z');
  const { slack, client, general } = await startTown({ now: () => new Date(nowMs) });
  const metadata = { event_type: 'job', event_payload: { job: 12 } };
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'one' } }];

  const posted = await client.chat.postMessage({ channel: general.id, text: 'one', blocks, metadata });
  const ts = String(posted.ts);
  nowMs += 3000;
  await client.chat.update({ channel: general.id, ts, text: 'two' });

  const plain = await client.conversations.history({ channel: general.id });
  const full = await client.conversations.history({ channel: general.id, include_all_metadata: true });
  expect(plain.messages?.[0]).toMatchObject({ text: 'two', bot_id: slack.botId });
  expect(plain.messages?.[0]).not.toHaveProperty('metadata');
  expect(full.messages?.[0]).toMatchObject({ metadata });
  // Blocks that an edit does not name stay.
  expect(slack.message(general.id, ts)?.blocks).toHaveLength(1);
  const history = slack.message(general.id, ts)?.history ?? [];
  expect(history.map((one) => one.text)).toEqual(['one', 'two']);
  expect(Number(history[1]?.at) - Number(history[0]?.at)).toBe(3000);

  await client.chat.delete({ channel: general.id, ts });
  expect((await refusalOf(client.chat.update({ channel: general.id, ts, text: 'x' }))).error).toBe(
    'message_not_found',
  );
  expect(slack.messages(general.id)).toEqual([]);
});

test('only its own messages can be edited or deleted by the bot', async () => {
  const { slack, client, general, ada } = await startTown();
  const { ts } = slack.post({ user: ada.id, channel: general.id, text: 'mine' });

  expect((await refusalOf(client.chat.update({ channel: general.id, ts, text: 'x' }))).error).toBe(
    'cant_update_message',
  );
  expect((await refusalOf(client.chat.delete({ channel: general.id, ts }))).error).toBe(
    'cant_delete_message',
  );
});

test('channels refuse whoever may not write there', async () => {
  const { slack, client, ada, bob } = await startTown();
  const open = slack.addChannel({ name: 'open', members: [ada.id] });
  const secret = slack.addChannel({ name: 'secret', isPrivate: true, members: [ada.id] });
  const old = slack.addChannel({ name: 'old', isArchived: true });
  const post = (channel: string) => client.chat.postMessage({ channel, text: 'hi' });

  expect((await refusalOf(post(open.id))).error).toBe('not_in_channel');
  expect((await refusalOf(post(secret.id))).error).toBe('channel_not_found');
  expect((await refusalOf(post('C404'))).error).toBe('channel_not_found');
  expect((await refusalOf(post(old.id))).error).toBe('is_archived');
  const join = client.conversations.join({ channel: secret.id });
  expect((await refusalOf(join)).error).toBe('method_not_supported_for_channel_type');
  await client.conversations.join({ channel: open.id });
  await post(open.id);
  const whisper = client.chat.postEphemeral({ channel: open.id, user: bob.id, text: 'psst' });
  expect((await refusalOf(whisper)).error).toBe('user_not_in_channel');
  await client.chat.postEphemeral({ channel: open.id, user: ada.id, text: 'psst' });
  expect(slack.ephemerals(ada.id).map((one) => one.text)).toEqual(['psst']);
  expect((await client.conversations.members({ channel: open.id })).members).toEqual([
    ada.id,
    slack.botUserId,
  ]);
});

test('a direct message opens by user id', async () => {
  const { slack, client, ada } = await startTown();
  const opened = await client.conversations.open({ users: ada.id });
  await client.chat.postMessage({ channel: ada.id, text: 'hello' });
  expect(slack.messages(String(opened.channel?.id)).map((one) => one.text)).toEqual(['hello']);
});

test('threads are read whole and in pages, and deleted roots leave a tombstone', async () => {
  const { slack, client, general, ada } = await startTown();
  const root = slack.post({ user: ada.id, channel: general.id, text: 'root' });
  for (const text of ['a', 'b', 'c'])
    await client.chat.postMessage({ channel: general.id, thread_ts: root.ts, text });

  const texts: (string | undefined)[] = [];
  let cursor = '';
  do {
    const page = await client.conversations.replies({ channel: general.id, ts: root.ts, limit: 2, cursor });
    texts.push(...(page.messages ?? []).map((one) => one.text));
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  expect(texts).toEqual(['root', 'a', 'b', 'c']);

  await slack.deleteMessage({ user: ada.id, channel: general.id, ts: root.ts });
  const replies = await client.conversations.replies({ channel: general.id, ts: root.ts });
  expect(replies.messages?.[0]).toMatchObject({ subtype: 'tombstone' });
  const lost = client.chat.postMessage({ channel: general.id, thread_ts: '1000000000.000001', text: 'x' });
  expect((await refusalOf(lost)).error).toBe('thread_not_found');
});

test('reactions are added once and removed once', async () => {
  const { slack, client, general, ada } = await startTown();
  const { ts: timestamp } = slack.post({ user: ada.id, channel: general.id, text: 'look' });
  const eyes = { channel: general.id, timestamp, name: 'eyes' };

  await client.reactions.add(eyes);
  expect(slack.reactions(general.id, timestamp)).toEqual([{ name: 'eyes', users: [slack.botUserId] }]);
  expect((await refusalOf(client.reactions.add(eyes))).error).toBe('already_reacted');
  await client.reactions.remove(eyes);
  expect((await refusalOf(client.reactions.remove(eyes))).error).toBe('no_reaction');
});

test('people, groups, bots and channels can be looked up', async () => {
  const { slack, client, ada, general } = await startTown();
  const guest = slack.addUser({ name: 'guest', isRestricted: true });
  const stranger = slack.addUser({ name: 'stranger', isStranger: true });
  const group = slack.addUserGroup([ada.id]);

  expect((await client.users.info({ user: guest.id })).user).toMatchObject({ is_restricted: true });
  const other = (await client.users.info({ user: stranger.id })).user;
  expect(other?.is_stranger).toBe(true);
  expect(other?.team_id).not.toBe(slack.teamId);
  expect((await client.users.list({})).members).toHaveLength(5);
  expect((await client.usergroups.users.list({ usergroup: group })).users).toEqual([ada.id]);
  expect((await client.bots.info({ bot: slack.botId })).bot?.user_id).toBe(slack.botUserId);
  expect((await client.conversations.info({ channel: general.id })).channel?.is_member).toBe(true);
  expect((await client.conversations.list({})).channels?.map((one) => one.name)).toEqual(['general']);
  expect((await client.team.info()).team?.id).toBe(slack.teamId);
});

test('a permalink names the message and its thread', async () => {
  const { slack, client, general, ada } = await startTown();
  const root = slack.post({ user: ada.id, channel: general.id, text: 'root' });
  const reply = slack.post({ user: ada.id, channel: general.id, text: 'reply', threadTs: root.ts });
  const { permalink } = await client.chat.getPermalink({ channel: general.id, message_ts: reply.ts });
  expect(permalink).toContain(`/archives/${general.id}/p${reply.ts.replace('.', '')}?thread_ts=${root.ts}`);
});

test('JSON bodies work as form bodies do, and wrong arguments are named', async () => {
  const { slack, apiUrl, client, general } = await startTown();
  const response = await fetch(`${apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel: general.id, text: 'json', blocks: [{ type: 'divider' }] }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
  const refused = await refusalOf(client.apiCall('chat.postMessage', { text: 'nowhere' }));
  expect(refused).toMatchObject({
    error: 'invalid_arguments',
    messages: [expect.stringContaining('channel')],
  });
});

test('every call is kept with its arguments, time and answer', async () => {
  const { slack, client, general } = await startTown();
  await client.chat.postMessage({ channel: general.id, text: 'hi' });
  await refusalOf(client.chat.postMessage({ channel: 'C404', text: 'hi' }));
  expect(slack.calls.map((call) => [call.method, call.args['channel'], call.answer['ok']])).toEqual([
    ['chat.postMessage', general.id, true],
    ['chat.postMessage', 'C404', false],
  ]);
});

test('faults: an error code, a status, a rate limit, and a cut after the change', async () => {
  const { slack, client, general } = await startTown();
  const post = (text: string) => client.chat.postMessage({ channel: general.id, text });

  slack.fault({ method: 'chat.postMessage', error: 'fatal_error', times: 2 });
  expect((await refusalOf(post('1'))).error).toBe('fatal_error');
  expect((await refusalOf(post('2'))).error).toBe('fatal_error');
  slack.fault({ method: '*', httpStatus: 503 });
  await expect(post('3')).rejects.toMatchObject({ statusCode: 503 });
  slack.fault({ method: 'chat.postMessage', retryAfterS: 7 });
  await expect(post('4')).rejects.toMatchObject({ retryAfter: 7 });
  slack.fault({ method: 'chat.postMessage', dropAfterApply: true });
  await expect(post('5')).rejects.toThrow();
  slack.fault({ method: 'chat.postMessage', delayMs: 30 });
  const startedAt = performance.now();
  await post('6');
  expect(performance.now() - startedAt).toBeGreaterThan(29);

  expect(slack.messages(general.id).map((one) => one.text)).toEqual(['5', '6']);
  expect(slack.calls.at(-2)).toMatchObject({ wasCut: true });
});

test('posts can be limited per channel', async () => {
  let nowMs = Date.now();
  const { slack, client, general } = await startTown({ now: () => new Date(nowMs) });
  const random = slack.addChannel({ name: 'random' });
  slack.limitPosts({ posts: 1, perMs: 1000 });
  const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });

  await post(general.id);
  await expect(post(general.id)).rejects.toMatchObject({ retryAfter: 1 });
  await post(random.id);
  nowMs += 1000;
  await post(general.id);
});

test('a wait that is in vain shows the threads', async () => {
  const { slack, ada, general } = await startTown();
  slack.post({ user: ada.id, channel: general.id, text: 'only this was said' });
  const inVain = slack.waitFor({ description: 'a miracle', check: () => false }, { timeoutMs: 5 });
  await expect(inVain).rejects.toThrow(/a miracle[\s\S]*only this was said/);
});

test('a method whose scope was not granted names the scope', async () => {
  const { client, general } = await startTown({ scopes: ['channels:read'] });
  await client.conversations.info({ channel: general.id });
  const refused = client.chat.postMessage({ channel: general.id, text: 'x' });
  await expect(refused).rejects.toMatchObject({ data: { error: 'missing_scope', needed: 'chat:write' } });
});

test('a bot that was removed from a channel can no longer write there, until it is invited again', async () => {
  const { slack, client, ada, general } = await startTown();
  const post = () => client.chat.postMessage({ channel: general.id, text: 'x' });
  slack.kick({ user: ada.id, channel: general.id, kicked: slack.botUserId });
  expect((await refusalOf(post())).error).toBe('not_in_channel');
  slack.invite({ user: ada.id, channel: general.id, invitee: slack.botUserId });
  await post();
});
