// What a repository says of the agents that plan, implement and review in it: who does it, how, and how much it may take. Pure.
import { z } from 'zod';

/** Phases in which an agent works. */
export const AGENT_PHASES = ['plan', 'implement', 'review'] as const;
export type AgentPhase = (typeof AGENT_PHASES)[number];

/** What a profile is called: its file's name without `.md`. */
export const profileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'the name of a file in .agents/profiles, without .md');

/** A name from the registry; a command line is for whoever runs Errand, not for a repository. */
export const agentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'the name of an agent such as claude');

/** What the agent calls its models and modes; only it knows which there are. */
export const agentWord = z.string().regex(/^[\w.:/@+-]{1,200}$/, 'one word, as the agent calls it');

const phase = z.strictObject({
  agent: agentName.optional(),
  model: agentWord.optional(),
  /** Such as OpenCode's `plan`. */
  mode: agentWord.optional(),
  profile: profileName.optional(),
  minutes: z.number().positive().optional(),
  tokens: z.number().int().positive().optional(),
});
export type PhaseSettings = Readonly<z.infer<typeof phase>>;

export const phasesSettings = z.strictObject({
  plan: phase.optional(),
  implement: phase.optional(),
  review: phase.optional(),
} satisfies Record<AgentPhase, unknown>);
export type PhasesSettings = Readonly<z.infer<typeof phasesSettings>>;

/** Of two files that both count: who works is the first one's choice, and it takes no more than either allows. */
export function combinePhases(first: PhasesSettings = {}, other: PhasesSettings = {}): PhasesSettings {
  return Object.fromEntries(
    AGENT_PHASES.filter((name) => first[name] ?? other[name]).map((name) => [
      name,
      combinePhase(first[name] ?? {}, other[name] ?? {}),
    ]),
  );
}

function combinePhase(first: PhaseSettings, other: PhaseSettings): PhaseSettings {
  const least = (key: 'minutes' | 'tokens') => {
    const said = [first[key], other[key]].filter((value) => value !== undefined);
    return said.length === 0 ? {} : { [key]: Math.min(...said) };
  };
  return { ...other, ...first, ...least('minutes'), ...least('tokens') };
}
