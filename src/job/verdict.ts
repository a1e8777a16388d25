// The verdict: everything that a person needs to decide on a change, in one structure. It stands in the result, in the
// pull's body and beside the buttons. Pure.
import { z } from 'zod';
import { type CheckResult, checkResultSchema, isBroken } from './checks.ts';
import { type Finding, findingSchema, placeOf } from './gate-rules.ts';
import { blockingIn, placeOfFinding, type Review, reviewSchema } from './review.ts';
import { type SessionRecord, sessionSchema } from './sessions.ts';

export const verdictSchema = z.object({
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
  risk: z.enum(['low', 'medium', 'high']),
  riskReason: z.string(),
  sessions: z.array(sessionSchema).default([]),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** What the verdict is made of. */
type Evidence = Readonly<{
  checks: readonly CheckResult[];
  gates: readonly Finding[];
  review: Review | undefined;
  size: Readonly<{ fileCount: number; added: number; deleted: number }>;
  sessions: readonly SessionRecord[];
}>;

/** From here on a change is more than anybody reads in one sitting. */
const LARGE = { files: 15, lines: 400 } as const;

/** Weighs the evidence. Nothing that is missing ever lowers the risk. */
export function buildVerdict(evidence: Evidence): Verdict {
  const { checks, gates, review, sessions } = evidence;
  const broken = checks.filter(isBroken);
  const blocking = [
    ...broken.map(({ name }) => `The check ${name} is red, and was not before.`),
    ...(review?.outcome === 'objected' ? sayObjections(review) : []),
  ];
  const { risk, riskReason } = weigh(evidence, blocking);
  return {
    lookFirst: [
      ...gates.map((finding) => `${placeOf(finding)} ${finding.say}`),
      ...(review?.lookFirst ?? []),
    ],
    checks: [...checks],
    gates: [...gates],
    ...(review ? { review } : {}),
    blocking,
    risk,
    riskReason,
    sessions: [...sessions],
  };
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

function weigh(
  { checks, gates, review, size }: Evidence,
  blocking: readonly string[],
): Pick<Verdict, 'risk' | 'riskReason'> {
  const lines = size.added + size.deleted;
  if (blocking.length > 0) return { risk: 'high', riskReason: blocking[0] ?? '' };
  if (review?.outcome === 'missing') return { risk: 'medium', riskReason: 'the second opinion is missing' };
  if (gates.length > 0)
    return {
      risk: 'medium',
      riskReason: `${gates.length === 1 ? 'a rule' : 'rules'} of the gate found something to look at`,
    };
  if (size.fileCount > LARGE.files || lines > LARGE.lines)
    return { risk: 'medium', riskReason: `${lines} lines in ${size.fileCount} files are a lot to read` };
  if (checks.length === 0 && review === undefined)
    return { risk: 'medium', riskReason: 'nobody but its author has looked at it' };
  if (checks.length === 0) return { risk: 'medium', riskReason: 'no checks were run' };
  return {
    risk: 'low',
    riskReason: review ? 'checks are green and the reviewer has no objection' : 'checks are green',
  };
}
