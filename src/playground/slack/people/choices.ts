// What people chose and were offered so far: Slack keeps both per message and modal and sends them along with later
// clicks.
import type { Placed } from '../blocks.ts';
import type { Option } from '../elements.ts';
import { type FieldState, type FormState, withField } from '../form-state.ts';
import type { Views } from '../views.ts';
import type { Surface } from './surface.ts';

/** Creates the memory. */
export function createChoices(options: { views: Views }) {
  const chosen = new Map<string, FormState>();
  const offers = new Map<string, readonly Option[]>();

  const keyOf = (surface: Exclude<Surface, { kind: 'view' }>) =>
    `${surface.channel}/${surface.kind === 'message' ? surface.message.ts : surface.ephemeral.ts}`;
  const filled = (surface: Surface): FormState =>
    surface.kind === 'view' ? surface.view.filled : (chosen.get(keyOf(surface)) ?? {});

  return {
    filled,
    remember(surface: Surface, placed: Placed, state: FieldState): void {
      const next = withField(filled(surface), placed, state);
      if (surface.kind === 'view') options.views.fill(surface.view, next);
      else chosen.set(keyOf(surface), next);
    },
    /** The options that the app last offered this person for a searchable select. */
    offered: (userId: string) => (actionId: string) => offers.get(`${userId}/${actionId}`) ?? [],
    setOffered(userId: string, actionId: string, offered: readonly Option[]): void {
      offers.set(`${userId}/${actionId}`, offered);
    },
  };
}

export type Choices = ReturnType<typeof createChoices>;
