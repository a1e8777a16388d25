// What was said in a thread before somebody called the bot: labelled, bounded, never an instruction by itself.
import type { WebClient } from '@slack/web-api';
import { asOurError } from './call-errors.ts';
import { decodeText, mentionedIds } from './decode.ts';
import type { Desk } from './desk.ts';
import { namesOf } from './payloads.ts';
import { filesNote } from './words/answers.ts';

/** `by` is whose words they are, by Slack's id. */
export type ContextMessage = Readonly<{ author: string; text: string; by: string }>;

const CONTEXT_LIMITS = { messages: 30, characters: 6_000 } as const;
/** Slack pages from the oldest message on, so the newest of a very long thread are only reached by reading all. */
const PAGES = 5;

/** Keeps the newest messages within the limits, in their order; the oldest one kept may be cut. */
export function boundContext<M extends Readonly<{ author: string; text: string }>>(
  messages: readonly M[],
  limits: { messages: number; characters: number } = CONTEXT_LIMITS,
): M[] {
  const kept: M[] = [];
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
 * Reads the thread up to, and without, `beforeTs`: the words of full members. Bots, guests and people of other
 * organisations are left out. Where Slack does not let us read, the job starts without.
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
  const { user: by, bot_id: byBot } = message;
  // What bots post is often what outsiders wrote; a person may hand it over by *Send to agent*.
  if (by === undefined || byBot !== undefined || isEditedByAnother(message)) return undefined;
  const { name: author, standing } = await means.people.look(by);
  if (standing !== 'member') return undefined;
  const raw = message.text ?? '';
  const words = decodeText(raw, await means.people.names(mentionedIds(raw)));
  const files = namesOf(message.files);
  const text = [words, ...(files.length > 0 ? [filesNote(files)] : [])]
    .filter((part) => part !== '')
    .join('\n');
  return text === '' ? undefined : { author, text, by };
}

/** Slack notes who changed a message last. */
function isEditedByAnother({ user, edited }: SlackMessage): boolean {
  return edited?.user !== undefined && edited.user !== user;
}
