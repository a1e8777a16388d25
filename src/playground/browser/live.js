// The connection over which the page hears what changed. It is opened anew wherever the viewer goes, and after every break;
// the server then sends everything once, so that nothing is missed.
import { applyUpdate, forget } from './patch.js';
import { here, onMove, query } from './place.js';

const AGAIN_MS = 1000;

/** @type {EventSource | undefined} */
let source;
/** @type {Record<string, string>} what each region showed last */
let showed = {};

function open() {
  source?.close();
  const now = {
    channel: here().channel + here().me,
    thread: here().thread,
    github: here().github,
    modal: here().me,
  };
  for (const [region, what] of Object.entries(now)) if (showed[region] !== what) forget(region);
  showed = now;
  const live = new EventSource(`/live?${query()}`);
  source = live;
  live.addEventListener('update', (event) => {
    applyUpdate(JSON.parse(event.data));
    dispatchEvent(new Event('drawn'));
  });
  live.addEventListener('open', () => setOffline(false));
  live.addEventListener('error', () => {
    setOffline(true);
    if (live.readyState !== EventSource.CLOSED) return;
    // The browser gave up; we do not.
    setTimeout(() => {
      if (source === live) open();
    }, AGAIN_MS);
  });
}

/** @param {boolean} isOffline */
function setOffline(isOffline) {
  const word = document.querySelector('.offline');
  if (word instanceof HTMLElement) word.hidden = !isOffline;
}

export function startLive() {
  onMove(open);
  open();
}
