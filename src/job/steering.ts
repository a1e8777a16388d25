// Which messages of a job's thread are words for the agent, and which are people talking to each other. Pure.
import type { Job, ReplyPolicy } from './job.ts';

export type ThreadMessage = Readonly<{
  author: string;
  mentionsBot: boolean;
  /** The message opens with a mention of somebody who is not the bot: it is meant for them. */
  opensWithOtherMention: boolean;
}>;

/** The policy when neither the job nor its channel chose one. */
export const DEFAULT_REPLY_POLICY: ReplyPolicy = 'requester';

/**
 * Decides whether a message steers. One that opens with somebody else's mention never does, one that mentions the bot
 * does under every policy. `all`: every message does; `mention`: only those that mention the bot;
 * `requester`: those of the requester and of people who wrote to the bot in this thread before.
 */
export function steers(
  job: Pick<Job, 'requester' | 'participants' | 'replyPolicy'>,
  message: ThreadMessage,
  channelPolicy?: ReplyPolicy,
): boolean {
  if (message.opensWithOtherMention) return false;
  if (message.mentionsBot) return true;
  switch (job.replyPolicy ?? channelPolicy ?? DEFAULT_REPLY_POLICY) {
    case 'all':
      return true;
    case 'mention':
      return false;
    case 'requester':
      return message.author === job.requester || job.participants.includes(message.author);
  }
}
