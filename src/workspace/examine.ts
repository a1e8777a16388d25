// Judges what a commit would really hold, read back from git's objects and not from the tree on disk: nobody can change
// those between the look and the push.
import { listChanges, type RawChange } from './diff.ts';
import type { Git } from './git.ts';
import {
  type Entry,
  findBareRepositories,
  findTwins,
  inspectEntry,
  type Limits,
  type Problem,
  problem,
  tooMany,
} from './inspect.ts';
import type { Workspace } from './workspace.ts';

type Tools = Readonly<{ git: Git; limits: Limits }>;

const LFS_POINTER = 'version https://git-lfs.github.com/spec/';
// The specification's own limit for a pointer.
const LFS_POINTER_BYTES = 1024;

/** Finds what must not be published in the step from one tree to another. */
export async function examineTree(
  { git, limits }: Tools,
  workspace: Workspace,
  step: { from: string; to: string },
): Promise<Problem[]> {
  const { gitDir } = workspace;
  const changes = await listChanges(git, gitDir, step.from, step.to);
  if (changes.length > limits.maxFiles) return [tooMany(changes.length, limits)];
  const present = changes.filter(({ status }) => status !== 'D');
  const entries = await readEntries(git, gitDir, present);
  const all = present.length === 0 ? [] : await listAll(git, gitDir, step.to);
  return [
    ...changes.filter(({ path, status }) => path === '.gitmodules' && status === 'D').map(lostSubmodules),
    ...entries.flatMap((entry) => inspectEntry(entry, limits) ?? []),
    ...findInWhole(present, all),
    ...(all.includes('.gitattributes')
      ? await findLostPointers(git, workspace, present, { entries, treeSha: step.to })
      : []),
  ];
}

function lostSubmodules({ path }: RawChange): Problem {
  return problem(path, 'submodule_changed', 'was removed. A person has to change submodules.');
}

async function readEntries(git: Git, gitDir: string, changes: readonly RawChange[]): Promise<Entry[]> {
  const blobs = changes.filter(({ mode }) => mode !== '160000');
  const input = blobs.map(({ sha }) => `${sha}\n`).join('');
  const said = blobs.length > 0 ? await git.run(['cat-file', '--batch-check'], { gitDir, input }) : '';
  const lines = said.split('\n').map((line) => line.split(' '));
  const sizes = new Map(lines.map(([sha = '', , size]) => [sha, Number(size)]));
  const entries: Entry[] = [];
  for (const { path, mode, sha } of changes) {
    const target = mode === '120000' ? { target: await readBlob(git, gitDir, sha) } : {};
    entries.push({ path, mode, sizeBytes: sizes.get(sha) ?? 0, ...target });
  }
  return entries;
}

async function listAll(git: Git, gitDir: string, treeSha: string): Promise<string[]> {
  const listed = await git.run(['ls-tree', '-r', '-z', '--name-only', treeSha], { gitDir });
  return listed.split('\0').filter((path) => path !== '');
}

/** What only the whole tree shows: names that are twins, folders that are repositories. */
function findInWhole(present: readonly RawChange[], all: readonly string[]): Problem[] {
  const added = present.filter(({ status }) => status === 'A').map(({ path }) => path);
  const changed = present.map(({ path }) => path);
  return [...findTwins(added, all), ...findBareRepositories(changed, all)];
}

/** The host runs no filters, so a large file kept by Git LFS would be committed whole: that is refused instead. */
async function findLostPointers(
  git: Git,
  { gitDir, tree }: Workspace,
  present: readonly RawChange[],
  { entries, treeSha }: { entries: readonly Entry[]; treeSha: string },
): Promise<Problem[]> {
  const attributes = await git.attempt(['cat-file', 'blob', `${treeSha}:.gitattributes`], { gitDir });
  if (!attributes.stdout.includes('filter=lfs')) return [];
  const input = present.map(({ path }) => `${path}\0`).join('');
  const said = await git.run(['check-attr', '-z', '--stdin', 'filter'], { gitDir, workTree: tree, input });
  const kept = new Set([...said.matchAll(/([^\0]+)\0filter\0lfs\0/g)].map(([, path]) => path));
  const problems: Problem[] = [];
  for (const [at, { path, sha }] of present.entries()) {
    if (!kept.has(path)) continue;
    const small = (entries[at]?.sizeBytes ?? 0) < LFS_POINTER_BYTES;
    if (small && (await readBlob(git, gitDir, sha)).startsWith(LFS_POINTER)) continue;
    problems.push(problem(path, 'lfs_pointer_lost', 'is kept by Git LFS. A person has to add it.'));
  }
  return problems;
}

async function readBlob(git: Git, gitDir: string, sha: string): Promise<string> {
  return git.run(['cat-file', 'blob', sha], { gitDir });
}
