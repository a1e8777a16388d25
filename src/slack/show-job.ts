// Brings one job's thread up to date: which messages are due, in which order, and what came of it.
import type { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import { findJobPlace, loadJob, loadProgress } from '../store/jobs.ts';
import { type Lease, loadMessages, type Message, type ShowFailure } from '../store/messages.ts';
import { pendingReplies } from '../store/replies.ts';
import { loadSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { moveThread, setThread, setThreadUrl } from '../store/threads.ts';
import { deliverMessage, hashMessage, LIMITED } from './deliver.ts';
import { isStreamed, type NativeOffer, showNative } from './native.ts';
import type { ShowReactions } from './reactions.ts';
import type { Remembered } from './remembered.ts';
import { pauseMs, type SlackTrouble } from './slack-errors.ts';
import { buildThreadMessages, hasUnreadableNotice, type WantedMessage } from './thread-messages.ts';
import type { Unreadables } from './unreadable.ts';

/** A bot that died holds its leases this long; Slack's slowest answers are well below. */
export const LEASE_MS = 30_000;

export type ShowContext = Readonly<{
  store: Store;
  client: WebClient;
  log: Log;
  now: () => Date;
  /** Names this process in leases. */
  holder: string;
  /** How far apart the edits of a card are at the least. */
  cardIntervalMs?: number | undefined;
  /** Where pages stand, if there are any. */
  pagesUrl?: string | undefined;
  showReactions: ShowReactions;
  /** Whether the workspace has agent sessions, as far as this process knows. */
  offer: NativeOffer;
  /** The jobs whose thread's address was asked for just now. */
  permalinks: Remembered<void>;
  unreadables: Unreadables;
}>;

/** What Slack wants to be left alone with, and for how many more ms. */
export type Rests = ReadonlyMap<string, number>;

/** Why something of the job is not shown yet. `lockedOut`: nothing can be shown to anybody. */
export type Behind = Readonly<{ pauseMs: number; failure?: ShowFailure; lockedOut?: string }>;

/** Undefined when Slack shows all of the job. */
export async function showJob(
  context: ShowContext,
  jobId: number,
  rests: Rests,
): Promise<Behind | undefined> {
  const { sql } = context.store.db;
  const job = await loadJob(sql, jobId);
  if (job === undefined) return undefined;
  const [progress, waiting, stored, session] = await Promise.all([
    loadProgress(sql, jobId),
    pendingReplies(sql, jobId),
    loadMessages(sql, jobId),
    loadSession(sql, jobId),
  ]);
  const streamed = isStreamed(job, session);
  const pending = waiting.length;
  const { pagesUrl } = context;
  const wanted = buildThreadMessages({ job, progress, pendingReplies: pending, stored, streamed, pagesUrl });
  const behind = await showMessages(context, job, { wanted, stored, rests });
  if (behind?.failure || behind?.lockedOut) return behind;
  const unsigned = await context.showReactions(jobId, rests);
  const means = { ...context, sql, lease: leaseOn(context, jobId) };
  // The card may just have made the thread.
  const threadTs = job.threadTs ?? (await findJobPlace(sql, jobId))?.threadTs;
  const native = await showNative(means, { ...job, threadTs }, { session, progress, rests });
  return [unsigned, native, lookAtNotices(context, jobId, stored)].reduce(longer, behind);
}

/** Words that only another version can show: a job with such is never called shown. */
function lookAtNotices(
  { unreadables, log }: ShowContext,
  jobId: number,
  stored: readonly Message[],
): Behind | undefined {
  if (!stored.some(hasUnreadableNotice)) return void unreadables.forget(jobId);
  if (unreadables.note(jobId) === 1) log.error({ jobId }, 'slack.show.unreadable_notice');
  return { pauseMs: 0 };
}

function longer(one: Behind | undefined, other: Behind | undefined): Behind | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { ...one, ...other, pauseMs: Math.max(one.pauseMs, other.pauseMs) };
}

/** The lease that is held on to before each of Slack's calls: several may be needed for one message. */
export function leaseOn({ holder }: Pick<ShowContext, 'holder'>, jobId: number): Lease {
  return { holder, jobId, leaseMs: LEASE_MS };
}

async function showMessages(
  context: ShowContext,
  job: Job,
  messages: { wanted: readonly WantedMessage[]; stored: readonly Message[]; rests: Rests },
): Promise<Behind | undefined> {
  const { store, client, log } = context;
  const { sql } = store.db;
  let threadTs = job.threadTs ?? (await recoverThread(context, job, messages.stored));
  let behind: Behind | undefined;
  const find = ({ slot }: WantedMessage) => messages.stored.find((message) => message.slot === slot);
  const isNew = (wanted: WantedMessage) => find(wanted)?.ts === undefined;
  // Whoever reads on the card that a turn is over finds its result in the thread already.
  const inOrder = [...messages.wanted.filter(isNew), ...messages.wanted.filter((wanted) => !isNew(wanted))];
  /** Order matters in a thread: what comes after waits for what could not be posted yet. Edits need not. */
  let mayPost = true;
  for (const wanted of inOrder) {
    if (isNew(wanted) && !mayPost) continue;
    const known = find(wanted);
    if (known?.shownHash === hashMessage(wanted)) continue;
    const postRest = known?.ts === undefined ? messages.rests.get(LIMITED.postsIn(job.channel)) : undefined;
    if (postRest !== undefined) {
      behind = longer(behind, { pauseMs: postRest });
      mayPost = false;
      continue;
    }
    const early = tooEarlyMs(wanted, known, { ...context, rests: messages.rests });
    if (early > 0) {
      behind = longer(behind, { pauseMs: early });
      continue;
    }
    const place = { jobId: job.id, channel: job.channel, threadTs };
    const delivery = await deliverMessage({ sql, client, log, lease: leaseOn(context, job.id) }, place, {
      wanted,
      known,
    });
    if (delivery === 'unshowable') continue;
    if ('trouble' in delivery) {
      const { trouble } = delivery;
      if (!isLimit(trouble)) return longer(behind, behindFor(trouble));
      mayPost &&= !isNew(wanted);
      behind = longer(behind, isNew(wanted) ? behindFor(trouble) : { pauseMs: CARD_INTERVAL_MS });
      continue;
    }
    if (delivery.isRoot) {
      threadTs = delivery.ts;
      await moveThread(sql, job.id, threadTs);
    } else if (threadTs === undefined) {
      threadTs = delivery.ts;
      await setThread(sql, job.id, threadTs);
    }
    await rememberPermalink(context, job, threadTs);
  }
  return behind;
}

function behindFor(trouble: SlackTrouble): Behind {
  const pause = { pauseMs: pauseMs(trouble) };
  if (trouble.kind === 'locked_out') return { pauseMs: 0, lockedOut: trouble.say };
  if (isLimit(trouble)) return pause;
  return { ...pause, failure: trouble.kind === 'shut' ? 'shut' : 'down' };
}

function isLimit(trouble: SlackTrouble): boolean {
  return trouble.kind === 'later' && trouble.isLimit === true;
}

/** A bot that died between posting the card and remembering its thread left only the card's own ts. */
async function recoverThread(
  { store }: ShowContext,
  job: Job,
  stored: readonly Message[],
): Promise<string | undefined> {
  const ts = stored.find((message) => message.slot === 'card')?.ts;
  if (ts !== undefined) await setThread(store.db.sql, job.id, ts);
  return ts;
}

/** How long a message must still wait: for its pace, or while Slack wants no edits. */
function tooEarlyMs(
  wanted: WantedMessage,
  known: Message | undefined,
  options: Pick<ShowContext, 'cardIntervalMs'> & Readonly<{ rests: Rests }>,
): number {
  if (known?.ts === undefined) return 0;
  if (options.rests.has(LIMITED.edits)) return CARD_INTERVAL_MS;
  if (!wanted.paced || known.shownAgoMs === undefined) return 0;
  return (options.cardIntervalMs ?? CARD_INTERVAL_MS) - known.shownAgoMs;
}

/** The pull links to the thread. Asked once, also for threads that people began; the job does without it if need be. */
async function rememberPermalink(options: ShowContext, job: Job, threadTs: string): Promise<void> {
  if (job.threadUrl !== undefined) return;
  const { store, client, log } = options;
  await options.permalinks.get(String(job.id), async () => {
    try {
      const { permalink } = await client.chat.getPermalink({ channel: job.channel, message_ts: threadTs });
      if (permalink) await setThreadUrl(store.db.sql, job.id, permalink);
    } catch (thrown) {
      log.info({ err: toError(thrown), jobId: job.id }, 'slack.permalink.missing');
    }
  });
}
