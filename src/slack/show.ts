// Makes Slack equal to the database. One loop a bot: takes the lease on jobs that Slack is behind on, brings their
// messages and reactions up to date, gives the lease back. After a restart it simply goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import { loadJob, loadProgress, setThread, setThreadUrl } from '../store/jobs.ts';
import {
  leaseJobsToShow,
  loadMessages,
  type Message,
  nextShowInMs,
  releaseJobToShow,
  renewLease,
} from '../store/messages.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import { pendingReplies } from '../store/replies.ts';
import type { Store } from '../store/store.ts';
import { createBoltLogger } from './bolt-log.ts';
import { deliverMessage, hashMessage } from './deliver.ts';
import { createReactions, type ShowReactions } from './reactions.ts';
import { createRedactedFetch } from './redacted-fetch.ts';
import { createRemembered, type Remembered } from './remembered.ts';
import { pauseMs, type SlackTrouble } from './slack-errors.ts';
import { buildThreadMessages, hasUnreadableNotice, type WantedMessage } from './thread-messages.ts';
import { createUnreadables, LOOK_AGAIN_MS, showUnreadable, type Unreadables } from './unreadable.ts';

export type ShowOptions = Readonly<{
  store: Store;
  /** A client of its own: no retries inside, a timeout, rate limits rejected, so that this loop decides. */
  client: WebClient;
  log: Log;
  now: () => Date;
  /** Names this process in leases. */
  holder: string;
  /** How far apart the edits of a card are at the least. */
  cardIntervalMs?: number;
  /** After how long a job that only another version can read is looked at again; 15 s by default. */
  lookAgainMs?: number;
}>;

/** A bot that died holds its leases this long; Slack's slowest answers are well below. */
const LEASE_MS = 30_000;
const BATCH = 5;
/** News of changes come by notification; this is for those that were lost. */
const POLL_MS = 1_000;
/** An address that Slack did not tell is not asked for again with every edit of the card. */
const PERMALINK_PAUSE_MS = 60 * 60_000;

/** A client for showing: the loop behind it decides about waiting, so the client itself never tries again. */
export function createShowClient(options: {
  botToken: string;
  apiUrl: string;
  redactor?: Redactor;
  log: Log;
}): WebClient {
  return new WebClient(options.botToken, {
    slackApiUrl: options.apiUrl,
    fetch: createRedactedFetch(options.redactor),
    logger: createBoltLogger(options.log.child({ part: 'show' })),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
  });
}

type ShowContext = ShowOptions & {
  /** Until when Slack asked for no more edits (a limit of the method, so of all jobs). */
  editsRestUntilMs: number;
  showReactions: ShowReactions;
  /** The jobs whose thread's address was asked for just now. */
  permalinks: Remembered<void>;
  unreadables: Unreadables;
};

export function createShow(options: ShowOptions) {
  const { client, log, now } = options;
  const showReactions = createReactions({ sql: options.store.db.sql, client, log, now });
  const permalinks = createRemembered<void>({ limit: 1_000, lifetimeMs: PERMALINK_PAUSE_MS, now });
  const unreadables = createUnreadables({ now, lookAgainMs: options.lookAgainMs ?? LOOK_AGAIN_MS });
  const context: ShowContext = { ...options, editsRestUntilMs: 0, showReactions, permalinks, unreadables };
  const abort = new AbortController();
  let running: Promise<void> | undefined;
  let wake = () => {};
  const unlisten = options.store.changes.listen(() => wake());

  async function loop(): Promise<void> {
    while (!abort.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const waitMs = await turn();
      if (waitMs === 0) continue;
      const napping = new AbortController();
      await Promise.race([woken, sleep(waitMs, undefined, { signal: napping.signal }).catch(() => {})]);
      napping.abort();
    }
  }

  /** One look at everything; answers how long the loop may rest. */
  async function turn(): Promise<number> {
    try {
      if ((await showDue(context)) > 0) return 0;
      return Math.min((await nextShowInMs(options.store.db.sql, unreadables.current())) ?? POLL_MS, POLL_MS);
    } catch (thrown) {
      options.log.warn({ err: toError(thrown) }, 'slack.show.trouble');
      return POLL_MS;
    }
  }

  return {
    start() {
      running ??= loop();
    },
    /** Finishes the messages in hand, then ends. */
    async stop() {
      abort.abort();
      unlisten();
      wake();
      await running;
    },
  };
}

