// A review of somebody's pull as GitHub shows it: comments on the lines that are in the diff, the rest in its body. Pure.
import { calmHeadings } from './calm-headings.ts';
import { type Job, jobName } from './job.ts';
import { type ChecksOfPull, describeChecksOfPull } from './red-checks.ts';
import { describeReviewFinding, type Review, type ReviewFinding } from './review.ts';
import { tameForGitHub, tameLine } from './tame.ts';
import type { Verdict } from './verdict.ts';
import { describeEffort, describeHead } from './verdict-text.ts';

/** GitHub takes 65,536 characters. */
const MOST_CHARACTERS = 60_000;

export type LineComment = Readonly<{ path: string; line: number; body: string }>;

export type ReviewText = Readonly<{
  body: string;
  comments: readonly LineComment[];
  /** All of it in one text, for where GitHub does not take a line. */
  whole: string;
}>;

/** Hidden in the body, so that a review is found again by the turn it belongs to; `errand:J-12:review`. */
export function reviewMarker({ id, turn }: Pick<Job, 'id' | 'turn'>): string {
  return `errand:${jobName({ id })}:review${turn > 1 ? `:${turn}` : ''}`;
}

/** `isInDiff` tells where GitHub lets a comment stand. */
export function buildReviewText(options: {
  job: Job;
  review: Review;
  verdict: Verdict;
  /** What checks at GitHub say of the pull; undefined where GitHub did not tell. */
  pullChecks?: ChecksOfPull | undefined;
  isInDiff: (path: string, line: number) => boolean;
}): ReviewText {
  const { review, isInDiff } = options;
  const places = review.findings.map((finding) => ({ finding, at: placeIn(finding, isInDiff) }));
  const comments = places.flatMap(({ finding, at }) =>
    at === undefined ? [] : [{ ...at, body: describeComment(finding) }],
  );
  const others = places.flatMap(({ finding, at }) => (at === undefined ? [finding] : []));
  return { body: buildBody(options, others), comments, whole: buildBody(options, review.findings) };
}

function placeIn(
  { file, line }: ReviewFinding,
  isInDiff: (path: string, line: number) => boolean,
): Pick<LineComment, 'path' | 'line'> | undefined {
  return file !== undefined && line !== undefined && isInDiff(file, line) ? { path: file, line } : undefined;
}

function describeComment({ severity, claim, fix }: ReviewFinding): string {
  const suggested = fix === undefined ? '' : `\n\n*Suggested*: ${fix}`;
  return tameForGitHub(`**${severity}**: ${claim}${suggested}`);
}

function buildBody(
  { job, review, verdict, pullChecks }: Parameters<typeof buildReviewText>[0],
  findings: readonly ReviewFinding[],
): string {
  const thread = job.threadUrl ? `[Slack thread](${job.threadUrl})` : 'Slack';
  const more = review.more === undefined ? '' : `\n- and ${review.more} more`;
  const list = findings.map(describeReviewFinding).join('\n');
  const gates = verdict.gates.map(
    ({ file, line, say }) =>
      `- \`${file.replaceAll('`', "'")}${line === undefined ? '' : `:${line}`}\` ${say}`,
  );
  const text = [
    tameForGitHub(describeHead(verdict)),
    tameForGitHub(describeChecksOfPull(pullChecks)),
    ...(review.summary ? [tameForGitHub(calmHeadings(review.summary))] : []),
    ...(review.lookFirst.length > 0
      ? [
          section(
            'Look at first',
            review.lookFirst.map((say) => `- ${say.replaceAll(/\s+/g, ' ')}`).join('\n'),
          ),
        ]
      : []),
    ...(list || more ? [section('Findings', `${list}${more}`)] : []),
    ...(gates.length > 0 ? [section('Found by fixed rules', gates.join('\n'))] : []),
  ].join('\n\n');
  return [
    text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`,
    ...(verdict.sessions.length > 0 ? [describeEffort(verdict.sessions)] : []),
    '---',
    `${jobName(job)}, asked for by ${tameLine(job.requesterName ?? 'a team member')} in ${thread}. Written by a coding agent, and no approval; a human decides.`,
  ].join('\n\n');
}

function section(name: string, text: string): string {
  return `## ${name}\n\n${tameForGitHub(text)}`;
}
