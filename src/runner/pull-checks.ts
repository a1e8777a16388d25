// What GitHub's own checks say of the pull that a job looks at: read once, for its reviewer and for whoever reads the review.
import { toError } from '../errors.ts';
import type { ChecksOfPull } from '../job/red-checks.ts';
import type { TurnRun } from './turn-run.ts';

/** Undefined where GitHub does not tell: a review without it is better than none. */
export async function readPullChecks(turn: TurnRun, sha: string): Promise<ChecksOfPull | undefined> {
  const { github, redactor } = turn.context;
  const { repo } = turn.job();
  try {
    const seen = await Promise.all([github.seeCheckRuns({ repo, sha }), github.seeStatuses({ repo, sha })]);
    const lists = seen.flatMap((one) => (one.kind === 'seen' ? [one.value] : []));
    if (lists.length < seen.length) return undefined;
    return redactor.deep({
      count: lists.reduce((sum, { count }) => sum + count, 0),
      pending: lists.reduce((sum, { pending }) => sum + pending, 0),
      red: lists.flatMap(({ red }) => red),
    });
  } catch (thrown) {
    turn.signal.throwIfAborted();
    turn.log.info({ err: toError(thrown) }, 'runner.pull_checks.unknown');
    return undefined;
  }
}
