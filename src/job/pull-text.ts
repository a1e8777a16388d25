// Title, body and commit message of a pull. Pure. The body speaks to reviewers on GitHub, who may not use Slack.
import { calmHeadings } from './calm-headings.ts';
import { type CheckResult, describeBefore, describeOutcome, isUnproven } from './checks.ts';
import { cutHead } from './cut.ts';
import { type Finding, placeOf } from './gate-rules.ts';
import { type Job, jobName, type Summary } from './job.ts';
import { describeJudgement, describePlan } from './plan.ts';
import { describeReview } from './review.ts';
import { describeSplit, type SplitPart } from './split.ts';
import { tameForGitHub, tameLine, tameText } from './tame.ts';
import type { Verdict } from './verdict.ts';
import { describeEffort, describeHead } from './verdict-text.ts';

/** Shares of a body, in characters: GitHub takes 65,536, and what is tamed grows a little. */
const MOST = {
  head: 5_000,
  first: 6_000,
  changed: 10_000,
  checks: 6_000,
  review: 14_000,
  checked: 4_000,
  risks: 4_000,
  split: 3_000,
  plan: 6_000,
} as const;
/** All sections together; the lines at the end are never cut. */
const MOST_TOGETHER = 56_000;
const CUT = '*Cut here: it is too long for a pull request.*';

/** Hidden in the body, so that a pull is found again by the job it belongs to. */
export function pullMarker(job: Pick<Job, 'id'>): string {
  return `<!-- errand:${jobName(job)} -->`;
}

/** A squash merge makes it the commit's first line, where closing keywords count. */
export function buildPullTitle(summary: Summary): string {
  return tameLine(summary.title);
}

/** At most 60,000 characters. `requesterName` is the person's display name in Slack; never an e-mail. */
export function buildPullBody(options: {
  job: Job;
  summary: Summary;
  findings?: readonly Finding[];
  checks?: readonly CheckResult[];
  verdict?: Verdict;
  split?: readonly SplitPart[];
  requesterName: string;
}): string {
  const { job, summary, findings = [], checks = [], verdict, split = [] } = options;
  const ran = checks.map((result) => describeCheck(result, job.base)).join('\n');
  const thread = job.threadUrl ? `[Slack thread](${job.threadUrl})` : 'Slack';
  const first = listFirst(findings, verdict);
  const sections = [
    ...(verdict ? [shorten(describeHead(verdict), MOST.head)] : []),
    ...(first ? [section('Look at first', first, MOST.first)] : []),
    section('What changed', summary.changed, MOST.changed),
    ...(ran ? [section('Checks, run by Errand on this commit', ran, MOST.checks)] : []),
    ...(verdict?.review ? [section('Second opinion', describeReview(verdict.review), MOST.review)] : []),
    section(
      ran ? 'What the agent says it checked' : 'How it was checked',
      summary.checked || 'The agent did not say.',
      MOST.checked,
    ),
    section('Risks', summary.risks || 'The agent named none.', MOST.risks),
    ...(split.length > 0 ? [section('Left for later', describeSplit(split), MOST.split)] : []),
    ...planSection(job),
    ...(verdict && verdict.sessions.length > 0 ? [describeEffort(verdict.sessions)] : []),
  ].join('\n\n');
  return [
    sections.length > MOST_TOGETHER ? shorten(sections, MOST_TOGETHER - CUT.length) : sections,
    ...(job.issue ? [`Fixes #${job.issue.number}`] : []),
    '---',
    `${jobName(job)}, asked for by ${tameLine(options.requesterName)} in ${thread}. Written by a coding agent; a human decides.`,
    pullMarker(job),
  ].join('\n\n');
}

/**
 * The host's own commit. The requester is its co-author only where a GitHub noreply address is linked (`coAuthors`, by
 * Slack user id); an address from Slack never stands in a commit.
 */
export function buildCommitMessage(options: {
  job: Job;
  summary: Summary;
  coAuthors: Readonly<Record<string, string>>;
}): string {
  const { job, summary } = options;
  const coAuthor = nameCoAuthor(job, options.coAuthors);
  const trailers = [`Errand-Job: ${jobName(job)}`, ...(coAuthor ? [coAuthor] : [])];
  const body = tameText(summary.changed).trim();
  return [tameLine(summary.title) || jobName(job), ...(body ? [body] : []), trailers.join('\n')].join('\n\n');
}

/** The trailer; a name from Slack may hold anything, so that it cannot add lines or addresses of its own. */
function nameCoAuthor(job: Job, coAuthors: Readonly<Record<string, string>>): string | undefined {
  const address = coAuthors[job.requester];
  if (address === undefined) return undefined;
  const name = (job.requesterName ?? address.split('@')[0] ?? '').replaceAll(/[\r\n<>]+/g, ' ').trim();
  return `Co-authored-by: ${name} <${address}>`;
}

/** One line of Markdown: the check, its command, how it ended, and how it was before the change. */
export function describeCheck(result: CheckResult, base: string): string {
  const mark = result.outcome === 'passed' ? '✓' : isUnproven(result) ? '✗' : '–';
  const command = result.command === '' ? '' : ` (${codeSpan(result.command)})`;
  const before = describeBefore(result, base);
  const reach = result.notIn === undefined ? '' : `, not run in ${result.notIn}`;
  const found = result.found ? `; found by Errand${reach}` : '';
  return `- ${mark} **${result.name}** ${describeOutcome(result)}${before ? `, ${before}` : ''}${command}${found}`;
}

/** What the rules found by place, then what the reviewer points at, each on a line. */
export function listFirst(findings: readonly Finding[], verdict: Verdict | undefined): string {
  // The verdict names the findings in its own words, too.
  const others = verdict?.lookFirst.slice(verdict.gates.length) ?? [];
  return [...findings.map(describeFinding), ...others.map((say) => `- ${oneLine(say)}`)].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** On one line, whatever the text holds. */
function codeSpan(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``;
}

/** One line of Markdown; a name cannot end its code span. */
export function describeFinding(finding: Finding): string {
  return `- \`${placeOf(finding).replaceAll('`', "'")}\` ${finding.say} (${finding.rule})`;
}

/** What the change was meant to be, below what it is. */
function planSection({ plan, planMissing, turn }: Job): string[] {
  if (plan) {
    const { size, state } = plan;
    const by = state === 'approved' ? 'A person approved this plan before the work began.\n\n' : '';
    const expected = size ? `\n\nExpected size: ${size.files} files, ${size.lines} lines.` : '';
    // What was mended is settled; what nobody judged, or mended, is for people to know.
    const isOpen = plan.mended === false || plan.unjudged !== undefined;
    const judgement = isOpen ? describeJudgement(plan) : undefined;
    const judged = judgement === undefined ? '' : `${judgement}\n\n`;
    return [section('Plan', `${by}${judged}${describePlan(plan)}${expected}`, MOST.plan)];
  }
  if (planMissing === undefined || turn > 1) return [];
  return [section('Plan', `There was none: whoever was to make it ${planMissing}.`, MOST.plan)];
}

/** Whoever wrote the text, it holds no section of its own. */
function section(name: string, text: string, most: number): string {
  return `## ${name}\n\n${shorten(calmHeadings(text), most)}`;
}

/** Tamed after it was cut, so that a fence that lost its end is closed. */
function shorten(text: string, most: number): string {
  return text.length <= most ? tameForGitHub(text) : `${tameForGitHub(cutHead(text, most))}\n\n${CUT}`;
}
