// Who the bot is on GitHub: its login and the name under which it commits. Asked once, then remembered.
import type { Access } from './access.ts';
import { asking, isStatus } from './failures.ts';

export type Identity = Readonly<{
  login: string;
  kind: 'app' | 'user';
  /** Numeric account id; absent where GitHub would not tell. */
  id?: number;
  /** Classic tokens only; fine-grained ones and Apps do not say. */
  scopes?: string[];
}>;

export type WhoAmI = () => Promise<Identity>;

export type CommitAuthor = Readonly<{ name: string; email: string }>;

/** The two questions about ourselves. Failures are not remembered. */
export function createIdentity(options: { access: Access; serverUrl: string }) {
  let known: Promise<Identity> | undefined;
  const whoAmI: WhoAmI = () => {
    if (known) return known;
    const asked = asking('asking who we are', () =>
      (options.access.kind === 'app' ? readApp : readUser)(options.access),
    );
    known = asked;
    const forget = () => {
      known = undefined;
    };
    // Before it is installed anywhere an App cannot read the id of its own account.
    asked.then(({ id }) => id === undefined && forget(), forget);
    return asked;
  };

  /** The address by which GitHub knows an account's commits; it tells nobody's e-mail. */
  function noreply({ login, id }: { login: string; id?: number | undefined }): string {
    const { hostname } = new URL(options.serverUrl);
    return `${id === undefined ? login : `${id}+${login}`}@users.noreply.${hostname}`;
  }

  return {
    /** Our account: `slug[bot]` for an App, the owner of a token else. */
    whoAmI,

    /**
     * The author of our commits: GitHub links them to the account by its noreply address (docs.github.com, "Setting
     * your commit email address"). A token's owner lends the address, not the name: a person did not write these.
     */
    async bot(): Promise<CommitAuthor> {
      const { kind, login, id } = await whoAmI();
      return { name: kind === 'app' ? login : 'errand[bot]', email: noreply({ login, id }) };
    },

    noreply,
  };
}

async function readApp({ self, reaches }: Access): Promise<Identity> {
  const { data } = await self.rest.apps.getAuthenticated();
  const login = `${data?.slug ?? data?.name ?? 'errand'}[bot]`;
  // The App's id is not the id of its bot account, and `/users` is closed to an App's own JWT.
  const [reach] = await reaches();
  const id = reach && (await readUserId(reach.client, login));
  return { login, kind: 'app', ...(id !== undefined && { id }) };
}

async function readUserId(client: Access['self'], username: string): Promise<number | undefined> {
  try {
    return Number((await client.rest.users.getByUsername({ username })).data.id);
  } catch (thrown) {
    if (isStatus(thrown, 403, 404)) return undefined;
    throw thrown;
  }
}

async function readUser({ self }: Access): Promise<Identity> {
  const { data, headers } = await self.rest.users.getAuthenticated();
  const scopes = headers['x-oauth-scopes']
    ?.split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
  return { login: data.login, kind: 'user', id: Number(data.id), ...(scopes?.length && { scopes }) };
}
