// chat.*: writing, editing and deleting the bot's messages.
import { z } from 'zod';
import type { Bulletin } from '../bulletin.ts';
import type { DescribeMessage } from '../describe-message.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Message, Messages } from '../messages.ts';
import { createChatRules } from './chat-rules.ts';
import { contentShape, POST_TEXT_MAX, readContent, UPDATE_TEXT_MAX } from './content.ts';
import { type Method, method, readMetadata, timestamp } from './method.ts';

/** Creates the chat.* methods. */
export function createChatMethods(options: {
  directory: Directory;
  messages: Messages;
  bulletin: Bulletin;
  describe: DescribeMessage;
  baseUrl: () => string;
}): Record<string, Method> {
  const { directory, messages, bulletin, describe } = options;
  const { writableChannel, checkThread, ownMessage } = createChatRules(options);

  return {
    'chat.postMessage': method(
      { channel: z.string(), thread_ts: timestamp.optional(), ...contentShape },
      (args) => {
        const channel = writableChannel(args.channel);
        checkThread(channel, args.thread_ts);
        const said = readContent(args, POST_TEXT_MAX);
        const metadata = readMetadata(args.metadata);
        const where = { channel: channel.id, threadTs: args.thread_ts };
        const message = bulletin.postAsBot({ ...where, ...said, metadata });
        return { channel: channel.id, ts: message.ts, message: describe(message, { withMetadata: true }) };
      },
    ),
    'chat.update': method({ channel: z.string(), ts: timestamp, ...contentShape }, (args) => {
      const message = ownMessage(args.channel, args.ts, 'cant_update_message');
      // What an edit does not name stays as it was.
      const kept = { text: args.text ?? message.text, blocks: args.blocks ?? message.blocks };
      const given = args.markdown_text === undefined ? { ...args, ...kept } : args;
      const said = readContent(given, args.text === undefined ? POST_TEXT_MAX : UPDATE_TEXT_MAX);
      const metadata = readMetadata(args.metadata) ?? message.metadata;
      bulletin.edit(message, { ...said, metadata });
      return { channel: message.channel, ts: message.ts, text: message.text, message: describe(message) };
    }),
    'chat.delete': method({ channel: z.string(), ts: timestamp }, (args) => {
      const message = ownMessage(args.channel, args.ts, 'cant_delete_message');
      bulletin.remove(message);
      return { channel: message.channel, ts: message.ts };
    }),
    'chat.postEphemeral': method(
      { channel: z.string(), user: z.string(), thread_ts: timestamp.optional(), ...contentShape },
      (args) => {
        const channel = writableChannel(args.channel);
        if (!channel.members.has(directory.getUser(args.user).id))
          throw new SlackFailure('user_not_in_channel');
        const said = readContent(args, POST_TEXT_MAX);
        const where = { channel: channel.id, threadTs: args.thread_ts, toUser: args.user };
        return { message_ts: messages.addEphemeral({ ...where, ...said }).ts };
      },
    ),
    'chat.getPermalink': method({ channel: z.string(), message_ts: timestamp }, (args) => {
      const channel = directory.getVisibleChannel(args.channel);
      const message = messages.get(channel.id, args.message_ts);
      return { channel: channel.id, permalink: `${options.baseUrl()}${permalinkPath(message)}` };
    }),
  };
}

function permalinkPath(message: Message): string {
  const query = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${message.channel}` : '';
  return `/archives/${message.channel}/p${message.ts.replace('.', '')}${query}`;
}
