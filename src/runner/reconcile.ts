// Keeps jobs true to what people do at GitHub: looks at each open pull now and then, at once when a webhook speaks of it,
// and tells the job what is different. Complete without webhooks; any number of runners share the looking.
import { setTimeout as sleep } from 'node:timers/promises';
import { isRefusal, PermanentError, TransientError, toError } from '../errors.ts';
import { type Job, jobName } from '../job/job.ts';
import { judgeSighting, type Sighting } from '../job/outside.ts';
import { formatRepo } from '../job/repo.ts';
import { LOOK_AT_LEAST_EVERY_MS } from '../job/timing.ts';
import type { JobEvent } from '../job/transition.ts';
import { readOutsideAges } from '../store/events.ts';
import { applyEvent, loadJob, lockJob } from '../store/jobs.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import {
  forgetOldDeliveries,
  noteLook,
  putOffLook,
  type SeenBefore,
  takeDueWatches,
  type Watch,
} from '../store/watches.ts';
import { audited } from './audited.ts';
import { ask } from './conditional.ts';
import type { RunnerContext } from './context.ts';
import { followPull } from './follow-pull.ts';
import { removeBranch, tidy } from './tidy.ts';

/** At most this many looks a second: mostly one or two requests each, well below GitHub's 900 points a minute. */
const BATCH = 4;
const PACE_MS = 1_000;
/** A runner that died holds a look this long. Two looks at once do no harm, since each compares before it tells. */
const LEASE_MS = 60_000;
/** For hints whose notification was lost. */
const POLL_MS = 2_000;
const STOP_PATIENCE_MS = 3_000;
const FORGET_EVERY_MS = 60 * 60_000;
/** After trouble at GitHub nothing is looked at for this long, doubled each time. */
const BACKOFF = { firstMs: 5_000, mostMs: 10 * 60_000 };
/** GitHub's limits are counted by the hour. */
const MOST_ASKED_MS = 60 * 60_000;
/** What GitHub no longer shows us is looked for this many times more rarely. */
const GONE_SHARE = 10;

type Rest = Readonly<{ firmMs: number; upToMs: number }>;

export type Reconciler = Readonly<{ start(): void; stop(): Promise<void> }>;

