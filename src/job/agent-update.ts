// What an agent told us while it worked, in our own words. `agent/` makes these from ACP's session updates, the runner
// records each as an event and folds them into the job's progress. Pure.
import { z } from 'zod';

/** One line of the agent's own plan. */
const planStepSchema = z.object({
  text: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed']),
});
export type PlanStep = z.infer<typeof planStepSchema>;

/** Tokens and money as far as the agent reports them; every field may be missing. */
export const usageSchema = z.object({
  contextUsed: z.number().optional(),
  contextSize: z.number().optional(),
  totalTokens: z.number().optional(),
  cost: z.object({ amount: z.number(), currency: z.string() }).optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** How full the context is, in percent; undefined where the agent does not tell. */
export function contextPercent({ contextUsed, contextSize }: Usage): number | undefined {
  return contextUsed === undefined || !contextSize ? undefined : (100 * contextUsed) / contextSize;
}

/** One thing the agent did or said. Texts are already bounded by `agent/`. */
export type AgentUpdate =
  | Readonly<{ kind: 'message'; text: string }>
  | Readonly<{ kind: 'thought'; text: string }>
  | Readonly<{
      kind: 'tool';
      id: string;
      title: string;
      /** ACP's tool kind: read, edit, delete, move, search, execute, think, fetch, switch_mode, other. */
      toolKind: string;
      status: 'pending' | 'in_progress' | 'completed' | 'failed';
      paths: readonly string[];
      output?: string;
      /** Its edits, as lines that begin with a space, `-` or `+`. */
      diffs?: readonly Readonly<{ path: string; text: string }>[];
    }>
  | Readonly<{ kind: 'plan'; steps: readonly PlanStep[] }>
  | Readonly<{ kind: 'usage'; usage: Usage }>
  | Readonly<{ kind: 'permission'; title: string; allowed: boolean; reason: string }>
  | Readonly<{ kind: 'egress_denied'; host: string }>
  | Readonly<{ kind: 'stderr'; text: string }>;

/** What the card shows of a running turn. */
export const progressSchema = z.object({
  plan: z.array(planStepSchema).default([]),
  activity: z.string().optional(),
  activityAt: z.string().optional(),
  usage: usageSchema.default({}),
});
export type Progress = z.infer<typeof progressSchema>;

/** Folds one update into the progress. `now` is when it came. */
export function foldProgress(progress: Progress, update: AgentUpdate, now: Date): Progress {
  const activity = describeActivity(update);
  const seen = activity === undefined ? progress : { ...progress, activity, activityAt: now.toISOString() };
  if (update.kind === 'plan') return { ...seen, plan: update.steps.map((step) => ({ ...step })) };
  if (update.kind === 'usage') return { ...seen, usage: { ...seen.usage, ...update.usage } };
  return seen;
}

function describeActivity(update: AgentUpdate): string | undefined {
  switch (update.kind) {
    case 'tool':
      return update.title.trim() || undefined;
    case 'egress_denied':
      return `Was refused access to ${update.host}`;
    case 'permission':
      return update.allowed ? undefined : `Was refused: ${update.title}`;
    default:
      return undefined;
  }
}
