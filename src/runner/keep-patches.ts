// Keeps what a turn changed where pages can read it: as text in the database, bounded, since no page asks git.
import { toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { LostJobError } from '../store/lost-job.ts';
import { forgetOldPatches, type Patch, savePatch } from '../store/patches.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RunnerContext } from './context.ts';
import type { TurnRun } from './turn-run.ts';

/** More than anybody reads on a page; the pull at GitHub has all of it. */
const MOST_BYTES = 600_000;

/** Of what the turn pushed, or of the pull that it reviews. A page without a diff must not cost that: throws only LostJobError. */
export async function keepPatches(
  turn: TurnRun,
  { baseSha }: Pick<Workspace, 'baseSha'>,
  headSha: string,
): Promise<void> {
  const job = turn.job();
  const { store } = turn.context;
  try {
    const before = job.reviewOf ? reviewedBefore(job) : job.pull?.headSha;
    const whole = await readPatch(turn, baseSha, headSha);
    const step =
      before === undefined || before === headSha ? undefined : await readStep(turn, before, headSha);
    await savePatch(store.db.sql, job, { baseSha, headSha, whole, step });
  } catch (thrown) {
    if (thrown instanceof LostJobError) throw thrown;
    turn.log.warn({ err: toError(thrown) }, 'runner.patch.not_kept');
  }
}

function reviewedBefore({ results }: Pick<Job, 'results'>): string | undefined {
  return results.findLast(({ headSha }) => headSha !== undefined)?.headSha;
}

async function readPatch({ job, context }: TurnRun, from: string, to: string): Promise<Patch> {
  const diff = await context.workspaces.diff({ repo: job().repo, from, to });
  return context.redactor.deep(await diff.patch(MOST_BYTES));
}

/** Undefined where what was shown before is gone: somebody rewrote the branch. */
async function readStep(turn: TurnRun, from: string, to: string): Promise<Patch | undefined> {
  try {
    return await readPatch(turn, from, to);
  } catch (thrown) {
    turn.log.info({ err: toError(thrown) }, 'runner.patch.no_step');
    return undefined;
  }
}

/** Forgets those of jobs that were over long ago; GitHub goes on showing the pulls. Never throws. */
export async function sweepPatches({
  store,
  keptLifetimeMs,
  log,
}: Pick<RunnerContext, 'store' | 'keptLifetimeMs' | 'log'>): Promise<void> {
  try {
    const turns = await forgetOldPatches(store.db.sql, keptLifetimeMs);
    if (turns > 0) log.info({ turns }, 'runner.patches.swept');
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'runner.patches.not_swept');
  }
}
