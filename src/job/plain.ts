// Names and paths that strangers chose, inside a sentence of ours in Slack. Pure.
import { dropHidden } from './hidden-text.ts';

/** One line of at most `limit` characters without anything that Slack reads as a mention, a link or a format. */
export function plainText(text: string, limit = 80): string {
  return dropHidden(text)
    .replaceAll(/[<>&*_~`\s]+/g, ' ')
    .trim()
    .slice(0, limit);
}
