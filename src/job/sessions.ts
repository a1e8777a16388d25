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

/** What sessions came to together. Money is summed where all of it is of one currency. */
export type Cost = Readonly<{
  sessions: number;
  prompts: number;
  durationMs: number;
  totalTokens?: number;
  cost?: Readonly<{ amount: number; currency: string }>;
}>;

/** Agents that tell nothing count as nothing: tokens and money are at least so much. */
export function sumSessions(sessions: readonly SessionRecord[]): Cost {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const tokens = sessions.flatMap(({ usage }) => usage.totalTokens ?? []);
  const costs = sessions.flatMap(({ usage }) => (usage.cost && usage.cost.amount > 0 ? [usage.cost] : []));
  const [currency, another] = [...new Set(costs.map((cost) => cost.currency))];
  return {
    sessions: sessions.length,
    prompts: sum(sessions.map(({ prompts }) => prompts)),
    durationMs: sum(sessions.map(({ durationMs }) => durationMs)),
    ...(tokens.length > 0 ? { totalTokens: sum(tokens) } : {}),
    ...(currency === undefined || another !== undefined
      ? {}
      : { cost: { amount: sum(costs.map(({ amount }) => amount)), currency } }),
  };
}
