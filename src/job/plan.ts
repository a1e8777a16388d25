// A plan for a task, made by a session that may only read: what was understood, what will be touched and how it will be
// known to work. Pure: its form, and how it reads.
import { z } from 'zod';
import { cutHead } from './cut.ts';
import { type SessionRecord, sessionSchema } from './sessions.ts';

const line = z.string().trim().min(1).max(2_000);
const lines = (most: number) => z.array(line).max(most).default([]);

/** Most questions that are put to people before work begins. */
export const MOST_QUESTIONS = 3;

/** Of each list so much is kept. */
const MOST = {
  assumptions: 12,
  instead: 5,
  files: 200,
  steps: 40,
  tests: 30,
  tasks: 10,
  proposals: 4,
} as const;

/** A plan as it is kept. */
const planSchema = z.object({
  understood: z.string().trim().min(1).max(4_000),
  assumptions: z
    .array(z.object({ assumed: line, instead: lines(MOST.instead) }))
    .max(MOST.assumptions)
    .default([]),
  /** Paths, folders (`src/`) or globs that the change will touch. */
  files: lines(MOST.files),
  steps: z.array(line).min(1).max(MOST.steps),
  tests: z
    .array(z.object({ level: z.enum(['unit', 'integration', 'end_to_end', 'manual']), must: line }))
    .max(MOST.tests)
    .default([]),
  size: z.object({ files: z.number().int().nonnegative(), lines: z.number().int().nonnegative() }).optional(),
  /** More than one where the request is really several tasks; each could be a job of its own. */
  tasks: lines(MOST.tasks),
  /** Asked only where guessing would waste the work. */
  questions: z
    .array(z.object({ question: line, proposals: lines(MOST.proposals) }))
    .max(MOST_QUESTIONS)
    .default([]),
  /** What the planner named beyond what a plan holds: `2 more questions`. */
  cut: z.array(z.string()).optional(),
});
export type PlanBody = Readonly<z.infer<typeof planSchema>>;

const planned = planSchema.shape;

/**
 * What a planner answers. More of anything than is kept is cut and said (`cut`), since the rest of the plan still counts; a
 * question must offer answers to choose from.
 */
export const planAnswerSchema = planSchema
  .omit({ cut: true })
  .extend({
    assumptions: z.array(z.object({ assumed: line, instead: z.array(line).default([]) })).default([]),
    files: z.array(line).default([]),
    steps: z.array(line).min(1),
    tests: z.array(planned.tests.unwrap().element).default([]),
    tasks: z.array(line).default([]),
    questions: z
      .array(
        z.object({
          question: line,
          proposals: z.array(line).min(2, 'propose at least two answers to choose from'),
        }),
      )
      .default([]),
  })
  .transform(fitPlan);

type Answered = Omit<PlanBody, 'cut'>;

function fitPlan(answer: Answered): PlanBody {
  const cut: string[] = [];
  const keep = <T>(name: string, items: readonly T[], most: number, to = ''): T[] => {
    const more = items.length - most;
    if (more > 0) cut.push(`${more} more ${name}${more === 1 ? '' : 's'}${to}`);
    return items.slice(0, most);
  };
  const body = {
    ...answer,
    assumptions: keep('assumption', answer.assumptions, MOST.assumptions).map(({ assumed, instead }) => ({
      assumed,
      instead: instead.slice(0, MOST.instead),
    })),
    files: keep('file', answer.files, MOST.files),
    steps: keep('step', answer.steps, MOST.steps),
    tests: keep('test', answer.tests, MOST.tests),
    tasks: keep('task', answer.tasks, MOST.tasks),
    questions: keep('question', answer.questions, MOST_QUESTIONS).map(({ question, proposals }) => ({
      question,
      proposals: keep('answer', proposals, MOST.proposals, ` to “${cutHead(question, 60)}”`),
    })),
  };
  return cut.length === 0 ? body : { ...body, cut };
}

