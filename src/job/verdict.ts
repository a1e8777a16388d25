// The verdict: everything that a person needs to decide on a change, in one structure. It stands in the result, in the
// pull's body and beside the buttons. Pure.
import { z } from 'zod';
import { changeSizeSchema, summarySchema } from './change-facts.ts';
import { type CheckResult, checkResultSchema, describeOutcome, isBroken, nameFailures } from './checks.ts';
import { findingSchema, placeOf } from './gate-rules.ts';
import { blockingIn, placeOfFinding, type Review, reviewSchema } from './review.ts';
import { type Evidence, RISKS, weigh } from './risk.ts';
import { type SessionRecord, sessionSchema } from './sessions.ts';
import { isGrave, lossOf, sayLoss } from './test-loss.ts';

export const verdictSchema = z.object({
  /** What its author says of the change. */
  summary: summarySchema.optional(),
  size: changeSizeSchema.optional(),
  /** Places and sentences, the most urgent first. */
  lookFirst: z.array(z.string()).default([]),
  /** What the host ran on exactly these files. */
  checks: z.array(checkResultSchema).default([]),
  /** What the fixed rules found. */
  gates: z.array(findingSchema).default([]),
  /** The second opinion; absent where none was asked for. */
  review: reviewSchema.optional(),
  /** Of what would make a person think twice, each in a sentence. *Approve* asks again where there is any. */
  blocking: z.array(z.string()).default([]),
  risk: z.enum(RISKS),
  /** The weightiest of `reasons`. */
  riskReason: z.string(),
  /** All that makes it so risky, the weightiest first. */
  reasons: z.array(z.string()).default([]),
  /** Who worked on it in this turn, for how long, and for how much. */
  sessions: z.array(sessionSchema).default([]),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** Weighs the evidence. Nothing that is missing ever lowers the risk. */
export function buildVerdict(evidence: Evidence & Readonly<{ sessions: readonly SessionRecord[] }>): Verdict {
  const { checks, gates, review, size, summary, sessions } = evidence;
  const { risk, reasons } = weigh(evidence);
  return {
    ...(summary ? { summary } : {}),
    size,
    lookFirst: [...placesToLook(evidence)],
    checks: [...checks],
    gates: [...gates],
    ...(review ? { review } : {}),
    blocking: [
      ...checks.filter(isBroken).map(sayBroken),
      ...checks.filter((check) => isGrave(lossOf(check)) && !isBroken(check)).map(saySeen),
      ...gates
        .filter(({ severity }) => severity === 'block')
        .map((finding) => `The gate: ${placeOf(finding)} ${finding.say}`),
      ...(review?.outcome === 'objected' ? sayObjections(review) : []),
    ],
    risk,
    riskReason: reasons[0] ?? '',
    reasons: [...reasons],
    sessions: [...sessions],
  };
}

/** The verdict that a decision on the pull is made by: a turn that only answered leaves the one before as it is. */
export function standingVerdict(
  results: readonly Readonly<{ verdict?: Verdict | undefined }>[],
): Verdict | undefined {
  return results.findLast(({ verdict }) => verdict !== undefined)?.verdict;
}

/** Where nobody names a place, the file that changed most is one. */
function placesToLook({ checks, gates, review, size: { files } }: Evidence): readonly string[] {
  const named = [
    ...gates.map((finding) => `${placeOf(finding)} ${finding.say}`),
    ...checks.filter((check) => lossOf(check) !== undefined).map(saySeen),
    ...(review?.lookFirst ?? []),
  ];
  if (named.length > 0 || files.length < 2) return named;
  const [most] = files.toSorted((one, other) => other.added + other.deleted - one.added - one.deleted);
  return most ? [`${most.path} changed most (+${most.added} −${most.deleted})`] : [];
}

function sayBroken(check: CheckResult): string {
  const { newFailures = [] } = check;
  const before =
    newFailures.length === 0
      ? 'and was not red before'
      : `and was red before, but not because of ${nameFailures(newFailures)}`;
  return `The check ${check.name} ${describeOutcome(check)}, ${before}.`;
}

function saySeen(check: CheckResult): string {
  return `The check ${check.name} ${sayLoss(check)}.`;
}

function sayObjections(review: Review): readonly string[] {
  const blocking = blockingIn(review).map((finding) => {
    const place = placeOfFinding(finding);
    return `The reviewer objects${place === undefined ? '' : ` at ${place}`}: ${finding.claim}`;
  });
  return blocking.length > 0
    ? blocking
    : [`The reviewer objects: ${review.summary ?? 'no reason was given'}`];
}
