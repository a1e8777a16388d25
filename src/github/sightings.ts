// Looks at pulls and issues again and again: conditional requests, which GitHub answers "unchanged" (304) without
// counting them. Reads only; what a difference means is decided in job/outside.ts.

import { PermanentError } from '../errors.ts';
import type { IssueSighting, PullSighting } from '../job/outside.ts';
import { parseRepo, type Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import type { Client } from './client.ts';
import { asking, isStatus } from './failures.ts';
import { isElsewhere } from './issues.ts';

/** `gone`: GitHub shows us no such thing: deleted, hidden, or our access ended. */
export type Seen<T> =
  | Readonly<{ kind: 'unchanged' }>
  | Readonly<{ kind: 'seen'; etag?: string; value: T }>
  | Readonly<{ kind: 'gone' }>;

type At = Readonly<{ repo: Repo; number: number /** Of the last answer. */; etag?: string | undefined }>;

/** The verbs of looking; see each. A renamed repository is followed (GitHub answers 301). */
export function createSightings(options: { access: Access }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** The pull as it is now, under its repository's name of today. */
    async seePull({ repo, number, etag }: At): Promise<Seen<PullSighting>> {
      return looking(`looking at pull #${number}`, async () => {
        const client = await clientOf(repo);
        const at = { owner: repo.owner, repo: repo.name, pull_number: number };
        const { data, headers } = await client.rest.pulls.get({ ...at, headers: conditional(etag) });
        return { kind: 'seen', ...withEtag(headers.etag), value: toSighting(data, repo) };
      });
    },

    /** Whether an issue is open. One that was deleted or moved away is `gone`. */
    async seeIssue({ repo, number, etag }: At): Promise<Seen<IssueSighting>> {
      return looking(`looking at issue #${number}`, async () => {
        const client = await clientOf(repo);
        const at = { owner: repo.owner, repo: repo.name, issue_number: number };
        const { data, headers } = await client.rest.issues.get({ ...at, headers: conditional(etag) });
        if (await isElsewhere(client, at, data)) return { kind: 'gone' };
        const state = data.state === 'open' ? ('open' as const) : ('closed' as const);
        const value = { state, ...(data.closed_by ? { closedBy: data.closed_by.login } : {}) };
        return { kind: 'seen', ...withEtag(headers.etag), value };
      });
    },

    /** Who closed a pull, as a login; undefined where GitHub does not tell. */
    async whoClosed(repo: Repo, number: number): Promise<string | undefined> {
      return telling(await clientOf(repo), async (client) => {
        const at = { owner: repo.owner, repo: repo.name, issue_number: number };
        return (await client.rest.issues.get(at)).data.closed_by?.login;
      });
    },

    /** Whose commit this is: a login, else the name in the commit. Who pushed it GitHub tells nobody by REST. */
    async whoCommitted(repo: Repo, sha: string): Promise<string | undefined> {
      return telling(await clientOf(repo), async (client) => {
        const { data } = await client.rest.repos.getCommit({ owner: repo.owner, repo: repo.name, ref: sha });
        return data.author?.login ?? data.commit.author?.name;
      });
    },
  };
}

function conditional(etag: string | undefined): Record<string, string> {
  return etag === undefined ? {} : { 'if-none-match': etag };
}

export function withEtag(etag: string | undefined): { etag?: string } {
  return etag === undefined ? {} : { etag };
}

/** Runs a look; that there is nothing new, or nothing for us to see, is an answer. */
export async function looking<T>(doing: string, ask: () => Promise<Seen<T>>): Promise<Seen<T>> {
  try {
    return await ask();
  } catch (thrown) {
    if (isStatus(thrown, 304)) return { kind: 'unchanged' };
    if (isStatus(thrown, 403, 404, 410, 451)) return { kind: 'gone' };
    if (thrown instanceof PermanentError && thrown.code === 'github_no_access') return { kind: 'gone' };
    return asking(doing, () => Promise.reject(thrown));
  }
}

/** For names beside the facts: nobody waits for them, so trouble only leaves them out. */
async function telling(
  client: Client,
  ask: (client: Client) => Promise<string | undefined>,
): Promise<string | undefined> {
  return ask(client).catch(() => undefined);
}

/** How GitHub calls it (docs.github.com, "MergeStateStatus"); in all other states the branch itself is fit to be merged. */
const FRESHNESS: Readonly<Record<string, 'conflicts' | 'behind' | 'unknown'>> = {
  dirty: 'conflicts',
  behind: 'behind',
  unknown: 'unknown',
};

function toSighting(
  data: {
    html_url: string;
    state: string;
    merged_at: string | null;
    merged?: boolean;
    merged_by?: { login: string } | null;
    mergeable_state?: string;
    head: { sha: string; ref: string };
    base: { ref: string; repo: { full_name: string; html_url: string } };
  },
  asked: Repo,
): PullSighting {
  const merged = data.merged === true || Boolean(data.merged_at);
  const freshness = FRESHNESS[data.mergeable_state ?? 'unknown'] ?? 'current';
  return {
    repo: parseRepo(data.base.repo.full_name) ?? asked,
    repoUrl: data.base.repo.html_url,
    url: data.html_url,
    state: merged ? 'merged' : data.state === 'open' ? 'open' : 'closed',
    headRef: data.head.ref,
    headSha: data.head.sha,
    baseRef: data.base.ref,
    ...(data.merged_by ? { mergedBy: data.merged_by.login } : {}),
    ...(freshness === 'unknown' ? {} : { freshness }),
  };
}
