// What a prepared workspace is, and the host's note about it. The note lives outside of what the agent can write.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Places } from './places.ts';

const sha = z.string().regex(/^[0-9a-f]{40}$/);

const workspaceSchema = z.object({
  jobId: z.string(),
  /** The attempt at the job that this tree was made for; a tree of an earlier version counts as older than any. */
  attempt: z.number().default(0),
  repo: z.object({ owner: z.string(), name: z.string() }),
  branch: z.string(),
  /** The job's folder; a sandbox starts here. */
  dir: z.string(),
  /** The files that the agent works on. */
  tree: z.string(),
  /** The agent's throw-away HOME; kept between turns. */
  home: z.string(),
  tmp: z.string(),
  /** The host's view of the tree: the worktree's folder in the mirror. Never shown to an agent. */
  gitDir: z.string(),
  /** The agent's own git dir, to which `tree/.git` points. Nothing in it is trusted. */
  agentGitDir: z.string(),
  /** Where the job's branch left the base branch: a pull shows everything since. */
  baseSha: sha,
  /** What the next commit rests on: the branch's head, or the base in a first turn. */
  headSha: sha,
  /** The files the tree was filled with: `headSha`, or a snapshot of unpublished work on top of it. */
  startSha: sha,
  /** The tree was filled with a snapshot: unpublished work of an earlier turn, or a merge of the base. */
  restored: z.boolean(),
  /** The start holds changes that no turn has published, beyond a merge of the base. What an earlier version noted may. */
  unpublished: z.boolean().default(true),
  /** Files with conflict markers, because somebody pushed beside unpublished work, or the base is being merged. */
  conflicts: z.array(z.string()),
  /**
   * The base is being merged into the branch: `sha` of the base becomes a second parent, and `fork` is where the branch
   * left the base before. `baseSha` is `sha` meanwhile: a pull shows nothing else any more.
   */
  merging: z.object({ sha, fork: sha }).optional(),
  /** Submodules at the start. Their folders are empty and must stay what they are. */
  submodules: z.array(z.object({ path: z.string(), sha })),
  /** What an agent's process should find in its environment. */
  env: z.record(z.string(), z.string()),
});

export type Workspace = Readonly<z.infer<typeof workspaceSchema>>;

/** Where the mirror of a workspace's `gitDir` keeps its objects. We make all mirrors ourselves, with SHA-1 names. */
export function objectsOf(gitDir: string): Readonly<{ dir: string; format: string }> {
  return { dir: join(gitDir, '..', '..', 'objects'), format: 'sha1' };
}

/** Writes the note in one step, so that it is never half there. */
export async function saveRecord(places: Places, workspace: Workspace): Promise<void> {
  const path = places.record(workspace.jobId);
  await mkdir(places.records, { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(workspace));
  await rename(`${path}.new`, path);
}

/** Reads the note; undefined when there is none or it cannot be read (an older version's, say). */
export async function loadRecord(places: Places, jobId: string): Promise<Workspace | undefined> {
  const text = await readFile(places.record(jobId), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = workspaceSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

export async function removeRecord(places: Places, jobId: string): Promise<void> {
  await rm(places.record(jobId), { force: true });
}

/** Lists the jobs that have a note. */
export async function listRecords(places: Places): Promise<string[]> {
  const names = await readdir(places.records).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}

/** The worktree folders, in any mirror, that belong to this tree; more than one only after a crash. */
export async function findWorktrees(places: Places, tree: string): Promise<string[]> {
  const found: string[] = [];
  for (const mirror of await listMirrors(places)) {
    for (const name of await listFolder(join(mirror, 'worktrees'))) {
      const dir = join(mirror, 'worktrees', name);
      const link = await readFile(join(dir, 'gitdir'), 'utf8').catch(() => '');
      if (link.trim() === join(tree, '.git')) found.push(dir);
    }
  }
  return found;
}

/** Every mirror on this machine. */
export async function listMirrors(places: Places): Promise<string[]> {
  const owners = await listFolder(places.repos);
  const lists = await Promise.all(
    owners.map(async (owner) => {
      const names = await listFolder(join(places.repos, owner));
      return names.filter((name) => name.endsWith('.git')).map((name) => join(places.repos, owner, name));
    }),
  );
  return lists.flat();
}

async function listFolder(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
