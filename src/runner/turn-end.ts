// How a turn ends: with its result, or with whatever was thrown, which is given a name here. What follows from it (the next
// turn, a look at GitHub) is stored together with it.
import { randomUUID } from 'node:crypto';
import { asDiskFull, isRefusal, PermanentError, TransientError, toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import type { Failure, Job, TurnResult } from '../job/job.ts';
import { isTransientDatabaseError, type Tx } from '../store/database.ts';
import { readTurnAgeMs } from '../store/events.ts';
import { applyEvent } from '../store/jobs.ts';
import { LostJobError } from '../store/lost-job.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import { endRemarks } from '../store/remarks.ts';
import { pendingReplies } from '../store/replies.ts';
import { noteHint } from '../store/watches.ts';
import type { RunnerContext } from './context.ts';
import { withdraw } from './phases/publish.ts';
import { ShutdownError, StopError, type TurnRun } from './turn-run.ts';

/** What a turn came to; `pull` where it has one. */
export type Ending = Omit<TurnResult, 'turn' | 'endedAt' | 'durationMs'> & { pull?: Job['pull'] };

/** A turn that something outside keeps from going on is put back this often: for about half an hour in all. */
const MOST_PUT_BACKS = 8;
const PUT_BACK = { firstMs: 5_000, mostMs: 5 * 60_000 };

/** Stores how the turn ended, and what follows from that in the same transaction. */
export async function endTurn(turn: TurnRun, ending: Ending): Promise<void> {
  const { now, store } = turn.context;
  const { pull, ...rest } = ending;
  const job = turn.job();
  const result: TurnResult = {
    ...rest,
    turn: job.turn,
    endedAt: now().toISOString(),
    durationMs: Math.round(Math.max(0, await readTurnAgeMs(store.db.sql, job))),
  };
  await turn.apply(
    { type: 'turn_ended', result, ...(pull ? { pull } : {}) },
    {
      also: async (tx, ended) => {
        if (result.outcome === 'pull' || result.outcome === 'answer') await endRemarks(tx, job);
        // The job is over, then: nobody should be offered a Retry that can only fail again until somebody happens to look.
        if (result.failure?.code === 'pull_merged' || (pull && result.outcome === 'answer'))
          await noteHint(tx, { kind: 'branch', repo: job.repo, branch: job.branch });
        return goOnWithLateWords(turn.context, tx, ended);
      },
    },
  );
  turn.log.info({ outcome: ending.outcome }, 'runner.turn.ended');
}

/**
 * Words that came after the agent was gone start the next turn at once; nobody has to say them twice. After a stop they
 * wait for the next turn that somebody asks for.
 */
async function goOnWithLateWords(context: RunnerContext, tx: Tx, ended: Job): Promise<Job> {
  if (ended.status !== 'in_review' && ended.status !== 'done' && ended.status !== 'waiting') return ended;
  if (ended.results.at(-1)?.outcome === 'stopped') return ended;
  const [late] = await pendingReplies(tx, ended.id);
  if (late === undefined) return ended;
  const event = { type: 'reply', by: late.author } as const;
  const next = await applyEvent(tx, context.store.queue, { job: ended, event, now: context.now() });
  return isRefusal(next) ? ended : next;
}

/** Decides what a throw means for the job; `usage` is what was spent until then. Throws only where that could not be stored: the queue then hands the turn out again. */
export async function endBadly(turn: TurnRun, error: Error, usage: Usage): Promise<void> {
  try {
    if (error instanceof StopError) {
      if (turn.job().phase === 'publish') await withdraw(turn);
      await endTurn(turn, { outcome: 'stopped', stoppedBy: error.by, usage });
    } else if (error instanceof LostJobError || isAbortByQueue(error)) {
      turn.log.warn({ err: error }, 'runner.turn.lost');
    } else if (error instanceof ShutdownError) {
      await turn.apply({
        type: 'put_back',
        code: 'restart',
        say: 'Errand was restarted; the agent goes on from here.',
      });
    } else if (error instanceof TransientError || isTransientDatabaseError(error)) {
      await putBack(turn, error, usage);
    } else {
      await endTurn(turn, { outcome: 'failed', failure: explainFailure(turn, error), usage });
    }
  } catch (thrown) {
    turn.log.error({ err: toError(thrown), cause: error.message }, 'runner.turn.unsettled');
    if (isTransientDatabaseError(thrown) || isUnreadable(thrown)) throw thrown;
  }
}

/** pg-boss aborts an item's signal with a reason of its own when another worker has it. */
function isAbortByQueue(error: Error): boolean {
  return error.name === 'AbortError' || /no longer active/.test(error.message);
}

async function putBack(turn: TurnRun, error: Error, usage: Usage): Promise<void> {
  const before = turn.job().putBacks ?? 0;
  if (before >= MOST_PUT_BACKS) {
    const reason = `${error.message} It was tried ${before + 1} times, so the job rests now; press Retry when it is mended.`;
    await endTurn(turn, { outcome: 'failed', failure: { code: 'outside_trouble', reason }, usage });
    return;
  }
  const startInMs = Math.min(PUT_BACK.firstMs * 2 ** before, PUT_BACK.mostMs);
  turn.log.warn({ err: error, startInMs }, 'runner.turn.put_back');
  await turn.apply({ type: 'put_back', code: 'outside_trouble', say: error.message }, { startInMs });
}

function explainFailure(turn: TurnRun, error: Error): Failure {
  const named = error instanceof PermanentError ? error : asDiskFull(error);
  if (named) {
    const { code, message } = named;
    turn.log.info({ code, reason: message, err: named.cause }, 'runner.turn.failed');
    return { code, reason: message };
  }
  const id = randomUUID().slice(0, 8);
  turn.log.error({ err: error, errorId: id }, 'runner.turn.broken');
  return {
    code: 'internal',
    reason: `Something broke inside Errand (error ${id} in its log). The work so far is kept: press Retry, and tell whoever runs Errand if it happens again.`,
  };
}
