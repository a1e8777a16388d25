// Phase `review`: fresh eyes on what would be pushed. Whoever reviews has seen the task, the plan, the diff and the checks,
// on a copy of the files, and nothing of what the author said.

import { describeHouse } from '../../job/house.ts';
import { type Review, reviewAnswerSchema, toReview } from '../../job/review.ts';
import { buildReviewPrompt, PATCH_LIMIT_BYTES } from '../../job/review-prompt.ts';
import { consult } from '../consult.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Checked } from './check.ts';
import type { Prepared } from './prepare.ts';

export type Reviewed = Readonly<{
  /** The files that were reviewed. */
  treeSha: string;
  review: Review;
}>;

/** Asks for a second opinion; one that does not come is told as missing. */
export async function review(
  turn: TurnRun,
  prepared: Prepared,
  options: { treeSha: string; checked: Checked | undefined; recorder: Recorder },
): Promise<Reviewed> {
  const { treeSha, checked, recorder } = options;
  await turn.apply({ type: 'phase', phase: 'review' });
  const { workspace, issue, context } = prepared;
  const { baseSha } = workspace;
  const job = turn.job();
  const diff = await turn.context.workspaces.diff({ repo: job.repo, from: baseSha, to: treeSha });
  const prompt = buildReviewPrompt({
    job: { ...job, context },
    issue,
    replies: [],
    house: describeHouse(prepared.house, 'review'),
    plan: job.plan,
    patch: turn.context.redactor.deep(await diff.patch(PATCH_LIMIT_BYTES)),
    baseSha,
    checks: checked?.runs ?? [],
  });
  const asked = await consult(
    turn,
    prepared,
    { part: 'reviewer', phase: 'review', treeSha, recorder },
    (ask) => ask(prompt, reviewAnswerSchema),
  );
  const { agent, model, durationMs } = asked;
  const by = { agent, durationMs, ...(model === undefined ? {} : { model }) };
  const outcome: Review =
    asked.kind === 'answer'
      ? toReview(asked.value, by)
      : { outcome: 'missing', why: asked.why, lookFirst: [], findings: [], ...by };
  recorder.note({ kind: 'note', data: { name: 'reviewed', ...outcome } });
  return { treeSha, review: outcome };
}
