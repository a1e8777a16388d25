// Takes the power out of what an agent or a person wrote before it stands on GitHub under the bot's name: nobody is
// notified, no issue is closed, nothing is hidden and no section swallows the next. Pure.
import { dropHidden } from './hidden-text.ts';
import { mapProse } from './prose.ts';

/** A code span on one line; `\`` opens none. */
const CODE_SPAN = /((?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\2(?!`))/;
/** GitHub's closing keywords before `#12`, `GH-12`, `owner/repo#12` or an issue's URL. */
const CLOSING =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)(?=(?:[\w.-]+\/[\w.-]+)?#\d|gh-\d|https?:\/\/\S+\/issues\/\d)/gi;

/** A keyword at the end of a line reaches for the issue that opens the next one. */
const CLOSING_AT_END = /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s*$/i;

/** Markdown, line by line: code stays as it is, prose loses its power, an open fence is closed. */
export function tameForGitHub(given: string): string {
  return mapProse(dropHidden(given), tameProse);
}

/** A commit's message: no Markdown, so that what looks like code there notifies and closes as well. */
export function tameText(text: string): string {
  return dropHidden(text).split('\n').map(defuse).join('\n');
}

/** One line of plain words: a title, a person's name. */
export function tameLine(text: string): string {
  return defuse(dropHidden(text.replaceAll(/\s+/g, ' ')).trim());
}

function tameProse(line: string): string {
  // With two groups, `split` gives prose, span, mark, prose, …
  return line
    .split(CODE_SPAN)
    .map((piece, index) => (index % 3 === 0 ? defuse(piece) : index % 3 === 1 ? piece : ''))
    .join('');
}

function defuse(text: string): string {
  return text
    .replaceAll('<!--', '&lt;!--')
    .replaceAll(/(^|[^\w/])@(?=[A-Za-z0-9])/g, '$1@\u200b')
    .replaceAll(CLOSING, '$1$2\u200b')
    .replace(CLOSING_AT_END, '$&\u200b');
}
