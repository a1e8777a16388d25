// The lines of a Markdown text that are no code: what changes somebody's words leaves their code alone. Pure.

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** `change` gets each line outside code fences. A fence that is open at the end is closed. */
export function mapProse(markdown: string, change: (line: string) => string): string {
  let fence: string | undefined;
  const lines = markdown.split('\n').map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined) {
      // A backtick after the mark on the same line makes it a code span, not a fence.
      if (mark && !(mark.startsWith('`') && line.slice(line.indexOf(mark) + mark.length).includes('`')))
        fence = mark;
      return fence === undefined ? change(line) : line;
    }
    if (mark && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark)
      fence = undefined;
    return line;
  });
  return fence === undefined ? lines.join('\n') : [...lines, fence].join('\n');
}