/** Shows what is due right now; answers how many jobs that were. */
async function showDue(options: ShowContext): Promise<number> {
  const { store, holder } = options;
  const except = options.unreadables.current();
  const due = await leaseJobsToShow(store.db.sql, { holder, leaseMs: LEASE_MS, limit: BATCH, except });
  await Promise.all(
    due.map(async ({ jobId, change }) => {
      const pause = await showJob(options, jobId).catch((thrown: unknown) =>
        failToShow(options, jobId, toError(thrown)),
      );
      await releaseJobToShow(store.db.sql, {
        holder,
        jobId,
        pauseMs: pause ?? 0,
        ...(pause === undefined ? { shownChange: change } : {}),
      });
    }),
  );
  return due.length;
}

/** Answers how long to wait; a job that only another version can read is left to it without a pause. */
async function failToShow(options: ShowContext, jobId: number, error: Error): Promise<number> {
  const { store, client, log, unreadables } = options;
  if (isUnreadable(error)) {
    await showUnreadable({ sql: store.db.sql, client, log, unreadables }, jobId, error);
    return 0;
  }
  log.error({ err: error, jobId }, 'slack.show.failed');
  return CARD_INTERVAL_MS;
}

/** Undefined when Slack shows all of the job; else how long to wait before trying the rest. */
async function showJob(options: ShowContext, jobId: number): Promise<number | undefined> {
  const { store } = options;
  const job = await loadJob(store.db.sql, jobId);
  if (job === undefined) return undefined;
  const [progress, pending, stored] = await Promise.all([
    loadProgress(store.db.sql, jobId),
    pendingReplies(store.db.sql, jobId),
    loadMessages(store.db.sql, jobId),
  ]);
  const wanted = buildThreadMessages({ job, progress, pendingReplies: pending.length, stored });
  const pauses = [await showMessages(options, job, { wanted, stored })];
  pauses.push(await options.showReactions(jobId));
  if (stored.some(hasUnreadableNotice)) {
    if (options.unreadables.note(jobId) === 1) options.log.error({ jobId }, 'slack.show.unreadable_notice');
    pauses.push(0);
  } else options.unreadables.forget(jobId);
  const waits = pauses.filter((pause) => pause !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

async function showMessages(
  options: ShowContext,
  job: Job,
  messages: { wanted: readonly WantedMessage[]; stored: readonly Message[] },
): Promise<number | undefined> {
  const { store, client, log } = options;
  let threadTs = job.threadTs ?? (await recoverThread(options, job, messages.stored));
  let pause: number | undefined;
  for (const wanted of messages.wanted) {
    const known = messages.stored.find((message) => message.slot === wanted.slot);
    if (known?.shownHash === hashMessage(wanted)) continue;
    const early = tooEarlyMs(wanted, known, options);
    if (early > 0) {
      pause = Math.max(pause ?? 0, early);
      continue;
    }
    if (!(await renewLease(store.db.sql, { holder: options.holder, jobId: job.id, leaseMs: LEASE_MS })))
      return 0;
    const place = { jobId: job.id, channel: job.channel, threadTs };
    const delivery = await deliverMessage({ sql: store.db.sql, client, log }, place, { wanted, known });
    if (delivery === 'unshowable') continue;
    if ('trouble' in delivery) {
      const waitMs = pauseMs(delivery.trouble);
      // Order matters in a thread: what comes after waits for what could not be posted yet. Too many edits, however, must
      // not hold back a result.
      if (known?.ts === undefined || !isLimited(delivery.trouble)) return Math.max(pause ?? 0, waitMs);
      options.editsRestUntilMs = options.now().getTime() + waitMs;
      pause = CARD_INTERVAL_MS;
      continue;
    }
    if (threadTs === undefined) {
      threadTs = delivery.ts;
      await setThread(store.db.sql, job.id, threadTs);
    }
    await rememberPermalink(options, job, threadTs);
  }
  return pause;
}

/** A bot that died between posting the card and remembering its thread left only the card's own ts. */
async function recoverThread(
  { store }: ShowOptions,
  job: Job,
  stored: readonly Message[],
): Promise<string | undefined> {
  const ts = stored.find((message) => message.slot === 'card')?.ts;
  if (ts !== undefined) await setThread(store.db.sql, job.id, ts);
  return ts;
}

/** How long a message must still wait: for its pace, or while Slack wants no edits. */
function tooEarlyMs(wanted: WantedMessage, known: Message | undefined, options: ShowContext): number {
  if (known?.ts === undefined) return 0;
  const now = options.now().getTime();
  if (options.editsRestUntilMs > now) return CARD_INTERVAL_MS;
  if (!wanted.paced || known.shownAt === undefined) return 0;
  return known.shownAt.getTime() + (options.cardIntervalMs ?? CARD_INTERVAL_MS) - now;
}

function isLimited(trouble: SlackTrouble): boolean {
  return trouble.kind === 'later' && trouble.ofMethod === true;
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
