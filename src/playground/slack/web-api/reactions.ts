// reactions.*: the bot's emoji on messages.
import { z } from 'zod';
import type { Bulletin } from '../bulletin.ts';
import type { DescribeMessage } from '../describe-message.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Message, Messages } from '../messages.ts';
import { type Method, method, timestamp } from './method.ts';

const args = { channel: z.string(), timestamp, name: z.string().min(1) };

/** Creates the reactions.* methods. */
export function createReactionMethods(options: {
  directory: Directory;
  messages: Messages;
  bulletin: Bulletin;
  describe: DescribeMessage;
}): Record<string, Method> {
  const { directory, messages, bulletin } = options;

  function reachable(channelId: string, ts: string): Message {
    const channel = directory.getVisibleChannel(channelId);
    if (!channel.members.has(directory.bot.id)) throw new SlackFailure('not_in_channel');
    if (channel.isArchived) throw new SlackFailure('is_archived');
    return messages.get(channel.id, ts);
  }

  function checkName(name: string): string {
    if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new SlackFailure('invalid_name');
    return name;
  }

  return {
    'reactions.add': method(args, ({ channel, timestamp: ts, name }) => {
      bulletin.react(reachable(channel, ts), checkName(name), directory.bot.id);
      return {};
    }),
    'reactions.remove': method(args, ({ channel, timestamp: ts, name }) => {
      bulletin.react(reachable(channel, ts), checkName(name), directory.bot.id, false);
      return {};
    }),
    'reactions.get': method({ channel: z.string(), timestamp }, ({ channel, timestamp: ts }) => ({
      type: 'message',
      channel,
      message: options.describe(reachable(channel, ts)),
    })),
  };
}
