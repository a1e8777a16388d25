// Channels and direct messages: who is in them and who may see them.
import type { Changes } from './changes.ts';
import { SlackFailure } from './failure.ts';
import { newId } from './ids.ts';
import type { Users } from './users.ts';

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'group' | 'im';
  isArchived: boolean;
  readonly members: Set<string>;
  /** For a direct message with the bot: the person at the other end. */
  readonly withUser?: string;
  readonly createdAt: Date;
};

export type NewChannel = Readonly<{
  name: string;
  id?: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  /** User ids; where left out, everybody added so far and the bot. */
  members?: readonly string[];
}>;

/** Creates the list of channels, empty. */
export function createChannels(options: {
  users: Users;
  botUserId: string;
  now: () => Date;
  changes: Changes;
}) {
  const channels = new Map<string, Channel>();
  const { users, botUserId, changes } = options;

  function add(channel: Omit<Channel, 'createdAt'>): Channel {
    const added = { ...channel, createdAt: options.now() };
    channels.set(added.id, added);
    changes.changed();
    return added;
  }

  function get(id: string): Channel {
    const channel = channels.get(id);
    if (!channel) throw new SlackFailure('channel_not_found');
    return channel;
  }

  return {
    addChannel({
      name,
      id = newId('C'),
      isPrivate = false,
      isArchived = false,
      members,
    }: NewChannel): Channel {
      const everybody = users.listUsers().map((user) => user.id);
      const kind = isPrivate ? 'group' : 'channel';
      return add({ id, name, kind, isArchived, members: new Set(members ?? everybody) });
    },
    /** The direct message between a person and the bot, opened where there was none. */
    openDm(userId: string): Channel {
      const withUser = users.getUser(userId).id;
      const existing = [...channels.values()].find((channel) => channel.withUser === withUser);
      const members = new Set([withUser, botUserId]);
      const isArchived = false;
      return (
        existing ?? add({ id: newId('D'), name: 'directmessage', kind: 'im', isArchived, members, withUser })
      );
    },
    removeChannel(id: string): void {
      channels.delete(id);
      changes.changed();
    },
    listChannels: () => [...channels.values()],
    findChannel: (id: string) => channels.get(id),
    /** For people, who see what they are shown. Throws `channel_not_found`. */
    getChannel: get,
    /** For the bot: a private channel it is not in does not exist. Throws `channel_not_found`. */
    getVisibleChannel(id: string): Channel {
      const channel = get(id);
      if (channel.kind !== 'channel' && !channel.members.has(botUserId))
        throw new SlackFailure('channel_not_found');
      return channel;
    },
  };
}
