// Where people type: Enter sends, Shift+Enter makes a line. `/` offers the app's commands with their hints, `@` offers people;
// arrows choose, Tab and Enter take, Escape closes.
import { act } from './act.js';
import { here } from './place.js';

/** @typedef {{ command: string, description: string, usageHint: string }} Command */
/** @typedef {{ text: string, say: string, more: string }} Hint */

/** @type {Command[]} */
const COMMANDS = JSON.parse(document.body.dataset['commands'] ?? '[]');

/** What fits what is typed. @param {string} typed @returns {Hint[]} */
function hintsFor(typed) {
  const mention = /(?:^|\s)@([\w.-]*)$/.exec(typed);
  if (mention) return peopleFor(typed, mention[1] ?? '');
  const [word = '', ...rest] = typed.split(' ');
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  if (rest.length === 0)
    return COMMANDS.filter(({ command }) => command.startsWith(word)).map(
      ({ command, description, usageHint }) => ({
        text: `${command} `,
        say: `${command} ${usageHint}`,
        more: description,
      }),
    );
  const known = COMMANDS.find(({ command }) => command === word);
  const said = rest.join(' ');
  return (known?.usageHint ?? '')
    .split('|')
    .map((usage) => usage.trim())
    .filter((usage) => usage.startsWith(said) && usage !== said)
    .map((usage) => ({
      text: `${word} ${usage.replace(/[#<]?[\dA-Z]*-?\d*>?$|<.*$/, (end) => (end.startsWith('#') ? '#' : ''))}`,
      say: `${word} ${usage}`,
      more: '',
    }));
}

/** @param {string} typed @param {string} begun @returns {Hint[]} */
function peopleFor(typed, begun) {
  const names = [...document.querySelectorAll('[data-me] option')].map(
    (option) => /** @type {HTMLOptionElement} */ (option).value,
  );
  return ['errand', ...names]
    .filter((name) => name.startsWith(begun.toLowerCase()) && name !== begun)
    .map((name) => ({
      text: `${typed.slice(0, typed.length - begun.length)}${name} `,
      say: `@${name}`,
      more: '',
    }));
}

/** @param {HTMLFormElement} form */
function startComposer(form) {
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector('textarea'));
  const list = /** @type {HTMLUListElement} */ (form.querySelector('.hints'));
  /** @type {Hint[]} */
  let hints = [];
  let chosen = -1;
  /** What stood there before, newest last, for the arrow up. @type {string[]} */
  const said = [];

  const close = () => {
    hints = [];
    draw();
  };
  const take = (/** @type {number} */ at) => {
    const hint = hints[at];
    if (hint === undefined) return;
    setText(text, hint.text);
    look();
  };
  const look = () => {
    hints = hintsFor(text.value);
    chosen = -1;
    draw();
  };
  const draw = () => {
    list.hidden = hints.length === 0;
    text.setAttribute('aria-expanded', String(hints.length > 0));
    text.removeAttribute('aria-activedescendant');
    list.replaceChildren(
      ...hints.map(({ say, more }, at) => {
        const row = document.createElement('li');
        row.id = `${list.id}-${at}`;
        row.setAttribute('role', 'option');
        row.setAttribute('aria-selected', String(at === chosen));
        const [words, small] = [document.createElement('b'), document.createElement('small')];
        words.textContent = say;
        small.textContent = more;
        row.append(words, ' ', small);
        row.addEventListener('mousedown', (event) => {
          event.preventDefault();
          take(at);
        });
        return row;
      }),
    );
    if (chosen >= 0) text.setAttribute('aria-activedescendant', `${list.id}-${chosen}`);
  };
  const send = () => {
    const value = text.value.trim();
    const { channel } = form.dataset;
    if (value === '' || channel === undefined) return;
    said.push(value);
    setText(text, '');
    close();
    const thread = form.dataset['composer'] === 'thread' ? here().thread : '';
    void act({ do: 'say', channel, thread, text: value });
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const isOpen = hints.length > 0;
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      chosen = (chosen + step + hints.length) % hints.length;
      draw();
    } else if (isOpen && event.key === 'Tab' && !event.shiftKey) take(Math.max(chosen, 0));
    else if (isOpen && event.key === 'Escape') close();
    else if (event.key === 'ArrowUp' && text.value === '' && said.length > 0)
      setText(text, said.at(-1) ?? '');
    else if (event.key === 'Enter' && !event.shiftKey) isOpen && chosen >= 0 ? take(chosen) : send();
    else return;
    event.preventDefault();
  };
  text.addEventListener('keydown', onKey);
  text.addEventListener('input', () => {
    grow(text);
    look();
  });
  text.addEventListener('blur', close);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
}

/** @param {HTMLTextAreaElement} text @param {string} value */
function setText(text, value) {
  text.value = value;
  grow(text);
}

/** @param {HTMLTextAreaElement} text */
function grow(text) {
  text.rows = Math.min(8, text.value.split('\n').length);
}

/** Puts words into the composer of the channel, for the person to send. @param {string} words */
export function fillIn(words) {
  const text = document.querySelector('#compose-channel');
  if (!(text instanceof HTMLTextAreaElement)) return;
  setText(text, words);
  text.focus();
}

export function startComposers() {
  for (const form of document.querySelectorAll('form[data-composer]'))
    startComposer(/** @type {HTMLFormElement} */ (form));
}
