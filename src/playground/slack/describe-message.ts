// A message as history, events and interaction payloads show it. Reads, never writes.
import type { Directory } from './directory.ts';
import type { Message, Messages } from './messages.ts';

export type DescribeMessage = (
  message: Message,
  options?: { withMetadata?: boolean },
) => { type: string; ts: string };

/** Creates the describer. Metadata is left out unless asked for, as by conversations.history. */
export function createDescribeMessage(options: {
  directory: Directory;
  messages: Messages;
}): DescribeMessage {
  const { directory, messages } = options;

  function threadFields(message: Message) {
    if (message.threadTs) {
      const parent = messages.find(message.channel, message.threadTs);
      return { thread_ts: message.threadTs, ...(parent && { parent_user_id: parent.user }) };
    }
    const replies = messages.repliesTo(message.channel, message.ts);
    if (replies.length === 0) return {};
    const users = [...new Set(replies.map((reply) => reply.user))];
    return {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users_count: users.length,
      reply_users: users,
      latest_reply: replies.at(-1)?.ts,
    };
  }

  /** Of an author from another organisation Slack also says where they and their words come from. */
  function teamFields(team: string) {
    return team === directory.teamId ? { team } : { team, user_team: team, source_team: team };
  }

  return (message, { withMetadata = false } = {}) => {
    const base = { type: 'message', ts: message.ts, ...threadFields(message) };
    if (message.deletedAt) {
      return {
        ...base,
        subtype: 'tombstone',
        user: 'USLACKBOT',
        text: 'This message was deleted.',
        hidden: true,
      };
    }
    const lastEdit = message.history.length > 1 ? message.history.at(-1) : undefined;
    const editedTs = lastEdit && `${Math.floor(lastEdit.at.getTime() / 1000)}.000000`;
    return {
      ...base,
      ...(message.subtype && { subtype: message.subtype }),
      user: message.user,
      ...(message.isByBot && { bot_id: directory.botId, app_id: directory.appId }),
      text: message.text,
      ...teamFields(directory.getUser(message.user).teamId),
      ...(message.blocks.length > 0 && { blocks: message.blocks }),
      ...(message.files.length > 0 && { files: message.files }),
      ...(editedTs && { edited: { user: message.user, ts: editedTs } }),
      ...(withMetadata && message.metadata && { metadata: message.metadata }),
      ...(message.reactions.length > 0 && {
        reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })),
      }),
    };
  };
}
