// People bringing others (mostly the bot) into a channel, and out of it.
import type { Channel } from '../channels.ts';
import type { Directory } from '../directory.ts';
import { PersonCannot } from '../failure.ts';
import type { Membership } from '../membership.ts';

/** Creates the two verbs. */
export function createAttending(options: { directory: Directory; membership: Membership }) {
  const { directory, membership } = options;

  function reach(userId: string, channelId: string): Channel {
    const channel = directory.getChannel(channelId);
    if (!channel.members.has(userId)) throw new PersonCannot(`${userId} is not in ${channelId}`);
    return channel;
  }

  return {
    invite(invitation: { user: string; channel: string; invitee: string }): void {
      membership.add(reach(invitation.user, invitation.channel), directory.getUser(invitation.invitee).id);
    },
    kick(removal: { user: string; channel: string; kicked: string }): void {
      membership.remove(reach(removal.user, removal.channel), directory.getUser(removal.kicked).id);
    },
  };
}
