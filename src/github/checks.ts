// What checks and statuses say of a commit, and why. Reads only, by conditional requests where it looks again and again.
import { z } from 'zod';
import type { RedCheck } from '../job/occasion.ts';
import type { ChecksSeen } from '../job/red-checks.ts';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { cleanText } from './clean-text.ts';
import { asking, isStatus } from './failures.ts';
import { looking, type Seen, withEtag } from './sightings.ts';
import { fetchTail } from './tail.ts';

type At = Readonly<{ repo: Repo; sha: string /** Of the last answer. */; etag?: string | undefined }>;

/** Ends that are a reason to look; never what was cancelled or skipped, or what no change of files can mend. */
const RED: ReadonlySet<string> = new Set(['failure', 'timed_out']);
/** So much of a log's end, where the failure stands. */
const LOG_CHARS = 12_000;
/** What of a log is read for that: every line begins with a time. */
const LOG = { mostBytes: 1_000_000, timeoutMs: 60_000 } as const;
const SAY_CHARS = 2_000;
/** Of 100 each. */
const MOST_PAGES = 20;
/** The page of a job of GitHub Actions names the job (docs.github.com, "workflow jobs"). */
const ACTIONS_JOB = /\/actions\/runs\/\d+\/job\/(\d+)/;

/** The verbs; see each. */
export function createChecks(options: { access: Access }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** Check runs of a commit, the newest of each name. */
    async seeCheckRuns({ repo, sha, etag }: At): Promise<Seen<ChecksSeen>> {
      return looking('looking at checks', async () => {
        const client = await clientOf(repo);
        const at = { owner: repo.owner, repo: repo.name, ref: sha, per_page: 100 };
        const { data, headers } = await client.rest.checks.listForRef({ ...at, headers: conditional(etag) });
        const first = { total: data.total_count, items: data.check_runs, etag: headers.etag };
        const listed = await readOn(first, async (page) => {
          const more = await client.rest.checks.listForRef({ ...at, page });
          return more.data.check_runs;
        });
        const runs = listed.items;
        const red = runs.filter(({ conclusion }) => conclusion !== null && RED.has(conclusion));
        const ended = red.flatMap(({ completed_at }) => completed_at ?? []).toSorted();
        const value = {
          count: data.total_count,
          pending: listed.unread + runs.filter(({ status }) => status !== 'completed').length,
          red: red.map(toRed),
          ...(ended[0] === undefined ? {} : { redSince: ended[0] }),
        };
        return { kind: 'seen', ...withEtag(listed.etag), value };
      });
    },

    /** The older commit statuses, the newest of each context. */
    async seeStatuses({ repo, sha, etag }: At): Promise<Seen<ChecksSeen>> {
      return looking('looking at statuses', async () => {
        const client = await clientOf(repo);
        const at = { owner: repo.owner, repo: repo.name, ref: sha, per_page: 100 };
        const { data, headers } = await client.rest.repos.getCombinedStatusForRef({
          ...at,
          headers: conditional(etag),
        });
        const first = { total: data.total_count, items: data.statuses, etag: headers.etag };
        const listed = await readOn(first, async (page) => {
          const more = await client.rest.repos.getCombinedStatusForRef({ ...at, page });
          return more.data.statuses;
        });
        const statuses = listed.items;
        const red = statuses.filter(({ state }) => state === 'failure' || state === 'error');
        const since = red.map(({ updated_at }) => updated_at).toSorted()[0];
        const value = {
          count: data.total_count,
          pending: listed.unread + statuses.filter(({ state }) => state === 'pending').length,
          red: red.map(({ context, description, target_url }) => ({
            name: context,
            ...(description ? { say: cleanText(description) } : {}),
            ...(target_url ? { url: target_url } : {}),
          })),
          ...(since === undefined ? {} : { redSince: since }),
        };
        return { kind: 'seen', ...withEtag(listed.etag), value };
      });
    },

    /** Where two commits went apart. */
    async forkPoint(repo: Repo, { base, head }: { base: string; head: string }): Promise<string> {
      return asking('comparing two commits', async () => {
        const client = await clientOf(repo);
        const { data } = await client.rest.repos.compareCommitsWithBasehead({
          owner: repo.owner,
          repo: repo.name,
          basehead: `${base}...${head}`,
          per_page: 1,
        });
        return data.merge_base_commit.sha;
      });
    },

    /** The end of the log of a job of GitHub Actions; undefined where GitHub has none (any more) or shows us none. */
    async checkLog(repo: Repo, logId: number): Promise<string | undefined> {
      return asking('reading the log of a check', async () => {
        const client = await clientOf(repo);
        try {
          const { data } = await client.rest.actions.downloadJobLogsForWorkflowRun({
            owner: repo.owner,
            repo: repo.name,
            job_id: logId,
            request: { fetch: fetchTail(LOG) },
          });
          const text = z.string().safeParse(data).data;
          return text === undefined ? undefined : tidyLog(text);
        } catch (thrown) {
          if (isStatus(thrown, 403, 404, 410)) return undefined;
          throw thrown;
        }
      });
    },
  };
}

type FirstPage<T> = Readonly<{ total: number; items: readonly T[]; etag: string | undefined }>;

/**
 * The pages after the first one. `unread` are those that GitHub counts and did not show; nothing is settled before they are
 * read. The tag of a first page says nothing of the others, so a longer list has none.
 */
async function readOn<T>(
  { total, items: first, etag }: FirstPage<T>,
  read: (page: number) => Promise<readonly T[]>,
): Promise<{ items: readonly T[]; unread: number; etag: string | undefined }> {
  if (total <= first.length) return { items: first, unread: 0, etag };
  const items = [...first];
  for (let page = 2; items.length < total && page <= MOST_PAGES; page += 1) {
    const more = await read(page);
    if (more.length === 0) break;
    items.push(...more);
  }
  return { items, unread: Math.max(0, total - items.length), etag: undefined };
}

/** Without colours and the time before every line, which GitHub adds; the end of it. */
function tidyLog(text: string): string {
  const plain = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    .replaceAll(/\u001B\[[0-9;]*m/g, '')
    .replaceAll(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
    .trimEnd();
  return plain.slice(-LOG_CHARS);
}

function toRed(run: {
  name: string;
  details_url?: string | null;
  html_url: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
}): RedCheck {
  const { title, summary, text } = run.output;
  const say = [title, summary, text].filter(Boolean).join('\n').slice(0, SAY_CHARS);
  const logId = ACTIONS_JOB.exec(run.details_url ?? '')?.[1];
  const url = run.html_url ?? run.details_url;
  return {
    name: run.name,
    ...(say === '' ? {} : { say: cleanText(say) }),
    ...(url ? { url } : {}),
    ...(logId === undefined ? {} : { logId: Number(logId) }),
  };
}

function conditional(etag: string | undefined): Record<string, string> {
  return etag === undefined ? {} : { 'if-none-match': etag };
}
