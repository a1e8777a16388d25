// The recipes: which steps each kind of job takes, in order. A step is done by the host (deterministic) or by an agent in a
// session of its own. Whatever runs a turn reads this table; nothing else decides what comes next. Pure.
import type { Job } from './job.ts';

/** `by`: who does it. `sendBack`: how often what it finds goes back to the author before people see it. */
export type Step = Readonly<{
  do: 'plan' | 'implement' | 'gates' | 'checks' | 'review' | 'publish' | 'answer' | 'remember' | 'post';
  by: 'host' | 'agent';
  sendBack?: number;
}>;

const PLAN: Step = { do: 'plan', by: 'agent' };
const WORK: readonly Step[] = [
  { do: 'implement', by: 'agent' },
  { do: 'gates', by: 'host', sendBack: 1 },
  { do: 'checks', by: 'host', sendBack: 2 },
  { do: 'review', by: 'agent', sendBack: 1 },
  { do: 'publish', by: 'host' },
];

export type Recipe = readonly Step[];

/**
 * What each kind of turn is made of. Every turn begins with `prepare`: a fresh tree, with all work so far. After `plan` a turn
 * ends where a person is to see it first (`/agent plan`, `plan=ask`, questions); `planning.ts` says when.
 */
export const RECIPES = {
  /** `/agent fix ISSUE` */
  fix: [PLAN, ...WORK],
  /** `/agent do TASK` */
  do: [PLAN, ...WORK],
  /** Words on a job that has begun, a retry, or a plan that was approved. */
  go_on: WORK,
  /** A plan that was made in this very turn and waits for people; whoever made it died before it could say so. */
  wait: [],
  /** *Remember this*: the lesson of a job becomes a pull to `.agents/context/`. */
  remember: [
    { do: 'remember', by: 'agent' },
    { do: 'gates', by: 'host' },
    { do: 'publish', by: 'host' },
  ],
  /** `/agent review PULL`, and every word after it: one review at GitHub. */
  review: [
    { do: 'gates', by: 'host' },
    { do: 'review', by: 'agent' },
    { do: 'post', by: 'host' },
  ],
  /** `/agent ask QUESTION`, and every word after the answer. */
  ask: [{ do: 'answer', by: 'agent' }],
  /** What people say under the pull at GitHub. */
  address: WORK,
  /** Checks that are red at GitHub. */
  ci: WORK,
  /** *Update branch*; the host implements it alone where nothing conflicts. */
  update: WORK,
} as const satisfies Readonly<Record<string, Recipe>>;

const BY_OCCASION = { remarks: RECIPES.address, checks: RECIPES.ci, update: RECIPES.update } as const;

/** The recipe of a job's turn that begins now. */
export function recipeFor(job: Pick<Job, 'kind' | 'turn' | 'plan' | 'occasion' | 'results'>): Recipe {
  // The host alone writes its page: over a base that went on it writes it anew.
  if (job.kind === 'remember') return RECIPES.remember;
  if (job.occasion !== undefined) return BY_OCCASION[job.occasion.kind];
  if (job.kind === 'ask' || job.kind === 'review') return RECIPES[job.kind];
  const { plan, turn } = job;
  // Words on a plan that waits, and choices for its questions, make a new one.
  if (plan?.state === 'waiting') return plan.turn === turn ? RECIPES.wait : RECIPES[job.kind];
  const hasBegun = job.results.some(({ outcome }) => outcome === 'pull' || outcome === 'answer');
  return plan !== undefined || hasBegun ? RECIPES.go_on : RECIPES[job.kind];
}

/** The step, where the recipe has it. */
export function stepOf(recipe: Recipe, what: Step['do']): Step | undefined {
  return recipe.find((step) => step.do === what);
}
