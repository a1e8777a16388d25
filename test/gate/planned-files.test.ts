// Which files a plan names: an entry that fits anything names nothing, so that no plan switches its own gate off.
import { expect, test } from 'vitest';
import { coversPath, plannedFiles } from '../../src/gate/planned-files.ts';

test.each(['', '.', './', '/', '*', '**', '**/*', '**/**', '*/**', '`**`', './**', '?*/**', 'x'.repeat(301)])(
  '%j names nothing',
  (entry) => {
    const named = plannedFiles([entry, 'src/a.ts']);
    expect(named.filter((one) => coversPath(one, 'lib/other.js'))).toEqual([]);
    expect(named).toContain('src/a.ts');
  },
);

test.each([
  ['./src/a.ts:12', 'src/a.ts'],
  ['`src/`', 'src/deep/a.ts'],
  ['src', 'src/a.ts'],
  ['{src,lib}/**', 'lib/a.ts'],
  ['**/*.md', 'docs/a.md'],
  ['a.ts', 'src/a.ts'],
])('%j means %s', (entry, path) => {
  expect(plannedFiles([entry]).some((one) => coversPath(one, path))).toBe(true);
});
