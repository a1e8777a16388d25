// What people press, choose or fill in, as native controls: they work by keyboard and for screen readers as they are.
// browser/answers.js sends what was done; where it stands is told by the data-* of the surface around it.
import type { FormState } from '../slack/form-state.ts';
import { flag, type Html, html, join } from './markup.ts';

/** The surface that elements stand on. */
export type Form = Readonly<{
  users: readonly Readonly<{ id: string; name: string }>[];
  channels: readonly Readonly<{ id: string; name: string }>[];
  /** What was filled in so far, and what the app said of it, by block. */
  state?: FormState;
  errors?: Readonly<Record<string, string>>;
}>;

type Text = Readonly<{ text?: string }>;
type Option = Readonly<{ text: Text; value?: string; description?: Text; url?: string }>;
type Confirm = Readonly<{ title: Text; text: Text; confirm: Text; deny: Text; style?: string }>;
/** Any element, as loosely as the page needs it. */
type Element = Readonly<{
  type: string;
  action_id?: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: string;
  accessibility_label?: string;
  placeholder?: Text;
  confirm?: Confirm;
  options?: readonly Option[];
  option_groups?: readonly Readonly<{ label: Text; options: readonly Option[] }>[];
  multiline?: boolean;
  max_length?: number;
  min_query_length?: number;
}>;
type Held = Readonly<{ name: string; label: string; required: boolean; value: readonly string[] }>;

/** An element that tells the app at once. */
export function drawElement(given: unknown, form: Form): Html {
  const element = given as Element; // its shape was checked when it was posted; what is unknown is drawn as such
  const { type } = element;
  if (type === 'button') return drawButton(element);
  if (type === 'feedback_buttons' || type === 'icon_button' || !isKnown(type)) return drawUnknown(type);
  const label = element.placeholder?.text ?? (type === 'overflow' ? 'More actions' : 'Choose');
  const held = { name: '', label, required: false, value: [] };
  return html`<span class="choice" data-choose="${element.action_id ?? ''}"${confirmOf(element)}>${drawField(element, held, form)}</span>`;
}

/** An `input` block of a modal: label, control, hint, and what the app said of it. */
export function drawInput(block: Readonly<Record<string, unknown>>, form: Form): Html {
  const { element, label, hint, optional, dispatch_action } = block as Readonly<{
    element: Element;
    label: Text;
    hint?: Text;
    optional?: boolean;
    dispatch_action?: boolean;
  }>; // checked when the view was opened
  const name = String(block['block_id'] ?? '');
  const error = form.errors?.[name];
  const value = valuesIn(form.state?.[name]?.[element.action_id ?? '']);
  const held = { name, label: label.text ?? '', required: optional !== true, value };
  const isGroup = element.type === 'radio_buttons' || element.type === 'checkboxes';
  const field = isKnown(element.type) ? drawField(element, held, form) : drawUnknown(element.type);
  const text = html`${label.text}${optional === true ? html` <small>(optional)</small>` : ''}`;
  const body = html`${field}${hint?.text ? html`<p class="hint">${hint.text}</p>` : ''}${
    error ? html`<p class="error" role="alert">${error}</p>` : ''
  }`;
  const acts = dispatch_action === true ? html` data-choose="${element.action_id ?? ''}"` : '';
  return isGroup
    ? html`<fieldset class="field" data-field="${name}"${acts}><legend>${text}</legend>${body}</fieldset>`
    : html`<div class="field" data-field="${name}"${acts}><label for="field-${name}">${text}</label>${body}</div>`;
}

function drawButton(element: Element): Html {
  const { action_id = '', value, url, style = '', accessibility_label: spoken } = element;
  const label = spoken ? html` aria-label="${spoken}"` : '';
  const common = html`class="button ${style}" data-click="${action_id}"${
    value === undefined ? '' : html` data-value="${value}"`
  }${label}${confirmOf(element)}`;
  if (url !== undefined && /^https?:/.test(url))
    return html`<a ${common} href="${url}" target="_blank" rel="noreferrer noopener">${element.text?.text}</a>`;
  return html`<button type="button" ${common}>${element.text?.text}</button>`;
}

function confirmOf({ confirm }: Element): Html | '' {
  if (confirm === undefined) return '';
  const { title, text, confirm: yes, deny, style } = confirm;
  const words = { title: title.text, text: plain(text.text ?? ''), yes: yes.text, no: deny.text, style };
  return html` data-confirm="${JSON.stringify(words)}"`;
}

