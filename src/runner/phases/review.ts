// Phase `review`: fresh eyes on what would be pushed. Whoever reviews has seen the task, what people said of it, the plan,
// the diff and the checks, on a copy of the files, and nothing of what the author said.
import { PermanentError } from '../../errors.ts';
import { steersAgents } from '../../gate/rules/guards.ts';
import { type FittedPatch, fitPatch } from '../../job/fit-patch.ts';
import type { Finding } from '../../job/gate-rules.ts';
import { describeHouse } from '../../job/house.ts';
import type { ChecksOfPull } from '../../job/red-checks.ts';
import { type Review, reviewAnswerSchema, toReview } from '../../job/review.ts';
import {
  buildReviewPrompt,
  type EarlierReview,
  PATCH_LIMIT_BYTES,
  PATCH_READ_BYTES,
} from '../../job/review-prompt.ts';
import { settledRemarks } from '../../store/remarks.ts';
import { deliveredReplies } from '../../store/replies.ts';
import { consult } from '../consult.ts';
import { toWords } from '../conversation.ts';
import type { ForTurn } from '../occasion.ts';
import type { Recorder } from '../recorder.ts';
import { keepPlaces } from '../review-places.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Checked } from './check.ts';
import type { Prepared } from './prepare.ts';

export type Reviewed = Readonly<{
  /** The files that were reviewed. */
  treeSha: string;
  review: Review;
}>;

/** The newest of what people said. */
const MOST_WORDS = 50;
/** And of their comments under the pull. */
const MOST_REMARKS = 40;

type Options = Readonly<{
  treeSha: string;
  checked: Checked | undefined;
  /** What the fixed rules found. */
  gates: readonly Finding[];
  recorder: Recorder;
  /** What the turn is for besides words in Slack. */
  forTurn?: Pick<ForTurn, 'remarks' | 'red'> | undefined;
  /** What checks at GitHub say of somebody's pull. */
  pullChecks?: ChecksOfPull | 'unknown' | undefined;
  /** What was reviewed before in this turn. */
  before?: Reviewed | undefined;
}>;

/** Asks for a second opinion; one that does not come is told as missing. */
export async function review(turn: TurnRun, prepared: Prepared, options: Options): Promise<Reviewed> {
  const { treeSha, recorder } = options;
  await turn.apply({ type: 'phase', phase: 'review' });
  const { repo } = turn.job();
  const diff = await turn.context.workspaces.diff({ repo, from: prepared.workspace.baseSha, to: treeSha });
  const withheld = diff.files
    .flatMap(({ path, oldPath }) => (oldPath === undefined ? [path] : [oldPath, path]))
    .filter(steersAgents);
  const patch = fitPatch(await diff.patch(PATCH_READ_BYTES), {
    paths: diff.files.map(({ path }) => path),
    most: PATCH_LIMIT_BYTES,
  });
  const pull = await readPull(turn);
  const prompt = await buildPrompt(turn, prepared, { ...options, patch, withheld, pull });
  const isOfStranger = pull?.isFork;
  const consultation = {
    part: 'reviewer',
    phase: 'review',
    treeSha,
    withheld,
    isOfStranger,
    recorder,
  } as const;
  const asked = await consult(turn, prepared, consultation, (ask) => ask(prompt, reviewAnswerSchema));
  const { agent, model, durationMs } = asked;
  const { seen, files } = patch;
  const cut = seen < files ? { cut: { seen, files } } : {};
  const by = { agent, durationMs, ...cut, ...(model === undefined ? {} : { model }) };
  const outcome: Review =
    asked.kind === 'answer'
      ? await keepPlaces(turn, toReview(asked.value, by), { treeSha, diff })
      : { outcome: 'missing', why: asked.why, lookFirst: [], findings: [], ...by };
  recorder.note({ kind: 'note', data: { name: 'reviewed', ...outcome } });
  return { treeSha, review: outcome };
}

async function buildPrompt(
  turn: TurnRun,
  { workspace, issue, context, house }: Prepared,
  {
    treeSha,
    checked,
    gates,
    before,
    forTurn,
    pullChecks,
    patch,
    withheld,
    pull,
  }: Options & {
    patch: FittedPatch;
    withheld: readonly string[];
    pull: Awaited<ReturnType<typeof readPull>>;
  },
): Promise<string> {
  const { store, redactor } = turn.context;
  const job = turn.job();
  const remarks = [...(await settledRemarks(store.db.sql, job.id)), ...(forTurn?.remarks ?? [])];
  return buildReviewPrompt({
    job: { ...job, context },
    issue,
    // Only those that its author had: each was let in when it went along.
    replies: redactor.deep(toWords(await deliveredReplies(store.db.sql, job.id)).slice(-MOST_WORDS)),
    house: describeHouse(house, 'review'),
    remarks: redactor.deep(remarks.slice(-MOST_REMARKS)),
    red: forTurn?.red ?? [],
    plan: job.plan,
    patch: redactor.deep(patch),
    baseSha: workspace.baseSha,
    checks: checked?.runs ?? [],
    gates: redactor.deep([...gates]),
    before: await findEarlier(turn, { treeSha, before }),
    withheld,
    pull,
    pullChecks,
  });
}

async function readPull({ job, context }: TurnRun) {
  const { reviewOf, repo } = job();
  if (reviewOf === undefined) return undefined;
  const { number } = reviewOf;
  return context.redactor.deep({ number, ...(await context.github.pullText(repo, number)) });
}

/** The newest review of an earlier state, of this turn or of one before, with what has changed since. */
async function findEarlier(
  turn: TurnRun,
  { treeSha, before }: Pick<Options, 'treeSha' | 'before'>,
): Promise<EarlierReview | undefined> {
  const { repo, results } = turn.job();
  const shown = results.findLast(({ verdict, headSha }) => verdict?.review && headSha !== undefined);
  const review = before?.review ?? shown?.verdict?.review;
  const from = before?.treeSha ?? shown?.headSha;
  if (review === undefined || from === undefined || review.outcome === 'missing') return undefined;
  try {
    const { files } = await turn.context.workspaces.diff({ repo, from, to: treeSha });
    return { review, changed: files };
  } catch (thrown) {
    // Somebody rewrote the branch, and what was reviewed is gone from it.
    if (!(thrown instanceof PermanentError)) throw thrown;
    return undefined;
  }
}
