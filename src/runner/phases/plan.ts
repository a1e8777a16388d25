// Phase `plan`: a session that may only read says what it understood, what it would touch and how that is shown to work; a
// second one, which sees the task and the plan alone, judges the test plan, and its objections go back once.

import { describeHouse } from '../../job/house.ts';
import type { Job } from '../../job/job.ts';
import { type JobPlan, planSchema, testPlanJudgementSchema } from '../../job/plan.ts';
import { buildObjectionsPrompt, buildPlanPrompt, buildTestPlanPrompt } from '../../job/plan-prompt.ts';
import type { Assignment } from '../../job/prompt.ts';
import { admitWaiting } from '../admit.ts';
import { consult } from '../consult.ts';
import { toWords } from '../conversation.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

export type Planned =
  | Readonly<{ kind: 'planned'; plan: JobPlan }>
  /** Work goes on without one. */
  | Readonly<{ kind: 'missing'; why: string }>;

/** Makes the plan and keeps it with the job. */
export async function plan(turn: TurnRun, prepared: Prepared, recorder: Recorder): Promise<Planned> {
  await turn.apply({ type: 'phase', phase: 'plan' });
  const assignment = await readAssignment(turn, prepared);
  const judged: { objections?: readonly string[] | undefined } = {};
  const made = await consult(turn, prepared, { part: 'planner', phase: 'plan', recorder }, async (ask) => {
    const first = await ask(buildPlanPrompt(assignment), planSchema);
    if (first.questions.length > 0) return first;
    judged.objections = await judgeTests(turn, prepared, {
      recorder,
      prompt: buildTestPlanPrompt({ ...assignment, plan: first }),
    });
    if (!judged.objections?.length) return first;
    return ask(buildObjectionsPrompt(judged.objections), planSchema);
  });
  if (made.kind === 'missing') return made;
  const { objections } = judged;
  const keep: JobPlan = {
    ...made.value,
    turn: turn.job().turn,
    state: 'auto',
    ...(objections === undefined ? {} : { objections: [...objections] }),
  };
  await turn.apply({ type: 'learned', plan: keep });
  return { kind: 'planned', plan: keep };
}

/** Undefined where nobody could be asked: the plan then stands unjudged. */
async function judgeTests(
  turn: TurnRun,
  prepared: Prepared,
  { recorder, prompt }: { recorder: Recorder; prompt: string },
): Promise<readonly string[] | undefined> {
  const options = { part: 'test-plan judge', phase: 'review', recorder } as const;
  const judged = await consult(turn, prepared, options, (ask) => ask(prompt, testPlanJudgementSchema));
  return judged.kind === 'answer' ? judged.value.objections : undefined;
}

/** What the author will be told of the task, as far as it is known and may be said by now. */
async function readAssignment(turn: TurnRun, { issue, context, house }: Prepared): Promise<Assignment> {
  const job: Job = { ...turn.job(), context };
  const replies = toWords(await admitWaiting(turn));
  return { job, issue, replies, house: describeHouse(house, 'plan') };
}
