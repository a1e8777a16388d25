// Finds conflict markers that a merge has left in files. Reads git's objects, never the tree that an agent wrote.
import type { Git } from './git.ts';

/** Files named at the most; whoever resolves these is told of the next ones. */
const MOST_NAMED = 200;

/** Those of `paths` that hold, in this tree (or commit), a line which opens a conflict and one which closes it. */
export async function findMarkers(
  git: Git,
  gitDir: string,
  { treeSha, paths }: Readonly<{ treeSha: string; paths: readonly string[] }>,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const said = await git.attempt(
    [
      'grep',
      '--no-recurse-submodules',
      '--files-with-matches',
      '--all-match',
      '-z',
      '-e',
      '^<<<<<<< ',
      '-e',
      '^>>>>>>> ',
      treeSha,
      '--',
      ...paths.slice(0, MOST_NAMED),
    ],
    { gitDir },
  );
  return said.stdout
    .split('\0')
    .filter((name) => name.startsWith(`${treeSha}:`))
    .map((name) => name.slice(treeSha.length + 1))
    .slice(0, MOST_NAMED);
}
