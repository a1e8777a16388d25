// Listens for what people wish of a running job: stop, interrupt, more words. Notifications make it quick, polling makes
// it complete. It only reports; the conversation decides what to do.
import { toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { loadJob } from '../store/jobs.ts';
import { LostJobError } from '../store/lost-job.ts';
import { pendingReplies, type Reply } from '../store/replies.ts';
import { StopError, type TurnRun } from './turn-run.ts';

/** For notifications that were lost. */
const POLL_MS = 2_000;

export type Wishes = Readonly<{ job: Job; replies: readonly Reply[] }>;

/** Calls `onWishes` after every change of the job, one call at a time; returns what ends the watching. */
export function watchWishes(turn: TurnRun, onWishes: (wishes: Wishes) => Promise<void>): () => Promise<void> {
  const { store } = turn.context;
  const { id, attempt } = turn.job();
  let looking: Promise<void> | undefined;
  let again = false;
  let ended = false;

  async function look(): Promise<void> {
    const job = await loadJob(store.db.sql, id);
    if (job === undefined || job.attempt !== attempt || job.status !== 'running') {
      turn.abort(LostJobError.of({ id, attempt }));
      return;
    }
    await onWishes({ job, replies: await pendingReplies(store.db.sql, id) });
  }

  function wake(): void {
    if (ended) return;
    if (looking) {
      again = true;
      return;
    }
    looking = look()
      .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.watch.failed'))
      .finally(() => {
        looking = undefined;
        if (again) {
          again = false;
          wake();
        }
      });
  }

  const unlisten = store.changes.listen((jobId) => {
    if (jobId === undefined || jobId === id) wake();
  });
  const timer = setInterval(wake, POLL_MS);
  wake();
  return async () => {
    ended = true;
    unlisten();
    clearInterval(timer);
    await looking;
  };
}

/** While there is no agent to cancel, a stop cuts the turn short. */
export function watchStop(turn: TurnRun): () => Promise<void> {
  return watchWishes(turn, async ({ job }) => {
    if (job.stop) turn.abort(new StopError(job.stop.by));
  });
}
