// What a person filled in, in the shape of `state.values`: by block_id, by action_id. Pure.
import type { Block } from './blocks.ts';
import { interactiveElements, type Placed } from './blocks.ts';
import type { Element, Option } from './elements.ts';
import { PersonCannot } from './failure.ts';

/** One field's state, e.g. `{type: 'plain_text_input', value: 'hi'}` or `{type: 'static_select', selected_option: …}`. */
export type FieldState = Readonly<Record<string, unknown> & { type: string }>;
export type FormState = Readonly<Record<string, Readonly<Record<string, FieldState>>>>;
export type Given = string | readonly string[];

/** Options that a select outside the blocks offers (answers to block_suggestion), by action_id. */
export type Suggested = (actionId: string) => readonly Option[];

const isStateful = (element: Element) => element.type !== 'button' && element.type !== 'overflow';

/** The state of all fields: what was filled in, else the initial value, else null. */
export function buildFormState(blocks: readonly Block[], filled: FormState): FormState {
  const state: Record<string, Record<string, FieldState>> = {};
  for (const { blockId, element } of interactiveElements(blocks)) {
    if (!isStateful(element)) continue;
    const actionId = element.action_id ?? '';
    const known = filled[blockId]?.[actionId];
    state[blockId] = {
      ...state[blockId],
      [actionId]: known?.type === element.type ? known : initialState(element),
    };
  }
  return state;
}

/** Adds one field's state to what was filled in before. */
export function withField(filled: FormState, placed: Placed, state: FieldState): FormState {
  const { blockId, element } = placed;
  return { ...filled, [blockId]: { ...filled[blockId], [element.action_id ?? '']: state } };
}

/** What `given` (a text, an option's value, an id, a list of them) makes of a field. Throws PersonCannot. */
export function fieldState(element: Element, given: Given, suggested: Suggested): FieldState {
  const type = element.type;
  const one = typeof given === 'string' ? given : given[0];
  const many = typeof given === 'string' ? [given] : given;
  const option = (value: string) => pickOption(element, value, suggested);
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { type, selected_option: one === undefined ? null : option(one) };
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: many.map(option) };
    case 'users_select':
      return { type, selected_user: one ?? null };
    case 'multi_users_select':
      return { type, selected_users: many };
    case 'conversations_select':
      return { type, selected_conversation: one ?? null };
    case 'channels_select':
      return { type, selected_channel: one ?? null };
    case 'datepicker':
      return { type, selected_date: one ?? null };
    case 'timepicker':
      return { type, selected_time: one ?? null };
    case 'button':
      throw new PersonCannot('A button holds no value: click it without one');
    default:
      return { type, value: one === undefined || one === '' ? null : one };
  }
}

/** True where the field is empty, as Slack's client sees it for required fields. */
export function isEmpty(state: FieldState | undefined): boolean {
  return Object.entries(state ?? {}).every(
    ([key, value]) => key === 'type' || value === null || (Array.isArray(value) && value.length === 0),
  );
}

function pickOption(element: Element, value: string, suggested: Suggested): Option {
  const offered =
    element.type === 'external_select' || element.type === 'multi_external_select'
      ? suggested(element.action_id ?? '')
      : offeredOptions(element);
  const option = offered.find((candidate) => candidate.value === value || candidate.text.text === value);
  if (option) return option;
  const known =
    offered.map((candidate) => candidate.text.text).join(', ') || 'none (ask for suggestions first)';
  throw new PersonCannot(`No option ${value} in ${element.action_id}; offered: ${known}`);
}

/** The options that stand in the element itself, groups opened. */
export function offeredOptions(element: Element): readonly Option[] {
  const direct = 'options' in element ? (element.options ?? []) : [];
  const grouped = 'option_groups' in element ? (element.option_groups ?? []) : [];
  return [...direct, ...grouped.flatMap((group) => group.options)];
}

function initialState(element: Element): FieldState {
  const type = element.type;
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'button':
    case 'overflow':
      return { type };
    default:
      return { type, value: element.initial_value ?? null };
  }
}
