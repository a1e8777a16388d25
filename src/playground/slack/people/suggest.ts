// People typing into a searchable select (block_suggestion).
import { z } from 'zod';
import { type Option, optionSchema, plainText } from '../elements.ts';
import { PersonCannot } from '../failure.ts';
import type { Choices } from './choices.ts';
import type { Interactions } from './interaction.ts';
import type { DescribeSurface, Spot, Surfaces } from './surface.ts';

export type Asked = Readonly<{ user: string; actionId: string; query: string }> & Spot;

const MIN_QUERY_LENGTH = 3;
const offered = z.array(optionSchema).max(100);
const answerSchema = z.union([
  z.object({ options: offered }),
  z.object({ option_groups: z.array(z.object({ label: plainText(75), options: offered })).max(100) }),
]);

/** Creates the one verb. */
export function createSuggest(options: {
  surfaces: Surfaces;
  choices: Choices;
  interactions: Interactions;
  describeSurface: DescribeSurface;
}) {
  const { surfaces, interactions } = options;

  /** Answers the options the app offers. Below the select's minimum length Slack asks nobody: no options. */
  return async function suggest(asked: Asked): Promise<readonly Option[]> {
    const surface = surfaces.find(asked.user, asked);
    const { element, blockId } = surfaces.element(surface, asked.actionId);
    if (element.type !== 'external_select' && element.type !== 'multi_external_select') {
      throw new PersonCannot(`${asked.actionId} is not searchable`);
    }
    if (asked.query.length < (element.min_query_length ?? MIN_QUERY_LENGTH)) return [];
    const payload = {
      type: 'block_suggestion',
      ...interactions.base(asked.user),
      ...options.describeSurface(surface),
      action_id: asked.actionId,
      block_id: blockId,
      value: asked.query,
    };
    const outcome = await interactions.send(payload, true);
    const parsed = answerSchema.safeParse(outcome.ackBody);
    if (!parsed.success) throw new PersonCannot(`No suggestions: ${outcome.error ?? parsed.error.message}`);
    const { data } = parsed;
    const found = 'options' in data ? data.options : data.option_groups.flatMap((group) => group.options);
    options.choices.setOffered(asked.user, asked.actionId, found);
    return found;
  };
}
