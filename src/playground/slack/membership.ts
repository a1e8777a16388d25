// Joining, leaving and reopening a channel, with the events that follow.
import type { Changes } from './changes.ts';
import type { Channel } from './channels.ts';
import type { Directory } from './directory.ts';
import type { EventSink } from './events.ts';

/** Creates the ways in and out of a channel. */
export function createMembership(options: { directory: Directory; events: EventSink; changes: Changes }) {
  const { directory, events, changes } = options;
  const tell = (type: string, channel: Channel, user: string) =>
    void events.emit({
      type,
      user,
      channel: channel.id,
      channel_type: channel.kind === 'group' ? 'G' : 'C',
      team: directory.teamId,
      event_ts: events.nextTs(),
    });
  return {
    add(channel: Channel, userId: string): void {
      channel.members.add(userId);
      changes.changed();
      tell('member_joined_channel', channel, userId);
    },
    remove(channel: Channel, userId: string): void {
      channel.members.delete(userId);
      changes.changed();
      tell('member_left_channel', channel, userId);
    },
    /** Takes an archived channel back into use. */
    unarchive(channel: Channel, userId: string): void {
      channel.isArchived = false;
      changes.changed();
      tell(channel.kind === 'group' ? 'group_unarchive' : 'channel_unarchive', channel, userId);
    },
  };
}

export type Membership = ReturnType<typeof createMembership>;
