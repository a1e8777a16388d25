// Phase `review` of a job that looks at somebody's pull: the gate's rules and a reviewer's session over its head, then one
// review at GitHub. Nothing is changed, pushed or approved.
import pRetry from 'p-retry';
import { TransientError } from '../../errors.ts';
import type { TurnResult } from '../../job/job.ts';
import { linesInPatch } from '../../job/patch-lines.ts';
import type { ChecksOfPull } from '../../job/red-checks.ts';
import { PATCH_READ_BYTES } from '../../job/review-prompt.ts';
import { buildReviewText, reviewMarker } from '../../job/review-text.ts';
import { buildVerdict, type Verdict } from '../../job/verdict.ts';
import { markDelivered } from '../../store/replies.ts';
import type { Diff } from '../../workspace/diff.ts';
import { admitWaiting } from '../admit.ts';
import { judgePending } from '../gate-change.ts';
import { keepPatches } from '../keep-patches.ts';
import { readPullChecks } from '../pull-checks.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';
import { toSize } from './publish.ts';
import { review } from './review.ts';

/** How the turn ends: with a verdict, and the review's address where there was somebody to review it. */
export async function reviewPull(
  turn: TurnRun,
  prepared: Prepared,
  recorder: Recorder,
): Promise<Pick<TurnResult, 'outcome' | 'verdict' | 'reviewUrl' | 'headSha' | 'size' | 'usage'>> {
  const { workspaces, store } = turn.context;
  const { workspace } = prepared;
  const { headSha, baseSha } = workspace;
  const waiting = await admitWaiting(turn);
  // They are the reviewer's from here on: its prompt holds all words that were delivered.
  await markDelivered(
    store.db.sql,
    turn.job(),
    waiting.map(({ id }) => id),
  );
  const { taken, blocking, notes } = await judgePending(turn, prepared);
  const { repo } = turn.job();
  const diff = await workspaces.diff({ repo, from: baseSha, to: taken.treeSha });
  const gates = [...blocking, ...notes];
  const pullChecks = await readPullChecks(turn, headSha);
  const seen = await review(turn, prepared, {
    treeSha: taken.treeSha,
    checked: undefined,
    gates,
    recorder,
    pullChecks: pullChecks ?? 'unknown',
  });
  await keepPatches(turn, workspace, headSha);
  const verdict = buildVerdict({
    checks: [],
    gates,
    review: seen.review,
    size: toSize(diff),
    sessions: recorder.sessions(),
  });
  const ended = { outcome: 'review', verdict, headSha, size: toSize(diff), usage: {} } as const;
  if (seen.review.outcome === 'missing') return ended;
  await recorder.write();
  return { ...ended, reviewUrl: await post(turn, { verdict, diff, headSha, pullChecks }) };
}

async function post(
  turn: TurnRun,
  {
    verdict,
    diff,
    headSha,
    pullChecks,
  }: { verdict: Verdict; diff: Diff; headSha: string; pullChecks: ChecksOfPull | undefined },
): Promise<string> {
  const job = turn.job();
  const { reviewOf, repo } = job;
  if (reviewOf === undefined || verdict.review === undefined) throw new Error('There is nothing to post.');
  const { text: patch } = await diff.patch(PATCH_READ_BYTES);
  const text = buildReviewText({
    job,
    review: verdict.review,
    verdict,
    pullChecks,
    isInDiff: linesInPatch(patch),
  });
  const wish = { ...text, repo, number: reviewOf.number, headSha, marker: reviewMarker(job) };
  const post = async () => {
    await turn.assertHeld();
    return turn.context.github.postReview(turn.context.redactor.deep(wish));
  };
  const { url } = await pRetry(post, {
    retries: 4,
    minTimeout: 500,
    factor: 3,
    signal: turn.signal,
    shouldRetry: ({ error }) => error instanceof TransientError,
  });
  return url;
}
