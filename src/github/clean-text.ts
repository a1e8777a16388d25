// Cleans text that strangers wrote on GitHub before a person or an agent reads it. Pure; judges nothing.

// Fenced code, code spans, and what a reader of the rendered page never sees: HTML comments, also one left open.
// Code is matched so that a comment shown inside it is kept.
const CODE_OR_COMMENT =
  /^ {0,3}(?<fence>`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\k<fence>|(?![\s\S]))|(?<![\\`])(?<tick>`+)(?!`)[^\n]*?(?<!`)\k<tick>(?!`)|<!--[\s\S]*?(?:-->|(?![\s\S]))/gm;

// Zero-width and direction-changing characters, tags, soft hyphen and control characters other than tab and line feed:
// they make text read differently to a machine than to a person ("Trojan Source", CVE-2021-42574).
// The zero-width joiner stays: it holds emoji together and hides nothing by itself.
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to remove
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** Removes hidden HTML comments and invisible characters; line ends become `\n`. Everything else stays as written. */
export function cleanText(text: string): string {
  const visible = text.replace(/\r\n?/g, '\n').replace(INVISIBLE, '');
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
