// conversations.*: channels and their members, as far as the bot may see them.
import { z } from 'zod';
import type { Channel } from '../channels.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Membership } from '../membership.ts';
import { count, flag, type Method, method, paginate } from './method.ts';

const page = { cursor: z.string().optional(), limit: count.default(100) };
/** Creates the conversations.* methods. */
export function createConversationMethods(options: {
  directory: Directory;
  membership: Membership;
}): Record<string, Method> {
  const { directory, membership } = options;
  const { bot } = directory;
  const show = (channel: Channel) => describeChannel(channel, bot.id);

  return {
    'conversations.info': method({ channel: z.string() }, (args) => ({
      channel: show(directory.getVisibleChannel(args.channel)),
    })),
    'conversations.list': method(
      { ...page, types: z.string().default('public_channel'), exclude_archived: flag.default(false) },
      (args) => {
        const kinds = args.types.split(',').map((type) => type.trim());
        const listed = directory
          .listChannels()
          .filter((channel) => kinds.includes(TYPE_NAMES[channel.kind]))
          .filter((channel) => channel.kind === 'channel' || channel.members.has(bot.id))
          .filter((channel) => !(args.exclude_archived && channel.isArchived));
        const { page: cut, response_metadata } = paginate(listed, args);
        return { channels: cut.map(show), response_metadata };
      },
    ),
    'conversations.members': method({ channel: z.string(), ...page }, (args) => {
      const channel = directory.getVisibleChannel(args.channel);
      const { page: members, response_metadata } = paginate([...channel.members], args);
      return { members, response_metadata };
    }),
    'conversations.join': method({ channel: z.string() }, (args) => {
      // A private channel the bot is not in is refused by its kind, not hidden.
      const channel = directory.getChannel(args.channel);
      if (channel.kind !== 'channel') throw new SlackFailure('method_not_supported_for_channel_type');
      if (channel.isArchived) throw new SlackFailure('is_archived');
      if (channel.members.has(bot.id)) return { channel: show(channel), warning: 'already_in_channel' };
      membership.add(channel, bot.id);
      return { channel: show(channel) };
    }),
    'conversations.invite': method({ channel: z.string(), users: z.string() }, (args) => {
      const channel = directory.getVisibleChannel(args.channel);
      if (!channel.members.has(bot.id)) throw new SlackFailure('not_in_channel');
      for (const id of args.users.split(',')) {
        if (id === bot.id) throw new SlackFailure('cant_invite_self');
        if (channel.members.has(directory.getUser(id).id)) throw new SlackFailure('already_in_channel');
        membership.add(channel, id);
      }
      return { channel: show(channel) };
    }),
    'conversations.open': method({ users: z.string().optional(), channel: z.string().optional() }, (args) => {
      if (args.channel) return { channel: show(directory.getVisibleChannel(args.channel)) };
      const ids = args.users?.split(',') ?? [];
      const [first] = ids;
      if (first === undefined) throw new SlackFailure('users_list_not_supplied');
      if (ids.length > 1) throw new SlackFailure('method_not_supported_for_channel_type');
      return { channel: show(directory.openDm(first)) };
    }),
  };
}

const TYPE_NAMES = { channel: 'public_channel', group: 'private_channel', im: 'im' } as const;

/** A channel as the Web API shows it. */
function describeChannel(channel: Channel, botUserId: string) {
  const { kind } = channel;
  const shared = {
    id: channel.id,
    created: Math.floor(channel.createdAt.getTime() / 1000),
    is_archived: channel.isArchived,
    is_im: kind === 'im',
    is_mpim: false,
    is_ext_shared: false,
    is_org_shared: false,
  };
  if (kind === 'im') return { ...shared, user: channel.withUser, is_user_deleted: false };
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: kind === 'channel',
    is_group: kind === 'group',
    is_private: kind === 'group',
    is_member: channel.members.has(botUserId),
    is_general: false,
    num_members: channel.members.size,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}
