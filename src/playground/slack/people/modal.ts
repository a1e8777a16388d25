// People filling in, submitting and closing modals.
import { interactiveElements, type Placed } from '../blocks.ts';
import { describeView } from '../describe-view.ts';
import type { Directory } from '../directory.ts';
import { PersonCannot, SlackFailure } from '../failure.ts';
import {
  buildFormState,
  type FieldState,
  type FormState,
  fieldState,
  type Given,
  isEmpty,
  type Suggested,
  withField,
} from '../form-state.ts';
import type { Triggers } from '../triggers.ts';
import type { View } from '../view-store.ts';
import type { Views } from '../views.ts';
import type { Choices } from './choices.ts';
import type { Interactions } from './interaction.ts';
import { followAnswer, type Submitted } from './submission-answer.ts';

export type Submission = Readonly<{
  user: string;
  viewId: string;
  /** By action_id or block_id: the text, or the value of an option, or several. */
  values?: Readonly<Record<string, Given>>;
}>;

/** Creates the verbs of the modal. */
export function createModals(options: {
  directory: Directory;
  views: Views;
  triggers: Triggers;
  interactions: Interactions;
  choices: Choices;
}) {
  const { directory, views, interactions } = options;

  function openModal(user: string, viewId: string): View {
    const view = views.openModals(user).find((one) => one.id === viewId);
    if (!view) throw new PersonCannot(`${user} has no open modal ${viewId}`);
    return view;
  }

  return {
    /** Fills in and submits. What Slack's own client would not send (an empty required field) throws PersonCannot. */
    async submitView(submission: Submission): Promise<Submitted> {
      const view = openModal(submission.user, submission.viewId);
      if (view.content.type === 'modal' && !view.content.submit)
        throw new PersonCannot('The modal has no submit button');
      views.fill(view, fillIn(view, submission.values ?? {}, options.choices.offered(submission.user)));
      const payload = {
        type: 'view_submission',
        ...interactions.base(submission.user),
        trigger_id: options.triggers.issue(submission.user, view.id),
        view: describeView(view, directory),
        response_urls: [],
      };
      const outcome = await interactions.send(payload, true);
      if (outcome.error) return outcome;
      try {
        return followAnswer(views, view, outcome);
      } catch (error) {
        if (error instanceof SlackFailure) return { ...outcome, error: error.message };
        throw error;
      }
    },
    /** Closes a modal by its close button; the app hears of it where it asked to. */
    async closeView(closed: { user: string; viewId: string }): Promise<void> {
      const view = openModal(closed.user, closed.viewId);
      const content = view.content.type === 'modal' ? view.content : undefined;
      const is_cleared = content?.clear_on_close ?? false;
      if (is_cleared) views.closeStack(view);
      else views.close(view);
      if (!content?.notify_on_close) return;
      const shown = describeView(view, directory);
      await interactions.send({
        type: 'view_closed',
        ...interactions.base(closed.user),
        view: shown,
        is_cleared,
      });
    },
  };
}

/** Fills in by action_id or block_id and checks what Slack's own client checks. Throws PersonCannot. */
function fillIn(view: View, values: Readonly<Record<string, Given>>, offered: Suggested): FormState {
  const placed = interactiveElements(view.content.blocks);
  let filled = view.filled;
  for (const [name, given] of Object.entries(values)) {
    const target = placed.find(({ element, blockId }) => element.action_id === name || blockId === name);
    if (!target) throw new PersonCannot(`The modal has no field ${name}`);
    filled = withField(filled, target, fieldState(target.element, given, offered));
  }
  const state = buildFormState(view.content.blocks, filled);
  for (const one of placed) if (one.input) checkField(one, state);
  return filled;
}

function checkField({ element, blockId, input }: Placed, state: FormState): void {
  const actionId = element.action_id ?? '';
  const field: FieldState | undefined = state[blockId]?.[actionId];
  if (isEmpty(field)) {
    if (input?.optional) return;
    throw new PersonCannot(`Please complete this required field: ${actionId}`);
  }
  const value = field?.['value'];
  if (element.type !== 'plain_text_input' || typeof value !== 'string') return;
  if (element.min_length !== undefined && value.length < element.min_length)
    throw new PersonCannot(`${actionId} is too short`);
  if (value.length > (element.max_length ?? 3000)) throw new PersonCannot(`${actionId} is too long`);
}
