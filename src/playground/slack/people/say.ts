// People writing, editing, deleting and reacting.
import { randomUUID } from 'node:crypto';
import type { Bulletin } from '../bulletin.ts';
import type { Channel } from '../channels.ts';
import type { Directory } from '../directory.ts';
import type { Escaping } from '../escaping.ts';
import { PersonCannot } from '../failure.ts';
import { newId } from '../ids.ts';
import type { Message, Messages, SlackFile } from '../messages.ts';

type At = Readonly<{ user: string; channel: string; ts: string }>;
export type Said = Readonly<{
  user: string;
  channel: string;
  text: string;
  threadTs?: string;
  files?: readonly { name: string; mimetype?: string }[];
}>;
export type Posted = Readonly<{
  ts: string;
  message: Message;
  /** Whether the app acknowledged every event of it at the first attempt. */
  acked: Promise<boolean>;
}>;

const allAcked = async (acks: readonly Promise<boolean>[]) => (await Promise.all(acks)).every(Boolean);

/** Creates what people do with words. */
export function createSaying(options: {
  directory: Directory;
  messages: Messages;
  bulletin: Bulletin;
  escaping: Escaping;
}) {
  const { directory, messages, bulletin, escaping } = options;

  function reach(userId: string, channelId: string): Channel {
    const channel = directory.getChannel(channelId);
    if (!channel.members.has(directory.getUser(userId).id))
      throw new PersonCannot(`${userId} is not in ${channelId}`);
    if (channel.isArchived) throw new PersonCannot(`${channelId} is archived`);
    return channel;
  }

  function own(at: At): Message {
    reach(at.user, at.channel);
    const message = messages.get(at.channel, at.ts);
    if (message.user !== at.user) throw new PersonCannot(`${at.ts} was not written by ${at.user}`);
    return message;
  }

  return {
    /** Writes as typed: `@name`, `#channel` and links are recognised, the rest is escaped. Does not wait for the app. */
    post(said: Said): Posted {
      const channel = reach(said.user, said.channel);
      const root = said.threadTs === undefined ? undefined : messages.get(channel.id, said.threadTs);
      if (root?.threadTs) throw new PersonCannot(`${said.threadTs} is itself a reply`);
      const files = (said.files ?? []).map(toFile);
      const { message, acks } = bulletin.post({
        channel: channel.id,
        user: said.user,
        isByBot: false,
        threadTs: said.threadTs,
        text: escaping.message(said.text),
        blocks:
          said.text === '' ? [] : [{ ...escaping.richText(said.text), block_id: randomUUID().slice(0, 5) }],
        files,
        ...(files.length > 0 && { subtype: 'file_share' }),
      });
      return { ts: message.ts, message, acked: allAcked(acks) };
    },
    edit(at: At & { text: string }): Promise<boolean> {
      const content = { text: escaping.message(at.text), blocks: [escaping.richText(at.text)] };
      return allAcked(bulletin.edit(own(at), content));
    },
    deleteMessage(at: At): Promise<boolean> {
      return allAcked(bulletin.remove(own(at)));
    },
    react(at: At & { name: string }): void {
      reach(at.user, at.channel);
      bulletin.react(messages.get(at.channel, at.ts), at.name, at.user);
    },
  };
}

function toFile(file: { name: string; mimetype?: string }): SlackFile {
  const id = newId('F');
  const url_private = `https://files.slack.com/files-pri/${id}/${encodeURIComponent(file.name)}`;
  return { id, name: file.name, mimetype: file.mimetype ?? 'text/plain', url_private };
}
