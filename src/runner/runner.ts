// The runner: takes turns and decisions from the queue until it is stopped. Any number may run over one database.
import { toError } from '../errors.ts';
import { sweepSandboxLeftovers } from '../sandbox/leftovers.ts';
import type { WorkItem, WorkOutcome } from '../store/queue.ts';
import type { RunnerContext } from './context.ts';
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
    return runTurn(context, item, shutdown.signal);
  }

  function sweep(): Promise<void> {
    sweeping = sweepWorkspaces(context);
    return sweeping;
  }

  return {
    async start() {
      const swept = await sweepSandboxLeftovers().catch((thrown: unknown) => ({ err: toError(thrown) }));
      context.log.debug(swept, 'runner.sandbox.swept');
      await sweep();
      await recoverJobs(context);
      await queue.work('turn', { slots: options.slots }, (item) => track(take(item)));
      await queue.work('settle', { slots: SETTLE_SLOTS }, (item) => track(runSettle(context, item)));
      reconciler.start();
      timers.push(setInterval(() => void track(recoverJobs(context)), RECOVER_EVERY_MS));
      timers.push(setInterval(() => void track(sweep()), SWEEP_EVERY_MS));
      context.log.info({ slots: options.slots, sandbox: context.sandbox.mode }, 'runner.started');
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([queue.stopTaking(), reconciler.stop()]);
      shutdown.abort(new ShutdownError('The runner is shutting down.'));
      // What was taken in the very last moment joins while the others end.
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
