// What the planner and the judge of its test plan are told. Pure.
import { describePlan, type JobPlan, type PlanBody } from './plan.ts';
import { type Assignment, buildAssignment, material } from './prompt.ts';
import { partLine } from './sessions.ts';

const FORM = `Answer with one fenced block of JSON and nothing after it:
\`\`\`json
{
  "understood": "what is asked, in your own words",
  "assumptions": [{"assumed": "what you take for granted", "instead": ["the alternative you did not choose"]}],
  "files": ["every file, folder (src/x/) or glob that the change will touch, tests included"],
  "steps": ["what will be done, in order"],
  "tests": [{"level": "unit | integration | end_to_end | manual", "must": "what must be true afterwards, and how it is shown"}],
  "size": {"files": 2, "lines": 40},
  "tasks": ["only where this is really several tasks: each of them, in a line that could stand alone"],
  "questions": [{"question": "only where guessing would waste the work; at most three", "proposals": ["an answer that a person may choose", "another; two to four of them"]}]
}
\`\`\``;

type PlanOrder = Assignment &
  Readonly<{
    /** The plan that people were shown before, where they wished for another. */
    before?: JobPlan | undefined;
    /** False after people were asked often enough, or said that they will not answer. */
    mayAsk: boolean;
    /** Somebody insists that it is one task. */
    isOne: boolean;
  }>;

/** The planner's first prompt. */
export function buildPlanPrompt(options: PlanOrder): string {
  const { before, mayAsk, isOne } = options;
  return [
    partLine('planner'),
    'Read the code as far as the task needs it and plan the change. Change nothing: somebody else will do the work from your plan. Keep it as small as the task allows.',
    ...buildAssignment(options),
    ...(before
      ? [
          `# The plan so far\n\nPeople read it and then said what stands above. Plan anew with that.\n\n${material('The plan so far', describePlan(before))}`,
        ]
      : []),
    ...(mayAsk
      ? []
      : [
          'Nobody will answer any more questions: leave "questions" empty, decide by yourself, and name what you assume with the alternatives.',
        ]),
    ...(isOne
      ? ['People want this done as one job, whatever it holds: leave "tasks" empty and plan all of it.']
      : []),
    FORM,
  ].join('\n\n');
}

/** Sent back once, in the planner's own session. */
export function buildObjectionsPrompt(objections: readonly string[]): string {
  return [
    'Somebody who saw only the task and your plan says of its test plan:',
    objections.map((objection) => `- ${objection}`).join('\n'),
    `Answer with the whole plan once more, mended where that is right. ${FORM}`,
  ].join('\n\n');
}

/** The prompt of the judge, who sees the task and the plan alone. */
export function buildTestPlanPrompt(options: Assignment & Readonly<{ plan: PlanBody }>): string {
  return [
    partLine('test-plan judge'),
    'Somebody planned the task below. Judge its test plan alone: would these tests fail if the task were done wrongly or not at all? Name what they would let pass. Do not ask for more than the task is worth. Change nothing.',
    ...buildAssignment(options),
    material('The plan', describePlan(options.plan)),
    'Answer with one fenced block of JSON and nothing after it, with an empty list where the test plan will do:\n```json\n{"objections": ["what these tests would not notice"]}\n```',
  ].join('\n\n');
}
