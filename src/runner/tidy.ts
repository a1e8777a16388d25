// Clears away what a job leaves at GitHub and on disk once its pull is merged or closed for good. What cannot be removed
// is only untidy: nothing here ever fails a job.
import pRetry from 'p-retry';
import { TransientError, toError } from '../errors.ts';
import { type Job, workName } from '../job/job.ts';
import type { RunnerContext } from './context.ts';

/**
 * Deletes the job's branch while it still points to `sha`: what somebody pushed since is theirs and stays. So does a
 * branch that may not be deleted (a ruleset, say).
 */
export async function removeBranch({ github, log }: RunnerContext, job: Job, sha: string): Promise<void> {
  const remove = () => github.deleteBranch({ repo: job.repo, branch: job.branch, expectedSha: sha });
  try {
    const { kind } = await pRetry(remove, {
      retries: 3,
      minTimeout: 500,
      shouldRetry: ({ error }) => error instanceof TransientError,
    });
    if (kind === 'moved') log.info({ jobId: job.id, sha }, 'runner.branch.moved');
  } catch (thrown) {
    log.warn({ err: toError(thrown), jobId: job.id }, 'runner.branch.kept');
  }
}

/** The snapshot and the agent's home are of no more use. */
export async function tidy(context: RunnerContext, job: Job): Promise<void> {
  const { github, workspaces, shareSnapshots } = context;
  try {
    const at = shareSnapshots
      ? // Nobody would try again with another one.
        {
          repo: job.repo,
          credentials: await github.gitCredentials(job.repo, { access: 'write', anew: true }),
        }
      : undefined;
    await workspaces.forget(workName(job), at);
  } catch (thrown) {
    context.log.warn({ err: toError(thrown), jobId: job.id }, 'runner.tidy.failed');
  }
}
