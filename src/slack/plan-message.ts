// The message that puts a plan before people: all of it, its questions, and the buttons to decide. It is a turn's result;
// later it is only edited, and says what became of the plan. Pure.
import type { Button, KnownBlock } from '@slack/types';
import type { Job, TurnResult } from '../job/job.ts';
import { describeJudgement, describePlan, type JobPlan } from '../job/plan.ts';
import { awaited, openQuestions, SHOWN, shownLine } from '../job/planning.ts';
import { plain, section } from './card.ts';
import { ACTION, ANSWER_ACTIONS, buildButtonValue } from './ids.ts';
import { cutText, fitMrkdwn, tameMarkdown } from './text-limits.ts';
import { expectedSize, isAsked, PLAN_BUTTONS, planAdvice, planOutcome } from './words/plan.ts';

/** Of the room that all blocks have together; what people decide on by a press is never cut to fit. */
const PLAN_ROOM = 5_500;
/** Slack's longest button. */
const BUTTON_LIMIT = 75;

/** Everything below the headline but the buttons. `share` is how much of the room may be used. */
export function planBlocks(job: Job, result: TurnResult, share: number): KnownBlock[] {
  const plan = planOf(job, result);
  if (plan === undefined) return [];
  const outcome = planOutcome(job, result);
  const open = isAsked(job, result);
  return [
    { type: 'markdown', text: tameMarkdown(describeAll(plan), share * PLAN_ROOM) },
    ...(plan.tasks.length > 1 ? [section(taskLines(plan))] : []),
    ...questionBlocks({ job, plan, open }),
    section(outcome ?? planAdvice(job)),
  ];
}

/** None once the plan waits no more. */
export function planButtons(job: Job, result: TurnResult): KnownBlock[] {
  if (!isAsked(job, result)) return [];
  const value = buildButtonValue({ jobId: job.id, turn: job.turn });
  const button = (action_id: string, label: string, style?: 'primary' | 'danger'): Button => ({
    type: 'button',
    action_id,
    value,
    text: plain(label),
    ...(style === undefined ? {} : { style }),
  });
  const change = button(ACTION.changes, PLAN_BUTTONS.change);
  const drop = button(ACTION.planDrop, PLAN_BUTTONS.drop, 'danger');
  return [{ type: 'actions', block_id: `plan_${job.id}`, elements: [...deciding(), change, drop] }];

  function deciding(): Button[] {
    switch (awaited(job)) {
      case 'questions':
        return [button(ACTION.planRun, PLAN_BUTTONS.decide)];
      case 'split':
        return [
          button(ACTION.planSplit, PLAN_BUTTONS.split(job.plan?.tasks.length ?? 0), 'primary'),
          button(ACTION.planOne, PLAN_BUTTONS.one),
        ];
      default:
        return [button(ACTION.planRun, PLAN_BUTTONS.run, 'primary')];
    }
  }
}

/** The newest plan knows more than what was shown of it: who chose what, who approved. */
function planOf(job: Job, result: TurnResult): JobPlan | undefined {
  return job.plan?.turn === result.turn ? job.plan : result.plan;
}

function describeAll(plan: JobPlan): string {
  const size = expectedSize(plan);
  const judgement = describeJudgement(plan);
  return [
    describePlan(plan),
    ...(size === undefined ? [] : [`Expected size: ${size}`]),
    ...(judgement === undefined ? [] : [judgement]),
  ].join('\n\n');
}

function taskLines({ tasks }: JobPlan): string {
  return [
    '*Really several tasks*',
    ...tasks.map((task, index) => `${index + 1}. ${line(task, 'task')}`),
  ].join('\n');
}

function questionBlocks({ job, plan, open }: { job: Job; plan: JobPlan; open: boolean }): KnownBlock[] {
  const unanswered = openQuestions(plan);
  return plan.questions.flatMap(({ question, proposals }, index): KnownBlock[] => {
    const chosen = plan.chosen?.find((each) => each.question === index);
    const asked = `*${index + 1}. ${line(question, 'question')}*`;
    if (chosen)
      return [
        section(`${asked}\n:ballot_box_with_check: ${line(chosen.text, 'proposal')} (<@${chosen.by}>)`),
      ];
    const offered = proposals.map((proposal) => `• ${line(proposal, 'proposal')}`);
    const lines = section([asked, ...offered].join('\n'));
    if (!open || !unanswered.includes(index) || proposals.length === 0) return [lines];
    return [lines, answerButtons(job, { question: index, proposals })];
  });
}

function answerButtons(
  job: Job,
  { question, proposals }: { question: number; proposals: readonly string[] },
): KnownBlock {
  const elements = proposals.flatMap((text, proposal): Button[] => {
    const action_id = ANSWER_ACTIONS[proposal];
    if (action_id === undefined) return [];
    const value = buildButtonValue({ jobId: job.id, turn: job.turn, choice: { question, proposal } });
    const label = cutText(shownLine(text, 'proposal'), BUTTON_LIMIT) || `Answer ${proposal + 1}`;
    return [{ type: 'button', action_id, value, text: plain(label) }];
  });
  return { type: 'actions', block_id: `question_${job.id}_${question}`, elements };
}

function line(text: string, kind: keyof typeof SHOWN): string {
  return fitMrkdwn(shownLine(text, kind), SHOWN[kind] + 20);
}
