// Puts what the server drew into the page: a list of keyed pieces for each region. Only pieces that differ are touched, and
// whoever stood on one stays on it; so nothing jumps while somebody reads, types or walks by keyboard.

import { tellNews } from './news.js';

/** @typedef {{ order: string[], items: Record<string, string> }} Change */

/** @type {WeakSet<Element>} regions that were filled before: only then is anything in them new */
const filled = new WeakSet();

/** @param {Record<string, Change>} update */
export function applyUpdate(update) {
  for (const [name, change] of Object.entries(update)) {
    const region = document.querySelector(`[data-region="${name}"]`);
    if (region instanceof HTMLElement) patch(region, change);
  }
}

/** Everything in it is new to the viewer, not to the world: nothing is marked as fresh. @param {string} name */
export function forget(name) {
  const region = document.querySelector(`[data-region="${name}"]`);
  if (region) filled.delete(region);
}

/** @param {HTMLElement} region @param {Change} change */
function patch(region, change) {
  const isAtEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 80;
  const isFirst = !filled.has(region);
  const known = new Map([...region.children].map((child) => [child.getAttribute('data-key') ?? '', child]));
  /** @type {Element | null} */
  let before = null;
  /** @type {Element[]} */
  const news = [];
  for (const key of change.order) {
    const html = change.items[key];
    let piece = known.get(key);
    known.delete(key);
    if (piece === undefined) {
      piece = document.createElement('div');
      piece.setAttribute('data-key', key);
      if (!isFirst) piece.classList.add('fresh');
      fill(piece, html ?? '');
      news.push(piece);
    } else if (html !== undefined) fill(piece, html);
    /** @type {Element | null} */
    const next = before === null ? region.firstElementChild : before.nextElementSibling;
    if (next !== piece) region.insertBefore(piece, next);
    before = piece;
  }
  for (const gone of known.values()) gone.remove();
  filled.add(region);
  if (!isFirst && region.getAttribute('role') === 'log') tellNews(news);
  if (region.dataset['fresh'] === 'end' && (isFirst || isAtEnd)) region.scrollTop = region.scrollHeight;
}

/** @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/** @param {Element} piece @param {string} html */
function fill(piece, html) {
  if (shown.get(piece) === html) return;
  shown.set(piece, html);
  const kept = keep(piece);
  piece.innerHTML = html;
  kept();
}

/** What a person typed and where they stood, to be put back. @param {Element} piece */
function keep(piece) {
  const { activeElement } = document;
  const stood = activeElement && piece.contains(activeElement) ? signOf(activeElement) : undefined;
  /** @type {[string, string][]} */
  const typed = [];
  for (const field of piece.querySelectorAll(
    'input[name]:not([type=radio]):not([type=checkbox]), textarea[name]',
  )) {
    if (isText(field) && field.value !== field.defaultValue) typed.push([field.name, field.value]);
  }
  return () => {
    for (const [name, value] of typed) {
      const field = piece.querySelector(`[name="${CSS.escape(name)}"]`);
      if (field && isText(field)) field.value = value;
    }
    if (stood === undefined) return;
    const again = [...piece.querySelectorAll('a, button, input, select, textarea')].find(
      (one) => signOf(one) === stood,
    );
    if (again instanceof HTMLElement) again.focus();
  };
}

/** @param {Element} element @returns {element is HTMLInputElement | HTMLTextAreaElement} */
function isText(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** What tells one control of a piece from the others. @param {Element} element */
function signOf(element) {
  const names = [
    'data-click',
    'data-choose',
    'data-thread',
    'data-github',
    'data-fault',
    'data-go',
    'name',
    'id',
  ];
  return [element.tagName, ...names.map((name) => element.getAttribute(name)), element.textContent].join('|');
}
