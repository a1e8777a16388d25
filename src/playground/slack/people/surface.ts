// Where something interactive stands: in a message, an ephemeral, a modal or the home tab. Finds the element in what
// is shown NOW, so that a click on a button that was taken away fails as it would for a person.
import type { Block, Placed } from '../blocks.ts';
import { interactiveElements } from '../blocks.ts';
import type { DescribeMessage } from '../describe-message.ts';
import { describeView } from '../describe-view.ts';
import type { Directory } from '../directory.ts';
import type { Ephemeral } from '../ephemerals.ts';
import { PersonCannot } from '../failure.ts';
import { buildFormState, type FormState } from '../form-state.ts';
import type { Message, Messages } from '../messages.ts';
import type { View } from '../view-store.ts';
import type { Views } from '../views.ts';
import { shownName } from './interaction.ts';

export type Spot = Readonly<{ channel: string; ts: string } | { viewId: string } | { home: true }>;
export type Surface = Readonly<
  | { kind: 'message'; channel: string; message: Message; blocks: readonly Block[] }
  | { kind: 'ephemeral'; channel: string; ephemeral: Ephemeral; blocks: readonly Block[] }
  | { kind: 'view'; view: View; blocks: readonly Block[] }
>;

/** Creates the finder. */
export function createSurfaces(options: { directory: Directory; messages: Messages; views: Views }) {
  const { directory, messages, views } = options;

  return {
    /** Throws PersonCannot where the person does not see the spot. */
    find(userId: string, spot: Spot): Surface {
      if ('viewId' in spot) {
        const view = views.openModals(userId).find((one) => one.id === spot.viewId);
        if (!view) throw new PersonCannot(`${userId} has no open modal ${spot.viewId}`);
        return { kind: 'view', view, blocks: view.content.blocks };
      }
      if ('home' in spot) {
        const view = views.home(userId);
        if (!view) throw new PersonCannot(`The app has published no home tab for ${userId}`);
        return { kind: 'view', view, blocks: view.content.blocks };
      }
      const { channel, ts } = spot;
      if (!directory.getChannel(channel).members.has(userId))
        throw new PersonCannot(`${userId} is not in ${channel}`);
      const ephemeral = messages.findEphemeral(channel, ts);
      if (ephemeral?.toUser === userId)
        return { kind: 'ephemeral', channel, ephemeral, blocks: ephemeral.blocks };
      const message = messages.get(channel, ts);
      return { kind: 'message', channel, message, blocks: message.blocks };
    },
    /** Finds one element by its action_id, the one with this value where there are several. Throws PersonCannot where it is not shown now. */
    element(surface: Surface, actionId: string, value?: unknown): Placed {
      const placed = interactiveElements(surface.blocks);
      const named = placed.filter(({ element }) => element.action_id === actionId);
      const found =
        named.find(({ element }) => element.type === 'button' && element.value === value) ?? named[0];
      if (found) return found;
      const shown = placed.map(({ element }) => element.action_id).join(', ') || 'nothing';
      throw new PersonCannot(`There is no ${actionId} to click; shown: ${shown}`);
    },
  };
}

export type Surfaces = ReturnType<typeof createSurfaces>;

export type DescribeSurface = (surface: Surface) => object;

/** Creates the describer: where an interaction happened, as its payload tells it. */
export function createDescribeSurface(options: {
  directory: Directory;
  describe: DescribeMessage;
  filled: (surface: Surface) => FormState;
}): DescribeSurface {
  const { directory } = options;
  return (surface) => {
    if (surface.kind === 'view') {
      return {
        container: { type: 'view', view_id: surface.view.id },
        view: describeView(surface.view, directory),
      };
    }
    const channel = directory.getChannel(surface.channel);
    const { ts, threadTs } = surface.kind === 'message' ? surface.message : surface.ephemeral;
    return {
      container: {
        type: 'message',
        message_ts: ts,
        channel_id: channel.id,
        is_ephemeral: surface.kind === 'ephemeral',
        ...(threadTs && { thread_ts: threadTs }),
      },
      channel: { id: channel.id, name: shownName(channel) },
      ...(surface.kind === 'message' && { message: options.describe(surface.message) }),
      state: { values: buildFormState(surface.blocks, options.filled(surface)) },
    };
  };
}
