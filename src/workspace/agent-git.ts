// The git that the agent sees: a git dir of its own that borrows the mirror's objects. Written once, never read again.
import { copyFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeGitDir } from './bare-repository.ts';

type AgentGit = Readonly<{
  agentGitDir: string;
  tree: string;
  /** The host's view of the same tree; its index is copied. */
  gitDir: string;
  /** The mirror, whose objects are borrowed read-only. */
  mirror: string;
  branch: string;
  headSha: string;
  base: string;
  baseSha: string;
}>;

/** Gives the tree to the agent's git: on the job's branch at `headSha`, with earlier unpublished work staged. */
export async function writeAgentGit(options: AgentGit): Promise<void> {
  const { agentGitDir, tree, branch, base, mirror } = options;
  const refs = { [base]: options.baseSha, [branch]: options.headSha };
  await writeBorrowingGit({ gitDir: agentGitDir, tree, mirror, branch, refs });
  await copyIndex(join(options.gitDir, 'index'), join(agentGitDir, 'index'));
  await linkTree(tree, agentGitDir);
}

/** A git dir over `tree` with the mirror's objects: on `branch`, with `refs` (branch → SHA) and no index yet. */
export async function writeBorrowingGit(options: {
  gitDir: string;
  tree: string;
  mirror: string;
  branch: string;
  refs: Readonly<Record<string, string>>;
}): Promise<void> {
  const { gitDir, tree, branch, refs } = options;
  const config = [
    '[core]',
    '\trepositoryformatversion = 0',
    '\tbare = false',
    `\tworktree = ${quote(tree)}`,
    '\tlogAllRefUpdates = true',
    '[gc]',
    '\tauto = 0',
    '[user]',
    '\tname = Errand agent',
    '\temail = agent@errand.invalid',
    '',
  ].join('\n');
  await writeGitDir(gitDir, { branch, config });
  await writeFile(join(gitDir, 'objects/info/alternates'), `${join(options.mirror, 'objects')}\n`);
  const lines = Object.entries(refs).map(([name, sha]) => `${sha} refs/heads/${name}\n`);
  await writeFile(
    join(gitDir, 'packed-refs'),
    lines.sort((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1)).join(''),
  );
}

/** What git itself wrote there leads to the mirror. */
export async function linkTree(tree: string, gitDir: string): Promise<void> {
  await rm(join(tree, '.git'), { force: true });
  await writeFile(join(tree, '.git'), `gitdir: ${gitDir}\n`);
}

/**
 * With the index the agent's first `git status` need not read the tree. Its time goes along: git takes files that are
 * no older than the index for possibly changed, and a younger copy would hide edits made in the second of the checkout.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const { mtimeMs } = await stat(from);
  const seconds = Math.floor(mtimeMs) / 1000;
  await utimes(to, seconds, seconds);
}

function quote(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