/** What a judge of the test plan answers. */
export const testPlanJudgementSchema = z.object({
  /** What the tests would let pass, or do not show. Empty: the test plan will do. */
  objections: z.array(line).transform((all) => all.slice(0, 10)),
});

/** What somebody chose for one of a plan's questions. `question` counts from 0. */
const chosenSchema = z.object({
  question: z.number(),
  text: z.string(),
  by: z.string(),
  byName: z.string().optional(),
  at: z.string(),
});

/** A plan as the job keeps it. */
export const jobPlanSchema = planSchema.extend({
  /** The turn that it was made in. */
  turn: z.number(),
  /** `auto`: work went on by itself. `waiting`: a person decides. `approved`: one did. */
  state: z.enum(['auto', 'waiting', 'approved']),
  /** What the judge of the test plan said against it last; absent where nobody judged. */
  objections: z.array(z.string()).optional(),
  /** Whether the planner answered them with another plan. */
  mended: z.boolean().optional(),
  /** Why nobody judged its tests, where somebody was to; reads on after "whoever was to do it". */
  unjudged: z.string().optional(),
  /** Who approved it. */
  approvedBy: z.string().optional(),
  /** What was chosen for its questions so far. */
  chosen: z.array(chosenSchema).optional(),
  /** How often people were asked before they had this plan, and with it. */
  rounds: z.number().optional(),
  /** What people said to its planners, which belongs to the task from then on. */
  said: z.array(z.object({ author: z.string(), text: z.string(), by: z.string().optional() })).optional(),
  /** The sessions that it took, where people were asked before the work: the work's own turn does not know them. */
  sessions: z.array(sessionSchema).optional(),
});
export type JobPlan = Readonly<z.infer<typeof jobPlanSchema>>;

/** What a plan took in turns that only planned; told with the first verdict on the work, and no later one. */
export function sessionsOfPlan(job: {
  plan?: JobPlan | undefined;
  results: readonly Readonly<{ verdict?: unknown }>[];
}): readonly SessionRecord[] {
  return job.results.some(({ verdict }) => verdict !== undefined) ? [] : (job.plan?.sessions ?? []);
}

/** Whether work waits for a person who approves the plan (`ask`), goes on by itself, or is not planned at all. */
export const planModeSchema = z.enum(['auto', 'ask', 'off']);
export type PlanMode = z.infer<typeof planModeSchema>;

/** What came of judging the test plan, where there is something to say; in Markdown. */
export function describeJudgement({ objections = [], mended, unjudged }: JobPlan): string | undefined {
  if (unjudged !== undefined) return `Nobody judged these tests: whoever was to do it ${unjudged}.`;
  if (objections.length === 0) return undefined;
  // Of a plan that an older version made nobody knows; it asked the planner once in any case.
  const since = mended === false ? '' : ', and they were mended once since';
  return `Somebody who judged the tests said${since}:\n${objections.map((each) => `- ${each}`).join('\n')}`;
}

const LEVELS = {
  unit: 'unit',
  integration: 'integration',
  end_to_end: 'end to end',
  manual: 'by hand',
} as const;

/** The plan as Markdown, for agents and pulls. */
export function describePlan(plan: PlanBody): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  return [
    plan.understood,
    ...(plan.assumptions.length > 0
      ? [
          `Assumptions:\n${list(plan.assumptions.map(({ assumed, instead }) => (instead.length > 0 ? `${assumed} (not chosen: ${instead.join('; ')})` : assumed)))}`,
        ]
      : []),
    `Steps:\n${plan.steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`,
    ...(plan.files.length > 0
      ? [`Files:\n${list(plan.files.map((file) => `\`${file.replaceAll('`', "'")}\``))}`]
      : []),
    ...(plan.tests.length > 0
      ? [`Tests:\n${list(plan.tests.map(({ level, must }) => `${LEVELS[level]}: ${must}`))}`]
      : []),
    ...(plan.cut ? [`Left out, since a plan holds no more: ${plan.cut.join('; ')}.`] : []),
  ].join('\n\n');
}
