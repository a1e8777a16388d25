// A second, fresh tree for the repository's own checks and for sessions that only read: exactly the files that would be
// pushed, or those of the base, and nothing that an agent left beside them.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linkTree, writeBorrowingGit } from './agent-git.ts';
import { writeSnapshot } from './commits.ts';
import type { Git, GitCall } from './git.ts';
import type { Mirrors } from './mirror.ts';
import type { Places } from './places.ts';
import { removeFolder } from './remove-folder.ts';
import type { Workspace } from './workspace.ts';

const MOST_NAMED = 500;

/** Where checks run; all folders exist and are empty but for the tree. */
export type CheckTree = Readonly<{
  dir: string;
  tree: string;
  gitDir: string;
  home: string;
  tmp: string;
  /** What a command should find in its environment. */
  env: Readonly<Record<string, string>>;
}>;

/** Creates what fills such trees. */
export function createCheckTrees(tools: { git: Git; mirrors: Mirrors; places: Places; now: () => Date }) {
  const { git, mirrors, places } = tools;

  /** A commit of these files on top of the branch's head, which no ref holds: tools like git to know what they look at. */
  async function commitOf({ gitDir, jobId, headSha, attempt }: Workspace, treeSha: string): Promise<string> {
    const at = Math.floor(tools.now().getTime() / 1000);
    const say = `Change of ${jobId}`;
    return (await writeSnapshot(git, gitDir, { treeSha, parent: headSha, say, attempt, at })).sha;
  }

  /** Gives files in the tree the content that they have on the base. */
  async function putBack(
    call: GitCall & Readonly<{ workTree: string }>,
    { baseSha, paths }: { baseSha: string; paths: readonly string[] },
  ): Promise<void> {
    const wanted = new Set(paths);
    // A command line holds so many names and no more.
    const named = paths.length > MOST_NAMED ? [] : ['--', ...paths];
    const said = await git.run(['ls-tree', '-r', '-z', '--name-only', baseSha, ...named], call);
    const there = new Set(said.split('\0').filter((path) => wanted.has(path)));
    // First what goes: a link may lie where the base has a folder.
    for (const path of paths) if (!there.has(path)) await rm(join(call.workTree, path), { force: true });
    if (there.size === 0) return;
    const input = [...there].map((path) => `${path}\0`).join('');
    const restore = [
      'restore',
      `--source=${baseSha}`,
      '--worktree',
      '--pathspec-from-file=-',
      '--pathspec-file-nul',
    ];
    await git.run(restore, { ...call, input });
  }

  /**
   * Fills the tree anew, with the files of `treeSha` or, without it, of the base. Nothing that was started in one of the
   * same name (`as`, a word) may be alive any more. The files `withheld` lie there as on the base, or not at all where that
   * has none; the commit has them as they are.
   */
  return async function prepareCheck(
    workspace: Workspace,
    options: { treeSha?: string; as?: string; withheld?: readonly string[]; signal?: AbortSignal },
  ): Promise<CheckTree> {
    const { treeSha, as = 'run', withheld = [], signal } = options;
    const check = join(places.check(workspace.jobId), as);
    const place = { dir: check, tree: join(check, 'tree'), gitDir: join(check, 'git') };
    const own = { home: join(check, 'home'), tmp: join(check, 'tmp') };
    // The home too: what one run left there, an `.npmrc` say, would decide how the next one ends.
    await removeFolder(check);
    for (const dir of [place.tree, own.home, own.tmp]) await mkdir(dir, { recursive: true, mode: 0o700 });
    const { baseSha, branch } = workspace;
    const sha = treeSha === undefined ? baseSha : await commitOf(workspace, treeSha);
    const mirror = await mirrors.open(workspace.repo);
    await writeBorrowingGit({ ...place, mirror, branch, refs: { [branch]: sha } });
    const call = { gitDir: place.gitDir, workTree: place.tree, ...(signal ? { signal } : {}) };
    // Written a moment ago by us; nobody else has seen this git dir yet.
    await git.run(['reset', '--hard', '--no-recurse-submodules', sha], call);
    if (withheld.length > 0) await putBack(call, { baseSha, paths: withheld });
    await linkTree(place.tree, place.gitDir);
    return { ...place, ...own, env: envOf(workspace, own) };
  };
}

/** The job's own ports and names, with a home and a temp folder apart from the agent's. */
function envOf({ env }: Workspace, { home, tmp }: { home: string; tmp: string }): Record<string, string> {
  return {
    ...env,
    HOME: home,
    TMPDIR: tmp,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
  };
}
