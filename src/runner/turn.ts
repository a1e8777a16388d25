// One turn, from the queue item to the result: take it, run the phases, end it, clean up. Whatever is thrown inside ends
// in a named way; the tree is removed in every case and its work kept.
import { toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import { jobName } from '../job/job.ts';
import { sessionsOfPlan } from '../job/plan.ts';
import { recipeFor, stepOf } from '../job/recipe.ts';
import { type GivenAnswer, type Remark, takeAnswers } from '../job/remarks.ts';
import { loadJob } from '../store/jobs.ts';
import type { WorkItem, WorkOutcome } from '../store/queue.ts';
import type { RunnerContext } from './context.ts';
import { keepWork } from './keep-work.ts';
import { endOccasion, type ForTurn, readOccasion } from './occasion.ts';
import { answer } from './phases/answer.ts';
import { type Implemented, implement } from './phases/implement.ts';
import { type Prepared, prepare } from './phases/prepare.ts';
import { type Publication, publish } from './phases/publish.ts';
import { remember } from './phases/remember.ts';
import { reviewPull } from './phases/review-pull.ts';
import { planFirst } from './plan-first.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { type Ending, endBadly, endTurn } from './turn-end.ts';
import { type TurnRun, takeTurn } from './turn-run.ts';
import { watchStop } from './watch.ts';

const NOTHING_TO_RUN =
  'Errand ran no checks: the repository names none, and no obvious ones were found. Name them under `checks:` in `.agents/config.yml`.';

/** What a turn has in its hands, for whoever clears up after it. */
type Held = {
  recorder?: Recorder;
  prepared?: Prepared;
  /** The server holds everything that the tree holds. */
  isPublished?: boolean;
};

export async function runTurn(
  context: RunnerContext,
  item: WorkItem,
  shutdown: AbortSignal,
): Promise<WorkOutcome> {
  const turn = await takeTurn(context, item, shutdown);
  if (turn === undefined) return 'done';
  turn.log.info('runner.turn.started');
  const held: Held = {};
  try {
    held.recorder = await createRecorder(turn);
    const ending = await runPhases(turn, held, held.recorder);
    await held.recorder.close();
    await cleanUp(turn, held);
    await endTurn(turn, { ...ending, ...warnings(held.prepared, ending) });
  } catch (thrown) {
    const error = turn.signal.aborted ? toError(turn.signal.reason) : toError(thrown);
    await held.recorder?.close().catch(() => {});
    await cleanUp(turn, held);
    await endBadly(turn, error, held.recorder?.progress().usage ?? {});
  }
  return 'done';
}

async function runPhases(turn: TurnRun, held: Held, recorder: Recorder): Promise<Ending> {
  const unwatch = watchStop(turn);
  let implemented: Implemented;
  let forTurn: ForTurn;
  try {
    held.prepared = await prepare(turn);
    const recipe = recipeFor(turn.job());
    if (stepOf(recipe, 'answer')) return await answer(turn, held.prepared, recorder);
    if (stepOf(recipe, 'post')) return await reviewPull(turn, held.prepared, recorder);
    if (stepOf(recipe, 'remember')) return await rememberLesson(turn, held, recorder);
    forTurn = await readOccasion(turn, held.prepared);
    const planned = await planFirst(turn, held.prepared, { recipe, recorder });
    if (planned.kind === 'waits') return { outcome: 'plan', plan: planned.plan, usage: {} };
    const { plannedMs } = planned;
    await turn.apply({ type: 'phase', phase: 'implement' });
    const given = { recorder, recipe, plannedMs, forTurn };
    implemented = await implement(turn, held.prepared, { ...given, onReady: unwatch });
  } finally {
    await unwatch();
  }
  const { said, answers, judged, checked, reviewed } = implemented;
  const { usage } = recorder.progress();
  if (said.kind === 'stopped') return { outcome: 'stopped', stoppedBy: said.by, usage };
  const ending = {
    text: said.text,
    sessions: [...sessionsOfPlan(turn.job()), ...recorder.sessions()],
    ...(judged ? { judged } : {}),
    ...(checked ? { checked } : {}),
    ...(reviewed ? { reviewed } : {}),
  };
  return publishWork(turn, held, { ending, usage, remarks: forTurn.remarks, answers });
}

/** Publishes, unless somebody stops it, and says how the turn ended. */
async function publishWork(
  turn: TurnRun,
  held: Held,
  work: Readonly<{
    ending: Parameters<typeof publish>[2];
    usage: Usage;
    remarks: readonly Remark[];
    answers: readonly GivenAnswer[];
  }>,
): Promise<Ending> {
  const { ending, usage, remarks, answers } = work;
  const { prepared } = held;
  if (prepared === undefined) throw new Error('There is nothing to publish without a tree.');
  await turn.apply({ type: 'phase', phase: 'publish' });
  const { text } = remarks.length > 0 ? takeAnswers(ending.text) : ending;
  const published = await publishUnlessStopped(turn, prepared, { ...ending, text });
  held.isPublished = true;
  const pushedSha = published.kind === 'pull' ? published.pull.headSha : undefined;
  const told = await endOccasion(turn, { remarks, answers, pushedSha });
  if (published.kind === 'nothing_changed')
    return {
      outcome: 'answer',
      answer: text.trim(),
      ...(published.pull ? { pull: published.pull } : {}),
      ...told,
      usage,
    };
  const { pull, summary, size, findings, checks, verdict, split } = published;
  return {
    outcome: 'pull',
    pull,
    headSha: pull.headSha,
    summary,
    size,
    findings: [...findings],
    ...(checks.length > 0 ? { checks: [...checks] } : {}),
    verdict,
    ...(split.length > 0 ? { split: [...split] } : {}),
    ...told,
    usage,
  };
}

/** The lesson is in the tree; it goes the way of every change, to people who decide. */
async function rememberLesson(turn: TurnRun, held: Held, recorder: Recorder): Promise<Ending> {
  const { prepared } = held;
  if (prepared === undefined) throw new Error('A lesson needs a tree.');
  const { text, judged } = await remember(turn, prepared, recorder);
  const ending = { text, judged, sessions: recorder.sessions() };
  return publishWork(turn, held, { ending, usage: {}, remarks: [], answers: [] });
}

async function publishUnlessStopped(
  turn: TurnRun,
  prepared: Prepared,
  ending: Parameters<typeof publish>[2],
): Promise<Publication> {
  const unwatch = watchStop(turn);
  try {
    const published = await publish(turn, prepared, ending);
    turn.signal.throwIfAborted();
    return published;
  } finally {
    await unwatch();
  }
}

/** Without a change nobody wonders what was run on it. */
function warnings(prepared: Prepared | undefined, { outcome }: Ending): Pick<Ending, 'warnings'> {
  const { house, checks } = prepared ?? {};
  const isSearched = checks?.isSearched && outcome === 'pull';
  const unchecked = isSearched && checks.groups.length === 0 ? NOTHING_TO_RUN : checks?.unreached;
  const all = [...(house?.warnings ?? []), ...(isSearched && unchecked ? [unchecked] : [])];
  return all.length === 0 ? {} : { warnings: all };
}

/**
 * Keeps the work, then removes the tree; before the turn ends, since the next one may begin at that moment and makes its
 * own. A job that was lost belongs to somebody else: nothing of it is touched.
 */
async function cleanUp(turn: TurnRun, { prepared, isPublished }: Held): Promise<void> {
  const job = turn.job();
  if (prepared === undefined || job.attempt !== (await currentAttempt(turn))) return;
  try {
    if (!isPublished) await keepWork(turn, prepared);
    await turn.context.workspaces.remove(prepared.workspace);
  } catch (thrown) {
    // The tree stays; the sweep at the next start keeps its work and removes it.
    turn.log.warn({ err: toError(thrown), job: jobName(job) }, 'runner.tree.kept');
  }
}

async function currentAttempt(turn: TurnRun): Promise<number | undefined> {
  const job = await loadJob(turn.context.store.db.sql, turn.job().id).catch(() => undefined);
  return job?.attempt;
}
