// What is checked in a turn: what the repository names, or the obvious commands that its base commit shows.
import { planChecks } from '../job/checks.ts';
import { discoverToolchains, FILES_READ } from '../job/discover-checks.ts';
import { type FoundChecks, NOTHING_FOUND, planFound } from '../job/plan-found.ts';
import type { Repo } from '../job/repo.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { RunnerContext } from './context.ts';

/** Of a manifest; longer ones are none that people write. */
const MOST_BYTES = 200_000;

/** Everything that is run, the settings' own set-up first. `isSearched`: nobody named anything, so Errand looked by itself. */
export type ChecksPlan = FoundChecks & Readonly<{ isSearched: boolean }>;

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
  const { groups, left } = planFound(discoverToolchains({ names, texts }));
  // A set-up of the project's own makes ready for all of them.
  if (named.setup.length === 0 || groups.length === 0) return { groups, left, isSearched: true };
  const checks = groups.flatMap((group) => group.checks);
  return { groups: [{ setup: named.setup, checks }], left, isSearched: true };
}
