// Reads Slack's markup into styled words and breaks them into lines of a width, for a drawing that has no font to
// measure with. Pure; widths are estimates that err on the wide side.

export type Style = 'plain' | 'bold' | 'code' | 'link';
export type Run = Readonly<{ text: string; style: Style }>;
export type Names = Readonly<Record<string, string>>;

/** Reads one line of mrkdwn or Markdown: mentions, links, dates, bold and code. */
export function parseLine(line: string, names: Names): Run[] {
  const parts = line.split(/(<[^<>]+>|`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/);
  return parts.flatMap((part): Run[] => {
    if (part === '') return [];
    if (part.startsWith('<')) return [readReference(part.slice(1, -1), names)];
    if (part.startsWith('`')) return [{ text: readEntities(part.slice(1, -1)), style: 'code' }];
    if (part.startsWith('*') && part.length > 2) {
      return [{ text: readEntities(part.replace(/^\*+|\*+$/g, '')), style: 'bold' }];
    }
    return [{ text: readEntities(part), style: 'plain' }];
  });
}

function readReference(inner: string, names: Names): Run {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('@')) return { text: `@${names[target.slice(1)] ?? target.slice(1)}`, style: 'link' };
  if (target.startsWith('!date')) return { text: (label ?? '').slice(11, 16), style: 'plain' };
  return { text: readEntities(label ?? target), style: 'link' };
}

function readEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Breaks runs into lines no wider than `width`, in pixels at `size`. */
export function wrap(runs: readonly Run[], width: number, size: number): Run[][] {
  const lines: Run[][] = [[]];
  let used = 0;
  for (const { text, style } of runs) {
    for (const word of text.split(/(?<=\s)/)) {
      const wide = measure(word, style, size);
      if (used > 0 && used + measure(word.trimEnd(), style, size) > width) {
        lines.push([]);
        used = 0;
      }
      const line = lines.at(-1) ?? [];
      const last = line.at(-1);
      if (last?.style === style) line[line.length - 1] = { text: last.text + word, style };
      else line.push({ text: word, style });
      used += wide;
    }
  }
  return lines;
}

/** The estimated width of a text, in pixels at `size`. */
export function measure(text: string, style: Style, size: number): number {
  const ems = [...text].reduce((sum, character) => sum + widthOf(character, style), 0);
  return ems * size;
}

function widthOf(character: string, style: Style): number {
  if (style === 'code') return 0.58;
  const wider = style === 'bold' ? 1.07 : 1;
  if (/[ijl.,:;'|!()[\]ft ]/.test(character)) return 0.32 * wider;
  if (/[mwMW@%]/.test(character)) return 0.88 * wider;
  return (/[A-Z#&€]/.test(character) ? 0.69 : 0.57) * wider;
}
