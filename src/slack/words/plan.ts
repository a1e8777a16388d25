// Every sentence about a plan in Slack: what it waits for, what became of it, what it expects. Small pure functions.
import { type Job, jobName, type TurnResult } from '../../job/job.ts';
import type { JobPlan } from '../../job/plan.ts';
import { awaited, nameJobs } from '../../job/planning.ts';
import { fitMrkdwn } from '../text-limits.ts';

export const PLAN_BUTTONS = {
  run: 'Run',
  one: 'Run as one',
  change: 'Change',
  drop: 'Drop',
  decide: 'Decide yourself',
  split: (count: number) => `Run as ${count} jobs`,
} as const;

/** The card's status while people are to say something. */
export function waitingWords(job: Job): string {
  switch (awaited(job)) {
    case 'approval':
      return ':raised_hand: Its plan waits for you in this thread';
    case 'questions':
      return ':raised_hand: It has questions for you in this thread';
    case 'split':
      return ':raised_hand: It is several tasks; say in this thread how to run them';
    case undefined:
      return ':raised_hand: Waiting for an answer in this thread';
  }
}

/** Whether this is the plan that people are asked about now. */
export function isAsked(job: Job, result: TurnResult): boolean {
  return awaited(job) !== undefined && job.results.at(-1)?.turn === result.turn;
}

/** Goes on after the mention of who asked for the job. */
export function planHeadline(job: Job, result: TurnResult): string {
  const name = jobName(job);
  if (!isAsked(job, result)) return `*${name} had a plan*`;
  const { questions = [], tasks = [] } = job.plan ?? {};
  switch (awaited(job)) {
    case 'questions':
      return questions.length === 1
        ? `*${name} has a question before it begins*`
        : `*${name} has ${questions.length} questions before it begins*`;
    case 'split':
      return `*${name} is ${tasks.length} tasks. One job each, or one for all?*`;
    default:
      return `*${name} has a plan. Shall it run?*`;
  }
}

/** What to press or say, under a plan that waits. */
export function planAdvice(job: Job): string {
  switch (awaited(job)) {
    case 'questions':
      return 'Choose an answer to each, or reply in your own words to answer all at once; `go` lets me decide.';
    case 'split':
      return 'Small pull requests are easier to look through. Reply here to change the plan.';
    default:
      return 'Nothing was changed yet. Reply here, or press *Change*, for another plan.';
  }
}

/** How a job ended at its plan; undefined for all others. */
export function planEndWords({ planEnd }: Job): string | undefined {
  const by = planEnd?.by === undefined ? '' : ` by <@${planEnd.by}>`;
  switch (planEnd?.how) {
    case 'dropped':
      return `:octagonal_sign: Dropped${by}; nothing was changed`;
    case 'expired':
      return ':hourglass: Its plan expired since nobody answered; nothing was changed';
    case 'split':
      return `:twisted_rightwards_arrows: Went on as ${nameJobs(planEnd.jobs)}${by}`;
    case undefined:
      return undefined;
  }
}

/** What became of a plan that was shown; undefined while it waits. */
export function planOutcome(job: Job, result: TurnResult): string | undefined {
  if (isAsked(job, result)) return undefined;
  const { plan } = job;
  const isNewest = plan?.turn === result.turn;
  const ended = isNewest ? planEndWords(job) : undefined;
  if (ended !== undefined) {
    const again =
      job.status === 'done'
        ? 'Their cards are in this channel.'
        : 'Send your command again if you still want it.';
    return `${ended}. ${again}`;
  }
  if (isNewest && plan?.state === 'approved')
    return `:white_check_mark: Approved by <@${plan.approvedBy ?? job.requester}>; what came of it is below.`;
  return ':arrows_counterclockwise: Answered; what came of it is below.';
}

/** `about 3 files, 120 lines`; undefined where the plan does not say. */
export function expectedSize({ size }: Pick<JobPlan, 'size'>): string | undefined {
  if (size === undefined) return undefined;
  const files = size.files === 1 ? '1 file' : `${size.files} files`;
  return `about ${files}, ${size.lines === 1 ? '1 line' : `${size.lines} lines`}`;
}

/** For the card of a job that was to be planned and is not. */
export function planMissingWords(why: string): string {
  return `:warning: There is no plan: whoever was to make it ${fitMrkdwn(why, 300)}. Work goes on without one.`;
}
