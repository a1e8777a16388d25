// The verdict as Slack shows it: what must be decided in ten seconds stands first, the rest below it. Pure.
import { calmHeadings } from '../job/calm-headings.ts';
import { isBroken } from '../job/checks.ts';
import { mostTelling } from '../job/gate-rules.ts';
import type { Job, TurnResult } from '../job/job.ts';
import { describeCheck, listFirst } from '../job/pull-text.ts';
import { describeReview } from '../job/review.ts';
import type { Risk } from '../job/risk.ts';
import { sumSessions } from '../job/sessions.ts';
import { standingRisk } from '../job/standing-risk.ts';
import type { Verdict } from '../job/verdict.ts';
import { describeCost, describeReasons, listBlocking, nameRisk } from '../job/verdict-text.ts';
import { fitMrkdwn, LIMITS, named, tameMarkdown } from './text-limits.ts';

/** Shares of the room that all blocks of a message have together; the pull's body has the whole of each. */
const ROOM = {
  reasons: 500,
  blocking: 1_500,
  first: 1_500,
  changed: 3_000,
  checks: 1_200,
  review: 2_200,
  checked: 1_500,
  risks: 1_000,
} as const;

const BLOCKING_LINE = 300;
/** The pull's body has more of them. */
const FINDINGS_SHOWN = 5;

const MARKS: Readonly<Record<Risk, string>> = {
  low: ':large_green_circle:',
  medium: ':large_yellow_circle:',
  high: ':red_circle:',
};

/** One word of risk, why, and what blocks. `share` is what of the room is used. */
export function verdictHead(verdict: Verdict, share: number): string {
  const reasons = fitMrkdwn(describeReasons(verdict), ROOM.reasons);
  const risk = `${MARKS[verdict.risk]} *${nameRisk(verdict.risk)}*: ${reasons}`;
  const blocking = listBlocking(verdict, BLOCKING_LINE).map((say) => `• ${say}`);
  if (blocking.length === 0) return risk;
  return `${risk}\n:no_entry: *Blocking*\n${fitMrkdwn(blocking.join('\n'), share * ROOM.blocking)}`;
}

/** What to look at, what changed, how it was verified, in Markdown. */
export function verdictBody(
  { summary, findings = [] }: TurnResult,
  verdict: Verdict,
  { base, share }: Readonly<{ base: string; share: number }>,
): string {
  const { changed = '', checked = '', risks = '' } = summary ?? verdict.summary ?? {};
  const first = listFirst(mostTelling(findings, FINDINGS_SHOWN), verdict);
  const ran = verdict.checks.map((check) => describeCheck(check, base)).join('\n') || 'None were run.';
  const opinion = verdict.review ? describeReview(verdict.review) : 'Nobody was asked.';
  const part = (name: string, text: string, room: keyof typeof ROOM) =>
    named(name, tameMarkdown(calmHeadings(text), share * ROOM[room]));
  return [
    ...(first ? [part('Look at first', first, 'first')] : []),
    part('What changed', changed || 'The agent did not say.', 'changed'),
    part('Checks, run by Errand', ran, 'checks'),
    part('Second opinion', opinion, 'review'),
    part('What the agent says it checked', checked || 'The agent did not say.', 'checked'),
    part('Risks', risks || 'The agent named none.', 'risks'),
  ].join('\n\n');
}

/** What a reviewer found in somebody's pull, and where it stands on GitHub. */
export function reviewBody(
  { reviewOf }: Job,
  { reviewUrl }: TurnResult,
  verdict: Verdict,
  share: number,
): string {
  const first = listFirst(mostTelling(verdict.gates, FINDINGS_SHOWN), verdict);
  const opinion = verdict.review ? calmHeadings(describeReview(verdict.review)) : 'Nobody was asked.';
  const where =
    reviewUrl === undefined
      ? `Nothing was posted on ${reviewOf?.url ?? 'GitHub'}. Reply here to ask once more.`
      : `Posted as a [review on pull #${reviewOf?.number}](${reviewUrl}), with its comments on the lines. Reply here to ask for another look.`;
  return [
    ...(first ? [`**Look at first**\n${tameMarkdown(first, share * ROOM.first)}`] : []),
    `**Review**\n${tameMarkdown(opinion, share * (ROOM.review + ROOM.changed))}`,
    where,
  ].join('\n\n');
}

/** What the sessions of the turn came to; nothing where none is known. */
export function effortLine({ sessions }: Verdict): string {
  return sessions.length === 0
    ? ''
    : `agents: ${fitMrkdwn(describeCost(sumSessions(sessions)), LIMITS.files)}`;
}

/** For the card, while a decision is open: the risk, and how far the change was verified. */
export function verdictLine(job: Job): readonly string[] {
  const verdict = job.status === 'in_review' ? standingRisk(job) : undefined;
  if (verdict === undefined) return [];
  const risk = `${MARKS[verdict.risk]} *${nameRisk(verdict.risk)}*: ${fitMrkdwn(verdict.riskReason, 300)}`;
  // Why the risk is low says all of it.
  if (verdict.risk === 'low') return [risk];
  const parts = [
    risk,
    ...(verdict.checks.length > 0 ? [checksInShort(verdict.checks)] : []),
    OPINIONS[verdict.review?.outcome ?? 'none'],
  ];
  return [parts.join(' · ')];
}

const OPINIONS = {
  approved: 'no objection by the reviewer',
  objected: 'the reviewer objects',
  missing: 'second opinion missing',
  none: 'no second opinion',
} as const;

function checksInShort(checks: Verdict['checks']): string {
  const green = checks.filter(({ outcome }) => outcome === 'passed').length;
  const broken = checks.filter(isBroken).length;
  return `${green} of ${checks.length} checks green${broken > 0 ? `, ${broken} broken by the change` : ''}`;
}
