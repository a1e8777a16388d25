// What people mean by `BASE..HEAD`: finds the git dir, resolves the names, and lists what commits in between hold.
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PermanentError } from '../errors.ts';
import { loadSizes } from './blobs.ts';
import type { CommitWords, Objects } from './change.ts';
import type { Git } from './git.ts';

export type Range = Readonly<{
  objects: Objects;
  /** Tree before; undefined: nothing was there. */
  from: string | undefined;
  to: string;
  /** The commit whose settings count; undefined where the range begins with nothing. */
  base: string | undefined;
  /** Objects that only the range's commits hold. */
  history: readonly Readonly<{ path: string; sha: string }>[];
  /** What the range's commits say. */
  messages: readonly CommitWords[];
  gaps: readonly string[];
}>;

const NAME = /^(?!-)[^\s:?*[\\\p{Cc}]+$/u;
const MOST_HISTORY_BYTES = 16_000_000;
const HOW = 'Write it as BASE..HEAD, BASE...HEAD or one commit.';

/** The git dir that a person means: itself, a bare repository, or the top of a checkout. Throws PermanentError. */
export async function findGitDir(path: string): Promise<string> {
  const top = resolve(path);
  for (const dir of [top, join(top, '.git')]) {
    const found = await stat(dir).catch(() => undefined);
    if (found?.isFile()) {
      const link = /^gitdir: (.+)/.exec((await readFile(dir, 'utf8')).slice(0, 4096))?.[1];
      if (link) return resolve(dir, '..', link.trim());
    }
    const head = await stat(join(dir, 'HEAD')).catch(() => undefined);
    if (found?.isDirectory() && head?.isFile()) return dir;
  }
  throw new PermanentError(
    'no_git_dir',
    `There is no git repository at ${JSON.stringify(path)}. Pass its .git folder: --git-dir path/to/.git`,
  );
}

/** Resolves what a person wrote. Throws PermanentError with a sentence on what to write instead. */
export async function resolveRange(git: Git, gitDir: string, text: string): Promise<Range> {
  const objects = await findObjects(git, gitDir);
  const { base, head, dots } = splitRange(text);
  const to = await resolveTree(git, gitDir, head);
  if (base === undefined)
    return {
      ...(await parentOf(git, gitDir, head)),
      objects,
      to,
      history: [],
      ...(await readMessages(git, gitDir, [`--max-count=1`, head])),
    };
  const start = dots === '...' ? await mergeBase(git, gitDir, { base, head }) : base;
  const from = await resolveTree(git, gitDir, start);
  if (dots === '..') await refuseParted(git, gitDir, { base, head });
  const past = await listHistory(git, gitDir, { from: start, to: head });
  const said = past.hasCommits
    ? await readMessages(git, gitDir, [head, `^${start}`])
    : { messages: [], gaps: [] };
  const { history, gaps } = past;
  return {
    objects,
    from,
    to,
    base: await resolveCommit(git, gitDir, start),
    history,
    messages: said.messages,
    gaps: [...gaps, ...said.gaps],
  };
}

/** Where a git dir keeps its objects; a worktree's are those of its repository. */
export async function findObjects(git: Git, gitDir: string): Promise<Objects> {
  const said = await git.run(['rev-parse', '--show-object-format', '--git-path', 'objects'], { gitDir });
  const [format = 'sha1', dir = 'objects'] = said.split('\n');
  return { dir: resolve(gitDir, dir), format };
}

function splitRange(text: string): { base: string | undefined; head: string; dots: string } {
  const [, left = '', dots = '', right = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(text) ?? [];
  const parts =
    dots === '' ? { base: undefined, head: text } : { base: left || 'HEAD', head: right || 'HEAD' };
  const isName = (name: string | undefined) =>
    name === undefined || (NAME.test(name) && !name.includes('..'));
  if (!isName(parts.base) || !isName(parts.head) || text === '..' || text === '...') {
    throw new PermanentError('bad_range', `${JSON.stringify(text)} is not a range of commits. ${HOW}`);
  }
  return { ...parts, dots };
}

async function resolveTree(git: Git, gitDir: string, name: string): Promise<string> {
  const found = await resolveName(git, gitDir, `${name}^{tree}`);
  if (found !== undefined) return found;
  const isShallow = (await stat(join(gitDir, 'shallow')).catch(() => undefined)) !== undefined;
  const hint = isShallow ? 'It is a shallow clone: run `git fetch --unshallow` first.' : HOW;
  throw new PermanentError(
    'unknown_commit',
    `This repository has no commit ${JSON.stringify(name)}. ${hint}`,
  );
}

/** Undefined for a name of a tree, such as that of the empty one. */
function resolveCommit(git: Git, gitDir: string, name: string): Promise<string | undefined> {
  return resolveName(git, gitDir, `${name}^{commit}`);
}

async function resolveName(git: Git, gitDir: string, name: string): Promise<string | undefined> {
  const said = await git.attempt(['rev-parse', '--verify', '--quiet', name], { gitDir });
  return said.exitCode === 0 ? said.stdout.trim() : undefined;
}

async function parentOf(git: Git, gitDir: string, head: string): Promise<Pick<Range, 'from' | 'base'>> {
  const commit = await resolveCommit(git, gitDir, head);
  if (commit === undefined)
    throw new PermanentError('bad_range', `${JSON.stringify(head)} is not a commit. ${HOW}`);
  const base = await resolveCommit(git, gitDir, `${commit}^1`);
  return { from: base && (await resolveTree(git, gitDir, base)), base };
}

/**
 * Two dots compare two trees. Where both went on since they parted, what the other side added would look removed here, so
 * whoever means that has to say so; histories that never met are compared as they are.
 */
async function refuseParted(git: Git, gitDir: string, { base, head }: { base: string; head: string }) {
  const ends = await loadSizes(git, { gitDir }, [base, head]);
  if (ends.some((end) => end?.type === 'tree')) return;
  const [from, to] = [await resolveCommit(git, gitDir, base), await resolveCommit(git, gitDir, head)];
  const met = await git.attempt(['merge-base', base, head], { gitDir });
  if (met.exitCode !== 0 || met.stdout.trim() === from) return;
  const why =
    met.stdout.trim() === to
      ? `${head} is older than ${base}. Write the older one first`
      : `${base} went on since ${head} began. Write ${base}...${head} to judge what ${head} adds`;
  throw new PermanentError('not_ancestor', `${why}.`);
}

async function mergeBase(git: Git, gitDir: string, { base, head }: { base: string; head: string }) {
  const said = await git.attempt(['merge-base', base, head], { gitDir });
  if (said.exitCode === 0) return said.stdout.trim();
  const why =
    said.exitCode === 1
      ? 'have no commit in common'
      : 'cannot be compared: one of them is not a commit that is there';
  throw new PermanentError('no_merge_base', `${base} and ${head} ${why}. Write BASE..HEAD instead.`);
}

/** Only where there is more than one commit: a file that came and went again is pushed all the same. */
async function listHistory(
  git: Git,
  gitDir: string,
  { from, to }: { from: string; to: string },
): Promise<Pick<Range, 'history' | 'gaps'> & { hasCommits: boolean }> {
  const nothing = { history: [], gaps: [], hasCommits: false };
  const ends = await loadSizes(git, { gitDir }, [from, to]);
  if (ends.some((end) => end?.type === 'tree')) return nothing;
  const count = await git.attempt(['rev-list', '--count', '--max-count=2', to, `^${from}`], { gitDir });
  if (count.exitCode === 0 && Number(count.stdout) < 2) {
    return { ...nothing, hasCommits: Number(count.stdout) > 0 };
  }
  const said = await git.attempt(['rev-list', '--objects', to, `^${from}`], {
    gitDir,
    limitBytes: MOST_HISTORY_BYTES,
  });
  const gap = 'Not all commits of the range could be looked at; only what they change together was.';
  const history = [...said.stdout.matchAll(/^([0-9a-f]{40,64}) (.+)$/gm)].map(([, sha = '', path = '']) => ({
    sha,
    path,
  }));
  return { history, gaps: said.exitCode !== 0 || said.cut ? [gap] : [], hasCommits: true };
}

/** The messages of commits, and the names that stand in them. Plumbing, since `git log` would obey the repository's settings. */
async function readMessages(
  git: Git,
  gitDir: string,
  which: readonly string[],
): Promise<Pick<Range, 'messages' | 'gaps'>> {
  const format = '--format=%x00%H%n%an <%ae>%n%cn <%ce>%n%B';
  const said = await git.attempt(['rev-list', format, ...which], {
    gitDir,
    limitBytes: MOST_HISTORY_BYTES,
  });
  const messages = said.stdout
    .split('\0')
    .filter((one) => one.trim() !== '')
    .map((one) => ({ sha: one.slice(0, one.indexOf('\n')), text: one.slice(one.indexOf('\n') + 1) }));
  const gap = 'Not all messages of the commits could be looked at.';
  return { messages, gaps: said.exitCode !== 0 || said.cut ? [gap] : [] };
}
