// Makes Slack equal to the database. One loop a bot: takes the lease on jobs that Slack is behind on, brings their
// messages and reactions up to date, gives the lease back. After a restart it simply goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import { leaseJobsToShow, nextShowInMs, releaseJobToShow } from '../store/messages.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import { loadRests } from '../store/rests.ts';
import type { Store } from '../store/store.ts';
import { createBoltLogger } from './bolt-log.ts';
import { createLockOut, type LockOut } from './lock-out.ts';
import { createNativeOffer, STREAM_MOST_MS } from './native.ts';
import { createReactions } from './reactions.ts';
import { createRedactedFetch } from './redacted-fetch.ts';
import { createRemembered } from './remembered.ts';
import { type Behind, LEASE_MS, leaseOn, type ShowContext, showJob } from './show-job.ts';
import { createUnreadables, LOOK_AGAIN_MS, showUnreadable } from './unreadable.ts';

export type ShowOptions = Readonly<{
  store: Store;
  /** A client of its own: no retries inside, a timeout, rate limits rejected, so that this loop decides. */
  client: WebClient;
  log: Log;
  now: () => Date;
  /** Names this process in leases. */
  holder: string;
  /** How far apart the edits of a card are at the least. */
  cardIntervalMs?: number | undefined;
  /** Where pages stand, if there are any: messages lead there. */
  pagesUrl?: string | undefined;
  /** After how long a job that only another version can read is looked at again; 15 s by default. */
  lookAgainMs?: number;
}>;

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
  timeoutMs?: number;
}): WebClient {
  return new WebClient(options.botToken, {
    slackApiUrl: options.apiUrl,
    fetch: createRedactedFetch(options.redactor),
    logger: createBoltLogger(options.log.child({ part: 'show' })),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMs ?? 10_000,
  });
}

export function createShow(options: ShowOptions) {
  const { client, log, now } = options;
  const showReactions = createReactions({ sql: options.store.db.sql, client, log });
  const permalinks = createRemembered<void>({ limit: 1_000, lifetimeMs: PERMALINK_PAUSE_MS, now });
  const unreadables = createUnreadables({ now, lookAgainMs: options.lookAgainMs ?? LOOK_AGAIN_MS });
  const offer = createNativeOffer({ log, now });
  const context: ShowContext = { ...options, showReactions, permalinks, unreadables, offer };
  const lockOut = createLockOut({ log, now });
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
      const lockedMs = lockOut.restMs();
      if (lockedMs > 0) return Math.min(lockedMs, POLL_MS);
      if ((await showDue(context, lockOut)) > 0) return 0;
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
    /** Why nothing can be shown to anybody, for operators; undefined while all is well. */
    trouble: lockOut.say,
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
async function showDue(context: ShowContext, lockOut: LockOut): Promise<number> {
  const { store, holder } = context;
  const { sql } = store.db;
  const except = context.unreadables.current();
  const due = await leaseJobsToShow(sql, {
    holder,
    leaseMs: LEASE_MS,
    limit: BATCH,
    except,
    streamMostMs: STREAM_MOST_MS,
  });
  if (due.length === 0) return 0;
  const rests = await loadRests(sql);
  const lockedOut = await Promise.all(
    due.map(async ({ jobId, change }) => {
      const behind = await showJob(context, jobId, rests).catch((thrown: unknown) =>
        failToShow(context, jobId, toError(thrown)),
      );
      const { pauseMs = 0, failure } = behind ?? {};
      await releaseJobToShow(sql, { holder, jobId, change, isShown: behind === undefined, pauseMs, failure });
      return behind?.lockedOut;
    }),
  );
  lockOut.note(lockedOut.find((say) => say !== undefined));
  return due.length;
}

/** A job that only another version can read is left to it without a pause. */
async function failToShow(context: ShowContext, jobId: number, error: Error): Promise<Behind> {
  const { store, client, log, unreadables } = context;
  if (isUnreadable(error)) {
    const lease = leaseOn(context, jobId);
    await showUnreadable({ sql: store.db.sql, client, log, lease, unreadables }, jobId, error);
    return { pauseMs: 0 };
  }
  log.error({ err: error, jobId }, 'slack.show.failed');
  return { pauseMs: CARD_INTERVAL_MS, failure: 'down' };
}
