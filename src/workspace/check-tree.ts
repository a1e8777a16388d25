// A second, fresh tree for the repository's own checks and for sessions that only read: exactly the files that would be
// pushed, or those of the base, and nothing that an agent left beside them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { linkTree, writeBorrowingGit } from './agent-git.ts';
import { writeSnapshot } from './commits.ts';
import type { Git } from './git.ts';
import type { Mirrors } from './mirror.ts';
import type { Places } from './places.ts';
import { removeFolder } from './remove-folder.ts';
import type { Workspace } from './workspace.ts';

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

  /**
   * Fills the tree anew, with the files of `treeSha` or, without it, of the base. Nothing that was started in one of the
   * same name (`as`, a word) may be alive any more.
   */
  return async function prepareCheck(
    workspace: Workspace,
    options: { treeSha?: string; as?: string; signal?: AbortSignal },
  ): Promise<CheckTree> {
    const { treeSha, as = 'run', signal } = options;
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
