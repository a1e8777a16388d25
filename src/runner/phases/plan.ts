// Phase `plan`: a session that may only read says what it understood, what it would touch and how that is shown to work; a
// second one, which sees the task and the plan alone, judges the test plan, and its objections go back once.

import { PermanentError } from '../../errors.ts';
import { describeHouse } from '../../job/house.ts';
import type { Job } from '../../job/job.ts';
import {
  type JobPlan,
  type PlanBody,
  type PlanMode,
  planAnswerSchema,
  testPlanJudgementSchema,
} from '../../job/plan.ts';
import { buildObjectionsPrompt, buildPlanPrompt, buildTestPlanPrompt } from '../../job/plan-prompt.ts';
import { awaitedBy, MOST_ROUNDS, tellChosen, wantsOne } from '../../job/planning.ts';
import type { Assignment } from '../../job/prompt.ts';
import { markDelivered, type Reply } from '../../store/replies.ts';
import { admitWaiting } from '../admit.ts';
import { type Counsel, consult } from '../consult.ts';
import { toWords } from '../conversation.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

export type Planned = Readonly<{ kind: 'planned'; plan: JobPlan } | { kind: 'missing'; why: string }>;

type Options = Readonly<{ recorder: Recorder; mode: PlanMode }>;

/** Makes the plan and keeps it with the job: as one that waits for people, or as one to work from. */
export async function plan(turn: TurnRun, prepared: Prepared, options: Options): Promise<Planned> {
  await turn.apply({ type: 'phase', phase: 'plan' });
  const { plan: before } = turn.job();
  const replies = await admitWaiting(turn);
  const rounds = isGo(replies) ? MOST_ROUNDS : (before?.rounds ?? 0);
  const { made, judged } = await makePlan(turn, prepared, { ...options, replies, rounds });
  if (made.kind === 'missing') return made;
  const job = turn.job();
  const body = keepTo(made.value, { mayAsk: rounds < MOST_ROUNDS, isOne: wantsOne(job) });
  const isWaiting = awaitedBy(body, { mode: options.mode, job }) !== undefined;
  const said = [
    ...(before?.said ?? []),
    ...(before ? tellChosen(before) : []),
    // Where work goes on by itself its author hears these words as they are.
    ...(isWaiting
      ? replies.flatMap((reply) => toWords([reply]).map((each) => ({ ...each, by: reply.author })))
      : []),
  ];
  const sessions = [...(before?.sessions ?? []), ...(isWaiting ? options.recorder.sessions() : [])];
  const keep: JobPlan = {
    ...body,
    turn: job.turn,
    state: isWaiting ? 'waiting' : 'auto',
    rounds: rounds + (body.questions.length > 0 ? 1 : 0),
    ...(said.length > 0 ? { said } : {}),
    ...(sessions.length > 0 ? { sessions } : {}),
    ...judged,
  };
  await turn.apply(
    { type: 'learned', plan: keep },
    {
      also: async (tx, saved) => {
        if (isWaiting) await markDelivered(tx, saved, idsOf(replies));
        return saved;
      },
    },
  );
  return { kind: 'planned', plan: keep };
}

type Judgement = Pick<JobPlan, 'objections' | 'mended' | 'unjudged'>;
type Made = Readonly<{ made: Counsel<PlanBody>; judged: Judgement }>;

async function makePlan(
  turn: TurnRun,
  prepared: Prepared,
  { recorder, replies, rounds }: Options & Readonly<{ replies: readonly Reply[]; rounds: number }>,
): Promise<Made> {
  const job: Job = { ...turn.job(), context: prepared.context };
  const before = job.plan;
  const words = [...(before ? tellChosen(before) : []), ...toWords(replies)];
  const house = describeHouse(prepared.house, 'plan');
  const assignment: Assignment = { job, issue: prepared.issue, replies: words, house };
  const order = { ...assignment, before, mayAsk: rounds < MOST_ROUNDS, isOne: wantsOne(job) };
  let judged: Judgement = {};
  const made = await consult(turn, prepared, { part: 'planner', phase: 'plan', recorder }, async (ask) => {
    judged = {};
    const first = await ask(buildPlanPrompt(order), planAnswerSchema);
    if (first.questions.length > 0 && order.mayAsk) return first;
    const prompt = buildTestPlanPrompt({ ...assignment, plan: first });
    judged = await judgeTests(turn, prepared, { recorder, prompt });
    const { objections = [] } = judged;
    if (objections.length === 0) return first;
    judged = { ...judged, mended: false };
    try {
      const second = await ask(buildObjectionsPrompt(objections), planAnswerSchema);
      judged = { ...judged, mended: true };
      return second;
    } catch (thrown) {
      turn.signal.throwIfAborted();
      // The planner may have run out of time while it was judged: its first plan is better than none.
      if (thrown instanceof PermanentError) return first;
      throw thrown;
    }
  });
  return { made, judged };
}

/** What a planner was told to leave empty counts as left empty. */
function keepTo(body: PlanBody, { mayAsk, isOne }: { mayAsk: boolean; isOne: boolean }): PlanBody {
  return { ...body, ...(mayAsk ? {} : { questions: [] }), ...(isOne ? { tasks: [] } : {}) };
}

/** Whoever only says "go" wants no more questions. */
function isGo(replies: readonly Reply[]): boolean {
  return replies.some(({ text }) => /^\W*go(?: on| ahead)?\W*$/i.test(text));
}

function idsOf(replies: readonly Reply[]): readonly number[] {
  return replies.map(({ id }) => id);
}

/** Where nobody could be asked the plan stands unjudged, and people learn of it. */
async function judgeTests(
  turn: TurnRun,
  prepared: Prepared,
  { recorder, prompt }: { recorder: Recorder; prompt: string },
): Promise<Judgement> {
  const options = { part: 'test-plan judge', phase: 'review', recorder } as const;
  const judged = await consult(turn, prepared, options, (ask) => ask(prompt, testPlanJudgementSchema));
  return judged.kind === 'answer'
    ? { objections: judged.value.objections }
    : { unjudged: judged.why.replace(/[.!?]+$/, '') };
}
