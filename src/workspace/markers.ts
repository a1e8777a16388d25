// Finds conflict markers that a merge has left in files. Reads git's objects, never the tree that an agent wrote.
import type { Git } from './git.ts';

/** Files that one git is asked about: their names must fit on a command line. */
const ASKED_AT_ONCE = 200;

/** Those of `paths` that hold, in this tree (or commit), a line which opens a conflict and one which closes it. */
export async function findMarkers(
  git: Git,
  gitDir: string,
  { treeSha, paths }: Readonly<{ treeSha: string; paths: readonly string[] }>,
): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < paths.length; from += ASKED_AT_ONCE) {
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
        ...paths.slice(from, from + ASKED_AT_ONCE),
      ],
      { gitDir },
    );
    const names = said.stdout.split('\0').filter((name) => name.startsWith(`${treeSha}:`));
    found.push(...names.map((name) => name.slice(treeSha.length + 1)));
  }
  return found;
}
