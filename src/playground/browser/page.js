// The page's entry: hands every click, choice and form to the file that knows what to do with it.
import { act } from './act.js';
import { choose, fieldsOf, press, search } from './answers.js';
import { fillIn, startComposers } from './composer.js';
import { startLive } from './live.js';
import { go, here, onMove } from './place.js';

const body = document.body;

/** @param {string} pane the one that a narrow page shows */
function showPane(pane) {
  body.dataset['pane'] = pane;
  for (const tab of document.querySelectorAll('[data-pane-to]'))
    tab.setAttribute('aria-pressed', String(tab.getAttribute('data-pane-to') === pane));
}

/** What a press means, by the attribute that the pressed thing carries. @type {Record<string, (value: string, at: Element) => void>} */
const PRESSES = {
  'data-click': (_action, at) => void press(at),
  'data-shortcut': (shortcut, at) => {
    const message = at.closest('[data-ts]');
    void act({
      do: 'shortcut',
      shortcut,
      channel: message?.getAttribute('data-channel'),
      ts: message?.getAttribute('data-ts'),
    });
  },
  'data-go': (channel, at) => {
    go({ channel, thread: at.getAttribute('data-thread') ?? '' });
    showPane(here().thread === '' ? 'channel' : 'thread');
    if (channel === 'home') void act({ do: 'home' });
  },
  'data-thread': (thread) => {
    go({ thread });
    showPane('thread');
    document.querySelector('#compose-thread')?.scrollIntoView({ block: 'nearest' });
  },
  'data-close-thread': () => {
    go({ thread: '' });
    showPane('channel');
  },
  'data-github': (github) => {
    go({ github });
    showPane('github');
  },
  'data-fill': (words) => {
    showPane('channel');
    fillIn(words);
  },
  'data-fault': (name) => void act({ do: 'fault', name }),
  'data-open': (name) => openDialog(document.querySelector(`dialog.${name}`)),
  'data-close': (_value, at) => at.closest('dialog')?.close(),
  'data-close-view': (_value, at) => closeView(at.closest('dialog')),
  'data-pane-to': showPane,
  'data-hand': (hand) => void act({ do: 'hand', hand, number: numberShown() }),
};

/** @param {Element | null} dialog */
function openDialog(dialog) {
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** @param {Element | null | undefined} dialog */
function closeView(dialog) {
  const view = dialog?.querySelector('form[data-view]')?.getAttribute('data-view');
  if (view) void act({ do: 'close', view });
}

const numberShown = () => Number(here().github.split('/')[1]);

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  for (const [name, does] of Object.entries(PRESSES)) {
    const at = event.target.closest(`[${name}]`);
    if (at === null) continue;
    // Links keep their address for whoever opens them in a tab of their own.
    const isElsewhere = event.ctrlKey || event.metaKey;
    if (at instanceof HTMLAnchorElement && (isElsewhere || !paneTakes(at, name))) continue;
    if (!(at instanceof HTMLAnchorElement && name === 'data-click')) event.preventDefault();
    does(at.getAttribute(name) ?? '', at);
    return;
  }
});

/** Links to the local GitHub open beside, where the pane knows the page. @param {HTMLAnchorElement} link @param {string} name */
function paneTakes(link, name) {
  if (name !== 'data-github') return true;
  const path = link.getAttribute('data-github') ?? '';
  const view = /^(?:[^/]+\/[^/]+\/)?(issues?|pull|commit)\/([0-9a-f]+)/.exec(path);
  if (view) link.setAttribute('data-github', `${view[1]?.replace('issues', 'issue')}/${view[2]}`);
  else if (/^[^/]+\/[^/]+\/?$/.test(path)) link.setAttribute('data-github', 'overview');
  return view !== null || /^\w+$/.test(link.getAttribute('data-github') ?? '');
}

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof Element)) return;
  if (target instanceof HTMLSelectElement && target.matches('[data-me]'))
    go({ me: target.value, thread: here().thread });
  else choose(target);
});

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches('.search input[type=search]')) search(target);
});

document.addEventListener('focusin', ({ target }) => {
  // Where nothing need be typed, what there is is offered at once, as in Slack.
  if (target instanceof HTMLInputElement && target.matches('.search[data-from="0"] input[type=search]'))
    search(target);
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.matches('[data-composer]')) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  if (form.matches('[data-view]'))
    void act({ do: 'submit', view: form.getAttribute('data-view'), values: fieldsOf(form) });
  else if (form.matches('[data-issue]')) void act({ do: 'issue', ...fields }).then(() => form.reset());
  else if (form.matches('[data-comment]'))
    void act({ do: 'comment', number: numberShown(), ...fields }).then(() => form.reset());
});

for (const button of document.querySelectorAll('dialog.confirm button'))
  button.addEventListener('click', () => {
    const dialog = button.closest('dialog');
    dialog?.close(button.getAttribute('value') ?? 'no');
  });

const modal = document.querySelector('dialog.modal');
modal?.addEventListener('cancel', (event) => {
  // Escape closes it as its own button does; the app may want to hear of it.
  event.preventDefault();
  closeView(modal);
});

/** After each drawing: dialogs follow the modals that are open, composers the place that is shown. */
addEventListener('drawn', () => {
  const isWanted = modal?.childElementCount !== 0;
  if (modal instanceof HTMLDialogElement && isWanted !== modal.open) {
    if (isWanted) {
      modal.setAttribute('aria-label', modal.querySelector('h2')?.textContent ?? 'Form');
      modal.showModal();
      const first = modal.querySelector('textarea, input:not([type=hidden]), select');
      if (first instanceof HTMLElement) first.focus();
    } else modal.close();
  }
  const waiting = document.querySelectorAll('[data-region=bell] > *').length;
  document.title = waiting > 0 ? `(${waiting}) Errand playground` : 'Errand playground';
  placeComposers();
});

function placeComposers() {
  const current = document.querySelector('[data-region=channels] [aria-current]');
  const isHome = current?.getAttribute('data-go') === 'home';
  for (const form of document.querySelectorAll('form[data-composer]')) {
    if (!(form instanceof HTMLElement)) continue;
    form.dataset['channel'] = current?.getAttribute('data-channel') ?? '';
    form.hidden = isHome;
  }
  body.dataset['beside'] = here().thread === '' ? 'closed' : 'open';
  for (const tab of document.querySelectorAll('.github header [data-github]')) {
    const kind = (here().github || 'overview').split('/')[0] ?? '';
    const name = tab.getAttribute('data-github') ?? '';
    if (kind === name || name === `${kind}s`) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

startComposers();
onMove(placeComposers);
showPane(here().thread === '' ? 'channel' : 'thread');
startLive();
if (here().channel === 'home') void act({ do: 'home' });
