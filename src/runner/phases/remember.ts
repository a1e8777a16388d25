// Phase `remember`: a session that may only read finds the rule behind what people had to say in another job, and answers
// with a page of `.agents/context/`. The host writes that page and nothing else; people decide on it as on every change.
import { join } from 'node:path';
import { PermanentError } from '../../errors.ts';
import { type Job, jobName } from '../../job/job.ts';
import { buildLessonPrompt, CONTEXT_FOLDER, describeLesson, lessonSchema } from '../../job/lesson.ts';
import type { Words } from '../../job/prompt.ts';
import type { Sql } from '../../store/database.ts';
import { loadJob } from '../../store/jobs.ts';
import { heardRemarksOf } from '../../store/remarks.ts';
import { deliveredReplies, markDelivered } from '../../store/replies.ts';
import { admitWaiting } from '../admit.ts';
import { writeBelow } from '../agent-home.ts';
import { consult } from '../consult.ts';
import { toWords } from '../conversation.ts';
import { gateBlocked, type Judged, judgePending } from '../gate-change.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** The page is in the tree; `text` is the summary that goes with it. */
export async function remember(
  turn: TurnRun,
  prepared: Prepared,
  recorder: Recorder,
): Promise<Readonly<{ text: string; judged: Judged }>> {
  await turn.apply({ type: 'phase', phase: 'remember' });
  const { sql } = turn.context.store.db;
  const { lessonOf } = turn.job();
  const taught = lessonOf === undefined ? undefined : await loadJob(sql, lessonOf);
  if (taught === undefined)
    throw new PermanentError(
      'nothing_to_remember',
      'The job that this lesson is of cannot be found any more.',
    );
  const waiting = await admitWaiting(turn);
  const said = await readSaid(sql, taught);
  if (said.length === 0 && !taught.decision?.reason)
    throw new PermanentError(
      'nothing_to_remember',
      `Nobody had to say anything in ${jobName(taught)}, so there is no lesson to keep.`,
    );
  const prompt = buildLessonPrompt({ taught, said, replies: toWords(waiting) });
  const asked = await consult(turn, prepared, { part: 'librarian', phase: 'plan', recorder }, (ask) =>
    ask(prompt, lessonSchema),
  );
  if (asked.kind === 'missing')
    throw new PermanentError(
      'no_lesson',
      `Nothing was written down, because the agent ${asked.why}. Press Retry.`,
    );
  await markDelivered(
    sql,
    turn.job(),
    waiting.map(({ id }) => id),
  );
  const lesson = asked.value;
  await writeBelow(prepared.workspace.tree, join(CONTEXT_FOLDER, lesson.file), `${lesson.content.trim()}\n`);
  const judged = await judgePage(turn, prepared);
  return { text: describeLesson(lesson, taught), judged };
}

/** What people wanted otherwise: about the plan, in Slack, and under the pull. */
async function readSaid(sql: Sql, taught: Job): Promise<readonly Words[]> {
  const inSlack = toWords(await deliveredReplies(sql, taught.id));
  // Words to a plan that waited are in both.
  const ofPlan = (taught.plan?.said ?? []).filter(({ text }) => !inSlack.some((one) => one.text === text));
  const remarks = await heardRemarksOf(sql, taught.id);
  const underPull = remarks.map(({ author, text, path }) => ({
    author,
    text: path === undefined ? text : `${path}: ${text}`,
  }));
  return [...ofPlan.map(({ author, text }) => ({ author, text })), ...inSlack, ...underPull];
}

/** What agents read is not for agents to change, but for this page, which people are asked about. */
async function judgePage(turn: TurnRun, prepared: Prepared): Promise<Judged> {
  const { settings } = prepared;
  const gates = { ...settings.gates, agent_config: 'warn' } as const;
  const judged = await judgePending(turn, { ...prepared, settings: { ...settings, gates } });
  if (judged.blocking.length > 0) throw gateBlocked(turn, judged);
  return judged;
}
