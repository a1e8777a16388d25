// The runner: takes turns and decisions from the queue until it is stopped. Any number may run over one database.
import { TransientError, toError } from '../errors.ts';
import { readEnforcement } from '../sandbox/enforcement.ts';
import { sweepSandboxLeftovers } from '../sandbox/leftovers.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import type { WorkItem, WorkOutcome } from '../store/queue.ts';
import type { RunnerContext } from './context.ts';
import { expirePlans } from './expire-plans.ts';
import { createReconciler } from './reconcile.ts';
import { recoverJobs, sweepWorkspaces } from './recover.ts';
import { runSettle } from './settle.ts';
import { runTurn } from './turn.ts';
import { ShutdownError } from './turn-run.ts';

/** Decisions of humans settle beside the turns, so that a full runner still merges. */
const SETTLE_SLOTS = 4;
const RECOVER_EVERY_MS = 30_000;
const SWEEP_EVERY_MS = 60 * 60_000;

export type Runner = Readonly<{
  start(): Promise<void>;
  /** Takes nothing more, hands running turns back to the queue with their work kept, and waits for that. */
  stop(): Promise<void>;
}>;

export function createRunner(context: RunnerContext, options: { slots: number }): Runner {
  const shutdown = new AbortController();
  const running = new Set<Promise<unknown>>();
  const timers: NodeJS.Timeout[] = [];
  const unreadable = new Set<number>();
  const { queue } = context.store;
  const reconciler = createReconciler(context);
  let sweeping = Promise.resolve();

  /** Remembers what is under way, so that `stop` can wait for it. */
  function track<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    const forget = () => running.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** No turn begins while trees are swept: its own would look like one that nobody needs. */
  async function take(item: WorkItem): Promise<WorkOutcome> {
    await sweeping;
    // Thrown, so that the item goes back to the queue for a runner that stays.
    if (shutdown.signal.aborted) throw new ShutdownError('The runner is shutting down.');
    if ((await context.room.look()) !== undefined) return 'left_to_others';
    return runTurn(context, item, shutdown.signal);
  }

  /** A job that another version stored waits for a runner that can read it; said once, not at every try. */
  async function leaveUnreadable(item: WorkItem, work: Promise<WorkOutcome>): Promise<WorkOutcome> {
    try {
      return await work;
    } catch (thrown) {
      if (!isUnreadable(thrown)) throw thrown;
      if (!unreadable.has(item.jobId))
        context.log.error({ err: thrown, jobId: item.jobId }, 'runner.job.unreadable');
      unreadable.add(item.jobId);
      return 'left_to_others';
    }
  }

  function sweep(): Promise<void> {
    sweeping = sweepWorkspaces(context).then(sweepSandboxes);
    return sweeping;
  }

  /** Of runners that were killed, on this machine. */
  async function sweepSandboxes(): Promise<void> {
    const swept = await sweepSandboxLeftovers().catch((thrown: unknown) => ({ err: toError(thrown) }));
    context.log.debug(swept, 'runner.sandbox.swept');
  }

  return {
    async start() {
      await sweep();
      await Promise.all([recoverJobs(context), expirePlans(context)]);
      await queue.work('turn', { slots: options.slots }, (item) => track(leaveUnreadable(item, take(item))));
      await queue.work('settle', { slots: SETTLE_SLOTS }, (item) =>
        track(leaveUnreadable(item, runSettle(context, item))),
      );
      reconciler.start();
      timers.push(setInterval(() => void track(recoverJobs(context)), RECOVER_EVERY_MS));
      timers.push(setInterval(() => void track(expirePlans(context)), RECOVER_EVERY_MS));
      timers.push(setInterval(() => void track(sweep()), SWEEP_EVERY_MS));
      const { mode } = context.sandbox;
      const started = { slots: options.slots, sandbox: mode, enforcement: readEnforcement(context.sandbox) };
      context.log.info(started, 'runner.started');
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([queue.stopTaking(), reconciler.stop()]);
      shutdown.abort(new ShutdownError('The runner is shutting down.'));
      // What was taken in the very last moment joins while the others end.
      const ends: PromiseSettledResult<unknown>[] = [];
      while (running.size > 0) ends.push(...(await Promise.allSettled(running)));
      const failed = ends.filter(
        (end) => end.status === 'rejected' && !(end.reason instanceof ShutdownError),
      );
      if (failed.length === 0) return;
      throw new TransientError(
        `${failed.length} of the things in hand could not be handed over; another runner takes them within 15 s.`,
      );
    },
  };
}
