// What was said: messages with every edit kept, reactions, ephemerals. Knows nobody's rights and no transport.
import type { Block } from './blocks.ts';
import type { Changes } from './changes.ts';
import { createEphemerals } from './ephemerals.ts';
import { SlackFailure } from './failure.ts';
import type { Timestamps } from './ids.ts';
import { addReaction, type Reactions, removeReaction } from './reactions.ts';

type Metadata = Readonly<{ event_type: string; event_payload: Record<string, unknown> }>;
export type Content = Readonly<{ text: string; blocks: readonly Block[]; metadata?: Metadata | undefined }>;
/** One state of a message; the first is the post itself. */
type Revision = Content & Readonly<{ at: Date }>;
export type SlackFile = Readonly<{ id: string; name: string; mimetype: string; url_private: string }>;

export type Message = {
  readonly channel: string;
  readonly ts: string;
  /** The root's ts; the root itself has none. */
  readonly threadTs: string | undefined;
  readonly user: string;
  readonly isByBot: boolean;
  readonly subtype: string | undefined;
  readonly files: readonly SlackFile[];
  text: string;
  blocks: readonly Block[];
  metadata: Metadata | undefined;
  /** The post and every edit, oldest first. */
  readonly history: Revision[];
  readonly reactions: Reactions;
  deletedAt: Date | undefined;
};

export type NewMessage = Content &
  Readonly<{
    channel: string;
    user: string;
    isByBot: boolean;
    threadTs?: string | undefined;
    subtype?: string | undefined;
    files?: readonly SlackFile[];
  }>;
/** Creates an empty store of messages. */
export function createMessages(options: { now: () => Date; timestamps: Timestamps; changes: Changes }) {
  const all: Message[] = [];
  const byKey = new Map<string, Message>();

  const find = (channel: string, ts: string): Message | undefined => byKey.get(`${channel}/${ts}`);

  const repliesTo = (channel: string, ts: string): Message[] =>
    all.filter((one) => one.channel === channel && one.threadTs === ts && !one.deletedAt);

  /** A deleted root that has replies stays in the thread as a tombstone. */
  function isListed(message: Message): boolean {
    return !message.deletedAt || (!message.threadTs && repliesTo(message.channel, message.ts).length > 0);
  }

  return {
    ...createEphemerals(options),
    find,
    repliesTo,
    /** Throws `message_not_found`, also for a deleted one. */
    get(channel: string, ts: string): Message {
      const message = find(channel, ts);
      if (!message || message.deletedAt) throw new SlackFailure('message_not_found');
      return message;
    },
    /** Every message of a channel, oldest first, replies among them. */
    inChannel: (channel: string) => all.filter((message) => message.channel === channel && isListed(message)),
    /** The root and its replies, oldest first; empty where there is no such root. */
    thread(channel: string, ts: string): Message[] {
      const root = find(channel, ts);
      return root && isListed(root) ? [root, ...repliesTo(channel, ts)] : [];
    },
    roots: () => all.filter((message) => !message.threadTs && isListed(message)),
    add(message: NewMessage): Message {
      const added = buildMessage(message, options.timestamps.next(), options.now());
      all.push(added);
      byKey.set(`${added.channel}/${added.ts}`, added);
      options.changes.changed();
      return added;
    },
    edit(message: Message, content: Content): void {
      Object.assign(message, content);
      message.history.push({ ...content, at: options.now() });
      options.changes.changed();
    },
    remove(message: Message): void {
      message.deletedAt = options.now();
      options.changes.changed();
    },
    /** Throws `already_reacted` or `no_reaction`. */
    setReaction(
      message: Message,
      { name, user, isAdded }: { name: string; user: string; isAdded: boolean },
    ): void {
      if (isAdded) addReaction(message.reactions, name, user);
      else removeReaction(message.reactions, name, user);
      options.changes.changed();
    },
  };
}

export type Messages = ReturnType<typeof createMessages>;

function buildMessage(message: NewMessage, ts: string, at: Date): Message {
  const { text, blocks, metadata } = message;
  return {
    channel: message.channel,
    ts,
    threadTs: message.threadTs,
    user: message.user,
    isByBot: message.isByBot,
    subtype: message.subtype,
    files: message.files ?? [],
    text,
    blocks,
    metadata,
    history: [{ text, blocks, metadata, at }],
    reactions: [],
    deletedAt: undefined,
  };
}
