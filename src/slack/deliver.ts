// Makes one message in Slack equal to what is wanted: posted once, found again after a post whose answer never came,
// edited by its ts. Says what happened; decides nothing about when.
import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import {
  forgetPosted,
  type Lease,
  noteNotPosted,
  notePosting,
  noteProblem,
  noteShown,
  noteUnshowable,
  renewLease,
  type Message as StoredMessage,
} from '../store/messages.ts';
import { noteRest } from '../store/rests.ts';
import { isOutcomeUnknown, readSlackTrouble, type SlackTrouble } from './slack-errors.ts';
import { cutText } from './text-limits.ts';
import type { WantedMessage } from './thread-messages.ts';

export type DeliverContext = Readonly<{
  sql: Sql;
  client: WebClient;
  log: Log;
  lease: Lease;
  /** Milliseconds that also pass while the process is held still; `performance.now` unless a test has another. */
  clock?: () => number;
}>;

/** Where a message goes; without a thread it becomes the root of one. */
export type Place = Readonly<{ jobId: number; channel: string; threadTs?: string | undefined }>;

/** `isRoot`: the thread it should have gone to is gone, so it begins one. */
export type Delivery = Readonly<{ ts: string; isRoot?: true } | { trouble: SlackTrouble } | 'unshowable'>;

/** The type of our messages' metadata; Slack keeps it, people do not see it. */
const METADATA_TYPE = 'errand_message';

/** The request itself may take a third of the lease, before that this part of it. */
const SLEEP_SHARE = 6;

/** How far our database's clock and Slack's may be apart. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

export function hashMessage(wanted: Pick<WantedMessage, 'text' | 'blocks'>): string {
  return createHash('sha256')
    .update(JSON.stringify([wanted.text, wanted.blocks]))
    .digest('hex')
    .slice(0, 32);
}

/** What Slack counts calls by, and so what rests after an HTTP 429. */
export const LIMITED = {
  edits: 'chat.update',
  postsIn: (channel: string) => `chat.postMessage ${channel}`,
  lookups: 'conversations',
} as const;

type Message = Readonly<{ wanted: WantedMessage; known?: Known | undefined }>;
type Known = Pick<StoredMessage, 'ts' | 'postingAt' | 'reposts'>;

/** Posts or edits. `known` is the message's row, where there is one. Throws only when the database fails. */
export async function deliverMessage(
  context: DeliverContext,
  place: Place,
  message: Message,
): Promise<Delivery> {
  const { wanted, known } = message;
  const hash = hashMessage(wanted);
  try {
    const ts = await send(context, place, message);
    await noteShown(context.sql, place.jobId, { slot: wanted.slot, ts, hash });
    return { ts };
  } catch (thrown) {
    if (!(thrown instanceof CallFailed)) throw thrown;
    const { trouble } = thrown;
    context.log.warn({ jobId: place.jobId, slot: wanted.slot, trouble }, 'slack.message.trouble');
    switch (trouble.kind) {
      case 'refused': {
        // Looked for before it is posted again.
        const doubted = { reposts: 0, ...known, postingAt: known?.postingAt ?? new Date() };
        const next = trouble.isUnheard ? { wanted, known: doubted } : message;
        return deliverPlainly(context, place, { ...next, hash, problem: trouble.say });
      }
      case 'no_thread':
        return deliverAsRoot(context, place, { ...message, hash, problem: trouble.say });
      case 'gone':
        if (trouble.say !== 'message_not_found' || !isWorthRepeating(wanted, known)) break;
        await forgetPosted(context.sql, place.jobId, wanted.slot);
        return deliverMessage(context, place, { wanted, known: { reposts: 1 } });
      default:
        await noteProblem(context.sql, place.jobId, { slot: wanted.slot, problem: trouble.say });
        return { trouble };
    }
    return giveUp(context, place, { slot: wanted.slot, hash, problem: trouble.say });
  }
}

/**
 * Whoever deletes a message of ours wants it away; still, a job needs its card, and a question needs its buttons. These come
 * back, once.
 */
function isWorthRepeating(wanted: WantedMessage, known: Known | undefined): boolean {
  const matters = wanted.slot === 'card' || wanted.blocks.some((block) => block.type === 'actions');
  return matters && (known?.reposts ?? 0) === 0;
}

async function deliverAsRoot(
  context: DeliverContext,
  place: Place,
  message: Message & Readonly<{ hash: string; problem: string }>,
): Promise<Delivery> {
  const { wanted, hash, problem } = message;
  if (place.threadTs === undefined) return giveUp(context, place, { slot: wanted.slot, hash, problem });
  const root = { ...place, threadTs: undefined };
  const delivery = await deliverMessage(context, root, message);
  return delivery !== 'unshowable' && 'ts' in delivery ? { ...delivery, isRoot: true } : delivery;
}

