// What a job has cost, as far as its agents tell, and what it may. Pure.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import type { Usage } from './agent-update.ts';

/** `cost` in whatever money the agents count, which is US dollars wherever we know of it. */
export const spentSchema = z.object({ tokens: z.number(), cost: z.number() });
export type Spent = Readonly<z.infer<typeof spentSchema>>;

export const NOTHING_SPENT: Spent = { tokens: 0, cost: 0 };

export function addSpent(one: Spent, other: Spent): Spent {
  return { tokens: one.tokens + other.tokens, cost: one.cost + other.cost };
}

/**
 * Follows what one life of an agent reports. The sum of money is one counter of the whole session, which some agents
 * begin anew when they resume it (Claude) and some do not (OpenCode): `counter` is how far it was when the session was
 * left, and a counter that falls back has begun anew. Tokens are told only after each prompt, and not by every agent; until
 * then what the context has grown by is the least that they can be.
 */
export function createSpending({ resumed, counter }: Readonly<{ resumed: boolean; counter: number }>) {
  let last = resumed ? counter : 0;
  let cost = 0;
  let told = 0;
  let firstContext = resumed ? undefined : 0;
  let grown = 0;
  return {
    add({ totalTokens, contextUsed, cost: sum }: Usage): void {
      told = totalTokens ?? told;
      if (contextUsed !== undefined) {
        firstContext ??= contextUsed;
        grown = Math.max(grown, contextUsed - firstContext);
      }
      if (sum === undefined) return;
      cost += sum.amount >= last ? sum.amount - last : sum.amount;
      last = sum.amount;
    },
    /** At least so much. */
    spent: (): Spent => ({ tokens: Math.max(told, grown), cost }),
    /** What the agent itself called tokens. */
    told: () => told,
    /** How far the session's counter of money is. */
    counter: () => last,
  };
}

export type Budget = Readonly<{ tokens?: number | undefined; cost?: number | undefined }>;

/** What a session took that ended with these numbers: without a sum of tokens at least what its context came to. */
export function spentOf({ totalTokens, contextUsed, cost }: Usage): Spent {
  return { tokens: totalTokens ?? contextUsed ?? 0, cost: cost?.amount ?? 0 };
}

/** Why there must not be any more; undefined while there may. `base` is the branch whose file sets the limit. */
export function judgeSpent(spent: Spent, budget: Budget, base: string): PermanentError | undefined {
  const { tokens, cost } = budget;
  if (tokens !== undefined && spent.tokens >= tokens)
    return overBudget(
      'tokens',
      base,
      `used ${count(spent.tokens)} tokens, and ${count(tokens)} are all that a job here may use`,
    );
  if (cost !== undefined && spent.cost >= cost)
    return overBudget(
      'cost',
      base,
      `cost ${spent.cost.toFixed(2)} dollars, and ${cost.toFixed(2)} are all that a job here may cost`,
    );
  return undefined;
}

/** The same for what implementing took in one turn; a Retry is another turn and has as much again. */
export function judgeImplementing(tokens: number, most: number | undefined): PermanentError | undefined {
  if (most === undefined || tokens < most) return undefined;
  return new PermanentError(
    'token_limit',
    `The agent used ${count(tokens)} tokens in this turn, and ${count(most)} are all that it may use, so it was stopped. Its work so far is kept: press Retry to go on, or reply with a smaller task. The repository sets this limit: \`phases.implement.tokens\` in \`.agents/config.yml\`.`,
  );
}

const CODES = { tokens: 'token_limit', cost: 'cost_limit' } as const;

function overBudget(key: keyof typeof CODES, base: string, what: string): PermanentError {
  return new PermanentError(
    CODES[key],
    `This job has ${what}, so its agent was stopped. Its work so far is kept: raise \`limits.${key}\` in \`.agents/config.yml\` on \`${base}\` and press Retry to go on, or ask for a smaller task in a new job.`,
  );
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US');
}
