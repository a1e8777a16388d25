// What a turn may be for besides words in Slack: what people and checks say of an open pull. Shapes only.
import { z } from 'zod';

/** A check or status at GitHub that says no. `logId`: the job of GitHub Actions whose log tells why. */
export const redCheckSchema = z.object({
  name: z.string(),
  say: z.string().optional(),
  url: z.string().optional(),
  logId: z.number().optional(),
});
export type RedCheck = Readonly<z.infer<typeof redCheckSchema>>;

/** What a turn is for, where it is not what somebody said in Slack. */
export const occasionSchema = z.discriminatedUnion('kind', [
  /** Words of people under the pull; the store has them. */
  z.object({ kind: z.literal('remarks') }),
  /** Checks are red on the pull's head `sha`. */
  z.object({ kind: z.literal('checks'), sha: z.string(), red: z.array(redCheckSchema) }),
  /** Somebody wants the branch up to date with its base. */
  z.object({ kind: z.literal('update'), by: z.string() }),
]);
export type Occasion = Readonly<z.infer<typeof occasionSchema>>;

/** What became of the words under a pull, counted. `missing`: the agent said nothing to them. */
export const remarksToldSchema = z.object({
  addressed: z.number(),
  answered: z.number(),
  declined: z.number(),
  missing: z.number(),
  /** Of the answered ones: said to be addressed, in a file that the turn did not change. */
  untouched: z.number().optional(),
  /** Those, the first few; they stay open. */
  unanswered: z
    .array(z.object({ author: z.string(), url: z.string(), path: z.string().optional() }))
    .optional(),
});
export type RemarksTold = Readonly<z.infer<typeof remarksToldSchema>>;
