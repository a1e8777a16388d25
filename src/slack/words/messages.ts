// Every sentence of the messages that Slack shows of a job. Small pure functions, the voice of a calm colleague.
import type { Failure, Job, Phase, TurnResult } from '../../job/job.ts';
import { jobName } from '../../job/job.ts';
import { mergeDoubts } from '../../job/merge-doubts.ts';
import { cutText, fitMrkdwn, quietSentence } from '../text-limits.ts';
import { byLogin, outsideLines } from './outside.ts';
import { planEndWords, planHeadline, waitingWords } from './plan.ts';

/** What a phase does, as it follows on "is". */
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  prepare: 'getting the code ready',
  plan: 'planning',
  implement: 'working',
  check: 'checking',
  review: 'reviewing',
  publish: 'opening the pull request',
  answer: 'looking for the answer',
  remember: 'writing down what was learned',
};

/** Instead of a card that this version cannot make. */
export function jobUnreadable(jobId: number): string {
  return `*${jobName({ id: jobId })}* was stored by another version of Errand, and this one can't read it. Nothing is lost: ask whoever runs me to update me, and it goes on.`;
}

/** The status line of a card. */
export function statusWords(job: Job): string {
  switch (job.status) {
    case 'queued':
      return job.problem
        ? `:hourglass_flowing_sand: Queued again: ${plainReason(job.problem.reason)}`
        : `:hourglass_flowing_sand: Queued${job.turn > 1 ? ` for turn ${job.turn}` : ''}, starts as soon as a runner is free`;
    case 'running':
      if (job.stop) return ':octagonal_sign: Stopping';
      return `:hammer_and_wrench: ${capital(PHASE_WORDS[job.phase ?? 'prepare'])}${job.turn > 1 ? ` (turn ${job.turn})` : ''}`;
    case 'waiting':
      return waitingWords(job);
    case 'in_review':
      if (job.outside?.closed)
        return ':no_entry_sign: Closed on GitHub; reopen it there or reply in this thread to go on';
      return ':eyes: Ready, waiting for a decision in this thread';
    case 'merging':
      if (job.stop) return ':octagonal_sign: Stopping the merge';
      return `:arrows_counterclockwise: Approved, ${plainReason(job.problem?.reason ?? 'GitHub is merging it')}`;
    case 'closing':
      return `:arrows_counterclockwise: Rejected, ${plainReason(job.problem?.reason ?? 'the pull request is being closed')}`;
    case 'failed':
      // The whole of it stands in the thread, with what to do.
      return `:warning: Failed: ${fitMrkdwn(lastFailure(job)?.reason ?? 'see the thread', 600)}`;
    case 'done':
      if (job.kind === 'ask') return ':white_check_mark: Answered in this thread';
      return (
        planEndWords(job) ?? ':white_check_mark: Done without a pull request; the answer is in the thread'
      );
    case 'merged':
      return ':tada: Merged';
    case 'rejected':
      return ':no_entry_sign: Rejected';
    case 'cancelled':
      return planEndWords(job) ?? ':octagonal_sign: Stopped';
  }
}

/** The first line of a result: the only kind of message that mentions somebody. */
export function resultHeadline(job: Job, result: TurnResult): string {
  if (isQuiet(result)) return `*${jobName(job)}* ${nothingCameOf(result)}; nothing new to merge`;
  const who = `<@${job.requester}>`;
  switch (result.outcome) {
    case 'pull':
      return `${who} *${jobName(job)} is ready for your decision*`;
    case 'answer':
      if (job.kind === 'ask') return `${who} *${jobName(job)} has an answer*`;
      return job.pull
        ? `${who} *${jobName(job)} has an answer* and nothing new to merge`
        : `${who} *${jobName(job)} is done*: no file changed`;
    case 'review':
      return `${who} *${jobName(job)} has looked at pull #${job.reviewOf?.number}*`;
    case 'plan':
      return `${who} ${planHeadline(job, result)}`;
    case 'failed':
      return `${who} *${jobName(job)} could not finish*`;
    case 'stopped':
      return `${who} *${jobName(job)} was stopped*${stoppedBy(job, result)}`;
  }
}

/** Nobody asked in Slack, and nothing changed: whoever reads along sees it, and no bell rings. */
function isQuiet({ occasion, outcome }: TurnResult): boolean {
  return outcome === 'answer' && occasion !== undefined && occasion.kind !== 'update';
}

function nothingCameOf({ occasion }: TurnResult): string {
  return occasion?.kind === 'checks'
    ? 'looked at the red checks on GitHub'
    : 'went through what was said on GitHub';
}

/** One mention is enough where the requester stopped it. */
function stoppedBy(job: Job, { stoppedBy: by }: TurnResult): string {
  return by === undefined || by === job.requester ? '' : ` by <@${by}>`;
}

/** What a stopped job's requester may do next. */
export function stoppedWords(job: Job): string {
  return job.pull
    ? 'The pull request stays as it was before this turn. Reply here to go on.'
    : 'No pull request was opened. What the agent had done so far is kept for a week.';
}

