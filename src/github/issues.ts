// Issues in, comments out. What strangers wrote leaves here cleaned and bounded, but is still untrusted.
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { cleanText, cutText } from './clean-text.ts';
import type { Client } from './client.ts';
import { asking, isStatus, isUnclear } from './failures.ts';
import type { Identity, WhoAmI } from './identity.ts';

export type IssueComment = Readonly<{
  author: string;
  body: string;
  at: string;
  /** GitHub's author_association: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, NONE … */
  association: string;
}>;

export type IssueAnswer =
  | Readonly<{
      kind: 'issue';
      title: string;
      body: string;
      author: string;
      association: string;
      labels: string[];
      state: 'open';
      url: string;
      /** The newest ones, oldest first. */
      comments: IssueComment[];
      omittedComments: number;
    }>
  | Readonly<{ kind: 'pull'; title: string; url: string }>
  | Readonly<{ kind: 'closed'; title: string; url: string }>
  | Readonly<{ kind: 'not_found' }>;

/** Bounds for what is read of one issue: enough for any honest discussion, small enough for a prompt. */
const MAX_COMMENTS = 50;
const MAX_BODY_CHARS = 30_000;
const MAX_COMMENT_CHARS = 6_000;

/** The reading of issues and the writing of comments; see `issue` and `comment`. */
export function createIssues(options: { access: Access; whoAmI: WhoAmI }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** Reads an issue with its newest comments. Deleted and transferred-away issues are `not_found`. */
    async issue(repo: Repo, number: number): Promise<IssueAnswer> {
      return asking(`reading issue #${number}`, async () => {
        const client = await clientOf(repo);
        const at = { owner: repo.owner, repo: repo.name, issue_number: number };
        const data = await readIssue(client, at);
        if (!data || (await isElsewhere(client, at, data))) return { kind: 'not_found' };
        const { title, html_url: url } = data;
        if (data.pull_request) return { kind: 'pull', title: cleanText(title), url };
        if (data.state !== 'open') return { kind: 'closed', title: cleanText(title), url };
        const comments = data.comments > 0 ? await readNewestComments(client, at, data.comments) : [];
        return {
          kind: 'issue',
          title: cleanText(title),
          body: cutText(cleanText(data.body ?? ''), MAX_BODY_CHARS),
          author: data.user?.login ?? 'ghost',
          association: data.author_association ?? 'NONE',
          labels: (data.labels ?? [])
            .map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
            .filter(Boolean),
          state: 'open',
          url,
          comments,
          omittedComments: Math.max(0, data.comments - comments.length),
        };
      });
    },

    /**
     * Writes a comment once: `marker` (e.g. `errand:J-12:rejected`) goes along invisibly, and a comment that carries
     * it already is returned instead. Also after an answer that got lost.
     */
    async comment(ask: { repo: Repo; number: number; body: string; marker: string }) {
      return asking(`commenting on #${ask.number}`, async () => {
        const client = await clientOf(ask.repo);
        const at = { owner: ask.repo.owner, repo: ask.repo.name, issue_number: ask.number };
        const mark = { marker: ask.marker, by: await options.whoAmI() };
        const found = await findComment(client, at, mark);
        if (found) return { ...found, created: false };
        try {
          const { data } = await client.rest.issues.createComment({
            ...at,
            body: withMarker(ask.body, ask.marker),
          });
          return { url: data.html_url, created: true };
        } catch (thrown) {
          const written = isUnclear(thrown) ? await findComment(client, at, mark) : undefined;
          if (!written) throw thrown;
          return { ...written, created: true };
        }
      });
    },
  };
}

/** Adds an invisible line by which a text is found again. Markers are ours: letters, digits, `:`, `-`, `.`, `/`. */
export function withMarker(text: string, marker: string): string {
  const line = markerLine(marker);
  return text.includes(line) ? text : `${text.trimEnd()}\n\n${line}`;
}

/** True when `text` carries the marker. */
export function hasMarker(text: string | null | undefined, marker: string): boolean {
  return text?.includes(markerLine(marker)) ?? false;
}

/** A text of ours as GitHub lists it. `by`: who we are. */
export type Mark = Readonly<{ marker: string; by: Pick<Identity, 'login' | 'id'> }>;

/**
 * True for a text of our own account that carries the marker: anybody may write one, and must not speak for us. An account
 * keeps its number when it is renamed, and somebody else may take its old name.
 */
export function isMarked(
  said: Readonly<{
    body?: string | null | undefined;
    user?: Readonly<{ login: string; id: number | bigint }> | null | undefined;
  }>,
  { marker, by }: Mark,
): boolean {
  if (!said.user || !hasMarker(said.body, marker)) return false;
  if (by.id !== undefined) return Number(said.user.id) === by.id;
  return said.user.login.toLowerCase() === by.login.toLowerCase();
}

function markerLine(marker: string): string {
  return `<!-- ${marker.replace(/[^\w:./-]|--+/g, '-')} -->`;
}

type IssueAt = { owner: string; repo: string; issue_number: number };

/**
 * True for an issue that was transferred: GitHub leads on to it in its new repository (301; docs.github.com, "Get an issue"),
 * where its number means something else. A repository that only has another name leads on in the same way.
 */
export async function isElsewhere(
  client: Client,
  { owner, repo, issue_number }: IssueAt,
  found: Readonly<{ number: number; repository_url?: string }>,
): Promise<boolean> {
  if (found.number !== issue_number) return true;
  const where = /\/repos\/([^/]+\/[^/]+)$/.exec(found.repository_url ?? '')?.[1]?.toLowerCase();
  if (where === undefined || where === `${owner}/${repo}`.toLowerCase()) return false;
  return (await client.rest.repos.get({ owner, repo })).data.full_name.toLowerCase() !== where;
}

async function readIssue(client: Client, at: IssueAt) {
  try {
    return (await client.rest.issues.get(at)).data;
  } catch (thrown) {
    if (isStatus(thrown, 404, 410)) return undefined;
    throw thrown;
  }
}

/** The list is oldest first, so the newest are on the last page and, where that is short, the one before. */
async function readNewestComments(client: Client, at: IssueAt, total: number): Promise<IssueComment[]> {
  const lastPage = Math.ceil(total / MAX_COMMENTS);
  const pages = lastPage > 1 ? [lastPage - 1, lastPage] : [1];
  const lists = await Promise.all(
    pages.map((page) => client.rest.issues.listComments({ ...at, per_page: MAX_COMMENTS, page })),
  );
  return lists
    .flatMap(({ data }) => data)
    .slice(-MAX_COMMENTS)
    .map((comment) => ({
      author: comment.user?.login ?? 'ghost',
      body: cutText(cleanText(comment.body ?? ''), MAX_COMMENT_CHARS),
      at: comment.created_at,
      association: comment.author_association ?? 'NONE',
    }));
}

async function findComment(client: Client, at: IssueAt, mark: Mark): Promise<{ url: string } | undefined> {
  const pages = client.paginate.iterator(client.rest.issues.listComments, { ...at, per_page: 100 });
  for await (const { data } of pages) {
    const found = data.find((comment) => isMarked(comment, mark));
    if (found) return { url: found.html_url };
  }
  return undefined;
}
