// What people say under a pull, and our answers there. Reading is by conditional requests; every answer may be given again
// without standing there twice. Who counts is decided elsewhere.
import { z } from 'zod';
import type { SaidUnderPull } from '../job/remarks.ts';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { cleanText, cutText } from './clean-text.ts';
import type { Client } from './client.ts';
import { asking, isStatus, isUnclear } from './failures.ts';
import type { WhoAmI } from './identity.ts';
import { isMarked, type Mark, withMarker } from './issues.ts';

type PullAt = Readonly<{ repo: Repo; number: number }>;
/** The three lists that GitHub keeps of a pull. */
const LISTS = ['lines', 'reviews', 'conversation'] as const;
type ListName = (typeof LISTS)[number];
/** Of each list the last answer's ETag. */
export type ListTags = Readonly<Partial<Record<ListName, string>>>;

const PAGE = 100;
const MOST_CHARS = 8_000;

/** The verbs; see each. */
export function createRemarks(options: { access: Access; whoAmI: WhoAmI }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** All that was said in those lists that are not as `tags` says. Nothing, and no tag, where GitHub shows us no list. */
    async readRemarks(
      at: PullAt,
      tags: ListTags,
    ): Promise<{ said: readonly SaidUnderPull[]; tags: ListTags }> {
      return asking(`reading what is said under #${at.number}`, async () => {
        const client = await clientOf(at.repo);
        const lists = await Promise.all(LISTS.map((name) => readList(client, at, { name, tag: tags[name] })));
        const found = lists.flatMap(({ tag }, index) => (tag ? [[LISTS[index], tag] as const] : []));
        return { said: lists.flatMap(({ said }) => said), tags: Object.fromEntries(found) };
      });
    },

    /**
     * Says something in a thread on a line, once: `marker` goes along invisibly. `gone` where somebody deleted the thread.
     */
    async answerThread(
      ask: PullAt & Readonly<{ thread: number; body: string; marker: string }>,
    ): Promise<'said' | 'gone'> {
      return asking(`answering under #${ask.number}`, async () => {
        const client = await clientOf(ask.repo);
        const mark = { ...ask, by: await options.whoAmI() };
        if (await isSaid(client, mark)) return 'said';
        try {
          await client.rest.pulls.createReplyForReviewComment({
            ...toPath(ask),
            comment_id: ask.thread,
            body: withMarker(ask.body, ask.marker),
          });
          return 'said';
        } catch (thrown) {
          if (isStatus(thrown, 404, 410)) return 'gone';
          if (isUnclear(thrown) && (await isSaid(client, mark))) return 'said';
          throw thrown;
        }
      });
    },

    /** Resolves threads, named by their first comment; those that are resolved or gone are left as they are. */
    async resolveThreads({
      threads,
      ...at
    }: PullAt & Readonly<{ threads: readonly number[] }>): Promise<void> {
      if (threads.length === 0) return;
      await asking(`resolving threads of #${at.number}`, async () => {
        const client = await clientOf(at.repo);
        for (const thread of await listThreads(client, at)) {
          const first = thread?.comments.nodes[0];
          if (!thread || !first || thread.isResolved) continue;
          if (threads.map(String).includes(first)) await client.graphql(RESOLVE, { threadId: thread.id });
        }
      });
    },
  };
}

function toPath({ repo, number }: PullAt) {
  return { owner: repo.owner, repo: repo.name, pull_number: number };
}

/**
 * A list that grew beyond a page has no tag: its first page may stay as it is while the last one grows. A 403 or 404 is no
 * trouble of ours: there is nothing to hear.
 */
async function readList(
  client: Client,
  at: PullAt,
  { name, tag }: Readonly<{ name: ListName; tag: string | undefined }>,
): Promise<{ said: readonly SaidUnderPull[]; tag?: string }> {
  const headers = tag === undefined ? {} : { 'if-none-match': tag };
  try {
    const { said, etag } = await LIST[name](client, at, headers);
    return { said, ...(etag !== undefined && said.length < PAGE ? { tag: etag } : {}) };
  } catch (thrown) {
    if (isStatus(thrown, 304)) return { said: [], ...(tag === undefined ? {} : { tag }) };
    if (isStatus(thrown, 403, 404, 410)) return { said: [] };
    throw thrown;
  }
}

type Read = (
  client: Client,
  at: PullAt,
  headers: Record<string, string>,
) => Promise<{ said: SaidUnderPull[]; etag: string | undefined }>;

