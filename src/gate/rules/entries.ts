// What kind of thing a path is: submodules, links, executables, names. Nothing of a file's content.
import { findTwins, inspectName, linkLeavesTree } from '../../workspace/inspect.ts';
import { addedLines, extensionOf, type FileRule, type Found, foldPath, isRegular } from '../found.ts';

const GITLINK = '160000';
const LINK = '120000';

export const submodules: FileRule = (file) => {
  const { path, before, after } = file;
  const found = (say: string): Found[] => [{ rule: 'submodule', path, severity: 'block', say }];
  if (/(^|\/)\.gitmodules$/.test(foldPath(path))) {
    return found('decides which other repositories are fetched into this one. Look at every address.');
  }
  if (after?.mode === GITLINK && before?.mode !== GITLINK) {
    return found('became a repository inside the repository. Look at where it comes from, or remove it.');
  }
  if (before?.mode !== GITLINK) return [];
  if (after?.mode === GITLINK)
    return found('is a submodule that now stands at another commit. Look at what came with it.');
  return found('was a submodule and is gone. Look at what needs it.');
};

export const links: FileRule = ({ path, before, after, whole }) => {
  if (after?.mode !== LINK) return [];
  const target = whole.after ?? '';
  if (linkLeavesTree(path, target)) {
    const say = `is a link to ${JSON.stringify(target.slice(0, 200))}, outside of the repository. Whoever reads or writes it works on another file.`;
    return [{ rule: 'symlink', path, severity: 'block', say }];
  }
  if (!isRegular(before?.mode)) return [];
  const say = `was a file and is now a link to ${JSON.stringify(target.slice(0, 200))}. Look at whether both should be one.`;
  return [{ rule: 'symlink', path, severity: 'warn', say }];
};

export const modes: FileRule = (file) => {
  const { path, before, after } = file;
  if (after?.mode !== '100755' || before?.mode === '100755') return [];
  if (before === undefined && isScript(file)) return [];
  const how = before === undefined ? 'is new and executable, and no script' : 'became executable';
  return [{ rule: 'file_mode', path, severity: 'warn', say: `${how}. Look at who would run it.` }];
};

function isScript(file: Parameters<FileRule>[0]): boolean {
  const [first] = addedLines(file);
  return first?.text.startsWith('#!') === true || /^(bat|cmd|ps1)$/.test(extensionOf(file.path));
}

/** Windows' short names of folders and files that have a guard: `GITHUB~1` is `.github`. */
const SHORT_NAME =
  /(^|\/)(github|gitlab|gitatt|gitcon|gitmod|claude|cursor|codex|gemini|husky|githoo|vscode|devcon|npmrc|yarnrc|envrc|circle|buildk|agents|opence|codeow|packag|jenkin|pre-co|lefthoo?|cargo|mcp|idea)~\d/i;

const INVISIBLE = /[\p{DI}\u2028\u2029]/u;

export const names: FileRule = ({ path, kind }) => {
  if (kind !== 'added' && kind !== 'renamed') return [];
  const found = (say: string): Found[] => [{ rule: 'file_name', path, severity: 'block', say }];
  const odd = inspectName(path);
  // What git takes for its list of submodules has a rule of its own.
  if (odd?.rule === 'submodule_changed') return [];
  if (odd?.rule === 'git_dir_name')
    return found('is a name that belongs to git itself. Rename or remove it.');
  if (odd) return found('has control characters, or bytes that are no text, in its name. Rename it.');
  if (INVISIBLE.test(path)) return found('has invisible characters in its name. Rename it.');
  if (/[. ](\/|$)|::?\$|:(\/|$)/.test(path) || path.includes('\\') || SHORT_NAME.test(path))
    return found('has a name that some systems read as another. Rename it.');
  return [];
};

/** Added names that on some systems are the same file as another one. */
export function twins(files: readonly Parameters<FileRule>[0][], all: readonly string[]): Found[] {
  const added = files
    .filter(({ kind }) => kind === 'added' || kind === 'renamed')
    .map(({ path }) => path)
    .filter((path) => inspectName(path) === undefined);
  return findTwins(added, all).map(({ path }) => ({
    rule: 'file_name',
    path,
    severity: 'block',
    say: 'is one with another file on systems that ignore case or forms of letters. Rename it.',
  }));
}
