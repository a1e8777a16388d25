// Reads and writes commits in the host's object store.
import { randomUUID } from 'node:crypto';
import type { Git, GitIdentity } from './git.ts';

/** The facts of a commit that decide things here. */
export type Commit = Readonly<{
  sha: string;
  treeSha: string;
  parents: readonly string[];
  committedAt: number;
  /** For snapshots: the attempt at the job whose work it holds; 0 for others. */
  attempt: number;
  /** For snapshots: the commit of the base that is being merged into the branch with this work. */
  merging?: string;
}>;

const ATTEMPT = 'Errand-Attempt';
const MERGING = 'Errand-Merging';

/**
 * Loads commits by anything git understands as one, all in one process. Absent ones are absent from the map.
 * `committedAt` in seconds.
 */
export async function loadCommits(
  git: Git,
  gitDir: string,
  names: readonly string[],
): Promise<Map<string, Commit>> {
  // A mark that no commit message can contain tells where one ends; the name comes back with it.
  const mark = randomUUID();
  const input = names.map((name) => `${name}^{commit} ${name}\n`).join('');
  const said = await git.run(['cat-file', `--batch=${mark} %(objectname) %(rest)`], { gitDir, input });
  const commits = new Map<string, Commit>();
  for (const part of said.split(`${mark} `).slice(1)) {
    const [, sha = '', name = '', head = '', message = ''] =
      /^([0-9a-f]+) (.*)\n([\s\S]*?)\n\n([\s\S]*)/.exec(part) ?? [];
    commits.set(name, parseCommit(sha, head, message));
  }
  return commits;
}

function parseCommit(sha: string, head: string, message: string): Commit {
  const treeSha = /^tree ([0-9a-f]+)$/m.exec(head)?.[1] ?? '';
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? '');
  const committedAt = Number(/^committer .* (\d+) [+-]\d+$/m.exec(head)?.[1] ?? 0);
  const attempt = Number(new RegExp(`^${ATTEMPT}: (\\d+)$`, 'm').exec(message)?.[1] ?? 0);
  const merging = new RegExp(`^${MERGING}: ([0-9a-f]{40})$`, 'm').exec(message)?.[1];
  return { sha, treeSha, parents, committedAt, attempt, ...(merging === undefined ? {} : { merging }) };
}

/** Writes a commit. The same input makes the same SHA: author and committer are one, with one date. */
export async function writeCommit(
  git: Git,
  gitDir: string,
  commit: { treeSha: string; parents: readonly string[]; message: string; identity: GitIdentity },
): Promise<string> {
  const { treeSha, parents, message, identity } = commit;
  const args = ['commit-tree', treeSha, ...parents.flatMap((parent) => ['-p', parent])];
  return (
    await git.run(args, { gitDir, identity, input: message.endsWith('\n') ? message : `${message}\n` })
  ).trim();
}

/**
 * Writes unpublished work as a commit that tells whose it is. `at` in seconds; signed by nobody whom people know, since
 * it is never shown to them. `published` is the commit in which people have it; it becomes a second parent.
 */
export async function writeSnapshot(
  git: Git,
  gitDir: string,
  snapshot: Readonly<{
    treeSha: string;
    parent: string;
    published?: string;
    say: string;
    attempt: number;
    at: number;
    merging?: string | undefined;
  }>,
): Promise<Commit> {
  const { treeSha, parent, published, say, attempt, at, merging } = snapshot;
  const parents = published === undefined ? [parent] : [parent, published];
  const more = merging === undefined ? '' : `\n${MERGING}: ${merging}`;
  const message = `${say}\n\n${ATTEMPT}: ${attempt}${more}`;
  const sha = await writeCommit(git, gitDir, { treeSha, parents, message, identity: snapshotIdentity(at) });
  return { sha, treeSha, parents, committedAt: at, attempt, ...(merging === undefined ? {} : { merging }) };
}

/** Whether a snapshot holds later work than another: of a later attempt, or of the same one at a later time. */
export function isNewer(one: Commit, other: Commit): boolean {
  return one.attempt === other.attempt ? one.committedAt > other.committedAt : one.attempt > other.attempt;
}

/** Is `older` in the history of `newer`, or the same? */
export async function isAncestor(git: Git, gitDir: string, older: string, newer: string): Promise<boolean> {
  if (older === newer) return true;
  return (await git.attempt(['merge-base', older, newer], { gitDir })).stdout.trim() === older;
}

function snapshotIdentity(at: number): GitIdentity {
  return { name: 'Errand', email: 'errand@localhost', date: `${at} +0000` };
}
