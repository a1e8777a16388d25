// Who we are towards GitHub: an App with its installations, or a token. Finds the client that may speak for a
// repository and mints git credentials. Does nothing with what it gives access to.
import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import { formatRepo, type Repo } from '../job/repo.ts';
import type { Client, ClientFactory } from './client.ts';
import { asking, isStatus } from './failures.ts';

export type Auth =
  | Readonly<{ kind: 'app'; appId: string | number; privateKey: string }>
  | Readonly<{ kind: 'token'; token: string }>;

/** For git over HTTPS. Good for at most an hour: ask again for every push and fetch. */
type GitCredentials = Readonly<{ username: string; password: string }>;

/** A part of GitHub that one client reaches: an installation of the App, or everything a token sees. */
export type Reach = Readonly<{ client: Client; kind: 'installation' | 'user'; canPush: boolean | undefined }>;

export type Access = Readonly<{
  kind: 'app' | 'token';
  /** Speaks as the App itself (`/app…` routes only), or as the token's owner. */
  self: Client;
  /** All that can be reached, suspended installations left out. */
  reaches: () => Promise<Reach[]>;
  /** Throws PermanentError `github_no_access` where the App is not installed. */
  reach: (repo: Repo) => Promise<Reach>;
  gitCredentials: (repo: Repo, access: 'read' | 'write') => Promise<GitCredentials>;
}>;

/** An App may be installed and removed while we run; a stale answer heals itself after this long. */
const INSTALLATION_CACHE_MS = 5 * 60_000;

/** Creates the access for `auth`; asks GitHub nothing yet. Throws PermanentError `github_auth` for a key that is none. */
export function createAccess(options: { auth: Auth; clients: ClientFactory; now: () => Date }): Access {
  const { auth, clients, now } = options;
  return auth.kind === 'app' ? createAppAccess(auth, clients, now) : createTokenAccess(auth.token, clients);
}

function createTokenAccess(token: string, clients: ClientFactory): Access {
  const self = () => clients('token', { auth: token });
  const reach = (): Reach => ({ client: self(), kind: 'user', canPush: undefined });
  return {
    kind: 'token',
    get self() {
      return self();
    },
    reaches: async () => [reach()],
    reach: async () => reach(),
    gitCredentials: async () => ({ username: 'x-access-token', password: token }),
  };
}

type Installation = Readonly<{ id: number; canPush: boolean; suspended: boolean }>;
type AppAuth = Extract<Auth, { kind: 'app' }>;

function createAppAccess(auth: AppAuth, clients: ClientFactory, now: () => Date): Access {
  const credentials = { appId: auth.appId, privateKey: readPrivateKey(auth.privateKey) };
  const self = () => clients('app', { authStrategy: createAppAuth, auth: credentials });
  const byRepo = new Map<string, { installation: Installation; at: number }>();

  const clientOf = (id: number): Client => {
    const auth = { ...credentials, installationId: id };
    return clients(`installation ${id}`, { authStrategy: createAppAuth, auth }, renewRefusedTokens);
  };

  const toReach = ({ id, canPush }: Installation): Reach => ({
    client: clientOf(id),
    kind: 'installation',
    canPush,
  });

  const installationOf = async (repo: Repo): Promise<Installation> => {
    const key = formatRepo(repo).toLowerCase();
    const known = byRepo.get(key);
    if (known && now().getTime() - known.at < INSTALLATION_CACHE_MS) return known.installation;
    const installation = await findInstallation(self(), repo);
    byRepo.set(key, { installation, at: now().getTime() });
    return installation;
  };

  return {
    kind: 'app',
    get self() {
      return self();
    },
    reaches: async () => {
      const found = await asking('listing the installations of the App', () =>
        self().paginate(self().rest.apps.listInstallations, { per_page: 100 }),
      );
      return found
        .map(toInstallation)
        .filter((one) => !one.suspended)
        .map(toReach);
    },
    reach: async (repo) => toReach(await installationOf(repo)),
    gitCredentials: async (repo, access) => {
      const { id } = await installationOf(repo);
      return { username: 'x-access-token', password: await mintToken(self(), { id, repo, access }) };
    },
  };
}

/** Environment files often hold the key on one line with written-out line ends. */
function readPrivateKey(text: string): string {
  const pem = text.replaceAll('\\n', '\n').trim();
  try {
    createPrivateKey(pem);
    return pem;
  } catch (thrown) {
    const say = "The GitHub App's private key is no PEM key. Use the whole .pem file that GitHub gave you.";
    throw new PermanentError('github_auth', say, { cause: thrown });
  }
}

/** A token may be revoked before its hour is over (suspended, installed anew): then a fresh one is tried, once. */
function renewRefusedTokens(client: Client): void {
  client.hook.wrap('request', async (request, options) => {
    try {
      return await request(options);
    } catch (thrown) {
      if (!isStatus(thrown, 401) || options.url.startsWith('/app/')) throw thrown;
      await client.auth({ type: 'installation', refresh: true });
      return request(options);
    }
  });
}

async function findInstallation(self: Client, repo: Repo): Promise<Installation> {
  const name = formatRepo(repo);
  try {
    const { data } = await self.rest.apps.getRepoInstallation({ owner: repo.owner, repo: repo.name });
    const installation = toInstallation(data);
    if (!installation.suspended) return installation;
  } catch (thrown) {
    if (!isStatus(thrown, 404, 403))
      return asking(`looking for the App in ${name}`, () => Promise.reject(thrown));
  }
  throw new PermanentError(
    'github_no_access',
    `The GitHub App cannot see ${name}. Check the spelling, or install the App there.`,
  );
}

/** A token for this repository and for git alone: neither workflows nor pulls, whatever the App itself may do. */
async function mintToken(
  self: Client,
  want: { id: number; repo: Repo; access: 'read' | 'write' },
): Promise<string> {
  const minted = await asking(`minting a git token for ${formatRepo(want.repo)}`, () =>
    self.auth({
      type: 'installation',
      installationId: want.id,
      repositoryNames: [want.repo.name],
      permissions: { contents: want.access },
      refresh: true,
    }),
  );
  return z.object({ token: z.string().min(1) }).parse(minted).token;
}

function toInstallation(data: {
  id: number | bigint;
  permissions: { contents?: string };
  suspended_at?: string | null;
}): Installation {
  return {
    id: Number(data.id),
    canPush: data.permissions?.contents === 'write',
    suspended: Boolean(data.suspended_at),
  };
}
