// conversations.history and conversations.replies: what was said, as far as the bot may read it.
import { z } from 'zod';
import type { Channel } from '../channels.ts';
import type { DescribeMessage } from '../describe-message.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Message, Messages } from '../messages.ts';
import { count, flag, type Method, method, paginate, timestamp } from './method.ts';

const reading = {
  channel: z.string(),
  cursor: z.string().optional(),
  limit: count.default(100),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.default(false),
  include_all_metadata: flag.default(false),
};
type Reading = z.infer<z.ZodObject<typeof reading>>;

/** Creates the two methods. */
export function createHistoryMethods(options: {
  directory: Directory;
  messages: Messages;
  describe: DescribeMessage;
}): Record<string, Method> {
  const { directory, messages, describe } = options;

  function readableChannel(id: string): Channel {
    const channel = directory.getVisibleChannel(id);
    if (!channel.members.has(directory.bot.id)) throw new SlackFailure('not_in_channel');
    return channel;
  }

  function answer(found: readonly Message[], args: Reading) {
    const { page, hasMore, response_metadata } = paginate(found, args);
    const shown = page.map((message) => describe(message, { withMetadata: args.include_all_metadata }));
    return { messages: shown, has_more: hasMore, response_metadata };
  }

  return {
    'conversations.history': method(reading, (args) => {
      const said = messages.inChannel(readableChannel(args.channel).id);
      return answer(said.filter((message) => !message.threadTs && isWithin(message, args)).reverse(), args);
    }),
    'conversations.replies': method({ ...reading, ts: timestamp }, (args) => {
      const channel = readableChannel(args.channel);
      const asked = messages.find(channel.id, args.ts);
      const [root, ...replies] = messages.thread(channel.id, asked?.threadTs ?? args.ts);
      if (!root) throw new SlackFailure('thread_not_found');
      return answer([root, ...replies.filter((reply) => isWithin(reply, args))], args);
    }),
  };
}

function isWithin(message: Message, span: Reading): boolean {
  const ts = Number(message.ts);
  const from = span.oldest === undefined ? 0 : Number(span.oldest);
  const to = span.latest === undefined ? Number.POSITIVE_INFINITY : Number(span.latest);
  return span.inclusive ? ts >= from && ts <= to : ts > from && ts < to;
}
