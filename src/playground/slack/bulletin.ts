// Changes messages and tells the app about it: the one place where a post, edit, deletion or reaction becomes events.
// Knows nobody's rights and no transport; `emit` queues an event for delivery.
import type { DescribeMessage } from './describe-message.ts';
import type { Directory } from './directory.ts';
import type { EventSink } from './events.ts';
import type { Content, Message, Messages, NewMessage } from './messages.ts';

type BotPost = Omit<NewMessage, 'user' | 'isByBot'>;

type Parts = Readonly<{
  directory: Directory;
  messages: Messages;
  events: EventSink;
  describe: DescribeMessage;
}>;

/** Creates the board on which messages are written, edited and removed. */
export function createBulletin(options: Parts) {
  const { directory, messages, events, describe } = options;
  const { bot } = directory;

  function tell(channel: string, event: Record<string, unknown>): Promise<boolean>[] {
    const { kind, members } = directory.getChannel(channel);
    return members.has(bot.id)
      ? [events.emit({ type: 'message', channel, channel_type: kind, ...event })]
      : [];
  }

  /** Edits and deletions are events that clients do not show as messages. */
  function tellChange(message: Message, change: Record<string, unknown>): Promise<boolean>[] {
    return tell(message.channel, { ...change, hidden: true, ts: events.nextTs(), event_ts: events.nextTs() });
  }

  /** Posts; the promises tell whether the app acknowledged each event at the first attempt. */
  function post(message: NewMessage): { message: Message; acks: Promise<boolean>[] } {
    const added = messages.add(message);
    const shown = describe(added);
    const acks = tell(added.channel, { ...shown, event_ts: added.ts });
    const channel = directory.getChannel(added.channel);
    const isMention = !added.isByBot && added.text.includes(`<@${bot.id}>`);
    if (isMention && channel.kind !== 'im' && channel.members.has(bot.id)) {
      const mention = { ...shown, type: 'app_mention', subtype: undefined };
      acks.push(events.emit({ ...mention, channel: added.channel, event_ts: added.ts }));
    }
    return { message: added, acks };
  }

  return {
    post,
    postAsBot: (message: BotPost): Message => post({ ...message, user: bot.id, isByBot: true }).message,
    edit(message: Message, content: Content): Promise<boolean>[] {
      const previous_message = describe(message);
      messages.edit(message, content);
      return tellChange(message, {
        subtype: 'message_changed',
        message: describe(message),
        previous_message,
      });
    },
    remove(message: Message): Promise<boolean>[] {
      const previous_message = describe(message);
      messages.remove(message);
      return tellChange(message, { subtype: 'message_deleted', deleted_ts: message.ts, previous_message });
    },
    react(message: Message, name: string, user: string, isAdded = true): void {
      messages.setReaction(message, { name, user, isAdded });
      if (!directory.getChannel(message.channel).members.has(bot.id)) return;
      const type = isAdded ? 'reaction_added' : 'reaction_removed';
      const item = { type: 'message', channel: message.channel, ts: message.ts };
      const about = { user, reaction: name, item, item_user: message.user };
      void events.emit({ type, ...about, event_ts: events.nextTs() });
    },
  };
}

export type Bulletin = ReturnType<typeof createBulletin>;
