// What people press, choose and search in messages, modals and the home tab, sent as the local Slack wants it.
import { act } from './act.js';

/** Where an element stands. @param {Element} element @returns {Record<string, unknown> | undefined} */
function spotOf(element) {
  const form = element.closest('form[data-view]');
  if (form) return { viewId: form.getAttribute('data-view') };
  const message = element.closest('[data-ts]');
  if (message) return { channel: message.getAttribute('data-channel'), ts: message.getAttribute('data-ts') };
  return element.closest('[data-home]') ? { home: true } : undefined;
}

/** Asks where the element wants to be asked about. @param {Element} element @returns {Promise<boolean>} */
async function confirmed(element) {
  const asks = element.getAttribute('data-confirm');
  const dialog = document.querySelector('dialog.confirm');
  if (asks === null || !(dialog instanceof HTMLDialogElement)) return true;
  const { title, text, yes, no, style } = JSON.parse(asks);
  const words = /** @type {[string, string][]} */ ([
    ['h2', title],
    ['p', text],
    ['[value=yes]', yes],
    ['[value=no]', no],
  ]);
  for (const [selector, said] of words) {
    const place = dialog.querySelector(selector);
    if (place) place.textContent = said;
  }
  dialog.setAttribute('aria-label', title);
  dialog.querySelector('[value=yes]')?.setAttribute('class', `button ${style ?? 'primary'}`);
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}

/** @param {Element} element @param {string} action @param {unknown} value */
async function answer(element, action, value) {
  const spot = spotOf(element);
  if (spot === undefined) return;
  const asks = element.closest('[data-confirm]') ?? element;
  if (!(await confirmed(asks))) return;
  element.setAttribute('aria-busy', 'true');
  await act({ do: 'click', action, spot, ...(value === undefined ? {} : { value }) });
  element.removeAttribute('aria-busy');
}

/** A button was pressed. @param {Element} button */
export function press(button) {
  // A value that is sent along is the button's own: Slack's client cannot choose another.
  return answer(
    button,
    button.getAttribute('data-click') ?? '',
    button.getAttribute('data-value') ?? undefined,
  );
}

/** Something was chosen that tells the app at once. @param {Element} field */
export function choose(field) {
  const holder = field.closest('[data-choose]');
  if (holder === null || field.closest('.search')) return;
  void answer(holder, holder.getAttribute('data-choose') ?? '', valuesOf(holder));
}

/** @param {Element} holder @returns {string | string[]} */
function valuesOf(holder) {
  const many = holder.querySelector('select[multiple], input[type=checkbox]');
  /** @type {string[]} */
  const values = [];
  for (const field of holder.querySelectorAll('select, input, textarea')) {
    if (field instanceof HTMLSelectElement)
      values.push(...[...field.selectedOptions].map(({ value }) => value));
    else if (field instanceof HTMLInputElement && /radio|checkbox/.test(field.type)) {
      if (field.checked) values.push(field.value);
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)
      values.push(field.value);
  }
  return many ? values : (values.find((value) => value !== '') ?? '');
}

/** Every field of a modal by its block; what was searched for counts only once something was picked. @param {HTMLFormElement} form */
export function fieldsOf(form) {
  const fields = [...form.querySelectorAll('[data-field]')].map((field) => {
    const hidden = field.querySelector('input[type=hidden]');
    const isPicked = hidden instanceof HTMLInputElement && hidden.dataset['picked'] !== undefined;
    const value =
      hidden instanceof HTMLInputElement ? (isPicked ? hidden.value : undefined) : valuesOf(field);
    const isTyped = field.querySelector('textarea, input:not([type=radio], [type=search])') !== null;
    return {
      name: field.getAttribute('data-field') ?? '',
      value: value === '' && !isTyped ? undefined : value,
    };
  });
  return Object.fromEntries(
    fields.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
  );
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
const TYPING_MS = 200;

/** Somebody types into a searchable select: the app says what there is. @param {HTMLInputElement} input */
export function search(input) {
  clearTimeout(waiting);
  waiting = setTimeout(() => void lookUp(input), TYPING_MS);
}

/** @param {HTMLInputElement} input */
async function lookUp(input) {
  const holder = input.closest('.search');
  const found = holder?.querySelector('.found');
  const spot = spotOf(input);
  if (!holder || !found || spot === undefined) return;
  if (input.value.length < Number(holder.getAttribute('data-from'))) return found.replaceChildren();
  const { options = [] } = await act({
    do: 'suggest',
    action: holder.getAttribute('data-suggest'),
    query: input.value,
    spot,
  });
  found.replaceChildren(
    ...options.map(({ text, value }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.addEventListener('click', () => pick({ holder, input, found }, { text, value }));
      return button;
    }),
  );
}

/** @param {{ holder: Element, input: HTMLInputElement, found: Element }} at @param {{ text: string, value: string }} option */
function pick({ holder, input, found }, { text, value }) {
  input.value = text;
  found.replaceChildren();
  const hidden = holder.querySelector('input[type=hidden]');
  if (hidden instanceof HTMLInputElement && hidden.name !== '') {
    hidden.value = value;
    hidden.dataset['picked'] = 'yes';
  } else void answer(holder, holder.getAttribute('data-suggest') ?? '', value);
}
