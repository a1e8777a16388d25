// Makes one message in Slack equal to what is wanted: posted once, found again after a post whose answer never came,
// edited by its ts. Says what happened; decides nothing about when.
import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { type Message, notePosting, noteShown, noteUnshowable } from '../store/messages.ts';
import { readSlackTrouble, type SlackTrouble } from './slack-errors.ts';
import { cutText } from './text-limits.ts';
import type { WantedMessage } from './thread-messages.ts';

export type DeliverContext = Readonly<{ sql: Sql; client: WebClient; log: Log }>;

/** Where a message goes; without a thread it becomes the root of one. */
export type Place = Readonly<{ jobId: number; channel: string; threadTs?: string | undefined }>;

export type Delivery = Readonly<{ ts: string } | { trouble: SlackTrouble } | 'unshowable'>;

/** The type of our messages' metadata; Slack keeps it, people do not see it. */
const METADATA_TYPE = 'errand_message';

/** How far our database's clock and Slack's may be apart. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

export function hashMessage(wanted: Pick<WantedMessage, 'text' | 'blocks'>): string {
  return createHash('sha256')
    .update(JSON.stringify([wanted.text, wanted.blocks]))
    .digest('hex')
    .slice(0, 32);
}

/** Posts or edits. `known` is the message's row, where there is one. Throws only when the database fails. */
export async function deliverMessage(
  context: DeliverContext,
  place: Place,
  message: { wanted: WantedMessage; known?: Message | undefined },
): Promise<Delivery> {
  const { wanted, known } = message;
  const hash = hashMessage(wanted);
  try {
    const ts = await send(context, place, message);
    await noteShown(context.sql, place.jobId, { slot: wanted.slot, ts, hash });
    return { ts };
  } catch (thrown) {
    const trouble = readSlackTrouble(thrown);
    context.log.warn({ jobId: place.jobId, slot: wanted.slot, trouble }, 'slack.message.trouble');
    if (trouble.kind === 'never')
      return giveUp(context, place, { slot: wanted.slot, hash, problem: trouble.say });
    if (trouble.kind !== 'refused') return { trouble };
    return deliverPlainly(context, place, { wanted, known, hash, problem: trouble.say });
  }
}

async function send(
  context: DeliverContext,
  place: Place,
  { wanted, known }: { wanted: WantedMessage; known?: Message | undefined },
): Promise<string> {
  const content = { text: wanted.text, blocks: [...wanted.blocks] };
  const ts =
    known?.ts ??
    (known?.postingAt
      ? await findPosted(context, place, { slot: wanted.slot, since: known.postingAt })
      : undefined);
  if (ts !== undefined) {
    await context.client.chat.update({ channel: place.channel, ts, ...content });
    return ts;
  }
  await notePosting(context.sql, place.jobId, { slot: wanted.slot, channel: place.channel });
  const answer = await context.client.chat.postMessage({
    channel: place.channel,
    ...(place.threadTs === undefined ? {} : { thread_ts: place.threadTs }),
    ...content,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_TYPE, event_payload: { job: place.jobId, slot: wanted.slot } },
  });
  if (answer.ts === undefined) throw new Error('Slack took the message but told no ts.');
  return answer.ts;
}

/** A post was sent once and its answer never came: looks whether the message is there. */
async function findPosted(
  { client }: DeliverContext,
  place: Place,
  wanted: { slot: string; since: Date },
): Promise<string | undefined> {
  const oldest = String((wanted.since.getTime() - CLOCKS_DIFFER_MS) / 1_000);
  const span = { channel: place.channel, include_all_metadata: true, limit: 200, oldest };
  const pages =
    place.threadTs === undefined
      ? client.paginate('conversations.history', span)
      : client.paginate('conversations.replies', { ...span, ts: place.threadTs });
  for await (const page of pages) {
    const ts = findOwn(page, place.jobId, wanted.slot);
    if (ts !== undefined) return ts;
  }
  return undefined;
}

/** The metadata of our own messages, loosely typed by Slack. */
const pageSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({
          event_type: z.string(),
          event_payload: z.object({ job: z.coerce.number(), slot: z.string() }),
        })
        .optional()
        .catch(undefined),
    }),
  ),
});

function findOwn(page: unknown, jobId: number, slot: string): string | undefined {
  const { messages } = pageSchema.parse(page);
  const found = messages.find(({ metadata }) => {
    const payload = metadata?.event_payload;
    return metadata?.event_type === METADATA_TYPE && payload?.job === jobId && payload.slot === slot;
  });
  return found?.ts;
}

/** Slack refused our blocks. People still get the words, cut to what always fits, and we get an error in the log. */
async function deliverPlainly(
  context: DeliverContext,
  place: Place,
  message: { wanted: WantedMessage; known: Message | undefined; hash: string; problem: string },
): Promise<Delivery> {
  const { wanted, known, hash, problem } = message;
  context.log.error({ jobId: place.jobId, slot: wanted.slot, problem }, 'slack.message.refused');
  const buttons = wanted.blocks.filter((block) => block.type === 'actions');
  const text = cutText(wanted.text, 2_000);
  const simple: WantedMessage = {
    ...wanted,
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }, ...buttons],
  };
  try {
    const ts = await send(context, place, { wanted: simple, known });
    await noteShown(context.sql, place.jobId, { slot: wanted.slot, ts, hash, problem });
    return { ts };
  } catch (thrown) {
    const trouble = readSlackTrouble(thrown);
    if (trouble.kind === 'later' || trouble.kind === 'locked_out') return { trouble };
    return giveUp(context, place, { slot: wanted.slot, hash, problem: trouble.say });
  }
}

async function giveUp(
  context: DeliverContext,
  place: Place,
  given: { slot: string; hash: string; problem: string },
): Promise<Delivery> {
  await notePosting(context.sql, place.jobId, { slot: given.slot, channel: place.channel });
  await noteUnshowable(context.sql, place.jobId, given);
  return 'unshowable';
}