export function createReconciler(context: RunnerContext): Reconciler {
  const { store, log, limits } = context;
  const abort = new AbortController();
  let wake = () => {};
  let running: Promise<void> | undefined;
  let unlisten = () => {};
  let troubles = 0;
  const paceMs = Math.min(PACE_MS, limits.lookEveryMs);

  async function loop(): Promise<void> {
    let forgetAt = 0;
    while (!abort.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const rest = await turn();
      if (performance.now() >= forgetAt) {
        forgetAt = performance.now() + FORGET_EVERY_MS;
        await forgetOldDeliveries(store.db.sql).catch((thrown: unknown) => noteTrouble(toError(thrown)));
      }
      await nap(rest.firmMs);
      await Promise.race([woken, nap(rest.upToMs)]);
    }
  }

  /** One look at what is due; answers how long to rest whatever happens, and then up to how long without news. */
  async function turn(): Promise<Rest> {
    try {
      const pace = { everyMs: limits.lookEveryMs, atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS };
      const due = await takeDueWatches(store.db.sql, { ...pace, leaseMs: LEASE_MS, limit: BATCH });
      const ends = await Promise.all(due.map((watch) => look(context, watch)));
      const trouble = ends.find((end) => end instanceof Error);
      if (trouble) return backOff(trouble);
      troubles = 0;
      return { firmMs: paceMs, upToMs: Math.min(POLL_MS, limits.lookEveryMs) };
    } catch (thrown) {
      return backOff(toError(thrown));
    }
  }

  function backOff(error: Error): Rest {
    noteTrouble(error);
    const asked = error instanceof TransientError ? (error.retryAfterMs ?? 0) : 0;
    const ours = Math.min(BACKOFF.firstMs * 2 ** troubles, BACKOFF.mostMs) * (1 + Math.random() / 4);
    troubles += 1;
    // Each job has a pause of its own as well, so news may well be looked at; only what GitHub asks for holds in any case.
    return { firmMs: Math.min(Math.max(asked, paceMs), MOST_ASKED_MS), upToMs: Math.max(0, ours - asked) };
  }

  function noteTrouble(error: Error): void {
    log.warn({ err: error }, 'runner.reconcile.trouble');
  }

  async function nap(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: abort.signal }).catch(() => {});
  }

  return {
    start() {
      unlisten = store.changes.listen(() => wake());
      running ??= loop();
    },
    async stop() {
      unlisten();
      abort.abort();
      wake();
      // A look that waits for GitHub is given up: it only reads, and its lease runs out by itself.
      await Promise.race([running, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** One look at one job. Answers with trouble that concerns all looks; all other trouble stays with the job. */
async function look(context: RunnerContext, watch: Watch): Promise<Error | undefined> {
  const { store, log, limits } = context;
  const everyMs = limits.lookEveryMs;
  try {
    // Read before GitHub is asked: what GitHub says is then younger than the job.
    const job = await loadJob(store.db.sql, watch.jobId);
    if (job === undefined) return undefined;
    const { sighting, seen } = await see(context, job, watch.seen);
    const isTold = await tellJob(context, job, sighting);
    // The job has news of its own; they should be judged soon, but not in a circle.
    if (!isTold) await putOffLook(store.db.sql, watch, { pauseMs: PACE_MS, failed: false });
    else if (sighting.pull === 'gone') {
      const goneMs = Math.min(everyMs * GONE_SHARE, LOOK_AT_LEAST_EVERY_MS);
      await noteLook(store.db.sql, watch, { seen, pauseMs: goneMs });
    } else {
      const followed = await follow(context, watch, seen);
      const soon = followed.againInMs !== undefined;
      await noteLook(store.db.sql, watch, {
        seen: { ...seen, ...followed.seen },
        pauseMs: followed.againInMs ?? 0,
        soon,
      });
    }
    return undefined;
  } catch (thrown) {
    const error = toError(thrown);
    // Whoever can read the job takes it when the lease has run out; that is no trouble of GitHub's.
    if (isUnreadable(error)) {
      log.debug({ err: error, jobId: watch.jobId }, 'runner.reconcile.unreadable');
      return undefined;
    }
    log.warn({ err: error, jobId: watch.jobId }, 'runner.reconcile.put_off');
    const pauseMs = Math.min(BACKOFF.firstMs * 2 ** watch.failures, LOOK_AT_LEAST_EVERY_MS);
    await putOffLook(store.db.sql, watch, { pauseMs, failed: true });
    return concernsAll(error) ? error : undefined;
  }
}

/** What people and checks say of the pull, once the job knows how the pull itself stands. */
async function follow(context: RunnerContext, watch: Watch, seen: SeenBefore): ReturnType<typeof followPull> {
  const { sql } = context.store.db;
  const job = await loadJob(sql, watch.jobId);
  const before = watch.seen;
  if (job?.pull === undefined) return { seen: {} };
  const ages = await readOutsideAges(sql, job.id);
  const look = { before, pullIsNew: seen.pull !== before.pull, hints: watch.hints, ages };
  try {
    return await followPull(audited(context, job), job, look);
  } catch (thrown) {
    const error = toError(thrown);
    if (!(error instanceof PermanentError) || concernsAll(error)) throw error;
    // What GitHub will not tell must not keep the job from what it does tell.
    context.log.warn({ err: error, jobId: job.id }, 'runner.follow.untold');
    return { seen: {} };
  }
}

/**
 * A limit or credentials that are refused. What GitHub says of one repository or pull, or fails to, is no reason to look at
 * the others more rarely: while it is down as a whole, each job waits for itself.
 */
function concernsAll(error: Error): boolean {
  if (error instanceof TransientError) return error.retryAfterMs !== undefined;
  return error instanceof PermanentError && error.code === 'github_auth';
}

/** Asks GitHub for the pull and the issue, each only if it changed since the last answer. */
async function see(
  { github }: RunnerContext,
  job: Job,
  before: SeenBefore,
): Promise<{ sighting: Sighting; seen: SeenBefore }> {
  const { repo } = job;
  const pull = job.pull
    ? await ask(before.pull, `${formatRepo(repo)}#${job.pull.number}`, (etag) =>
        github.seePull({ repo, number: job.pull?.number ?? 0, etag }),
      )
    : undefined;
  const issue = job.issue
    ? await ask(before.issue, `${formatRepo(repo)}#${job.issue.number}`, (etag) =>
        github.seeIssue({ repo, number: job.issue?.number ?? 0, etag }),
      )
    : undefined;
  return {
    seen: { pull, issue },
    sighting: { ...(pull ? { pull: pull.value } : {}), ...(issue ? { issue: issue.value } : {}) },
  };
}

/** False where the job moved on while GitHub was asked: then nobody knows which of the two is younger. */
async function tellJob(context: RunnerContext, job: Job, sighting: Sighting): Promise<boolean> {
  const { store, log, now, redactor } = context;
  const events = await Promise.all(
    judgeSighting(job, sighting, await readOutsideAges(store.db.sql, job.id)).map((event) =>
      nameWho(context, job, event),
    ),
  );
  if (events.length === 0) return true;
  const merged = events.find((event) => event.type === 'merged');
  if (merged) await removeBranch(audited(context, job), job, merged.sha);
  const ended = await store.db.transaction(async (tx): Promise<Job | undefined> => {
    let next = await lockJob(tx, job.id);
    if (next?.revision !== job.revision) return undefined;
    for (const event of events) {
      const told = await applyEvent(tx, store.queue, {
        job: next,
        event: redactor.deep(event),
        now: now(),
      });
      if (isRefusal(told)) log.info({ jobId: job.id, refusal: told.code }, 'runner.reconcile.refused');
      else next = told;
    }
    return next;
  });
  log.info(
    { job: jobName(job), events: events.map(({ type }) => type), told: ended !== undefined },
    'runner.reconcile.seen',
  );
  if (ended?.status === 'merged' || ended?.status === 'rejected') await tidy(audited(context, ended), ended);
  return ended !== undefined;
}

/** Adds who did it, where GitHub says so only elsewhere. */
async function nameWho({ github }: RunnerContext, job: Job, event: JobEvent): Promise<JobEvent> {
  const number = job.pull?.number;
  if (event.type === 'pull_closed' && number !== undefined) {
    const login = await github.whoClosed(job.repo, number);
    return login === undefined ? event : { ...event, login };
  }
  if (event.type === 'pull_pushed') {
    const login = await github.whoCommitted(job.repo, event.headSha);
    return login === undefined ? event : { ...event, login };
  }
  return event;
}
