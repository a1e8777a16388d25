// The sessions of agents that a turn had, and what each was for: the author's, and those of the others who plan, judge and
// review with fresh eyes. Pure.
import { z } from 'zod';
import { usageSchema } from './agent-update.ts';

/** What a session is for. Its first prompt opens with `Your part: …`, but for the author's own. */
export const PARTS = ['author', 'planner', 'test-plan judge', 'reviewer', 'answerer', 'librarian'] as const;
export type Part = (typeof PARTS)[number];

/** One session, for the verdict's account of what verification cost. */
export const sessionSchema = z.object({
  /** A name from `PARTS`; of a newer version it may be unknown here. */
  part: z.string(),
  agent: z.string(),
  model: z.string().optional(),
  prompts: z.number(),
  durationMs: z.number(),
  usage: usageSchema.default({}),
});
export type SessionRecord = Readonly<z.infer<typeof sessionSchema>>;

/** The line that tells an agent, and whoever reads the transcript, what a session is for. */
export function partLine(part: Part): string {
  return `Your part: ${part}`;
}
