// What differs between two commits or trees of the mirror, as numbers and as text.
import type { Git } from './git.ts';

type FileDiff = Readonly<{
  path: string;
  /** The former name of a renamed file. */
  oldPath?: string;
  status: 'added' | 'deleted' | 'modified' | 'renamed';
  added: number;
  deleted: number;
  binary: boolean;
}>;

export type DiffStats = Readonly<{ files: number; added: number; deleted: number }>;

export type Diff = Readonly<{
  files: FileDiff[];
  added: number;
  deleted: number;
  /** The patch, at most so many bytes of it. `cut` says that there is more. */
  patch: (limitBytes: number) => Promise<{ text: string; cut: boolean }>;
}>;

/** One record of `git diff-tree --raw`. */
export type RawChange = Readonly<{ path: string; mode: string; sha: string; status: string }>;

const SAFE = ['--no-ext-diff', '--no-textconv'];

/** Compares; renames are found. `from` and `to` are SHAs of commits or trees. */
export async function diffTrees(git: Git, gitDir: string, from: string, to: string): Promise<Diff> {
  const said = await git.run(['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', ...SAFE, from, to], {
    gitDir,
  });
  const files = parseDiff(said);
  const sum = (key: 'added' | 'deleted') => files.reduce((total, file) => total + file[key], 0);
  return {
    files,
    added: sum('added'),
    deleted: sum('deleted'),
    async patch(limitBytes) {
      const patch = await git.attempt(['diff-tree', '-r', '-p', '-M', ...SAFE, from, to], {
        gitDir,
        limitBytes,
      });
      const bytes = Buffer.from(patch.stdout);
      if (bytes.length <= limitBytes) return { text: patch.stdout, cut: patch.cut };
      return {
        text: bytes
          .subarray(0, limitBytes)
          .toString()
          .replace(/\ufffd$/, ''),
        cut: true,
      };
    },
  };
}

/** Lists changed files with git's modes and object names, renames as deleted and added. */
export async function listChanges(git: Git, gitDir: string, from: string, to: string): Promise<RawChange[]> {
  const said = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to], { gitDir });
  return [...said.matchAll(/:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*\0([^\0]*)\0/g)].map(
    ([, mode = '', sha = '', status = '', path = '']) => ({ path, mode, sha, status }),
  );
}

export function statsOf(diff: Diff): DiffStats {
  return { files: diff.files.length, added: diff.added, deleted: diff.deleted };
}

/** Reads `--raw --numstat -z`: first all raw records, then all counts. */
function parseDiff(text: string): FileDiff[] {
  const fields = text.split('\0');
  const statuses = new Map<string, string>();
  const files: FileDiff[] = [];
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const letter = field.split(' ')[4]?.[0] ?? 'M';
      if (letter === 'R') at++;
      statuses.set(fields[++at] ?? '', letter);
      continue;
    }
    const [, added, deleted, name] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field) ?? [];
    if (added === undefined || deleted === undefined) continue;
    // A renamed file has no name here; old and new name follow.
    const oldPath = name === '' ? fields[++at] : undefined;
    const path = name === '' ? (fields[++at] ?? '') : (name ?? '');
    files.push({
      path,
      ...(oldPath === undefined ? {} : { oldPath }),
      status: nameStatus(statuses.get(path)),
      added: Number(added) || 0,
      deleted: Number(deleted) || 0,
      binary: added === '-',
    });
  }
  return files;
}

function nameStatus(letter: string | undefined): FileDiff['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'deleted';
  return letter === 'R' ? 'renamed' : 'modified';
}
