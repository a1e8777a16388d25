// The verdict: everything that a person needs to decide on a change, in one structure. It stands in the result, in the
// pull's body and beside the buttons. Pure.
import { z } from 'zod';
import { checkResultSchema } from './checks.ts';
import { findingSchema } from './gate-rules.ts';
import { reviewSchema } from './review.ts';
import { sessionSchema } from './sessions.ts';

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
