// Finds what fell between the chairs: jobs that should be worked on but stand in no queue, runs whose queue item is spent,
// trees and homes that nobody needs. Runs at start and now and then.
import { join } from 'node:path';
import { isRefusal, toError } from '../errors.ts';
import { type Job, workName } from '../job/job.ts';
import { nextWork } from '../job/next-work.ts';
import { HOME_LIFETIME_MS } from '../job/timing.ts';
import { readJobStates, whileIdle } from '../store/idle-jobs.ts';
import { applyEvent, listQuietJobs, listRunningBranches, lockJob } from '../store/jobs.ts';
import type { Swept } from '../workspace/sweep.ts';
import { clearLogins } from './agent-home.ts';
import type { RunnerContext } from './context.ts';
import { sweepPatches } from './keep-patches.ts';
import { tellSetAside } from './keep-work.ts';
import { sweepKeptFiles } from './kept-files.ts';

/** A job is looked at only after this long without news: its item may just be on the way. */
const QUIET_MS = 60_000;

/** One look at all open jobs. */
export async function recoverJobs(context: RunnerContext, quietMs = QUIET_MS): Promise<void> {
  const { store, log } = context;
  const quiet = await listQuietJobs(store.db.sql, {
    statuses: ['queued', 'running', 'merging', 'closing'],
    quietMs,
  });
  for (const job of quiet) {
    try {
      await recoverJob(context, job);
    } catch (thrown) {
      log.warn({ err: toError(thrown), jobId: job.id }, 'runner.recover.failed');
    }
  }
}

async function recoverJob(context: RunnerContext, seen: Job): Promise<void> {
  const { store, log, now } = context;
  const work = nextWork(seen) ?? 'turn';
  if (await store.queue.hasItem(work, seen.id)) return;
  await store.db.transaction(async (tx) => {
    const job = await lockJob(tx, seen.id);
    if (job === undefined || job.revision !== seen.revision) return;
    if (job.status !== 'running') {
      log.warn({ jobId: job.id, work }, 'runner.recover.enqueued');
      await store.queue.enqueue(tx, work, job.id);
      return;
    }
    const failure = {
      code: 'runner_lost',
      reason:
        'The runner was lost while it worked on this, and nobody could take over. The work so far is kept; press Retry once a runner is healthy.',
    };
    const result = {
      turn: job.turn,
      outcome: 'failed' as const,
      endedAt: now().toISOString(),
      failure,
      usage: {},
    };
    const ended = await applyEvent(tx, store.queue, {
      job,
      event: { type: 'turn_ended', result },
      now: now(),
    });
    if (!isRefusal(ended)) log.error({ jobId: job.id }, 'runner.recover.failed_job');
  });
}

/** Removes trees that no running job needs (their work is kept), homes nobody will resume, and diffs of jobs long over. */
export async function sweepWorkspaces(context: RunnerContext): Promise<void> {
  await sweepPatches(context);
  const { store, workspaces, log, now } = context;
  try {
    const running = await listRunningBranches(store.db.sql);
    const swept = await workspaces.sweep({
      keepTrees: new Set(running.map(workName)),
      keepHomesNewerThanMs: HOME_LIFETIME_MS,
      now: now(),
      // A runner of another process may share this disk and take a job at any moment.
      guard: (name, work) => whileIdle(store.db, name, work),
      // A runner that was killed over them could not; later they may be those of the next turn's agent.
      beforeTreeGoes: (name) => clearLogins(join(context.home, 'jobs', name, 'home')),
    });
    if (swept.trees.length + swept.homes.length + swept.temps.length > 0) log.info(swept, 'runner.swept');
    for (const aside of swept.setAside) await tellOfSweep(context, aside);
    await sweepKeptFiles(context);
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'runner.sweep.failed');
  }
}

/** Those in the thread wait for an agent that did not come back: they are told where its files lie. */
async function tellOfSweep(context: RunnerContext, aside: Swept['setAside'][number]): Promise<void> {
  const { store, log } = context;
  try {
    const known = (await readJobStates(store.db.sql)).get(aside.jobId);
    if (known === undefined) return;
    await store.db.transaction(async (tx) => {
      // Somebody may take it at this very moment.
      const job = await lockJob(tx, known.id);
      if (job) await tellSetAside(tx, context, job, aside);
    });
  } catch (thrown) {
    log.error({ err: toError(thrown), ...aside }, 'runner.set_aside.not_told');
  }
}
