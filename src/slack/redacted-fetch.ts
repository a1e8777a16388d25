// The last look at what goes to Slack: whatever way a secret came into a text, it does not leave here.
import { createRedactor, type Redactor } from '../redact.ts';
import { wholeAnswer } from './whole-answer.ts';

/** Arguments of Slack's methods that people read; the others hold tokens, ids and state of ours. */
const READ_BY_PEOPLE = ['text', 'blocks'];

/**
 * A `fetch` for Slack's clients, which send forms as text (@slack/web-api 8.2, `serializeBody`). Without a redactor it
 * finds tokens of known kinds. What comes back is an answer of Slack's, or it throws.
 */
export function createRedactedFetch(redactor: Redactor = createRedactor([])): typeof fetch {
  return async (url, init) => {
    const body = typeof init?.body === 'string' ? { body: redactForm(init.body, redactor) } : {};
    return wholeAnswer(await fetch(url, { ...init, ...body }));
  };
}

function redactForm(body: string, redactor: Redactor): string {
  const form = new URLSearchParams(body);
  for (const name of READ_BY_PEOPLE) {
    const value = form.get(name);
    if (value !== null) form.set(name, redactor.text(value));
  }
  return form.toString();
}
