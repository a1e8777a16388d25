// People pressing the Stop button that Slack itself shows while an agent's session is processing.
import type { AgentSessions } from '../agent-sessions.ts';
import type { Directory } from '../directory.ts';
import type { EventSink } from '../events.ts';
import { PersonCannot } from '../failure.ts';
import type { Messages } from '../messages.ts';
import type { Streams } from '../streams.ts';

/** Creates the verb. */
export function createSessionVerbs(options: {
  directory: Directory;
  messages: Messages;
  sessions: AgentSessions;
  streams: Streams;
  events: EventSink;
}) {
  const { directory, messages, sessions, streams, events } = options;
  return {
    /** Slack ends the thread's streams at once and leaves the session's status to the app. Resolves with the ack. */
    stopSession(pressed: { user: string; channel: string; threadTs: string }): Promise<boolean> {
      const { user, channel, threadTs } = pressed;
      if (!directory.getChannel(channel).members.has(user))
        throw new PersonCannot(`${user} is not in ${channel}`);
      if (sessions.find(channel, threadTs)?.status !== 'processing')
        throw new PersonCannot(`Slack shows no Stop button in ${channel}/${threadTs}`);
      const open = messages.thread(channel, threadTs).filter(streams.isStreaming);
      for (const message of open) streams.end(message);
      return events.emit({
        type: 'agent_session_stopped',
        user,
        channel,
        thread_ts: threadTs,
        streaming_message_ts: open.map(({ ts }) => ts),
        event_ts: events.nextTs(),
      });
    },
  };
}
