// agents.sessions.*, assistant.threads.setStatus and chat.*Stream: what a workspace with agents offers.
import { z } from 'zod';
import { type AgentSessions, SESSION_STATUSES, type SessionStatus } from '../agent-sessions.ts';
import { checkMessageBlocks } from '../block-check.ts';
import type { Bulletin } from '../bulletin.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Message, Messages } from '../messages.ts';
import { type Chunk, readChunks, type Streams } from '../streams.ts';
import { createChatRules } from './chat-rules.ts';
import { type Answer, type Method, method, readMetadata, timestamp } from './method.ts';

const TITLE_MAX = 200;

const written = { chunks: z.unknown().optional(), markdown_text: z.string().max(12_000).optional() };

/** Creates the methods. `hearsStop`: the app subscribes to `agent_session_stopped`. */
export function createSessionMethods(options: {
  directory: Directory;
  messages: Messages;
  bulletin: Bulletin;
  sessions: AgentSessions;
  streams: Streams;
  hearsStop: boolean;
}): Record<string, Method> {
  const { directory, messages, bulletin, sessions, streams } = options;
  const { writableChannel, checkThread, ownMessage } = createChatRules(options);

  function checkOffer(): void {
    const offer = sessions.offer();
    if (offer !== 'offered') throw new SlackFailure(offer);
  }

  function placeOf(args: { channel_id: string; thread_ts: string }) {
    const channel = writableChannel(args.channel_id);
    checkThread(channel, args.thread_ts);
    return { channel: channel.id, threadTs: args.thread_ts };
  }

  function setStatus(
    place: { channel: string; threadTs: string },
    given: { status: SessionStatus; title?: string | undefined; initiator?: string | undefined },
  ): Answer {
    const { status, title } = sessions.set(place, given);
    const isDeaf = status === 'processing' && !options.hearsStop;
    const warning = 'missing_agent_session_stopped_event_subscription';
    return {
      status,
      agent_status: status,
      title,
      ...(isDeaf ? { warning, response_metadata: { warnings: [warning] } } : {}),
    };
  }

  function append(message: Message, chunks: readonly Chunk[], blocks?: unknown): void {
    const more = blocks === undefined ? [] : checkMessageBlocks(blocks);
    bulletin.edit(message, { ...streams.append(message, chunks, more), metadata: message.metadata });
  }

  return {
    'agents.sessions.setStatus': method(
      {
        channel_id: z.string(),
        thread_ts: timestamp,
        status: z.enum(SESSION_STATUSES),
        title: z.string().max(TITLE_MAX).optional(),
        initiator_user_id: z.string().optional(),
      },
      (args) => {
        checkOffer();
        const place = placeOf(args);
        return setStatus(place, { ...args, initiator: args.initiator_user_id });
      },
    ),
    'agents.sessions.rename': method(
      { channel_id: z.string(), thread_ts: timestamp, title: z.string().min(1).max(TITLE_MAX) },
      (args) => {
        checkOffer();
        const { channel, threadTs } = placeOf(args);
        const session = sessions.find(channel, threadTs);
        if (session === undefined) throw new SlackFailure('session_not_found');
        return { title: sessions.rename(session, args.title).title };
      },
    ),
    'assistant.threads.setStatus': method(
      { channel_id: z.string(), thread_ts: timestamp, status: z.string() },
      (args) => {
        checkOffer();
        placeOf(args);
        return {};
      },
    ),
    'chat.startStream': method(
      {
        channel: z.string(),
        thread_ts: timestamp,
        recipient_user_id: z.string().optional(),
        recipient_team_id: z.string().optional(),
        task_display_mode: z.enum(['timeline', 'plan']).default('timeline'),
        ...written,
      },
      (args) => {
        checkOffer();
        const channel = writableChannel(args.channel);
        checkThread(channel, args.thread_ts);
        if (channel.kind !== 'im' && args.recipient_user_id === undefined)
          throw new SlackFailure('missing_recipient_user_id');
        if (channel.kind !== 'im' && args.recipient_team_id === undefined)
          throw new SlackFailure('missing_recipient_team_id');
        if (args.recipient_user_id !== undefined) directory.getUser(args.recipient_user_id);
        const { begin, ...look } = streams.first(args.task_display_mode, readChunks(args));
        const message = bulletin.postAsBot({ channel: channel.id, threadTs: args.thread_ts, ...look });
        begin(message);
        return { channel: channel.id, ts: message.ts };
      },
    ),
    'chat.appendStream': method({ channel: z.string(), ts: timestamp, ...written }, (args) => {
      checkOffer();
      const message = ownMessage(args.channel, args.ts, 'message_not_owned_by_app');
      append(message, readChunks(args));
      return { channel: message.channel, ts: message.ts };
    }),
    'chat.stopStream': method(
      {
        channel: z.string(),
        ts: timestamp,
        blocks: z.unknown().optional(),
        metadata: z.unknown().optional(),
        session_status: z.enum(SESSION_STATUSES).optional(),
        ...written,
      },
      (args) => {
        checkOffer();
        const message = ownMessage(args.channel, args.ts, 'message_not_owned_by_app');
        append(message, readChunks(args), args.blocks);
        streams.end(message);
        const metadata = readMetadata(args.metadata);
        if (metadata) messages.edit(message, { text: message.text, blocks: message.blocks, metadata });
        const threadTs = message.threadTs ?? message.ts;
        if (args.session_status)
          setStatus({ channel: message.channel, threadTs }, { status: args.session_status });
        return { channel: message.channel, ts: message.ts };
      },
    ),
  };
}
