// Which repositories there are and what we may do there. Reads only.
import { PermanentError } from '../errors.ts';
import { parseRepo, type Repo } from '../job/repo.ts';
import type { Access, Reach } from './access.ts';
import { asking, isStatus } from './failures.ts';

/** A repository within reach, by its canonical name. */
export type KnownRepo = Readonly<{
  repo: Repo;
  defaultBranch: string;
  private: boolean;
  archived: boolean;
  url: string;
  /** False for archived repositories too. */
  canPush: boolean;
}>;

export type RepositoryAnswer = KnownRepo | Readonly<{ kind: 'not_found' | 'no_access' }>;

/** Pickers ask on every key; a repository that is new to us may show up this much later. */
const LIST_CACHE_MS = 60_000;

/** The reading of repositories; see `listRepositories` and `repository`. */
export function createRepositories(options: { access: Access; now: () => Date }) {
  const { access, now } = options;
  let cached: { list: Promise<KnownRepo[]>; at: number } | undefined;

  const all = (): Promise<KnownRepo[]> => {
    if (cached && now().getTime() - cached.at < LIST_CACHE_MS) return cached.list;
    const mine = { list: listAll(access), at: now().getTime() };
    cached = mine;
    mine.list.catch(() => {
      if (cached === mine) cached = undefined;
    });
    return mine.list;
  };

  /** See `repository` below. */
  const one = async (repo: Repo): Promise<RepositoryAnswer> => {
    try {
      const reach = await access.reach(repo);
      const { data } = await reach.client.rest.repos.get({ owner: repo.owner, repo: repo.name });
      return toKnownRepo(data, reach) ?? { kind: 'not_found' };
    } catch (thrown) {
      if (thrown instanceof PermanentError && thrown.code === 'github_no_access')
        return { kind: 'no_access' };
      if (isStatus(thrown, 404)) return { kind: 'not_found' };
      if (isStatus(thrown, 403, 451)) return { kind: 'no_access' };
      return asking('reading the repository', () => Promise.reject(thrown));
    }
  };

  return {
    /**
     * All repositories of every installation or of the token, by name; archived ones left out. `query` keeps those
     * whose `owner/name` contains it, best match first. At most a minute old.
     */
    async listRepositories({ query = '' }: { query?: string } = {}): Promise<KnownRepo[]> {
      return searchRepositories(await all(), query);
    },

    /** One repository, fresh. GitHub tells a private repository without access from none at all only to members. */
    repository: one,

    /** The name of the branch that GitHub shows first, fresh; undefined where the repository is out of reach. */
    async defaultBranch(repo: Repo): Promise<string | undefined> {
      const answer = await one(repo);
      return 'kind' in answer ? undefined : answer.defaultBranch;
    },
  };
}

/** Pure: name equal to the query, then name that starts with it, then the rest; alphabetical within. */
export function searchRepositories(list: readonly KnownRepo[], query: string): KnownRepo[] {
  const wanted = query.trim().toLowerCase();
  return list
    .map((known) => ({ known, full: `${known.repo.owner}/${known.repo.name}`.toLowerCase() }))
    .filter(({ full }) => full.includes(wanted))
    .map((entry) => ({ ...entry, rank: rankOf(entry.known.repo.name.toLowerCase(), entry.full, wanted) }))
    .sort((a, b) => a.rank - b.rank || (a.full < b.full ? -1 : 1))
    .map(({ known }) => known);
}

function rankOf(name: string, full: string, wanted: string): number {
  if (name === wanted || full === wanted) return 0;
  return name.startsWith(wanted) || full.startsWith(wanted) ? 1 : 2;
}

async function listAll(access: Access): Promise<KnownRepo[]> {
  const lists = await Promise.all((await access.reaches()).map(listReach));
  const byName = new Map(lists.flat().map((known) => [known.url, known]));
  return [...byName.values()].filter((known) => !known.archived);
}

async function listReach(reach: Reach): Promise<KnownRepo[]> {
  const { paginate, rest } = reach.client;
  const found = await asking('listing the repositories', () =>
    reach.kind === 'installation'
      ? paginate(rest.apps.listReposAccessibleToInstallation, { per_page: 100 })
      : paginate(rest.repos.listForAuthenticatedUser, { per_page: 100 }),
  );
  return found.map((data) => toKnownRepo(data, reach)).filter((known) => known !== undefined);
}

/** Undefined for names we could not pass on safely to git. */
function toKnownRepo(
  data: {
    full_name: string;
    default_branch: string;
    private: boolean;
    archived?: boolean;
    html_url: string;
    permissions?: { push?: boolean };
  },
  reach: Reach,
): KnownRepo | undefined {
  const repo = parseRepo(data.full_name);
  if (!repo) return undefined;
  const archived = data.archived ?? false;
  // An installation's `permissions` in this answer speak of a user; the installation itself knows better.
  // Where nobody says, the push itself will tell.
  const canPush = !archived && (reach.canPush ?? data.permissions?.push ?? true);
  return {
    repo,
    defaultBranch: data.default_branch,
    private: data.private,
    archived,
    url: data.html_url,
    canPush,
  };
}
