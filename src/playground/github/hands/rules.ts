// What admins and CI decide: protection, refused pushes, checks, settings, people. Repositories are named `owner/name`.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCheck } from '../routes/checks.ts';
import type { BranchProtection, CheckRun, Permission, RepositorySettings, State } from '../state.ts';

export function createRuleHands(state: State) {
  return {
    /** Protects a branch; direct pushes to it are refused unless `refusePushes` is false. */
    async setBranchProtection(
      repo: string,
      branch: string,
      protection: BranchProtection | undefined,
    ): Promise<void> {
      const repository = state.get(repo);
      if (protection) repository.protections.set(branch, protection);
      else repository.protections.delete(branch);
      const refs = [...repository.protections]
        .filter(([, { refusePushes }]) => refusePushes !== false)
        .map(([name]) => `refs/heads/${name}\n`);
      await writeFile(join(repository.directory, 'protected-branches'), refs.join(''));
      state.changed();
    },
    /** Refuses every push with this message, as a pre-receive hook does; undefined lets them pass again. */
    async refusePush(repo: string, message: string | undefined): Promise<void> {
      const file = join(state.get(repo).directory, 'refuse-push');
      if (message === undefined) await rm(file, { force: true });
      else await writeFile(file, `${message}\n`);
    },
    setCheck(
      repo: string,
      sha: string,
      check: Pick<CheckRun, 'name' | 'status'> & Partial<Omit<CheckRun, 'id' | 'at' | 'sha'>>,
    ): void {
      addCheck(state, state.get(repo), { conclusion: null, ...check, sha });
    },
    setSettings(repo: string, settings: Partial<RepositorySettings>): void {
      Object.assign(state.get(repo).settings, settings);
      state.changed();
    },
    /** From now on nobody has this login. */
    removeAccount(login: string): void {
      state.missingAccounts.add(login.toLowerCase());
      state.changed();
    },
    setCollaborator(repo: string, login: string, permission: Permission): void {
      state.get(repo).collaborators.set(login, permission);
      state.changed();
    },
  };
}
