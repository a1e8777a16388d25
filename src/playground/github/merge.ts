// Real merges inside a bare repository: merge commit, squash and rebase, by `git merge-tree` (git ≥ 2.38). Only builds
// commits; whether one may merge is merge-rules.ts, what follows from a merge is pulls.ts.
import { attemptGit, git } from './git.ts';
import { type Author, type Commit, commitTree, listCommits } from './repositories.ts';
import type { MergeMethod, Pull, Repository } from './state.ts';

export type MergeWish = {
  method: MergeMethod;
  title?: string | undefined;
  message?: string | undefined;
  author: Author;
  at: Date;
};

/** Whether `head` goes into `base` without a conflict. */
export async function mergesCleanly(directory: string, base: string, head: string): Promise<boolean> {
  return (await mergedTree(directory, base, head)) !== undefined;
}

/** The tree of both sides merged; undefined on a conflict. */
async function mergedTree(directory: string, base: string, head: string): Promise<string | undefined> {
  const merged = await attemptGit(directory, ['merge-tree', '--write-tree', base, head]);
  if (merged.code > 1) throw new Error(`git merge-tree failed: ${merged.stderr}`);
  return merged.code === 0 ? merged.stdout.split('\n')[0] : undefined;
}

/** Builds the commit that merges `pull` onto `base` and returns its SHA; undefined on a conflict. Moves no branch. */
export async function buildMerge(
  repository: Repository,
  pull: Pull,
  base: string,
  wish: MergeWish,
): Promise<string | undefined> {
  const { directory } = repository;
  const commits = await listCommits(directory, base, pull.head.sha);
  if (wish.method === 'rebase') return rebase(directory, base, commits);
  const tree = await mergedTree(directory, base, pull.head.sha);
  if (!tree) return undefined;
  const squash = wish.method === 'squash';
  const message = squash ? squashMessage(pull, commits, wish) : mergeMessage(repository, pull, wish);
  const parents = squash ? [base] : [base, pull.head.sha];
  return commitTree(directory, { tree, parents, message, author: wish.author, at: wish.at });
}

function mergeMessage(repository: Repository, pull: Pull, wish: MergeWish): string {
  const title =
    wish.title ??
    `Merge pull request #${pull.number} from ${(pull.head.fork ?? repository).owner}/${pull.head.ref}`;
  return `${title}\n\n${wish.message ?? pull.title}`.trim();
}

/** GitHub's default: the pull's title with its number, then the commits' messages and the co-authors. */
function squashMessage(pull: Pull, commits: readonly Commit[], wish: MergeWish): string {
  const only = commits.length === 1 ? commits[0] : undefined;
  const [firstLine = '', ...rest] = (only?.message ?? '').split('\n');
  const title = wish.title ?? `${only ? firstLine : pull.title} (#${pull.number})`;
  const body = only ? rest.join('\n').trim() : commits.map((commit) => `* ${commit.message}`).join('\n\n');
  return `${title}\n\n${wish.message ?? body}`.trim();
}

/**
 * Puts the commits one by one on top of `base`. A pick is a three-way merge whose base is the commit's own parent;
 * git 2.39 has no `merge-tree --merge-base`, so the tip's tree is given that parent for the moment.
 */
async function rebase(
  directory: string,
  base: string,
  commits: readonly Commit[],
): Promise<string | undefined> {
  let tip = base;
  for (const commit of commits) {
    const parent = commit.parents[0];
    if (!parent || commit.parents.length > 1) return undefined;
    const stand = await git(directory, ['commit-tree', `${tip}^{tree}`, '-p', parent, '-m', 'stand-in']);
    const tree = await mergedTree(directory, stand, commit.sha);
    if (!tree) return undefined;
    const { author, date, message } = commit;
    tip = await commitTree(directory, { tree, parents: [tip], message, author, at: date });
  }
  return tip;
}
