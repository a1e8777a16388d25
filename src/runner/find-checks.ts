// What is checked in a turn: what the repository names, or the obvious commands that its base commit shows.
import { planChecks } from '../job/checks.ts';
import { describeUnreached, INNER_MANIFESTS } from '../job/discover/inner-projects.ts';
import { readWorkspaces } from '../job/discover/workspaces.ts';
import { discoverToolchains, FILES_READ } from '../job/discover-checks.ts';
import { type FoundChecks, NOTHING_FOUND, planFound } from '../job/plan-found.ts';
import type { Repo } from '../job/repo.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { Workspaces } from '../workspace/workspaces.ts';
import type { RunnerContext } from './context.ts';

/** Of a manifest; longer ones are none that people write. */
const MOST_BYTES = 200_000;
/** What the checks of a monorepo are is clear from fewer. */
const MOST_PACKAGES = 60;

/**
 * Everything that is run, the settings' own set-up first. `isSearched`: nobody named anything, so Errand looked by itself;
 * `unreached` tells people of projects that it leaves out.
 */
export type ChecksPlan = FoundChecks & Readonly<{ isSearched: boolean; unreached?: string | undefined }>;

/** Never from a tree that an agent has had its hands on. */
export async function planTurnChecks(
  { workspaces, findChecks }: RunnerContext,
  { repo, sha, settings }: Readonly<{ repo: Repo; sha: string; settings: RepoSettings }>,
): Promise<ChecksPlan> {
  const named = planChecks(settings);
  // An empty list says that there is nothing to run.
  if (settings.checks !== undefined || !findChecks)
    return { ...NOTHING_FOUND, groups: named.checks.length > 0 ? [named] : [], isSearched: false };
  const entries = await workspaces.listCommitted({ repo, sha, path: '' });
  const names = new Set(entries.map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name)));
  const texts: Record<string, string> = {};
  for (const path of FILES_READ) {
    if (!entries.some(({ name, kind }) => name === path && kind === 'file')) continue;
    texts[path] = (await workspaces.readCommitted({ repo, sha, path, limitBytes: MOST_BYTES })) ?? '';
  }
  const packages = await readPackages(workspaces, { repo, sha, texts });
  const toolchains = discoverToolchains({ names, texts, packages });
  const manifests = await workspaces.findCommitted({ repo, sha, names: INNER_MANIFESTS });
  const unreached = describeUnreached(manifests, { toolchains, hasPackages: packages.length > 0 });
  const { groups, left } = planFound(toolchains);
  // A set-up of the project's own makes ready for all of them.
  if (named.setup.length === 0 || groups.length === 0) return { groups, left, unreached, isSearched: true };
  const checks = groups.flatMap((group) => group.checks);
  return { groups: [{ setup: named.setup, checks }], left, unreached, isSearched: true };
}

/** The manifests of a monorepo's packages, as its root names them. */
async function readPackages(
  { listCommitted, readCommitted }: Pick<Workspaces, 'listCommitted' | 'readCommitted'>,
  { repo, sha, texts }: Readonly<{ repo: Repo; sha: string; texts: Readonly<Record<string, string>> }>,
): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const { parent, name } of readWorkspaces(texts)) {
    if (name !== '*') folders.push(`${parent}${name}`);
    else
      for (const entry of await listCommitted({ repo, sha, path: parent.replace(/\/$/, '') }))
        if (entry.kind === 'folder') folders.push(`${parent}${entry.name}`);
  }
  const found: string[] = [];
  for (const folder of folders.slice(0, MOST_PACKAGES)) {
    const path = `${folder}/package.json`;
    const text = await readCommitted({ repo, sha, path, limitBytes: MOST_BYTES });
    if (text !== undefined) found.push(text);
  }
  return found;
}