const LIST: Readonly<Record<ListName, Read>> = {
  async lines(client, at, headers) {
    const call = { ...toPath(at), per_page: PAGE, sort: 'created', direction: 'desc', headers } as const;
    const { data, headers: answer } = await client.rest.pulls.listReviewComments(call);
    const said = data.map((one) => ({
      ...common('c', one),
      thread: Number(one.in_reply_to_id ?? one.id),
      path: one.path,
      ...(one.line || one.original_line ? { line: Number(one.line ?? one.original_line) } : {}),
      hunk: one.diff_hunk,
    }));
    return { said: said.toReversed(), etag: answer.etag };
  },
  async reviews(client, at, headers) {
    const call = { ...toPath(at), per_page: PAGE, headers };
    const { data, headers: answer } = await client.rest.pulls.listReviews(call);
    const all = data.length < PAGE ? data : await client.paginate(client.rest.pulls.listReviews, toAll(call));
    return { said: all.map((one) => ({ ...common('r', one), review: one.state })), etag: answer.etag };
  },
  async conversation(client, at, headers) {
    const { pull_number: issue_number, ...where } = toPath(at);
    const call = { ...where, issue_number, per_page: PAGE, headers };
    const { data, headers: answer } = await client.rest.issues.listComments(call);
    const all =
      data.length < PAGE ? data : await client.paginate(client.rest.issues.listComments, toAll(call));
    return { said: all.map((one) => common('i', one)), etag: answer.etag };
  },
};

function toAll<T extends { headers: unknown }>({ headers: _conditional, ...call }: T): Omit<T, 'headers'> {
  return call;
}

function common(
  kind: 'c' | 'r' | 'i',
  one: {
    id: number | bigint;
    html_url: string;
    body?: string | null | undefined;
    user: { login: string; id: number | bigint; type: string } | null;
  },
): SaidUnderPull {
  const body = one.body ?? '';
  return {
    key: `${kind}${one.id}`,
    author: one.user?.login ?? 'ghost',
    authorId: Number(one.user?.id ?? 0),
    isPerson: one.user?.type === 'User',
    isOurs: /^<!-- errand:/m.test(body),
    text: cutText(cleanText(body), MOST_CHARS),
    url: one.html_url,
  };
}

/** The newest come first, and an answer to an earlier attempt is one of them. */
async function isSaid(client: Client, ask: PullAt & Mark): Promise<boolean> {
  const { data } = await client.rest.pulls.listReviewComments({
    ...toPath(ask),
    per_page: PAGE,
    sort: 'created',
    direction: 'desc',
  });
  return data.some((comment) => isMarked(comment, ask));
}

/** `databaseId` ends at 2³¹, which comments have passed; older servers know no other. */
const threadsQuery = (
  number: 'fullDatabaseId' | 'databaseId',
) => `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved comments(first: 1) { nodes { ${number} } } }
    }
  } }
}`;
const RESOLVE = `mutation($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

const CommentNumber = z.union([z.string(), z.number(), z.bigint()]).transform(String).nullish();
const Comment = z
  .object({ fullDatabaseId: CommentNumber, databaseId: CommentNumber })
  .transform(({ fullDatabaseId, databaseId }) => fullDatabaseId ?? databaseId);
const Thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  comments: z.object({ nodes: z.array(orNull(Comment)) }),
});

/** One node that GitHub cannot tell, or tells in another way, does not spoil the list. */
function orNull<T extends z.ZodType>(node: T): z.ZodCatch<z.ZodNullable<T>> {
  return node.nullable().catch(null);
}
const Threads = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(orNull(Thread)),
      }),
    }),
  }),
});

type FoundThread = z.infer<typeof Thread> | null;

/** Only GraphQL knows threads (docs.github.com, "PullRequestReviewThread"). */
async function listThreads(client: Client, at: PullAt): Promise<FoundThread[]> {
  try {
    return await listBy(client, at, threadsQuery('fullDatabaseId'));
  } catch (thrown) {
    if (!(thrown instanceof Error && /fullDatabaseId/.test(thrown.message))) throw thrown;
    return listBy(client, at, threadsQuery('databaseId'));
  }
}

async function listBy(client: Client, { repo, number }: PullAt, query: string): Promise<FoundThread[]> {
  const found: FoundThread[] = [];
  let after: string | null = null;
  do {
    const where: Record<string, unknown> = { owner: repo.owner, name: repo.name, number, after };
    const answer: unknown = await client.graphql(query, where);
    const { reviewThreads } = Threads.parse(answer).repository.pullRequest;
    found.push(...reviewThreads.nodes);
    after = reviewThreads.pageInfo.hasNextPage ? reviewThreads.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}
