// Output that tests compare with and that a command writes anew: snapshots, golden and approved files. One that grows says
// more; one that is replaced says whatever the program does now.
import type { FileRule, Found } from '../found.ts';

const STORED =
  /\.(?:snap|ambr|golden|approved\.\w+|verified\.\w+|expected)$|(?:^|\/)(?:__snapshots__|__image_snapshots__|__file_snapshots__|goldens?)\//i;

/** So many lines that went, or so much of the file, is no change of one thing any more. */
const WHOLESALE = { lines: 20, share: 0.5 };

export const storedOutput: FileRule = (file) => {
  const { path, before, after, removed, added, isBinary } = file;
  if (!STORED.test(path) || before === undefined || after === undefined || before.sha === after.sha)
    return [];
  const texts = removed.map(({ text }) => text);
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length, 0);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const line = added[0]?.line;
  const tell = (rule: Found['rule'], say: string): Found[] => [
    { rule, path, severity: 'warn', say, ...(line === undefined ? {} : { line }) },
  ];
  if (isBinary) {
    return tell(
      'bent_test',
      'is stored output that tests compare with, and it changed. Look at both pictures of it.',
    );
  }
  if (lines === 0 || added.length === 0) return [];
  const isWhole =
    lines >= WHOLESALE.lines || (lines > 3 && bytes >= WHOLESALE.share * (before.sizeBytes ?? Infinity));
  return isWhole
    ? tell(
        'weakened_test',
        `is stored output that tests compare with, and much of it was written anew (${lines} lines went). Look at whether all of it should be different now.`,
      )
    : tell(
        'bent_test',
        `is stored output that tests compare with, and ${lines === 1 ? 'a line of it' : `${lines} lines of it`} changed. Look at whether the task asks for it, or it was bent to what the code gives.`,
      );
};
