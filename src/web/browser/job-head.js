// The head of the job page while it is open: drawn anew when the job changed, and never under somebody's hands.

import { localTimes } from './times.js';

const page = document.querySelector('.job');
const job = page instanceof HTMLElement ? (page.dataset['job'] ?? '') : '';

// The answer to a press stands at an address of its own: a reload would press again.
if (job !== '' && window.location.pathname.endsWith('/press'))
  window.history.replaceState(null, '', `/jobs/${job}`);

/** @param {string} url */
export async function fetchPage(url) {
  const answer = await fetch(url, { headers: { accept: 'text/html' } });
  // Who is signed out meanwhile lands elsewhere.
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

let isBusy = false;
let isAsked = false;

/** How the job stood when the head of this page was drawn. */
export function markOf() {
  const now = document.querySelector('#now');
  return now instanceof HTMLElement ? (now.dataset['mark'] ?? '') : '';
}

/** Nobody's half-written words or opened question are taken from under their hands. */
export function isInHands() {
  const now = document.querySelector('#now');
  return now?.querySelector('details.offer[open]') !== null || now?.contains(document.activeElement) === true;
}

/** Says that there is news, to whoever has something in hands. @param {() => void} show */
export function offerFresh(show) {
  if (document.querySelector('#changed')) return;
  const notice = document.createElement('div');
  notice.id = 'changed';
  notice.className = 'notice';
  notice.setAttribute('role', 'status');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Show it';
  button.addEventListener('click', show);
  notice.append('This changed. ', button);
  document.querySelector('#now')?.before(notice);
}

/** @param {{ byForce?: boolean }} [how] */
export async function bringUpToDate({ byForce = false } = {}) {
  isAsked = true;
  if (isBusy && !byForce) return;
  if (isInHands() && !byForce) return offerFresh(() => bringUpToDate({ byForce: true }));
  isBusy = true;
  try {
    let mayReplace = byForce;
    while (isAsked && (mayReplace || !isInHands())) {
      isAsked = false;
      const fresh = (await fetchPage(`/jobs/${job}/now`)).querySelector('#now');
      const now = document.querySelector('#now');
      if (fresh && now && (mayReplace || !isInHands())) {
        const here = document.importNode(fresh, true);
        localTimes(here);
        now.replaceWith(here);
        document.querySelector('#changed')?.remove();
      } else isAsked = true;
      mayReplace = false;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
  } catch {
    // The next change, the next connection, or a reload brings it.
    isAsked = true;
  } finally {
    isBusy = false;
  }
  if (isAsked && isInHands()) offerFresh(() => bringUpToDate({ byForce: true }));
}

/** What was not brought when it was asked for is brought now. */
export function catchUp() {
  if (isAsked) bringUpToDate();
}

document.addEventListener('focusout', () => {
  setTimeout(catchUp, 200);
});
