// What may pass from an agent's tree into a commit: names, links, sizes.
import { describe, expect, it } from 'vitest';
import { findTwins, inspectEntry, inspectName, linkLeavesTree } from '../../src/workspace/inspect.ts';

const LIMITS = { maxFileBytes: 1000, maxFiles: 10, maxSnapshotFiles: 20 };

describe('names', () => {
  const tricks = [
    '.git/config',
    'a/.GIT/hooks/x',
    'GIT~1/config',
    '.git./x',
    '.git /x',
    '.git::$INDEX/x',
    '.g\u200cit/config',
    'a\\.git\\x',
  ];
  it.each(tricks)('refuses %j as a name of git itself', (path) => {
    expect(inspectName(path)?.rule).toBe('git_dir_name');
  });

  it.each(['.gitmodules', 'sub/.GitModules', 'GITMOD~1'])('refuses %j as a change of submodules', (path) => {
    expect(inspectName(path)?.rule).toBe('submodule_changed');
  });

  it.each(['a\nb', 'tab\t', 'bad\ufffd.txt'])('refuses %j as an odd name', (path) => {
    expect(inspectName(path)?.rule).toBe('odd_name');
  });

  it.each([
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitattributes',
    'digit~1',
    'naïve café.txt',
    'a:b',
    '.gitkeep',
  ])('lets %j pass', (path) => {
    expect(inspectName(path)).toBeUndefined();
  });
});

describe('links', () => {
  const leaving: Array<[string, string]> = [
    ['a', '/etc/passwd'],
    ['a', '../x'],
    ['a/b', '../../x'],
    ['a/b', '../c/../../../x'],
    ['a', 'c/../../x'],
    ['a', 'c/..'],
    ['a', 'C:\\x'],
    ['a', '.git/config'],
    ['a/b', '../.git'],
  ];
  it.each(leaving)('%s -> %s leaves the tree', (path, target) => {
    expect(linkLeavesTree(path, target)).toBe(true);
  });

  const staying: Array<[string, string]> = [
    ['a', 'b'],
    ['a/b', '../c'],
    ['a/b/c', '../../x/y'],
    ['a', './b'],
    ['a/b', '..'],
  ];
  it.each(staying)('%s -> %s stays', (path, target) => {
    expect(linkLeavesTree(path, target)).toBe(false);
  });
});

describe('entries', () => {
  it('refuses gitlinks, strange modes and large files with a sentence that says what to do', () => {
    expect(inspectEntry({ path: 'x', mode: '160000', sizeBytes: 0 }, LIMITS)?.rule).toBe('submodule_changed');
    expect(inspectEntry({ path: 'x', mode: '100600', sizeBytes: 0 }, LIMITS)?.rule).toBe('not_a_file');
    expect(inspectEntry({ path: 'big.bin', mode: '100644', sizeBytes: 2_000_000 }, LIMITS)?.say).toBe(
      'big.bin has 2.0 MB; a file may have 0.0 MB. Remove or ignore it.',
    );
    expect(inspectEntry({ path: 'x', mode: '100755', sizeBytes: 10 }, LIMITS)).toBeUndefined();
  });
});

describe('twins', () => {
  it('finds names that differ in case or composition only, in files and in folders', () => {
    const tree = ['README.md', 'src/a.ts', 'caf\u00e9.txt'];
    const added = ['readme.md', 'Src/b.ts', 'cafe\u0301.txt', 'src/c.ts'];
    expect(findTwins(added, [...tree, ...added]).map(({ path }) => path)).toEqual([
      'readme.md',
      'Src/b.ts',
      'cafe\u0301.txt',
    ]);
  });

  it('does not blame a pull for twins that were there before', () => {
    expect(findTwins(['new.txt'], ['A', 'a', 'new.txt'])).toEqual([]);
  });
});