/** A dialog's words without Slack's marks, which it has no room to draw. */
function plain(mrkdwn: string): string {
  return mrkdwn
    .replaceAll(/<[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const TYPED: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  number_input: 'number',
  url_text_input: 'url',
  email_text_input: 'email',
  datepicker: 'date',
  timepicker: 'time',
};
const CHOSEN = /^(multi_)?(static|external|users|conversations|channels)_select$|^overflow$/;

function isKnown(type: string): boolean {
  return type in TYPED || CHOSEN.test(type) || type === 'radio_buttons' || type === 'checkboxes';
}

function drawField(element: Element, held: Held, form: Form): Html {
  const { type } = element;
  if (type === 'radio_buttons' || type === 'checkboxes') return drawPicks(element, held);
  if (/external_select$/.test(type)) return drawSearch(element, held);
  if (CHOSEN.test(type)) return drawSelect(element, held, form);
  return drawTyped(element, held);
}

/** Labels of inputs stand above; those of other elements are only spoken. */
const naming = ({ name, label }: Held): Html =>
  name === '' ? html`aria-label="${label}"` : html`id="field-${name}" name="${name}"`;

function drawTyped(element: Element, held: Held): Html {
  const { max_length = 3000, multiline } = element;
  const [value = ''] = held.value;
  const common = html`${naming(held)} maxlength="${max_length}" placeholder="${element.placeholder?.text ?? ''}"${flag('required', held.required)}`;
  return multiline
    ? html`<textarea rows="5" ${common}>${value}</textarea>`
    : html`<input type="${TYPED[element.type] ?? 'text'}" ${common} value="${value}">`;
}

function drawPicks(element: Element, held: Held): Html {
  const kind = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const isRequired = held.required && kind === 'radio';
  const picks = (element.options ?? []).map(({ text, value = text.text ?? '', description }) => {
    const isOn = held.value.includes(value);
    return html`<label class="pick"><input type="${kind}" name="${held.name || (element.action_id ?? '')}" value="${value}"${flag('checked', isOn)}${flag('required', isRequired)}> ${plain(text.text ?? '')}${
      description ? html` <small>${plain(description.text ?? '')}</small>` : ''
    }</label>`;
  });
  return html`<span class="picks">${join(picks)}</span>`;
}

function drawSelect(element: Element, held: Held, form: Form): Html {
  const isMany = element.type.startsWith('multi_');
  const first = isMany
    ? ''
    : html`<option value="">${element.type === 'overflow' ? '⋯' : (element.placeholder?.text ?? 'Choose…')}</option>`;
  const groups = (element.option_groups ?? []).map(
    ({ label, options }) => html`<optgroup label="${label.text}">${drawOptions(options, held)}</optgroup>`,
  );
  const listed = html`${drawOptions(optionsOf(element, form), held)}${join(groups)}`;
  return html`<select ${naming(held)}${flag('multiple', isMany)}${flag('required', held.required)}>${first}${listed}</select>`;
}

function optionsOf(element: Element, form: Form): readonly Option[] {
  const named = (list: Form['users'], mark: string) =>
    list.map(({ id, name }) => ({ text: { text: `${mark}${name}` }, value: id }));
  if (/users_select$/.test(element.type)) return named(form.users, '');
  if (/(conversations|channels)_select$/.test(element.type)) return named(form.channels, '#');
  return element.options ?? [];
}

function drawOptions(options: readonly Option[], held: Held): Html {
  return join(
    options.map(({ text, value = text.text ?? '' }) => {
      const isOn = held.value.includes(value);
      return html`<option value="${value}"${flag('selected', isOn)}>${text.text}</option>`;
    }),
  );
}

/** Options come from the app while somebody types; the chosen one is what is sent. */
function drawSearch(element: Element, held: Held): Html {
  const [value = ''] = held.value;
  const asks = html`data-suggest="${element.action_id ?? ''}" data-from="${element.min_query_length ?? 3}"`;
  return html`<span class="search" ${asks}><input type="search" ${held.name === '' ? html`aria-label="${held.label}"` : html`id="field-${held.name}"`} autocomplete="off" placeholder="${element.placeholder?.text ?? 'Type to search'}" value="${value}"${flag('required', held.required)}><input type="hidden" name="${held.name}" value="${value}"><span class="found" role="group" aria-label="Found"></span></span>`;
}

function drawUnknown(type: string): Html {
  return html`<span class="unknown">Element “${type}” cannot be drawn here.</span>`;
}

/** The values in a field's state, whatever its kind. */
function valuesIn(state: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.entries(state ?? {})
    .filter(([key]) => key !== 'type')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((value: unknown) => {
      if (typeof value === 'string') return [value];
      const isOption = typeof value === 'object' && value !== null && 'value' in value;
      return isOption ? [String(value.value)] : [];
    });
}
