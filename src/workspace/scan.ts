// Finds what changed in a tree on disk, before anything of it is read: git compares times and sizes, we look at kinds.
import { chmod, lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TransientError } from '../errors.ts';
import type { Git } from './git.ts';
import { inspectName, type Limits, notAFile, type Problem, problem, tooLarge, tooMany } from './inspect.ts';
import { makeReadable } from './make-readable.ts';
import type { Workspace } from './workspace.ts';

/** `present` files may go into the index and `gone` ones out of it; those with problems stay as they were. */
export type Scan = Readonly<{ present: string[]; gone: string[]; problems: Problem[] }>;

// Half a second in a tree of 50,000 files. A pipe in the place of a .gitignore would make git wait for ever: after the
// first time the tree is looked through for such things.
const STATUS_TIMEOUT_MS = { first: 3_000, second: 120_000 };

/**
 * Compares the tree with the host's index. The `.gitignore` files count as the agent left them, as for any developer:
 * ignoring hides work from the pull only, and un-ignoring shows it. What the agent's git dir says counts for nothing.
 */
export async function scanTree(git: Git, workspace: Workspace, limits: Limits): Promise<Scan> {
  const { tree } = workspace;
  const root = await lstat(tree).catch(() => undefined);
  if (!root?.isDirectory()) {
    const lost = problem(
      '.',
      'tree_replaced',
      'the folder of the repository is gone or was replaced. Retry the job.',
    );
    return { present: [], gone: [], problems: [lost] };
  }
  const args = [
    'status',
    '--porcelain',
    '-z',
    '--branch',
    '--untracked-files=all',
    '--no-renames',
    '--ignore-submodules=all',
  ];
  const changed = parseStatus(await readStatus(git, workspace, args));
  // What is gone is not looked at on disk: a link in the place of its folder would lead elsewhere.
  const gone = changed.filter(({ letter }) => letter === 'D').map(({ path }) => path);
  const found = changed.filter(({ letter }) => letter !== 'D').map(({ path }) => path);
  const judged = await judgeAll(found.slice(0, limits.maxSnapshotFiles), workspace, limits);
  const problems = [
    ...judged.flatMap(({ problem }) => problem ?? []),
    ...(await judgeSubmodules(workspace)),
    ...(changed.length > limits.maxFiles ? [tooMany(changed.length, limits)] : []),
    ...(found.length > limits.maxSnapshotFiles
      ? [problem('.', 'not_taken', `has ${found.length} changed files; ${limits.maxSnapshotFiles} are kept.`)]
      : []),
  ];
  return { present: judged.flatMap(({ path, problem }) => (problem ? [] : [path])), gone, problems };
}

/** What git says of the tree; where something keeps it from looking, that is mended first. */
async function readStatus(git: Git, { gitDir, tree }: Workspace, args: readonly string[]): Promise<string> {
  const call = { gitDir, workTree: tree };
  try {
    const said = await git.attempt(args, { ...call, timeoutMs: STATUS_TIMEOUT_MS.first });
    if (said.exitCode === 0 && !/Permission denied/.test(said.stderr)) return said.stdout;
  } catch (thrown) {
    if (!(thrown instanceof TransientError)) throw thrown;
  }
  await makeReadable(tree);
  return git.run(args, { ...call, timeoutMs: STATUS_TIMEOUT_MS.second });
}

/** Files that differ from the index, with git's letter for it. The first column (index against HEAD) is old news. */
function parseStatus(text: string): Array<{ letter: string; path: string }> {
  return text.split('\0').flatMap((line) => {
    const letter = line[1] ?? ' ';
    return letter === ' ' || line.startsWith('##') ? [] : [{ letter, path: line.slice(3) }];
  });
}

async function judgeAll(paths: readonly string[], workspace: Workspace, limits: Limits) {
  const judged: Array<{ path: string; problem: Problem | undefined }> = [];
  const step = 500;
  for (let at = 0; at < paths.length; at += step) {
    const some = paths.slice(at, at + step);
    judged.push(
      ...(await Promise.all(
        some.map(async (path) => ({ path, problem: await judge(path, workspace, limits) })),
      )),
    );
  }
  return judged;
}

async function judge(path: string, { tree }: Workspace, limits: Limits): Promise<Problem | undefined> {
  // Git shows a repository inside the tree as a folder.
  if (path.endsWith('/')) {
    return problem(
      path,
      'nested_repository',
      'is a git repository of its own. Remove it or its .git folder.',
    );
  }
  const named = inspectName(path);
  if (named) return named;
  const found = await lstat(join(tree, path)).catch(() => undefined);
  if (!found || found.isSymbolicLink()) return undefined;
  if (found.isDirectory()) return undefined;
  if (!found.isFile()) return notAFile(path);
  if ((found.mode & 0o400) === 0) await chmod(join(tree, path), found.mode | 0o400);
  return found.size > limits.maxFileBytes ? tooLarge(path, found.size, limits) : undefined;
}

async function judgeSubmodules(workspace: Workspace): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, sha } of workspace.submodules) {
    const held = await readdir(join(workspace.tree, path)).catch(() => []);
    if (held.length === 0 || (await readCheckedOut(workspace, path)) === sha) continue;
    problems.push(
      problem(path, 'submodule_changed', 'is a submodule and was changed. A person has to do that.'),
    );
  }
  return problems;
}

/** The commit that a submodule stands at, read as plain text and only within the job's folder: no git runs there. */
async function readCheckedOut({ dir, tree }: Workspace, path: string): Promise<string | undefined> {
  const folder = join(tree, path);
  const link = (await readNote(join(folder, '.git'), dir)) ?? 'gitdir: .git';
  return readNote(join(resolve(folder, link.replace(/^gitdir:/, '').trim()), 'HEAD'), dir);
}

/** Reads a small file that really lies in `within`; a pipe put there would never end. */
async function readNote(path: string, within: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (!real?.startsWith(`${within}/`)) return undefined;
  const found = await lstat(real);
  return found.isFile() && found.size < 4096 ? (await readFile(real, 'utf8')).trim() : undefined;
}
