// A change too large to be read in one sitting: nobody who presses Approve on it has looked at it.
import type { Change, FileChange } from '../../workspace/change.ts';
import type { Found } from '../found.ts';
import { generatedOnBase } from './generated.ts';
import { isLockfile } from './lockfile-names.ts';

/** What one pull may change: lines added and removed together, and files. */
export type DiffLimits = Readonly<{ lines: number; files: number }>;

/** What people read of one change with some attention: studies of code review put the end of it at 200 to 400 lines. */
export const DIFF_LIMITS: DiffLimits = { lines: 1_000, files: 50 };

const MOST_NAMED = 3;

/** At most one finding, of the whole change. Lock files, and what the base calls generated, are not for people to read. */
export function tooLarge(change: Change, limits: DiffLimits = DIFF_LIMITS): readonly Found[] {
  const { files } = change;
  const isGenerated = generatedOnBase(change);
  const counted = files
    .filter(({ path }) => !isLockfile(path) && !isGenerated(path))
    .map((file) => ({ path: file.path, lines: linesOf(file) }))
    // A file that was only moved is nothing to read.
    .filter((each, at) => each.lines > 0 || files[at]?.kind !== 'renamed');
  const lines = counted.reduce((sum, each) => sum + each.lines, 0);
  const over = [
    ...(lines > limits.lines
      ? [`${say(lines)} lines where \`limits.diff_lines\` is ${say(limits.lines)}`]
      : []),
    ...(counted.length > limits.files
      ? [`${say(counted.length)} files where \`limits.diff_files\` is ${say(limits.files)}`]
      : []),
  ];
  if (over.length === 0) return [];
  const largest = counted
    .toSorted((a, b) => b.lines - a.lines)
    .slice(0, MOST_NAMED)
    .map((each) => `${JSON.stringify(each.path)} (${say(each.lines)})`);
  const text = `is too large to be read in one sitting: ${over.join(' and ')}. The largest files are ${largest.join(', ')}. Split it into parts that can be reviewed alone.`;
  return [{ rule: 'too_large', path: '.', severity: 'block', say: text }];
}

function linesOf({ added, removed, isBinary }: FileChange): number {
  if (isBinary) return 0;
  return [...added, ...removed].reduce((sum, { text }) => sum + text.split('\n').length, 0);
}

function say(count: number): string {
  return count.toLocaleString('en-US');
}
