// Tells the server what this person does, and says where it did not work.
import { query } from './place.js';

/** @typedef {{ say?: string, options?: { text: string, value: string }[] }} Outcome */

/**
 * Does it; a sentence that comes back is shown.
 * @param {Record<string, unknown>} what
 * @returns {Promise<Outcome>}
 */
export async function act(what) {
  /** @type {Outcome} */
  let outcome;
  try {
    const answer = await fetch(`/act?${query()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(what),
    });
    outcome = await answer.json();
  } catch {
    outcome = { say: 'The playground does not answer. Is it still running in your terminal?' };
  }
  tell(outcome.say ?? '');
  return outcome;
}

/** Shows it where the person is: in the open dialog, else above the composer. @param {string} words */
function tell(words) {
  const places = document.querySelectorAll(
    'dialog[open] [data-problem], dialog[open] [data-fault-said], [data-said]',
  );
  for (const place of document.querySelectorAll('[data-problem], [data-fault-said], [data-said]'))
    place.textContent = '';
  const [first] = places;
  const place = [...places].find((one) => one.closest('dialog')) ?? first;
  if (place) place.textContent = words;
}
