// People bringing others (mostly the bot) into a channel and out of it, and channels in and out of use.
import type { Channel } from '../channels.ts';
import type { Directory } from '../directory.ts';
import { PersonCannot } from '../failure.ts';
import type { Membership } from '../membership.ts';

/** Creates the verbs. */
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
    unarchive(reopened: { user: string; channel: string }): void {
      membership.unarchive(reach(reopened.user, reopened.channel), reopened.user);
    },
    /** With all that was said in it: from now on there is no such channel. */
    deleteChannel(deleted: { user: string; channel: string }): void {
      directory.removeChannel(reach(deleted.user, deleted.channel).id);
    },
  };
}
