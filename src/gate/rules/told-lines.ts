// Lines of tests that went and that another rule tells about already: what catches any change says the rest.
import type { Change, FileChange } from '../../workspace/change.ts';
import { bentTables } from './expected-values.ts';
import { skippedTests } from './skipped-tests.ts';
import type { TestLine } from './test-lines.ts';
import { weakenedTests } from './weakened-tests.ts';

/** Those of `lost` of which no other rule speaks. */
export function withoutTold(
  lost: readonly TestLine[],
  file: FileChange,
  change: Change,
): readonly TestLine[] {
  const about = [skippedTests, weakenedTests, bentTables]
    .flatMap((rule) => rule(file, change))
    .flatMap((found) => found.about ?? []);
  if (about.length === 0) return lost;
  const told = about.map(squash);
  return lost.filter(({ text }) => !told.some((each) => each.includes(squash(text))));
}

function squash(text: string): string {
  return text.replaceAll(/["'`]/g, '"').replaceAll(/[\s;,]+/g, '');
}
