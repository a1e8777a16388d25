// Where the bot may write and what it may change.
import type { Channel } from '../channels.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Message, Messages } from '../messages.ts';

/** Creates the rules. */
export function createChatRules(options: { directory: Directory; messages: Messages }) {
  const { directory, messages } = options;
  return {
    /** A user id means the direct message with that person. Throws `channel_not_found`, `is_archived`, `not_in_channel`. */
    writableChannel(id: string): Channel {
      const channel = id.startsWith('U') ? directory.openDm(id) : directory.getVisibleChannel(id);
      if (channel.isArchived) throw new SlackFailure('is_archived');
      if (!channel.members.has(directory.bot.id)) throw new SlackFailure('not_in_channel');
      return channel;
    },
    /** Throws `thread_not_found` or, for a reply's ts, `cannot_reply_to_message`. */
    checkThread(channel: Channel, threadTs: string | undefined): void {
      if (threadTs === undefined) return;
      const parent = messages.find(channel.id, threadTs);
      if (!parent) throw new SlackFailure('thread_not_found');
      if (parent.threadTs) throw new SlackFailure('cannot_reply_to_message');
    },
    /** Throws `message_not_found`, or `refusal` for somebody else's message. */
    ownMessage(channelId: string, ts: string, refusal: string): Message {
      const message = messages.get(directory.getVisibleChannel(channelId).id, ts);
      if (message.user !== directory.bot.id) throw new SlackFailure(refusal);
      return message;
    },
  };
}
