// Agents' words stand among sections of ours, whose names people trust ("Checks, run by Errand"). In their words a heading,
// however it is written, becomes a line in italics, which no section of ours looks like. Pure.
import { mapProse } from './prose.ts';

/** What a heading may stand in: a quote, a list. */
const WITHIN = String.raw`(?:\s|>|[-*+]\s|\d{1,9}[.)]\s){0,20}`;
const ATX = new RegExp(String.raw`^(${WITHIN})#{1,6}(?:\s+(.*?))?(?:\s#*)?$`);
const ALL_BOLD = new RegExp(String.raw`^(${WITHIN})(?:\*\*|__)(?!\s)(.+?)(?:\*\*|__)(\s*:?\s*)$`);
/** Makes a heading of the line above it. */
const UNDERLINE = /^[\s>]*(?:=+|-+)\s*$/;
/** Names a section, or hides one, on GitHub. */
const HTML = /<(?=\/?(?:h[1-6]|summary|details)\b)/gi;

/** Markdown in, Markdown out; code stays as it is. */
export function calmHeadings(markdown: string): string {
  let above = '';
  return mapProse(markdown, (line) => {
    const isUnderline = above.trim() !== '' && UNDERLINE.test(line);
    above = isUnderline ? '' : line;
    return isUnderline ? '' : calmLine(line);
  });
}

function calmLine(line: string): string {
  const [, before = '', words, after = ''] = ATX.exec(line) ?? ALL_BOLD.exec(line) ?? [];
  const calm = words === undefined ? line : `${before}${inItalics(words)}${after}`;
  return calm.replaceAll(HTML, '&lt;');
}

function inItalics(words: string): string {
  const bare = words.replaceAll(/[*_]{1,3}/g, '').trim();
  return bare === '' ? '' : `*${bare}*`;
}
