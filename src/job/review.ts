// A second opinion on a change, by a session that has seen the task, the plan, the diff and the checks, and never the
// author's conversation. Pure: its form, and what it means.
import { z } from 'zod';
import { cutHead } from './cut.ts';

/** `blocking` goes back to the author once and then to people; the others only to people. */
export const REVIEW_SEVERITIES = ['blocking', 'important', 'minor'] as const;

/** Findings that are kept; people read no more of them. */
const MOST_FINDINGS = 40;
const MOST_LOOK_FIRST = 8;
const MOST_CHARACTERS = 4_000;

/** Too long an answer is cut, not refused: what it says first still counts. */
const text = z
  .string()
  .trim()
  .min(1)
  .transform((words) => cutHead(words, MOST_CHARACTERS));

export const reviewFindingSchema = z.object({
  // A place that makes no sense must not cost the finding.
  file: z.string().trim().min(1).max(1_000).optional().catch(undefined),
  line: z.number().int().positive().optional().catch(undefined),
  severity: z.enum(REVIEW_SEVERITIES),
  claim: text,
  fix: text.optional().catch(undefined),
});
export type ReviewFinding = Readonly<z.infer<typeof reviewFindingSchema>>;

/** What a reviewer answers. */
export const reviewAnswerSchema = z.object({
  verdict: z.enum(['approve', 'object']),
  summary: text,
  /** What a person should look at first, as places or sentences. */
  look_first: z.array(text).default([]),
  findings: z.array(reviewFindingSchema).default([]),
});
export type ReviewAnswer = Readonly<z.infer<typeof reviewAnswerSchema>>;

/** What came of asking for a second opinion. `missing` is never an approval: `why` says what happened. */
export const reviewSchema = z.object({
  outcome: z.enum(['approved', 'objected', 'missing']),
  summary: z.string().optional(),
  lookFirst: z.array(z.string()).default([]),
  findings: z.array(reviewFindingSchema).default([]),
  /** Findings beyond those, the least severe. */
  more: z.number().optional(),
  why: z.string().optional(),
  /** The change was too long to be shown whole: this many of its files were. */
  cut: z.object({ seen: z.number(), files: z.number() }).optional(),
  agent: z.string(),
  model: z.string().optional(),
  durationMs: z.number(),
});
export type Review = Readonly<z.infer<typeof reviewSchema>>;

/** An approval beside a blocking finding is none. */
export function toReview(
  answer: ReviewAnswer,
  by: Pick<Review, 'agent' | 'model' | 'durationMs' | 'cut'>,
): Review {
  const blocks = answer.findings.some(({ severity }) => severity === 'blocking');
  const findings = sortReviewFindings(answer.findings);
  const more = findings.length - MOST_FINDINGS;
  return {
    outcome: answer.verdict === 'approve' && !blocks ? 'approved' : 'objected',
    summary: answer.summary,
    lookFirst: answer.look_first.slice(0, MOST_LOOK_FIRST),
    findings: findings.slice(0, MOST_FINDINGS),
    ...(more > 0 ? { more } : {}),
    ...by,
  };
}

/** What must not be merged unseen. An objection without a finding is one all the same. */
export function blockingIn({ outcome, findings }: Review): readonly ReviewFinding[] {
  return outcome === 'objected' ? findings.filter(({ severity }) => severity === 'blocking') : [];
}

function sortReviewFindings(findings: readonly ReviewFinding[]): ReviewFinding[] {
  const rank = ({ severity }: ReviewFinding) => REVIEW_SEVERITIES.indexOf(severity);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

/** `src/a.ts:12`; undefined where the finding names no file. */
export function placeOfFinding({ file, line }: ReviewFinding): string | undefined {
  if (file === undefined || file === '') return undefined;
  return line === undefined ? file : `${file}:${line}`;
}

/** The opinion as Markdown. What is missing is said as plainly as an objection. */
export function describeReview(review: Review): string {
  const who = review.model === undefined ? review.agent : `${review.agent} / ${review.model}`;
  if (review.outcome === 'missing') return `**None**: the reviewer ${sayMissing(who, review.why)}`;
  const head = review.outcome === 'approved' ? 'No objection' : 'Objects';
  return [
    `**${head}** (${who}): ${review.summary ?? ''}`,
    ...review.findings.map(describeReviewFinding),
    ...(review.more === undefined ? [] : [`- and ${review.more} more`]),
    ...(review.cut === undefined ? [] : [`*Cut*: ${sayCut(review.cut)}.`]),
  ].join('\n');
}

/** Told wherever the opinion counts: it is one on a part, unless the reviewer read on by itself. */
export function sayCut({ seen, files }: NonNullable<Review['cut']>): string {
  return `the change is too long for its prompt, so the reviewer was shown ${seen} of ${files} files`;
}

/** `why` is the rest of a sentence, or sentences of its own. */
function sayMissing(who: string, why = 'did not answer'): string {
  return /^[^a-z]/.test(why) ? `(${who}) did not answer. ${why}` : `(${who}) ${why.replace(/\.$/, '')}.`;
}

/** One line of Markdown. */
export function describeReviewFinding(finding: ReviewFinding): string {
  const place = placeOfFinding(finding);
  const fix = finding.fix === undefined ? '' : ` *Suggested*: ${oneLine(finding.fix)}`;
  const at = place === undefined ? '' : `\`${oneLine(place).replaceAll('`', "'")}\` `;
  return `- **${finding.severity}** ${at}${oneLine(finding.claim)}${fix}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
