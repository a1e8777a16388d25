// Other people's words inside our own sentences, and our sentences where Slack renders no formatting. Pure.

import { decodeText } from './decode.ts';
import { cutText, escapeMrkdwn } from './text-limits.ts';

/** Words for places that render no formatting, such as errors in a form. */
export function withoutFormatting(text: string): string {
  return decodeText(escapePlaceholders(text)).replace(/[`*]/g, '');
}

/** One line of at most `limit` characters, cut with an ellipsis, escaped. */
export function oneLine(text: string, limit: number): string {
  return escapeMrkdwn(cutText(text.replace(/\s+/g, ' ').trim(), limit));
}

/** Words as inline code; backticks inside cannot be escaped in Slack, so they become quotes. */
export function asCode(text: string, limit = 200): string {
  return `\`${oneLine(text.replaceAll('`', "'"), limit)}\``;
}

/**
 * Our own sentences show placeholders as `<issue>`. Slack takes whatever stands in angle brackets for a link, so all
 * but real mentions and links are escaped here, at the last moment.
 */
export function escapePlaceholders(text: string): string {
  return text.replace(/<(?![@#!]|https?:\/\/|mailto:)([^<>]*)>/g, '&lt;$1&gt;');
}
