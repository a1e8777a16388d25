// Tells times in the reader's own time zone.

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/**
 * In the list of events the time of day is enough.
 * @param {ParentNode} root
 */
export function localTimes(root) {
  for (const element of root.querySelectorAll('time:not([data-local])')) {
    if (!(element instanceof HTMLTimeElement)) continue;
    const at = new Date(element.dateTime);
    element.textContent = (element.closest('.event') ? short : whole).format(at);
    element.title = exact.format(at);
    element.dataset['local'] = '1';
  }
}

localTimes(document);
