// Agent sessions and streams of the local Slack, through the real client: what is offered, what is refused, what a stream shows.
import { expect, test } from 'vitest';
import { refusalOf, startTown } from '../support/bolt-on-local-slack.ts';

const task = (id: string, status: 'in_progress' | 'complete', title = id) =>
  ({ type: 'task_update', id, title, status }) as const;

async function openThread(options: Parameters<typeof startTown>[0] = { agentSessions: 'offered' }) {
  const town = await startTown(options);
  const channel = town.general.id;
  const { ts: thread_ts } = town.slack.post({ user: town.ada.id, channel, text: 'fix it' });
  const recipient = { recipient_user_id: town.ada.id, recipient_team_id: town.slack.teamId };
  return { ...town, channel, thread_ts, recipient };
}

test.each(['unknown_method', 'feature_disabled'] as const)(
  'a workspace without them says %s',
  async (code) => {
    const { client, channel, thread_ts } = await openThread({ agentSessions: code });
    const status = client.agents.sessions.setStatus({ channel_id: channel, thread_ts, status: 'processing' });
    expect((await refusalOf(status)).error).toBe(code);
  },
);

test('a session has a status and a title, which only its beginning gives', async () => {
  const { slack, client, channel, thread_ts } = await openThread();
  const set = (status: string, title: string) =>
    client.agents.sessions.setStatus({ channel_id: channel, thread_ts, status, title });
  expect(await set('processing', 'one')).toMatchObject({ status: 'processing', title: 'one' });
  expect(await set('active', 'two')).toMatchObject({ status: 'active', title: 'one' });
  await client.agents.sessions.rename({ channel_id: channel, thread_ts, title: 'three' });
  expect(slack.agentSession(channel, thread_ts)).toMatchObject({ status: 'active', title: 'three' });
});

test('an app that does not hear the Stop button is told so', async () => {
  const { client, channel, thread_ts } = await openThread({ agentSessions: 'offered', botEvents: [] });
  const told = await client.agents.sessions.setStatus({
    channel_id: channel,
    thread_ts,
    status: 'processing',
  });
  expect(told.warning).toBe('missing_agent_session_stopped_event_subscription');
});

test('a stream shows each task as it was told last, until it is stopped', async () => {
  const { slack, client, channel, thread_ts, recipient } = await openThread();
  const place = { channel, thread_ts };
  const alone = client.chat.startStream({ ...place, chunks: [task('a', 'in_progress')] });
  expect((await refusalOf(alone)).error).toBe('missing_recipient_user_id');
  const { ts = '' } = await client.chat.startStream({
    ...place,
    ...recipient,
    task_display_mode: 'plan',
    chunks: [{ type: 'plan_update', title: 'The plan' }, task('a', 'in_progress')],
  });
  await client.chat.appendStream({ channel, ts, chunks: [task('a', 'complete'), task('b', 'in_progress')] });
  expect(slack.renderThread(channel, thread_ts)).toContain('The plan\n    ✔ a\n    ▶ b');
  expect(slack.isStreaming({ channel, ts })).toBe(true);
  await client.chat.stopStream({ channel, ts, session_status: 'active' });
  const late = client.chat.appendStream({ channel, ts, chunks: [task('b', 'complete')] });
  expect((await refusalOf(late)).error).toBe('message_not_in_streaming_state');
  expect(slack.agentSession(channel, thread_ts)?.status).toBe('active');
});

test('a stream dies after five minutes, and when a person presses Stop', async () => {
  const { slack, client, ada, channel, thread_ts, recipient } = await openThread();
  const start = () =>
    client.chat.startStream({ channel, thread_ts, ...recipient, chunks: [task('a', 'in_progress')] });
  const { ts: old = '' } = await start();
  slack.ageStreams(5 * 60_000);
  const append = (ts: string) => client.chat.appendStream({ channel, ts, chunks: [task('a', 'complete')] });
  expect((await refusalOf(append(old))).error).toBe('message_not_in_streaming_state');
  const { ts: young = '' } = await start();
  expect(() => slack.stopSession({ user: ada.id, channel, threadTs: thread_ts })).toThrow('no Stop button');
  await client.agents.sessions.setStatus({ channel_id: channel, thread_ts, status: 'processing' });
  await slack.stopSession({ user: ada.id, channel, threadTs: thread_ts });
  expect((await refusalOf(append(young))).error).toBe('message_not_in_streaming_state');
  expect(slack.agentSession(channel, thread_ts)?.status).toBe('processing');
});
