// People pressing buttons and choosing options (block_actions).
import type { Placed } from '../blocks.ts';
import { PersonCannot } from '../failure.ts';
import { fieldState, type Given } from '../form-state.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { Triggers } from '../triggers.ts';
import type { Choices } from './choices.ts';
import type { Interactions, Outcome } from './interaction.ts';
import type { DescribeSurface, Spot, Surface, Surfaces } from './surface.ts';

export type Click = Readonly<{
  user: string;
  actionId: string;
  /** For a button: must be the button's value. For a select: the value or text of the option, or an id. */
  value?: Given;
  /** False where the person turns back at the confirmation dialog; default true. */
  confirms?: boolean;
}> &
  Spot;

/** Creates the one verb. */
export function createClick(options: {
  surfaces: Surfaces;
  choices: Choices;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  interactions: Interactions;
  describeSurface: DescribeSurface;
  nextTs: () => string;
}) {
  const { surfaces, choices, interactions } = options;

  function buildAction(surface: Surface, placed: Placed, click: Click) {
    const { element, blockId } = placed;
    const head = { action_id: element.action_id, block_id: blockId, action_ts: options.nextTs() };
    if (element.type === 'button') {
      if (click.value === undefined || click.value === element.value) return { ...element, ...head };
      throw new PersonCannot(`${click.actionId} carries ${element.value}, not ${String(click.value)}`);
    }
    if (click.value === undefined) throw new PersonCannot(`Say which value of ${click.actionId} was chosen`);
    const state = fieldState(element, click.value, choices.offered(click.user));
    if (element.type !== 'overflow') choices.remember(surface, placed, state);
    return { ...state, ...head };
  }

  function issueResponseUrl(surface: Surface, userId: string) {
    if (surface.kind === 'view') return {};
    const original =
      surface.kind === 'message' ? { message: surface.message } : { ephemeral: surface.ephemeral };
    return {
      response_url: options.responseUrls.issue('actions', { userId, channel: surface.channel, original }),
    };
  }

  /** Resolves when the app acknowledged or Slack gave up; `error` is what the person sees then. */
  return async (click: Click): Promise<Outcome> => {
    const surface = surfaces.find(click.user, click);
    const placed = surfaces.element(surface, click.actionId, click.value);
    if (placed.input && surface.kind === 'view' && !placed.input.dispatch_action) {
      throw new PersonCannot(`${click.actionId} tells the app nothing before the modal is submitted`);
    }
    if (placed.element.confirm && click.confirms === false) {
      return { isAcked: false, ackMs: 0, ackBody: undefined, error: 'turned_back' };
    }
    const action = buildAction(surface, placed, click);
    const isModal = surface.kind === 'view' && surface.view.content.type === 'modal';
    return interactions.send({
      type: 'block_actions',
      ...interactions.base(click.user),
      ...options.describeSurface(surface),
      ...issueResponseUrl(surface, click.user),
      trigger_id: options.triggers.issue(click.user, isModal ? surface.view.id : undefined),
      actions: [action],
    });
  };
}
