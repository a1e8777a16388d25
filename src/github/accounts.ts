// People at GitHub: whether they exist, and what they may do in a repository. Reads only.
import { PermanentError } from '../errors.ts';
import type { AccountRights } from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { asking, isStatus } from './failures.ts';

type Account = Readonly<{ login: string; id: number }>;

/** The two questions; see each. */
export function createAccounts(options: { access: Access }) {
  return {
    /** Undefined when there is no such account. */
    async account(login: string): Promise<{ login: string; id: number } | undefined> {
      return asking(`looking for ${login}`, async () => {
        // An App's own key does not open `/users`; any of its installations does.
        const [reach] = await options.access.reaches();
        if (reach === undefined)
          throw new PermanentError('github_no_access', 'The GitHub App is installed nowhere yet.');
        try {
          const { data } = await reach.client.rest.users.getByUsername({ username: login });
          return data.type === 'User' ? { login: data.login, id: Number(data.id) } : undefined;
        } catch (thrown) {
          if (isStatus(thrown, 404)) return undefined;
          throw thrown;
        }
      });
    },

    /**
     * Whether GitHub lets this account write to the repository (`write`, `maintain` or `admin`). People rename their
     * accounts, and somebody else may take the old name: whoever has it by now inherits nothing.
     */
    async accountRights(repo: Repo, { login, id }: Account): Promise<AccountRights> {
      return asking(`asking what ${login} may do`, async () => {
        const { client } = await options.access.reach(repo);
        try {
          const { data } = await client.rest.repos.getCollaboratorPermissionLevel({
            owner: repo.owner,
            repo: repo.name,
            username: login,
          });
          const owner = data.user ?? (await client.rest.users.getByUsername({ username: login })).data;
          if (Number(owner.id) !== id) return { mayWrite: false, isOther: true };
          return { mayWrite: data.permission === 'write' || data.permission === 'admin' };
        } catch (thrown) {
          if (isStatus(thrown, 404)) return { mayWrite: false };
          throw thrown;
        }
      });
    },
  };
}
