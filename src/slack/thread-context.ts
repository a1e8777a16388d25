// What was said in a thread before somebody called the bot: labelled, bounded, never an instruction by itself.
import type { WebClient } from '@slack/web-api';
import { asOurError } from './call-errors.ts';
import { decodeText, mentionedIds } from './decode.ts';
import type { Desk } from './desk.ts';
import { namesOf } from './payloads.ts';
import { filesNote } from './words/answers.ts';

export type ContextMessage = Readonly<{ author: string; text: string }>;

const CONTEXT_LIMITS = { messages: 30, characters: 6_000 } as const;
/** Slack pages from the oldest message on, so the newest of a very long thread are only reached by reading all. */
const PAGES = 5;

/** Keeps the newest messages within the limits, in their order; the oldest one kept may be cut. */
export function boundContext(
  messages: readonly ContextMessage[],
  limits: { messages: number; characters: number } = CONTEXT_LIMITS,
): ContextMessage[] {
  const kept: ContextMessage[] = [];
  let left: number = limits.characters;
  for (const message of messages.slice(-limits.messages).toReversed()) {
    const length = message.author.length + message.text.length;
    if (length > left) {
      const room = left - message.author.length - 1;
      if (room > 80) kept.push({ ...message, text: `${message.text.slice(0, room)}…` });
      break;
    }
    kept.push(message);
    left -= length;
  }
  return kept.toReversed();
}

type Means = Pick<Desk, 'client' | 'people' | 'log' | 'identity'>;
type SlackMessage = NonNullable<
  Awaited<ReturnType<WebClient['conversations']['replies']>>['messages']
>[number];

/**
 * Reads the thread up to, and without, `beforeTs`. The bot's own messages and those of other organisations are left
 * out. Where Slack does not let us read, the job starts without.
 */
export async function readThreadContext(
  means: Means,
  thread: { channel: string; threadTs: string; beforeTs: string },
): Promise<ContextMessage[]> {
  try {
    const messages = await readThread(means.client, thread);
    const told = await Promise.all(messages.map((message) => tell(means, message)));
    return boundContext(told.flatMap((message) => message ?? []));
  } catch (thrown) {
    means.log.warn({ err: asOurError(thrown), channel: thread.channel }, 'slack.thread.unreadable');
    return [];
  }
}

async function readThread(
  client: WebClient,
  thread: { channel: string; threadTs: string; beforeTs: string },
): Promise<readonly SlackMessage[]> {
  const messages: SlackMessage[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const read = await client.conversations.replies({
      channel: thread.channel,
      ts: thread.threadTs,
      latest: thread.beforeTs,
      inclusive: false,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    });
    messages.push(...(read.messages ?? []));
    cursor = read.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  // Slack returns a thread's first message with every page.
  const unique = new Map(messages.map((message) => [message.ts, message]));
  return [...unique.values()].filter((message) => Number(message.ts) < Number(thread.beforeTs));
}

async function tell(means: Means, message: SlackMessage): Promise<ContextMessage | undefined> {
  const { botUserId, botId } = means.identity();
  if (message.user === botUserId || (message.bot_id !== undefined && message.bot_id === botId))
    return undefined;
  const author = await authorOf(means, message);
  if (author === undefined) return undefined;
  const raw = message.text ?? '';
  const words = decodeText(raw, await means.people.names(mentionedIds(raw)));
  const files = namesOf(message.files);
  const text = [words, ...(files.length > 0 ? [filesNote(files)] : [])]
    .filter((part) => part !== '')
    .join('\n');
  return text === '' ? undefined : { author, text };
}

/** Other bots count (their alerts are what one calls for), people of other organisations do not. */
async function authorOf(means: Means, message: SlackMessage): Promise<string | undefined> {
  if (message.bot_id !== undefined) return message.bot_profile?.name ?? 'a bot';
  if (message.user === undefined) return undefined;
  const person = await means.people.look(message.user);
  return person.standing === 'stranger' ? undefined : person.name;
}