/** One call of Slack's failed, and what that means. Everything else that is thrown in here is no business of Slack's. */
class CallFailed extends Error {
  readonly trouble: SlackTrouble;
  constructor(trouble: SlackTrouble, cause: unknown) {
    super(trouble.say, { cause });
    this.trouble = trouble;
  }
}

const NOT_OURS: SlackTrouble = { kind: 'later', waitMs: 0, say: 'another bot shows this job' };
/** The message is looked for before it is posted, as after any post whose outcome nobody knows. */
const SLEPT: SlackTrouble = { kind: 'later', waitMs: 0, say: 'this process was held still before a post' };

/** Only while the job is ours. */
async function call<T>(context: DeliverContext, limited: string, work: () => Promise<T>): Promise<T> {
  if (!(await renewLease(context.sql, context.lease))) throw new CallFailed(NOT_OURS, undefined);
  return ask(context, limited, work);
}

/** A pause that Slack asks for holds for all processes. */
async function ask<T>({ sql }: DeliverContext, limited: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const trouble = readSlackTrouble(thrown);
    if (trouble.kind === 'later' && trouble.isLimit) await noteRest(sql, limited, trouble.waitMs);
    throw new CallFailed(trouble, thrown);
  }
}

async function send(context: DeliverContext, place: Place, { wanted, known }: Message): Promise<string> {
  const { client } = context;
  const content = { text: wanted.text, blocks: [...wanted.blocks] };
  const since = known?.postingAt;
  const ts =
    known?.ts ??
    (since &&
      (await call(context, LIMITED.lookups, () => findPosted(context, place, { slot: wanted.slot, since }))));
  if (ts !== undefined) {
    await call(context, LIMITED.edits, () => client.chat.update({ channel: place.channel, ts, ...content }));
    return ts;
  }
  return post(context, place, wanted);
}

async function post(context: DeliverContext, place: Place, wanted: WantedMessage): Promise<string> {
  const { sql, client } = context;
  const { slot, text, blocks } = wanted;
  const { jobId, channel, threadTs } = place;
  const hasSlept = watchForSleep(context);
  if (!(await notePosting(sql, context.lease, { slot, channel }))) throw new CallFailed(NOT_OURS, undefined);
  // From here to the request nothing is awaited: what the note found is still so, unless we were held still meanwhile.
  if (hasSlept()) throw new CallFailed(SLEPT, undefined);
  try {
    const answer = await ask(context, LIMITED.postsIn(channel), () =>
      client.chat.postMessage({
        channel,
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        text,
        blocks: [...blocks],
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: METADATA_TYPE, event_payload: { job: jobId, slot } },
      }),
    );
    if (answer.ts === undefined) throw new Error('Slack took the message but told no ts.');
    return answer.ts;
  } catch (thrown) {
    if (thrown instanceof CallFailed && isNotPosted(thrown.trouble)) {
      await noteNotPosted(sql, jobId, slot);
    }
    throw thrown;
  }
}

function isNotPosted(trouble: SlackTrouble): boolean {
  return !isOutcomeUnknown(trouble) && !(trouble.kind === 'refused' && trouble.isUnheard);
}

/**
 * Whether so much time has passed since that another bot may have the lease soon, or has it already. The time of day counts,
 * too: a machine that is suspended stops the other clock. Where that was only set, the message is looked for in vain.
 */
function watchForSleep({ lease, clock = () => performance.now() }: DeliverContext): () => boolean {
  const readings = () => [clock(), Date.now()] as const;
  const [before, dayBefore] = readings();
  const mostMs = lease.leaseMs / SLEEP_SHARE;
  return () => {
    const [now, day] = readings();
    return now - before > mostMs || day - dayBefore > mostMs;
  };
}

/** A post was sent once and its answer never came: looks whether the message is there. */
async function findPosted(
  { sql, client, lease }: DeliverContext,
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
    // Every page may take as long as a call; whoever lost the job on the way hears of it at the next one.
    await renewLease(sql, lease);
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
  message: Message & Readonly<{ hash: string; problem: string }>,
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
    if (!(thrown instanceof CallFailed)) throw thrown;
    const { trouble } = thrown;
    const isPassing = ['later', 'shut', 'locked_out'].includes(trouble.kind);
    return isPassing
      ? { trouble }
      : giveUp(context, place, { slot: wanted.slot, hash, problem: trouble.say });
  }
}

async function giveUp(
  context: DeliverContext,
  place: Place,
  given: { slot: string; hash: string; problem: string },
): Promise<Delivery> {
  await noteUnshowable(context.sql, place.jobId, { ...given, channel: place.channel });
  return 'unshowable';
}
