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

/**
 * For git over HTTPS. An App's live an hour and are handed out for a quarter of it: ask again for every push and fetch.
 * `mintedAt` is theirs alone: GitHub's git servers may not know a token that is seconds old.
 */
export type GitCredentials = Readonly<{ username: string; password: string; mintedAt?: Date }>;
type GitAsk = Readonly<{
  access: 'read' | 'write';
  /** Not one that was handed out before. */
  anew?: boolean;
}>;

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
  gitCredentials: (repo: Repo, ask: GitAsk) => Promise<GitCredentials>;
}>;

/** An App may be installed and removed while we run; a stale answer heals itself after this long. */
const INSTALLATION_CACHE_MS = 5 * 60_000;
/** A push may take its time, so whoever gets a token has most of its hour before them. */
const GIT_TOKEN_CACHE_MS = 15 * 60_000;

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
    const key = nameOf(repo);
    const known = byRepo.get(key);
    if (known && now().getTime() - known.at < INSTALLATION_CACHE_MS) return known.installation;
    const installation = await findInstallation(self(), repo);
    byRepo.set(key, { installation, at: now().getTime() });
    return installation;
  };

  const mint = async (repo: Repo, access: GitAsk['access']) => {
    const { id } = await installationOf(repo);
    const repositoryId = await readId(clientOf(id), repo);
    const password = await mintToken(self(), { id, repo, repositoryId, access });
    return { username: 'x-access-token', password, mintedAt: now() };
  };

  /** Somebody may have given the repository to another owner since we looked where the App is installed. */
  const mintAsOf: typeof mint = async (repo, access) => {
    const isRemembered = byRepo.has(nameOf(repo));
    try {
      return await mint(repo, access);
    } catch (thrown) {
      if (!isRemembered || !(thrown instanceof PermanentError)) throw thrown;
      byRepo.delete(nameOf(repo));
      return mint(repo, access);
    }
  };

  const gitTokens = new Map<string, Awaited<ReturnType<typeof mint>>>();

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
    gitCredentials: async (repo, { access, anew = false }) => {
      const key = `${access} ${nameOf(repo)}`;
      const known = gitTokens.get(key);
      if (known && !anew && now().getTime() - known.mintedAt.getTime() < GIT_TOKEN_CACHE_MS) return known;
      if (anew) byRepo.delete(nameOf(repo));
      const minted = await mintAsOf(repo, access);
      gitTokens.set(key, minted);
      return minted;
    },
  };
}

const nameOf = (repo: Repo): string => formatRepo(repo).toLowerCase();

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

/** The number of a repository stays when it is renamed, and reading follows the rename. */
async function readId(client: Client, repo: Repo): Promise<number> {
  const name = formatRepo(repo);
  const { data } = await asking(`reading ${name}`, () =>
    client.rest.repos.get({ owner: repo.owner, repo: repo.name }),
  );
  return Number(data.id);
}

/**
 * A token for this repository and for git alone: neither workflows nor pulls, whatever the App itself may do. Asked for by
 * number: everything else follows a repository to its new name, but a name that is asked for here is refused (422).
 */
async function mintToken(
  self: Client,
  want: { id: number; repo: Repo; repositoryId: number; access: 'read' | 'write' },
): Promise<string> {
  const minted = await asking(`minting a git token for ${formatRepo(want.repo)}`, async () => {
    const answer: unknown = await self.auth({
      type: 'installation',
      installationId: want.id,
      repositoryIds: [want.repositoryId],
      permissions: { contents: want.access },
      refresh: true,
    });
    return z.object({ token: z.string().min(1) }).parse(answer);
  });
  return minted.token;
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
