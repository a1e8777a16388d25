// Sets an agent's mode and model for one session, by whichever of ACP's three ways the agent offers. A value it does not
// know ends the turn with the list of those it does: a job must not silently run on another model.
import type { ClientContext } from '@agentclientprotocol/sdk';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import type { AgentSpec } from './spec.ts';

const choiceSchema = z.object({ value: z.string(), name: z.string().catch('') });
type Choice = z.infer<typeof choiceSchema>;

const optionSchema = z.object({
  id: z.string(),
  category: z.string().nullish().catch(undefined),
  currentValue: z.unknown(),
  options: z.array(z.union([choiceSchema, z.object({ options: z.array(choiceSchema) })])),
});

/** What `session/new`, `load` and `resume` say about settings. All parts are optional and unknown shapes are skipped. */
export const offeredSettingsSchema = z.object({
  configOptions: z
    .array(z.unknown())
    .nullish()
    .catch(undefined)
    .transform((options) => (options ?? []).flatMap((option) => optionSchema.safeParse(option).data ?? []))
    .optional(),
  modes: z
    .object({ availableModes: z.array(z.object({ id: z.string(), name: z.string().catch('') })) })
    .nullish()
    .catch(undefined),
  // Not stable ACP; Gemini CLI and older adapters offer models this way.
  models: z
    .object({ availableModels: z.array(z.object({ modelId: z.string(), name: z.string().catch('') })) })
    .nullish()
    .catch(undefined),
});
export type OfferedSettings = z.infer<typeof offeredSettingsSchema>;

type Setting = 'mode' | 'model';
type Way = Readonly<{ choices: readonly Choice[]; set: (value: string) => Promise<unknown> }>;

const SHOWN_CHOICES = 8;

/**
 * Sets one setting. Returns the value that was set, or undefined when the agent offers no such setting at all: fatal for a
 * model that a person asked for, unimportant for a mode (the permission policy holds without it).
 */
export async function applySetting(options: {
  agent: ClientContext;
  spec: AgentSpec;
  sessionId: string;
  offered: OfferedSettings;
  setting: Setting;
  value: string;
}): Promise<string | undefined> {
  const { setting, spec, value } = options;
  const way = findWay(options);
  if (way === undefined) {
    if (setting === 'mode') return undefined;
    throw new PermanentError(
      'agent_setting_unknown',
      `${spec.title} cannot be told which model to use. Leave \`model=${value}\` out, or choose the model in its own settings.`,
    );
  }
  const choice = findChoice(way.choices, value);
  if (choice === undefined) throw unknownValue(options, way.choices);
  await way.set(choice.value);
  return choice.value;
}

function findWay(options: {
  agent: ClientContext;
  sessionId: string;
  offered: OfferedSettings;
  setting: Setting;
}): Way | undefined {
  const { agent, sessionId, offered, setting } = options;
  const configOptions = offered.configOptions ?? [];
  const option =
    configOptions.find((each) => each.category === setting) ??
    configOptions.find((each) => each.id === setting);
  if (option) {
    const choices = option.options.flatMap((each) => ('value' in each ? [each] : each.options));
    const params = { sessionId, configId: option.id };
    return {
      choices,
      set: (value) => agent.request<unknown>('session/set_config_option', { ...params, value }),
    };
  }
  if (setting === 'mode' && offered.modes) {
    const choices = offered.modes.availableModes.map(({ id, name }) => ({ value: id, name }));
    return { choices, set: (modeId) => agent.request<unknown>('session/set_mode', { sessionId, modeId }) };
  }
  if (setting === 'model' && offered.models) {
    const choices = offered.models.availableModels.map(({ modelId, name }) => ({ value: modelId, name }));
    return { choices, set: (modelId) => agent.request<unknown>('session/set_model', { sessionId, modelId }) };
  }
  return undefined;
}

/** Exact, then whatever the case, then the name without its provider (`gpt-5` for `openai/gpt-5`) where that is unique. */
function findChoice(choices: readonly Choice[], wanted: string): Choice | undefined {
  const word = wanted.toLowerCase();
  const exact = choices.find(({ value }) => value === wanted);
  const same = choices.find(({ value, name }) => value.toLowerCase() === word || name.toLowerCase() === word);
  const bare = choices.filter(({ value }) => value.toLowerCase().endsWith(`/${word}`));
  return exact ?? same ?? (bare.length === 1 ? bare[0] : undefined);
}

function unknownValue(
  { spec, setting, value }: { spec: AgentSpec; setting: Setting; value: string },
  choices: readonly Choice[],
): PermanentError {
  const near = choices
    .map((choice) => choice.value)
    .sort((a, b) => rank(a, value) - rank(b, value))
    .slice(0, SHOWN_CHOICES);
  const more = choices.length > near.length ? ` and ${choices.length - near.length} more` : '';
  return new PermanentError(
    'agent_setting_unknown',
    `${spec.title} has no ${setting} \`${value}\`. It offers ${near.map((each) => `\`${each}\``).join(', ')}${more}. ` +
      'Retry with one of these.',
  );
}

/** Those that contain the wanted word come first, then by edit distance. */
function rank(candidate: string, wanted: string): number {
  const containing = candidate.toLowerCase().includes(wanted.toLowerCase()) ? 0 : 1_000;
  return containing + distance(candidate, wanted);
}
