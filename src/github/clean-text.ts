// Cleans text that strangers wrote on GitHub before a person or an agent reads it. Pure; judges nothing.
import { dropHidden } from '../job/hidden-text.ts';

// Fenced code, code spans, and what a reader of the rendered page never sees: HTML comments, also one left open.
// Code is matched so that a comment shown inside it is kept.
const CODE_OR_COMMENT =
  /^ {0,3}(?<fence>`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\k<fence>|(?![\s\S]))|(?<![\\`])(?<tick>`+)(?!`)[^\n]*?(?<!`)\k<tick>(?!`)|<!--[\s\S]*?(?:-->|(?![\s\S]))/gm;

// Between Latin letters the non-joiner hides in words; GitHub shows no script that needs it in code or commands.
const NON_JOINER = /\u200C/g;

/** Removes hidden HTML comments and invisible characters; line ends become `\n`. Everything else stays as written. */
export function cleanText(text: string): string {
  const visible = dropHidden(text.replace(/\r\n?/g, '\n')).replace(NON_JOINER, '');
  return visible.replace(CODE_OR_COMMENT, (found) => (found.startsWith('<!--') ? '' : found)).trim();
}

/** Shortens to `max` characters and says so at the end, never in the middle of a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text
    .slice(0, max)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}\n[cut: ${text.length - max} more characters]`;
}
