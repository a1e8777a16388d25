// The bare repositories behind the local GitHub: created with a real first commit, read and written through git alone.
// Knows branches, commits and files; knows nothing of pulls.
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attemptGit, authorEnvironment, git } from './git.ts';

export type Files = Readonly<Record<string, string>>;
export type Author = { name: string; email: string };
export type ChangedFile = {
  path: string;
  status: string;
  additions: number;
  deletions: number;
  patch: string;
};
export type Commit = { sha: string; parents: string[]; author: Author; date: Date; message: string };

/**
 * Runs on every push. `refuse-push` holds a message while all pushes are refused; `protected-branches` the full refs
 * nobody may push to; LOCAL_GITHUB_WORKFLOWS=no marks an App without the `workflows` permission.
 */
const PRE_RECEIVE = `#!/bin/sh
if [ -s refuse-push ]; then cat refuse-push >&2; exit 1; fi
while read -r old new ref; do
  if grep -qxF "$ref" protected-branches 2>/dev/null; then
    echo "error: GH006: Protected branch update failed for $ref." >&2
    echo "error: Changes must be made through a pull request." >&2
    exit 1
  fi
  if [ "$LOCAL_GITHUB_WORKFLOWS" = no ] && [ -n "\${new##0000000*}" ]; then
    file=$(git log --name-only --format= "$new" --not --all -- .github/workflows | head -n 1)
    if [ -n "$file" ]; then
      echo "error: refusing to allow a GitHub App to create or update workflow \\\`$file\\\` without \\\`workflows\\\` permission" >&2
      exit 1
    fi
  fi
done
`;

/** Laid into every repository's config: pushes come in by HTTP but not to refs/pull; any
 * commit and partial clones may be fetched. */
const CONFIG = `[http]
\treceivepack = true
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[receive]
\tshallowUpdate = true
\thideRefs = refs/pull
[gc]
\tauto = 0
`;

