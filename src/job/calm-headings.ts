// Agents' words stand among sections of ours, whose names people trust ("Checks, run by Errand"). In their words a heading,
// however it is written, becomes a line in italics, which no section of ours looks like. Pure.
import { mapProse } from './prose.ts';

/** What a heading may stand in: a quote, a list. */
const WITHIN = String.raw`(?:\s|>|[-*+]\s|\d{1,9}[.)]\s){0,20}`;
const ATX = new RegExp(String.raw`^(${WITHIN})#{1,6}(?:\s+(.*?))?(?:\s#*)?$`);
const ALL_BOLD = new RegExp(
  String.raw`^(${WITHIN})(?:\*\*|__)(?!\s)((?:(?!\*\*|__).)+)(?:\*\*|__)(\s?:?\s?)$`,
);
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
  // Long runs of spaces would keep the patterns busy.
  const probe = line.replaceAll(/\s+/g, ' ');
  const [, before = '', words, after = ''] = ATX.exec(probe) ?? ALL_BOLD.exec(probe) ?? [];
  const calm = words === undefined ? line : `${before}${inItalics(words)}${after}`;
  return calm.replaceAll(HTML, '&lt;');
}

function inItalics(words: string): string {
  // Not within code or names, which hold such signs as letters.
  const bare = words
    .replaceAll(/(`+[^`]*`+)|\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)/g, (_all, code?: string) => code ?? '')
    .trim();
  return bare === '' ? '' : `*${bare}*`;
}