/** What became of the decision, on the result message that it belongs to. */
export function decisionWords(job: Job): string | undefined {
  const sha = job.decision?.sha ?? job.pull?.headSha;
  const by = job.decision ? ` by <@${job.decision.by}>` : '';
  const kind = job.decision?.kind;
  switch (job.status) {
    case 'merging':
      return `:arrows_counterclockwise: Approved${by}. ${job.problem ? plainReason(job.problem.reason) : `Merging \`${short(sha)}\`…`}`;
    case 'merged':
      // Somebody may merge or close it on GitHub, whatever was decided here.
      if (kind !== 'approve' || sha !== job.pull?.headSha)
        return `:tada: Merged on GitHub${byLogin(job.outside?.mergedBy)} at \`${short(job.pull?.headSha)}\`.`;
      return `:tada: Approved${by} and merged \`${short(sha)}\`.`;
    case 'closing':
      return `:arrows_counterclockwise: Rejected${by}. ${plainReason(job.problem?.reason ?? 'Closing the pull request…')}`;
    case 'rejected':
      if (kind !== 'reject')
        return `:no_entry_sign: The pull request was closed on GitHub${byLogin(job.outside?.closed?.by)}.`;
      return `:no_entry_sign: Rejected${by}; the pull request is closed and its branch deleted.`;
    case 'in_review':
    case 'failed':
      return undecidedWords(job);
    default:
      return undefined;
  }
}

/** Why the last decision came to nothing, and what people did at GitHub meanwhile. */
function undecidedWords(job: Job): string | undefined {
  const told = job.problem?.code === 'pull_closed' && job.outside?.closed ? undefined : job.problem;
  const lines = [...(told ? [`:warning: ${plainReason(told.reason)}`] : []), ...outsideLines(job)];
  return lines.length === 0 ? undefined : lines.join('\n');
}

export const BUTTONS = {
  approve: 'Approve & merge',
  approveAnyway: 'Approve & merge anyway',
  changes: 'Request changes',
  reject: 'Reject',
  stop: 'Stop',
  interrupt: 'Interrupt now',
  retry: 'Retry',
  remember: 'Remember this',
  update: 'Update branch',
} as const;

type Question = Readonly<{ title: string; text: string; confirm: string; deny: string }>;

/** The question before a merge; it names what exactly will be merged, and what speaks against it. */
export function approveQuestion(
  job: Job,
  { sha, blocking }: Readonly<{ sha: string; blocking: readonly string[] }>,
): Question {
  const into = `of #${job.pull?.number} into ${quietSentence(job.base)}`;
  const [first] = blocking;
  if (first !== undefined) {
    const more = blocking.length > 1 ? ` And ${blocking.length - 1} more.` : '';
    const tail = `${more} Merges ${short(sha)} ${cutText(into, 80)} all the same.`;
    const room = CONFIRM_TEXT - tail.length;
    return {
      title: 'Merge in spite of this?',
      text: `${quietSentence(cutText(first.replaceAll(/\s+/g, ' '), room))}${tail}`,
      confirm: 'Merge anyway',
      deny: 'Not yet',
    };
  }
  const doubts = mergeDoubts(job)
    .map((each) => `${each} `)
    .join('');
  return {
    title: 'Merge this pull request?',
    text: `${doubts}Merges exactly ${named(sha)} ${into}. If anything was pushed since, nothing is merged.`,
    confirm: 'Merge',
    deny: 'Not yet',
  };
}

/** Slack's limit for the text of a confirmation is 300 characters; some are kept for what quietens names. */
const CONFIRM_TEXT = 290;

export function stopQuestion(job: Job): Question {
  if (job.status === 'merging') {
    return {
      title: 'Stop this merge?',
      text: "Takes the pull request out of GitHub's merge queue where that is possible. You can decide again afterwards.",
      confirm: 'Stop it',
      deny: 'Let it merge',
    };
  }
  return {
    title: `Stop ${jobName(job)}?`,
    text: 'The agent is stopped right away and no pull request is opened. What it has done so far is kept for a week.',
    confirm: 'Stop it',
    deny: 'Let it run',
  };
}

/** One line about replies that the agent has not heard yet. */
export function waitingReplies(count: number, steerable: boolean | undefined): string | undefined {
  if (count === 0) return undefined;
  const what = count === 1 ? '1 reply waits' : `${count} replies wait`;
  return steerable === false ? `${what} for the end of this turn.` : `${what} to be delivered.`;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function lastFailure(job: Job): Failure | undefined {
  return job.results.at(-1)?.failure;
}

/** Reasons may quote GitHub or an agent: nothing in them may notify or link. */
function plainReason(reason: string): string {
  return fitMrkdwn(reason, 1_000);
}

/** The seven characters people compare by eye. */
export function short(sha: string | undefined): string {
  return (sha ?? '').slice(0, 7);
}

/** Where people agree to it: enough that no other commit of a repository begins so. The button carries the whole. */
function named(sha: string): string {
  return sha.slice(0, 12);
}
