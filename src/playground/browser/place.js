// Where this viewer is: who they play and what they look at. It stands in the address, so that a reload shows the same.

/** @typedef {{ me: string, channel: string, thread: string, github: string }} Place */

const NAMES = /** @type {const} */ (['me', 'channel', 'thread', 'github']);

/** @type {Place} */
const place = { me: '', channel: '', thread: '', github: '' };
/** @type {Set<() => void>} */
const listeners = new Set();

function read() {
  const query = new URLSearchParams(location.search);
  for (const name of NAMES) place[name] = query.get(name) ?? '';
}

/** @returns {string} the address's query, without what is empty */
export function query() {
  const filled = NAMES.filter((name) => place[name] !== '').map((name) => [name, place[name]]);
  return new URLSearchParams(filled).toString();
}

/** @returns {Readonly<Place>} */
export const here = () => place;

/** Goes somewhere; what is not named stays. @param {Partial<Place>} to */
export function go(to) {
  Object.assign(place, to);
  history.pushState(null, '', `?${query()}`);
  for (const listener of listeners) listener();
}

/** @param {() => void} listener is called after every move, also by the browser's own buttons */
export function onMove(listener) {
  listeners.add(listener);
}

read();
addEventListener('popstate', () => {
  read();
  for (const listener of listeners) listener();
});
