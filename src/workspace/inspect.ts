// What must not pass from an agent's tree to a person's repository. Pure: names, modes, sizes and link targets in,
// problems out.
import { posix } from 'node:path';
import { hasHidden } from '../job/hidden-text.ts';

/** Why a file may not be published. `say` is for people and ends in what to do. */
export type Problem = Readonly<{ path: string; rule: Rule; say: string }>;

export type Rule =
  | 'tree_replaced'
  | 'nested_repository'
  | 'submodule_changed'
  | 'git_dir_name'
  | 'odd_name'
  | 'name_twin'
  | 'link_leaves_tree'
  | 'not_a_file'
  | 'file_too_large'
  | 'too_many_files'
  | 'not_taken'
  | 'lfs_pointer_lost';

export type Limits = Readonly<{
  maxFileBytes: number;
  maxFiles: number;
  /** A snapshot keeps more than may be published, but not a whole forgotten node_modules. */
  maxSnapshotFiles: number;
}>;

/** A file as it would be published: git's mode, its size, and where it leads if it is a link. */
export type Entry = Readonly<{ path: string; mode: string; sizeBytes: number; target?: string }>;

// Characters that Apple's file system ignores in names, so that `.g\u200cit` is `.git` there (git's utf8.c).
const IGNORED_ON_MACS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Looks at a name alone: does any system read it as git's own, or is it made to deceive? */
export function inspectName(path: string): Problem | undefined {
  for (const part of path.split(/[/\\]/)) {
    const name = foldForGit(part);
    if (name === '.git' || /^git~\d+$/.test(name)) {
      return problem(path, 'git_dir_name', 'is a name that belongs to git itself. Rename or remove it.');
    }
    if (name === '.gitmodules' || /^(gitmod|gi7eba)~\d+$/.test(name)) {
      return problem(path, 'submodule_changed', 'changes submodules. A person has to make that change.');
    }
  }
  // U+FFFD stands for bytes that are not UTF-8; control characters would garble every page that shows the name.
  // What nobody can see makes a name deceive (`gnp.\u202etxt.exe` reads as a picture).
  if (/[\p{Cc}\ufffd]/u.test(path) || hasHidden(path))
    return problem(path, 'odd_name', 'has characters that names should not have. Rename it.');
  return undefined;
}

/** Looks at one file that the commit would add or change. */
export function inspectEntry(entry: Entry, limits: Limits): Problem | undefined {
  const { path, mode, sizeBytes, target } = entry;
  const named = inspectName(path);
  if (named) return named;
  if (mode === '160000') {
    return problem(
      path,
      'submodule_changed',
      'is a repository inside the repository. A person has to add submodules.',
    );
  }
  if (!['100644', '100755', '120000'].includes(mode)) return notAFile(path);
  if (target !== undefined && linkLeavesTree(path, target)) {
    return problem(
      path,
      'link_leaves_tree',
      `is a link to ${target}, outside of the repository. Make it relative.`,
    );
  }
  return sizeBytes > limits.maxFileBytes ? tooLarge(path, sizeBytes, limits) : undefined;
}

/** A link may go up only from where it lies, and not above the top: later `..` would go through other links. */
export function linkLeavesTree(path: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || /^[a-z]:|\\/i.test(target)) return true;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const down = ups < 0 ? [] : parts.slice(ups);
  const depth = path.split('/').length - 1;
  if ((ups < 0 ? parts.length : ups) > depth || down.includes('..')) return true;
  const top = posix.join(posix.dirname(path), target);
  return inspectName(top)?.rule === 'git_dir_name';
}

/** Finds added names that on some systems are the same file or folder as another one in the tree. */
export function findTwins(added: readonly string[], all: Iterable<string>): Problem[] {
  if (added.length === 0) return [];
  const spellings = new Map<string, string>();
  const fresh = new Set(added);
  const twins: Problem[] = [];
  const check = (path: string, report: boolean) => {
    for (const prefix of prefixes(path)) {
      const folded = prefix.normalize('NFC').toLowerCase();
      const known = spellings.get(folded);
      if (known === undefined) spellings.set(folded, prefix);
      else if (known !== prefix && report) {
        twins.push(problem(path, 'name_twin', `and ${known} are one file on some systems. Rename it.`));
        return;
      }
    }
  };
  for (const path of all) if (!fresh.has(path)) check(path, false);
  for (const path of added) check(path, true);
  return twins;
}

/** Finds folders that git takes for a repository of their own: there is no `.git`, so only what lies in them tells. */
export function findBareRepositories(changed: readonly string[], all: readonly string[]): Problem[] {
  const paths = new Set(all);
  const heads = changed.flatMap(
    (path) => /^((?:.*\/)?)(?:HEAD$|config$|objects\/|refs\/)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(heads)].flatMap((folder) => {
    const holds = (part: string) => all.some((path) => path.startsWith(`${folder}${part}/`));
    if (!paths.has(`${folder}HEAD`) || !holds('objects') || !holds('refs')) return [];
    return [
      problem(folder || '.', 'nested_repository', 'looks like a bare git repository. Rename its HEAD.'),
    ];
  });
}

export function notAFile(path: string): Problem {
  return problem(path, 'not_a_file', 'is neither a file nor a link. Remove it.');
}

export function tooLarge(path: string, sizeBytes: number, limits: Limits): Problem {
  const [is, may] = [sizeBytes, limits.maxFileBytes].map((bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`);
  return problem(path, 'file_too_large', `has ${is}; a file may have ${may}. Remove or ignore it.`);
}

export function tooMany(count: number, limits: Limits): Problem {
  const say = `${count} files changed; ${limits.maxFiles} may. Add what is generated to .gitignore.`;
  return { path: '.', rule: 'too_many_files', say };
}

/** Builds a problem whose sentence begins with the path. */
export function problem(path: string, rule: Rule, says: string): Problem {
  return { path, rule, say: `${JSON.stringify(path).slice(1, -1)} ${says}` };
}

function foldForGit(part: string): string {
  // Windows drops trailing dots and spaces, and takes what follows a colon for a stream of the same file.
  const name = part.replace(IGNORED_ON_MACS, '').toLowerCase();
  return name.replace(/:.*$/, '').replace(/[. ]+$/, '');
}

function* prefixes(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at);
  yield path;
}
