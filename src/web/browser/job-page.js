// The job page while it is open: goes on with the transcript as it grows, brings the head up to date, shows earlier events.
// All of it works without this file too, by links and reloads.

import { bringUpToDate, catchUp, fetchPage, isInHands, markOf, offerFresh } from './job-head.js';
import { isFinalAnswer, watchSilence } from './stream-faults.js';
import { localTimes } from './times.js';

/** More items than this are never on the page at once. */
const MOST_ITEMS = 600;

const page = document.querySelector('.job');
const job = page instanceof HTMLElement ? (page.dataset['job'] ?? '') : '';

/**
 * What the server drew; it has escaped all that others wrote.
 * @param {string} html
 */
function toElement(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  localTimes(template.content);
  return template.content.firstElementChild;
}

function openTranscript() {
  const section = document.querySelector('#transcript');
  const list = section?.querySelector('ol.events');
  if (!(section instanceof HTMLElement) || !(list instanceof HTMLOListElement)) return;
  const live = section.querySelector('[data-live]');
  /** @type {Map<string, Element>} */
  const byKey = new Map();
  for (const item of list.children)
    if (item instanceof HTMLElement) byKey.set(item.dataset['key'] ?? '', item);
  /** @type {{ key: string, html: string }[]} */
  let waiting = [];
  let drawing = 0;
  /** @type {EventSource | undefined} */
  let source;

  /** @param {string} words */
  const say = (words) => {
    if (live && live.textContent !== words) live.textContent = words;
  };

  function draw() {
    drawing = 0;
    // Of a flood only what will stay is made.
    const shown = waiting.slice(-MOST_ITEMS);
    waiting = [];
    const isAtEnd = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 120;
    for (const { key, html } of shown) {
      const made = toElement(html);
      if (made === null) continue;
      const known = byKey.get(key);
      if (known === undefined) list?.append(made);
      else {
        const was = known.querySelector('details');
        const is = made.querySelector('details');
        if (was?.open && is) is.open = true;
        keepFirst(made, known);
        known.replaceWith(made);
      }
      byKey.set(key, made);
    }
    section?.querySelector('.empty')?.remove();
    while (list && list.children.length > MOST_ITEMS) forget(list.firstElementChild);
    pointEarlier();
    if (isAtEnd) window.scrollTo({ top: document.documentElement.scrollHeight });
  }

  /** The beginning of one item that came in two. @param {Element} item @param {Element} earlier */
  function keepFirst(item, earlier) {
    if (!(item instanceof HTMLElement) || !(earlier instanceof HTMLElement)) return;
    const [one, other] = [Number(item.dataset['first']), Number(earlier.dataset['first'])];
    item.dataset['first'] = String(Math.min(one, other));
  }

  /** @param {Element | null} item */
  function forget(item) {
    if (item instanceof HTMLElement) byKey.delete(item.dataset['key'] ?? '');
    item?.remove();
  }

  /** The way to what is no longer here. @param {boolean} [hasEarlier] */
  function pointEarlier(hasEarlier) {
    const top = list?.firstElementChild;
    const first = top instanceof HTMLElement ? top.dataset['first'] : undefined;
    let link = section?.querySelector('[data-earlier]');
    if (hasEarlier === false) return void link?.closest('p')?.remove();
    if (link === null && list && (hasEarlier || list.children.length >= MOST_ITEMS)) {
      const made = document.createElement('p');
      made.className = 'more';
      const anchor = document.createElement('a');
      anchor.className = 'button';
      anchor.dataset['earlier'] = '';
      anchor.textContent = 'Show earlier';
      made.append(anchor);
      list.before(made);
      link = anchor;
    }
    if (link instanceof HTMLAnchorElement && first) link.href = `/jobs/${job}?before=${first}#transcript`;
  }

  /** @param {HTMLAnchorElement} link */
  async function showEarlier(link) {
    link.setAttribute('aria-busy', 'true');
    const earlier = await fetchPage(link.href);
    link.removeAttribute('aria-busy');
    const first = list?.firstElementChild ?? null;
    const top = first?.getBoundingClientRect().top ?? 0;
    for (const item of earlier.querySelectorAll('#transcript ol.events > li')) {
      if (!(item instanceof HTMLElement)) continue;
      const known = byKey.get(item.dataset['key'] ?? '');
      if (known !== undefined) {
        keepFirst(known, item);
        continue;
      }
      const here = document.importNode(item, true);
      localTimes(here);
      byKey.set(here.dataset['key'] ?? '', here);
      list?.insertBefore(here, first);
    }
    // Whoever reads on backwards leaves the newest behind, and finds them by a link.
    if (list && list.children.length > MOST_ITEMS) {
      while (list.children.length > MOST_ITEMS) forget(list.lastElementChild);
      stop();
    }
    const further = earlier.querySelector('[data-earlier]');
    pointEarlier(further !== null);
    // All of it may have been said of one item that is here.
    const way = section?.querySelector('[data-earlier]');
    if (way instanceof HTMLAnchorElement && further instanceof HTMLAnchorElement) way.href = further.href;
    if (first) window.scrollBy({ top: first.getBoundingClientRect().top - top });
  }

  function stop() {
    source?.close();
    source = undefined;
    say('');
    if (section?.querySelector('[data-newest]')) return;
    const made = document.createElement('p');
    made.className = 'more';
    const anchor = document.createElement('a');
    anchor.className = 'button';
    anchor.dataset['newest'] = '';
    anchor.href = `/jobs/${job}`;
    anchor.textContent = 'Back to the newest';
    made.append(anchor);
    section?.append(made);
  }

  section.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('[data-earlier]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showEarlier(link).catch(() => {
      window.location.href = link.href;
    });
  });

  const address = section.dataset['stream'];
  if (!address) return;
  let last = section.dataset['last'] ?? '0';
  let backoffMs = FIRST_BACKOFF_MS;

  const place = () => `${address}?after=${last}&mark=${encodeURIComponent(markOf())}`;

  /** Nothing comes any more. @param {string} words */
  function end(words) {
    source?.close();
    source = undefined;
    say(words);
  }

  function connect() {
    const opened = new EventSource(place());
    source = opened;
    const heard = watchSilence(() => {
      if (source !== opened) return;
      say('Connecting again…');
      opened.close();
      connect();
    });
    for (const name of ['message', 'now', 'beat']) opened.addEventListener(name, heard);
    opened.addEventListener('open', () => {
      heard();
      backoffMs = FIRST_BACKOFF_MS;
      say('Live');
      catchUp();
    });
    opened.addEventListener('error', () => {
      if (source !== opened) return;
      say('Connecting again…');
      // A proxy that answers for a server that restarts ends what the browser would try again by itself.
      if (opened.readyState === EventSource.CLOSED) reconnect(opened);
    });
    opened.addEventListener('message', (event) => {
      if (event.lastEventId) last = event.lastEventId;
      waiting.push(JSON.parse(event.data));
      if (waiting.length > 4 * MOST_ITEMS) waiting = waiting.slice(-MOST_ITEMS);
      // A page in the background draws nothing in frames.
      if (drawing === 0) drawing = window.setTimeout(draw, 50);
    });
    opened.addEventListener('now', (event) => {
      if (event.data !== markOf()) bringUpToDate();
    });
    opened.addEventListener('over', () => end('Not live: you may not see this job any more'));
    opened.addEventListener('done', () => end('This job is over'));
    opened.addEventListener('reload', () => {
      end('Much happened meanwhile');
      if (isInHands()) offerFresh(() => window.location.reload());
      else window.location.reload();
    });
  }

  /** @param {EventSource} former */
  function reconnect(former) {
    const waitMs = backoffMs * (0.75 + Math.random() / 2);
    backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
    setTimeout(async () => {
      if (source !== former) return;
      if (!(await isFinalAnswer(place()))) {
        if (source === former) connect();
      } else if (source === former) end('Not live: reload to go on');
    }, waitMs);
  }

  connect();
}

const FIRST_BACKOFF_MS = 2_000;
const LAST_BACKOFF_MS = 30_000;

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('details.offer[open]');
  if (!(open instanceof HTMLDetailsElement)) return;
  open.open = false;
  open.querySelector('summary')?.focus();
});

/**
 * Fills a part of the page with what the server draws for it.
 * @param {HTMLElement} place
 * @param {string} address
 */
async function fill(place, address) {
  const answer = await fetch(address, { headers: { 'x-part': '1' } });
  if (!answer.ok || answer.redirected) return;
  const template = document.createElement('template');
  template.innerHTML = await answer.text();
  localTimes(template.content);
  place.replaceChildren(template.content);
}

function fillParts() {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        watcher.unobserve(target);
        fill(target, target.dataset['part'] ?? '');
      }
    },
    { rootMargin: '600px' },
  );
  for (const place of document.querySelectorAll('[data-part]')) watcher.observe(place);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('[data-part] a[data-swap]') : null;
    const place = link?.closest('[data-part]');
    if (!(link instanceof HTMLAnchorElement) || !(place instanceof HTMLElement)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fill(place, link.href);
  });
}

openTranscript();
fillParts();
