// The host's own bare copy of a repository: made on demand, fetched under a lock, never writable for an agent.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PermanentError } from '../errors.ts';
import { formatRepo, type Repo } from '../job/repo.ts';
import { writeGitDir } from './bare-repository.ts';
import type { Git, GitCredentials } from './git.ts';
import type { Lock } from './lock.ts';
import { branchRef, type Places } from './places.ts';

export type FetchRequest = Readonly<{
  repo: Repo;
  credentials?: GitCredentials | undefined;
  /** Branches (`main`), snapshots (`refs/errand/J-12`) and heads of pulls (`refs/pull/34/head`). */
  refs: readonly string[];
  signal?: AbortSignal | undefined;
}>;

const SNAPSHOTS = 'refs/errand/';
const FETCHED_SNAPSHOTS = 'refs/errand-remote/';
/** GitHub's, also for pulls from forks: anybody may have written what is there. */
const PULL_HEAD = /^refs\/pull\/[1-9]\d{0,8}\/head$/;

/** Stands above every .gitattributes: an encoding that fails would keep the host from reading any file. */
const MIRROR_ATTRIBUTES = '* -working-tree-encoding\n';
const MIRROR_CONFIG = '[core]\n\trepositoryformatversion = 0\n\tbare = true\n';

/** Creates the keeper of the mirrors. */
export function createMirrors({ git, places, lock }: { git: Git; places: Places; lock: Lock }) {
  const urlOf = (repo: Repo) => `${git.serverUrl}/${formatRepo(repo)}.git`;

  /** The mirror's folder; fails when nothing was ever fetched. */
  async function open(repo: Repo): Promise<string> {
    const dir = places.mirror(repo);
    if (await isGitDir(dir)) return dir;
    throw new PermanentError(
      'mirror_missing',
      `${formatRepo(repo)} has not been fetched on this runner yet.`,
    );
  }

  /** Whether anything was ever fetched. A mirror that somebody is just making is none yet. */
  const has = (repo: Repo): Promise<boolean> => isGitDir(places.mirror(repo));

  async function create(dir: string): Promise<void> {
    await mkdir(dirname(dir), { recursive: true });
    if (!(await isGitDir(dir))) {
      await lock.hold(dir, async () => {
        if (!(await isGitDir(dir))) await writeGitDir(dir, { branch: 'main', config: MIRROR_CONFIG });
      });
    }
    await writeFile(join(dir, 'info/attributes'), MIRROR_ATTRIBUTES);
  }

  /** Asks the server where refs stand, without fetching them. Absent ones are absent from the map. */
  async function askRemote(request: FetchRequest): Promise<Map<string, string>> {
    const gitDir = places.mirror(request.repo);
    const names = request.refs.map(remoteName);
    const said = await git.run(['ls-remote', '--quiet', urlOf(request.repo), ...names], {
      ...request,
      gitDir,
    });
    // ls-remote matches tails too (refs/heads/x/refs/heads/main): only exact names count.
    return new Map(parseRefLines(said, '\t').filter(([name]) => names.includes(name)));
  }

  /**
   * Brings the mirror up to date in exactly these refs, and only if they moved. Returns the SHA of each as asked for;
   * a ref that the server does not have is undefined, and forgotten here. Throws TransientError or PermanentError.
   */
  async function fetch(request: FetchRequest): Promise<Record<string, string | undefined>> {
    const gitDir = places.mirror(request.repo);
    await create(gitDir);
    const remote = await askRemote(request);
    const names = request.refs.map(localName);
    let local = await readRefs(gitDir, names);
    if (findStale(request.refs, local, remote).length > 0) {
      await lock.hold(gitDir, () => bringIn(request, gitDir, remote), request.signal);
      local = await readRefs(gitDir, names);
    }
    return Object.fromEntries(request.refs.map((ref) => [ref, local.get(localName(ref))]));
  }

  async function bringIn(request: FetchRequest, gitDir: string, remote: Map<string, string>): Promise<void> {
    // Looked at again: whoever held the lock before us may have fetched the same.
    const local = await readRefs(gitDir, request.refs.map(localName));
    const stale = findStale(request.refs, local, remote);
    const gone = stale.filter((ref) => !remote.has(remoteName(ref)));
    const wanted = stale.filter((ref) => remote.has(remoteName(ref)));
    if (gone.length > 0)
      await updateRefs(
        gitDir,
        gone.map((ref) => `delete ${localName(ref)}`),
      );
    if (wanted.length === 0) return;
    const refspecs = wanted.map((ref) => `+${remoteName(ref)}:${localName(ref)}`);
    await git.run(
      [
        'fetch',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        urlOf(request.repo),
        ...refspecs,
      ],
      { ...request, gitDir },
    );
  }

  /** Reads full ref names. Absent ones are absent from the map. */
  async function readRefs(gitDir: string, names: readonly string[]): Promise<Map<string, string>> {
    const said = await git.attempt(['show-ref', '--', ...names], { gitDir });
    return new Map(parseRefLines(said.stdout, ' ').filter(([name]) => names.includes(name)));
  }

  /** Changes refs in one step. Lines are those of `git update-ref --stdin`. */
  async function updateRefs(gitDir: string, lines: readonly string[]): Promise<void> {
    await git.run(['update-ref', '--stdin'], {
      gitDir,
      input: `${['start', ...lines, 'commit'].join('\n')}\n`,
    });
  }

  return { open, has, create, askRemote, fetch, readRefs, updateRefs, urlOf };
}

export type Mirrors = ReturnType<typeof createMirrors>;

function findStale(
  refs: readonly string[],
  local: Map<string, string>,
  remote: Map<string, string>,
): string[] {
  return refs.filter((ref) => local.get(localName(ref)) !== remote.get(remoteName(ref)));
}

function remoteName(ref: string): string {
  return ref.startsWith(SNAPSHOTS) || PULL_HEAD.test(ref) ? ref : branchRef(ref);
}

function localName(ref: string): string {
  if (PULL_HEAD.test(ref)) return ref;
  return ref.startsWith(SNAPSHOTS) ? `${FETCHED_SNAPSHOTS}${ref.slice(SNAPSHOTS.length)}` : branchRef(ref);
}

function parseRefLines(text: string, separator: string): Array<[name: string, sha: string]> {
  return text.split('\n').flatMap((line): Array<[string, string]> => {
    const at = line.indexOf(separator);
    return at < 0 ? [] : [[line.slice(at + 1), line.slice(0, at)]];
  });
}

/** An empty HEAD is what a full disk left of one. */
async function isGitDir(dir: string): Promise<boolean> {
  return stat(join(dir, 'HEAD')).then(
    ({ size }) => size > 0,
    () => false,
  );
}
