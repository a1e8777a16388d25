// What a turn is for besides words in Slack: read when it begins, so that it is as fresh as can be, and brought to its end
// when it ends.
import { TransientError, toError } from '../errors.ts';
import type { TurnResult } from '../job/job.ts';
import type { Occasion } from '../job/occasion.ts';
import { describeRedChecks, type RedLog } from '../job/red-checks.ts';
import {
  countAnswers,
  describeRemarks,
  type GivenAnswer,
  matchAnswers,
  onlyWhereChanged,
  type Remark,
  withoutChange,
} from '../job/remarks.ts';
import {
  describeUnfinished,
  describeUpdate,
  describeUpdated,
  describeUpToDate,
} from '../job/update-branch.ts';
import { openRemarks, refuseRemarks, saveAnswer, takeRemarks } from '../store/remarks.ts';
import { pendingReplies } from '../store/replies.ts';
import { postAnswers } from './answering.ts';
import { heardRemarks } from './hearing.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

/** More remarks than this are the next turn's, more red checks than that are only named. */
const MOST_REMARKS = 40;
const MOST_LOGS = 5;

export type ForTurn = Readonly<{
  /** Parts of the prompt. */
  news: readonly string[];
  remarks: readonly Remark[];
  /** What was red at GitHub, where the turn is for that. */
  red: readonly RedLog[];
  /** What there is to say without any agent, where the host can do it all. */
  alone?: string;
}>;

/** Throws TransientError while nobody can tell whose words may go along. */
export async function readOccasion(turn: TurnRun, prepared: Prepared): Promise<ForTurn> {
  const { occasion, pull } = turn.job();
  if (pull === undefined) return { news: [], remarks: [], red: [] };
  const remarks = await takeAlong(turn);
  const { workspace } = prepared;
  const conflicts = workspace.merging ? [describeUpdate(turn.job(), workspace.conflicts)] : [];
  const red = occasion?.kind === 'checks' ? await readLogs(turn, occasion) : [];
  const broken = occasion?.kind === 'checks' ? [describeRedChecks(red, occasion.sha)] : [];
  const alone = remarks.length > 0 ? undefined : await sayAlone(turn, prepared);
  // Work that somebody stopped half-way is not published unseen.
  const unfinished = alone !== undefined && workspace.unpublished ? [describeUnfinished()] : [];
  const told = remarks.length > 0 ? [describeRemarks(remarks)] : [];
  const news = [...conflicts, ...unfinished, ...broken, ...told];
  return { news, remarks, red, ...(alone === undefined || unfinished.length > 0 ? {} : { alone }) };
}

/** Those whose author may steer at this moment; the others no agent gets. */
async function takeAlong(turn: TurnRun): Promise<readonly Remark[]> {
  const { sql } = turn.context.store.db;
  const job = turn.job();
  // What an earlier turn left unanswered is for turns that people ask for: red checks and a branch that falls behind have
  // nothing to do with it.
  const isHousework = job.occasion?.kind === 'checks' || job.occasion?.kind === 'update';
  const which = isHousework ? { newFor: job.turn } : {};
  const open = (await openRemarks(sql, job.id, which)).slice(0, MOST_REMARKS);
  const heard = await heardRemarks(turn.context, job, open, turn.signal);
  const unheard = open.filter((remark) => !heard.includes(remark));
  await refuseRemarks(
    sql,
    job,
    unheard.map(({ key }) => key),
  );
  await takeRemarks(
    sql,
    job,
    heard.map(({ key }) => key),
  );
  return heard;
}

async function readLogs(
  turn: TurnRun,
  { red }: Extract<Occasion, { kind: 'checks' }>,
): Promise<readonly RedLog[]> {
  const { github, redactor } = turn.context;
  const logs: RedLog[] = [];
  // One after the other: a log may be large.
  for (const [index, check] of red.entries()) {
    const { logId } = check;
    const isRead = logId !== undefined && index < MOST_LOGS;
    logs.push({ check, log: isRead ? await github.checkLog(turn.job().repo, logId) : undefined });
  }
  return redactor.deep(logs);
}

/** Only where nobody waits for an answer of an agent's. */
async function sayAlone(turn: TurnRun, { workspace }: Prepared): Promise<string | undefined> {
  const job = turn.job();
  if (job.occasion === undefined || job.occasion.kind === 'checks') return undefined;
  if ((await pendingReplies(turn.context.store.db.sql, job.id)).length > 0) return undefined;
  if (job.occasion.kind === 'remarks')
    return 'What was said under the pull request is no longer there to be answered, or its authors may not steer any more.';
  if (workspace.merging === undefined) return describeUpToDate(job);
  return workspace.conflicts.length === 0 ? describeUpdated(job) : undefined;
}

/** As a result keeps it: what checks said in words is in the record of the turn's prompt. */
function shorten(occasion: Occasion): Occasion {
  if (occasion.kind !== 'checks') return occasion;
  return { ...occasion, red: occasion.red.map(({ say: _said, ...check }) => check) };
}

/** What became of it, for the result. Answers are stored first; those that do not get through now follow with a later look. */
export async function endOccasion(
  turn: TurnRun,
  done: Readonly<{
    remarks: readonly Remark[];
    answers: readonly GivenAnswer[];
    /** The branch's new head; undefined where the turn pushed nothing. */
    pushedSha: string | undefined;
  }>,
): Promise<Pick<TurnResult, 'occasion' | 'remarks'>> {
  const { context } = turn;
  const job = turn.job();
  const { remarks, answers: given, pushedSha } = done;
  const occasion = job.occasion === undefined ? {} : { occasion: shorten(job.occasion) };
  if (remarks.length === 0) return occasion;
  const matched = matchAnswers(remarks, given);
  const answers =
    pushedSha === undefined
      ? withoutChange(matched)
      : onlyWhereChanged(matched, { remarks, changed: await changedPaths(turn, pushedSha) });
  for (const [key, answer] of answers)
    await saveAnswer(context.store.db.sql, job, key, context.redactor.deep(answer));
  await postAnswers(context, job).catch((thrown: unknown) => {
    if (!(thrown instanceof TransientError)) throw thrown;
    turn.log.info({ err: thrown }, 'runner.answers.later');
  });
  const changedKind = [...matched].filter(([key, { did }]) => answers.get(key)?.did !== did).length;
  const untouched = pushedSha === undefined ? 0 : changedKind;
  return {
    ...occasion,
    remarks: { ...countAnswers(remarks, answers), ...(untouched > 0 ? { untouched } : {}) },
  };
}

/**
 * Since people were shown the branch. Where nobody can tell, no file counts as changed: threads that stay open only ask
 * people to look once more.
 */
async function changedPaths(turn: TurnRun, to: string): Promise<ReadonlySet<string>> {
  const { repo, pull } = turn.job();
  try {
    const { files } = await turn.context.workspaces.diff({ repo, from: pull?.headSha ?? to, to });
    return new Set(files.flatMap(({ path, oldPath }) => (oldPath === undefined ? [path] : [path, oldPath])));
  } catch (thrown) {
    turn.log.warn({ err: toError(thrown) }, 'runner.remarks.unproven');
    return new Set();
  }
}
