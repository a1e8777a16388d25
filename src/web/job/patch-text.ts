// Makes a patch safe to be drawn: no line of a file can pose as part of the patch itself, no character hides. Git's own hunk
// headers say how many lines of files follow, and only those are touched. Pure.
import { stripVTControlCharacters } from 'node:util';
import { showHidden } from '../../job/hidden-text.ts';

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
/** Joins nothing and shows nothing: keeps `--- x` of a file apart from the `--- x` of a patch. */
const JOINER = '\u2060';
/** Longer lines are cut: a minified file is read nowhere. */
const MOST_LINE = 2_000;

export function safePatch(patch: string): string {
  let [removed, added] = [0, 0];
  return patch
    .split('\n')
    .map((line) => {
      if (removed <= 0 && added <= 0) {
        const [isHunk, was = '1', is = '1'] = HUNK.exec(line) ?? [];
        if (isHunk !== undefined) [removed, added] = [Number(was), Number(is)];
        return clean(line);
      }
      const sign = line.charAt(0);
      if (sign !== '+' && sign !== '\\') removed -= 1;
      if (sign !== '-' && sign !== '\\') added -= 1;
      const text = clean(line.slice(1));
      const cut = text.length > MOST_LINE ? `${text.slice(0, MOST_LINE)}… (${text.length} characters)` : text;
      return `${sign}${/^(?:--|\+\+|@@)/.test(cut) ? JOINER : ''}${cut}`;
    })
    .join('\n');
}

function clean(line: string): string {
  return showHidden(stripVTControlCharacters(line.toWellFormed()).replace(/\r+$/, ''));
}