/** Creates a bare repository with one commit of `files` on `branch`. */
export async function initRepository(
  directory: string,
  options: { branch: string; files: Files; author: Author; at: Date },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${options.branch}`]);
  await furnish(directory);
  await commitFiles(directory, { ...options, message: 'Initial commit' });
}

/** Creates a bare copy of the repository at the path `from`, with all its branches and no way back to it. */
export async function cloneRepository(directory: string, from: string, branch: string): Promise<void> {
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  // By address, so that everything is copied through git: nothing is shared with the original's files.
  const source = pathToFileURL(from).href;
  await git(parent, ['clone', '--quiet', '--bare', '--template=', source, directory]);
  await git(directory, ['remote', 'remove', 'origin']);
  await git(directory, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  await furnish(directory);
}

/** What makes a bare repository one of ours: who may push what. */
async function furnish(directory: string): Promise<void> {
  await appendFile(join(directory, 'config'), CONFIG);
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'pre-receive'), PRE_RECEIVE, { mode: 0o755 });
}

/** Commits `files` (null deletes) on top of `branch`, creating the branch from `from` when it is new. Returns the SHA. */
export async function commitFiles(
  directory: string,
  options: {
    branch: string;
    files: Readonly<Record<string, string | null>>;
    message: string;
    author: Author;
    at: Date;
    from?: string;
  },
): Promise<string> {
  const ref = `refs/heads/${options.branch}`;
  const isNew = (await resolveCommit(directory, ref)) === undefined;
  const parent = isNew && options.from ? await resolveCommit(directory, options.from) : undefined;
  const person = `${options.author.name} <${options.author.email}> ${Math.floor(options.at.getTime() / 1000)} +0000`;
  const changes = Object.entries(options.files).map(([path, content]) =>
    content === null ? `D ${quotePath(path)}\n` : `M 100644 inline ${quotePath(path)}\n${data(content)}`,
  );
  const head = `commit ${ref}\nmark :1\nauthor ${person}\ncommitter ${person}\n${data(options.message)}`;
  const from = isNew ? (parent ? `from ${parent}\n` : '') : `from ${ref}^0\n`;
  const input = `${head}${from}${changes.join('')}\nget-mark :1\n`;
  return git(directory, ['fast-import', '--quiet'], { input });
}

/** A piece of content in the language of `git fast-import`. */
const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`;
const quotePath = (path: string) => `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;

/** Writes a commit object and returns its SHA. The committer is GitHub, as for everything done on its pages. */
export async function commitTree(
  directory: string,
  options: { tree: string; parents: readonly string[]; message: string; author: Author; at: Date },
): Promise<string> {
  const parents = options.parents.flatMap((parent) => ['-p', parent]);
  return git(directory, ['commit-tree', options.tree, ...parents, '-F', '-'], {
    input: options.message.endsWith('\n') ? options.message : `${options.message}\n`,
    env: authorEnvironment(options.author, options.at),
  });
}

/** The commit a branch, full ref, tag or SHA stands for; undefined when there is none. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  // One name a line.
  if (name.includes('\n')) return undefined;
  const isFull = /^[0-9a-f]{40}$/.test(name) || name.startsWith('refs/') || name === 'HEAD';
  const candidates = [...(isFull ? [name] : []), `refs/heads/${name}`, `refs/tags/${name}`];
  const input = candidates.map((candidate) => `${candidate}^{commit}\n`).join('');
  const said = await attemptGit(directory, ['cat-file', '--batch-check'], { input });
  return /^([0-9a-f]{40}) commit \d+$/m.exec(said.stdout)?.[1];
}

/** All branches with their commits, as git has them now. */
export async function listBranches(directory: string): Promise<Map<string, string>> {
  const format = '%(refname:lstrip=2) %(objectname)';
  const lines = await git(directory, ['for-each-ref', `--format=${format}`, 'refs/heads/']);
  return new Map(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line): [string, string] => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), line.slice(space + 1)];
      }),
  );
}

/** The commits of `head` that `base` does not have, oldest first; both are SHAs. */
export const listCommits = remember(readCommits);

async function readCommits(directory: string, base: string, head: string): Promise<Commit[]> {
  const format = '%H%x00%P%x00%an%x00%ae%x00%at%x00%B%x01';
  const text = await git(directory, ['log', '--reverse', `--format=${format}`, head, '--not', base]);
  return text
    .split('\x01')
    .map(parseCommit)
    .filter((commit) => commit !== undefined);
}

/** One commit by name. */
export async function readCommit(directory: string, sha: string): Promise<Commit | undefined> {
  const format = '%H%x00%P%x00%an%x00%ae%x00%at%x00%B%x01';
  const text = await git(directory, ['log', '-1', `--format=${format}`, sha]);
  return parseCommit(text.replace('\x01', ''));
}

function parseCommit(text: string): Commit | undefined {
  const [sha = '', parents = '', name = '', email = '', seconds = '', message = ''] = text
    .trimStart()
    .split('\0');
  if (!sha) return undefined;
  const date = new Date(Number(seconds) * 1000);
  return {
    sha,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email },
    date,
    message: message.trim(),
  };
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'changed',
};

/** What `head` changes since it left `base`, file by file with its patch; both are SHAs. */
export const listChangedFiles = remember(readChangedFiles);

async function readChangedFiles(directory: string, base: string, head: string): Promise<ChangedFile[]> {
  const how = ['--no-renames', '-z', '--raw', '--numstat', '--patch'];
  const text = await git(directory, ['diff', ...how, `${base}...${head}`]);
  // First all raw records, then all numbers, in the same order, each ended by a NUL; then the patches, without any.
  const end = text.lastIndexOf('\0') + 1;
  const lists = text.slice(0, end);
  const letters = [...lists.matchAll(/:\d+ \d+ [0-9a-f]+ [0-9a-f]+ ([A-Z])\d*\0/g)].map(
    ([, letter]) => letter,
  );
  const numbers = [...lists.matchAll(/(?<=^|\0)(\d+|-)\t(\d+|-)\t([^\0]*)\0/g)];
  const patch = text
    .slice(end)
    .split(/^diff --git /m)
    .slice(1);
  return numbers.map(([, additions, deletions, path = ''], at) => {
    const hunks = patch[at] ?? '';
    return {
      path,
      status: STATUS_WORDS[letters[at] ?? ''] ?? 'modified',
      additions: Number(additions) || 0,
      deletions: Number(deletions) || 0,
      patch: hunks.includes('\n@@') ? hunks.slice(hunks.indexOf('\n@@') + 1).trimEnd() : '',
    };
  });
}

const MOST_REMEMBERED = 500;

/** What two commits differ in never changes, and is asked for with every look at a pull. */
function remember<T>(read: (directory: string, base: string, head: string) => Promise<T>): typeof read {
  const known = new Map<string, Promise<T>>();
  return (directory, base, head) => {
    const key = JSON.stringify([directory, base, head]);
    const found = known.get(key) ?? read(directory, base, head);
    known.set(key, found);
    found.catch(() => known.delete(key));
    if (known.size > MOST_REMEMBERED) known.delete(known.keys().next().value ?? key);
    return found;
  };
}

/** Whether `ancestor` is part of `descendant`'s history. */
export async function isAncestor(directory: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await attemptGit(directory, ['merge-base', '--is-ancestor', ancestor, descendant])).code === 0;
}

/** Writes the files of `commit` into the folder `target`, without a `.git`. */
export async function checkoutFiles(directory: string, commit: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const index = join(dirname(directory), `index-${crypto.randomUUID()}`);
  try {
    const args = [
      `--git-dir=${directory}`,
      `--work-tree=${target}`,
      'checkout',
      '--quiet',
      '--force',
      commit,
      '--',
      '.',
    ];
    await git(target, args, { env: { GIT_INDEX_FILE: index } });
  } finally {
    await rm(index, { force: true });
  }
}
