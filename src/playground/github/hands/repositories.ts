// Somebody creates a repository, from given files or from a folder.
import { cp, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { readPushes } from '../branches.ts';
import { cloneRepository, type Files, initRepository } from '../repositories.ts';
import {
  authorOf,
  exclusively,
  type Permission,
  type Repository,
  type RepositorySettings,
  type State,
} from '../state.ts';

const SETTINGS: RepositorySettings = {
  private: true,
  installed: true,
  archived: false,
  allowSquashMerge: true,
  allowMergeCommit: true,
  allowRebaseMerge: true,
  deleteBranchOnMerge: false,
};

export type NewRepository = {
  owner: string;
  name: string;
  files?: Files;
  /** A folder whose files become the first commit. */
  fromDir?: string;
  /** An older repository whose commits this one starts with: quick, where many are needed. */
  copyOf?: string;
  /** A git repository on this machine, copied with its branches; nothing ever leads back to it. */
  cloneOf?: string;
  defaultBranch?: string;
  private?: boolean;
};
/** Creates a repository with a real first commit; `people` get write access to it. */
export async function addRepository(
  state: State,
  where: { dir: string; people: readonly string[] },
  wish: NewRepository,
): Promise<Repository> {
  const { owner, name, defaultBranch = 'main' } = wish;
  const fullName = `${owner}/${name}`;
  if (state.find(fullName)) throw new Error(`The local GitHub already has ${fullName}.`);
  const directory = join(where.dir, 'repositories', owner, `${name}.git`);
  if (wish.copyOf) await copyWhole(state.get(wish.copyOf), directory);
  else if (wish.cloneOf) await cloneRepository(directory, wish.cloneOf, defaultBranch);
  else {
    const files =
      wish.files ?? (wish.fromDir ? await readFolder(wish.fromDir) : { 'README.md': `# ${name}\n` });
    const first = { branch: defaultBranch, files, author: authorOf(owner), at: state.now() };
    await initRepository(directory, first);
  }
  const repository = newRecord(state, { ...wish, directory, defaultBranch, people: where.people });
  await readPushes({ ...state, emit: () => {} }, repository, owner);
  state.repositories.set(fullName.toLowerCase(), repository);
  state.changed();
  return repository;
}

/** A push meanwhile would leave a branch in the copy, and not its commit. */
async function copyWhole(source: Repository, directory: string): Promise<void> {
  await exclusively(source, () => cp(source.directory, directory, { recursive: true }));
}

/** Somebody forks a repository: all of its branches, and nobody but them may write to it. */
export async function addFork(
  state: State,
  where: { dir: string },
  wish: { of: string; owner: string },
): Promise<Repository> {
  const parent = state.get(wish.of);
  const { name, defaultBranch, settings } = parent;
  const copy = { ...wish, name, defaultBranch, copyOf: wish.of, private: settings.private };
  const fork = await addRepository(state, { ...where, people: [] }, copy);
  // The App is installed where its owner wants it, and not in everybody's forks.
  Object.assign(fork, { parent, settings: { ...fork.settings, installed: false } });
  return fork;
}

type RecordFields = {
  owner: string;
  name: string;
  directory: string;
  defaultBranch: string;
  private?: boolean;
  people: readonly string[];
};

/** What the state remembers of a repository that has no threads, rules or pushes yet. */
function newRecord(state: State, fields: RecordFields): Repository {
  const { owner, name } = fields;
  const people = fields.people.map((login): [string, Permission] => [login, 'write']);
  return {
    id: state.nextId(),
    owner,
    name,
    fullName: `${owner}/${name}`,
    directory: fields.directory,
    defaultBranch: fields.defaultBranch,
    settings: { ...SETTINGS, private: fields.private ?? true },
    createdAt: state.now(),
    nextNumber: 1,
    issues: new Map(),
    pulls: new Map(),
    branches: new Map(),
    protections: new Map(),
    checks: [],
    statuses: [],
    collaborators: new Map([...people, [owner, 'admin']]),
    queue: [],
    mergeRequests: new Map(),
    tail: Promise.resolve(),
  };
}

/** Somebody renames a repository, or gives it to another owner; its old name leads on until somebody else takes it. */
export async function renameRepository(
  state: State,
  repo: string,
  to: { name: string; owner?: string; by?: string },
): Promise<void> {
  const repository = state.get(repo);
  await exclusively(repository, async () => {
    const from = repository.name;
    const { name, owner = repository.owner } = to;
    const directory = join(dirname(repository.directory), '..', owner, `${name}.git`);
    await mkdir(dirname(directory), { recursive: true });
    await rename(repository.directory, directory);
    state.repositories.delete(repository.fullName.toLowerCase());
    state.formerNames.set(repository.fullName.toLowerCase(), repository);
    Object.assign(repository, { name, owner, fullName: `${owner}/${name}`, directory });
    state.repositories.set(repository.fullName.toLowerCase(), repository);
    const changes = { repository: { name: { from } } };
    state.emit('repository', repository, { action: 'renamed', changes, sender: to.by ?? repository.owner });
  });
  state.changed();
}

/** Somebody deletes a repository: from now on nobody finds it. */
export function deleteRepository(state: State, repo: string, by?: string): void {
  const repository = state.get(repo);
  state.repositories.delete(repository.fullName.toLowerCase());
  state.emit('repository', repository, { action: 'deleted', sender: by ?? repository.owner });
  state.changed();
}

async function readFolder(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = paths.filter((path) => !relative(folder, path).split('/').includes('.git'));
  const read = async (path: string) => [relative(folder, path), await readFile(path, 'utf8')] as const;
  return Object.fromEntries(await Promise.all(kept.map(read)));
}
