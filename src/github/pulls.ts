// Pulls: opened once, found again, changed, closed. Merging has rooms of its own (merge.ts).
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import type { Client } from './client.ts';
import { asking, isUnclear, readRefusal } from './failures.ts';
import { hasMarker, withMarker } from './issues.ts';

export type Pull = Readonly<{
  number: number;
  url: string;
  state: 'open' | 'closed' | 'merged';
  title: string;
  draft: boolean;
  headSha: string;
  headRef: string;
  baseRef: string;
  /** GitHub computes it lazily: undefined means not known yet. */
  mergeable: boolean | undefined;
  /** The commit on the base branch; only of merged pulls. */
  mergeCommitSha?: string;
  mergedBy?: string;
  closedAt?: string;
}>;

export type OpenPullAnswer =
  | Readonly<{ kind: 'pull'; pull: Pull; created: boolean }>
  /** The branch has nothing that the base lacks. */
  | Readonly<{ kind: 'no_commits' }>
  /** GitHub does not know the branch (`head`) or the base, or refuses for the reason given. */
  | Readonly<{ kind: 'refused'; field: 'head' | 'base' | undefined; say: string }>;

type PullAt = Readonly<{ repo: Repo; number: number }>;
type OpenPull = Readonly<{
  repo: Repo;
  branch: string;
  base: string;
  title: string;
  body: string;
  marker: string;
  /** Pass over closed pulls: this branch's earlier one cannot be opened again. */
  anew?: boolean;
}>;

/** The verbs for pulls. Each may be repeated: the second time finds what the first one did. */
export function createPulls(options: { access: Access }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  const update = async (
    { repo, number }: PullAt,
    change: { title?: string; body?: string; state?: 'open' | 'closed' },
  ) =>
    asking(`changing pull #${number}`, async () => {
      const client = await clientOf(repo);
      const { data } = await client.rest.pulls.update({ ...toPath(repo, number), ...change });
      return toPull(data);
    });

  const pull = (repo: Repo, number: number): Promise<Pull> =>
    asking(`reading pull #${number}`, async () => readPull(await clientOf(repo), { repo, number }));

  return {
    /** The pull as GitHub has it now. Throws PermanentError `github_not_found`. */
    pull,

    /** The pull of a branch: an open one if there is one, else the newest of any state. */
    async findPull({ repo, branch }: { repo: Repo; branch: string }): Promise<Pull | undefined> {
      return asking(`looking for the pull of ${branch}`, async () => {
        const found = await findPulls(await clientOf(repo), repo, branch);
        return found[0]?.pull;
      });
    },

    /** Opens the pull of a branch, ready for review, or finds it again; one that was opened by hand counts too. */
    async openPull(ask: OpenPull): Promise<OpenPullAnswer> {
      return asking(`opening the pull of ${ask.branch}`, async () =>
        openOrFind(await clientOf(ask.repo), ask),
      );
    },

    /** Changes title or body. */
    updatePull: ({ title, body, ...at }: PullAt & { title?: string; body?: string }): Promise<Pull> =>
      update(at, { ...(title !== undefined && { title }), ...(body !== undefined && { body }) }),

    /** Closes without merging; a pull that is closed or merged already is returned as it is. */
    async closePull(at: PullAt): Promise<Pull> {
      const now = await pull(at.repo, at.number);
      return now.state === 'open' ? update(at, { state: 'closed' }) : now;
    },

    /** Opens again what was closed; throws PermanentError `github_refused` when its branch is gone. */
    async reopenPull(at: PullAt): Promise<Pull> {
      const now = await pull(at.repo, at.number);
      return now.state === 'closed' ? update(at, { state: 'open' }) : now;
    },
  };
}

/** Reads a pull with a client that may see it; throws what octokit throws. */
export async function readPull(client: Client, { repo, number }: PullAt): Promise<Pull> {
  return toPull((await client.rest.pulls.get(toPath(repo, number))).data);
}

async function openOrFind(client: Client, ask: OpenPull): Promise<OpenPullAnswer> {
  const [before] = (await findPulls(client, ask.repo, ask.branch)).filter(
    (one) => !ask.anew || one.pull.state === 'open',
  );
  if (before) return { kind: 'pull', pull: before.pull, created: false };
  try {
    const { data } = await client.rest.pulls.create({
      owner: ask.repo.owner,
      repo: ask.repo.name,
      head: ask.branch,
      base: ask.base,
      title: ask.title,
      body: withMarker(ask.body, ask.marker),
    });
    return { kind: 'pull', pull: toPull(data), created: true };
  } catch (thrown) {
    const refused = readRefusal(thrown);
    if (!isUnclear(thrown) && refused?.status !== 422) throw thrown;
    // Either nobody told us that it was created, or somebody else was faster: both are read back.
    const [found] = await findPulls(client, ask.repo, ask.branch);
    if (found) return { kind: 'pull', pull: found.pull, created: hasMarker(found.body, ask.marker) };
    if (refused?.status !== 422) throw thrown;
    return nameRefusedPull(refused);
  }
}

/** Pure: what a 422 on opening a pull means. */
export function nameRefusedPull(refused: NonNullable<ReturnType<typeof readRefusal>>): OpenPullAnswer {
  const messages = refused.errors.map(({ message }) => message).filter((message) => message !== undefined);
  if (messages.some((message) => /^no commits between/i.test(message))) return { kind: 'no_commits' };
  const field = refused.errors.find((error) => error.field === 'head' || error.field === 'base')?.field;
  const say = messages.join('; ') || refused.said;
  return { kind: 'refused', field: field === 'head' || field === 'base' ? field : undefined, say };
}

async function findPulls(client: Client, repo: Repo, branch: string) {
  const at = { owner: repo.owner, repo: repo.name };
  const list = (owner: string) =>
    client.rest.pulls.list({
      ...at,
      head: `${owner}:${branch}`,
      state: 'all',
      sort: 'created',
      direction: 'desc',
      per_page: 100,
    });
  const asked = await list(repo.owner);
  // A repository that was given to somebody else leads on from its old name, but an owner of old has no such branch.
  const isLedOn = !asked.url.toLowerCase().includes(`/repos/${at.owner}/${at.repo}/`.toLowerCase());
  const isEmpty = asked.data.length === 0;
  const { data } = isLedOn && isEmpty ? await list(await readOwner(client, at)) : asked;
  // GitHub ignores a `head` that it cannot read and then lists everything: look for ourselves. The repository may bear
  // another name by now, so a fork is told by being another one than the base.
  return data
    .filter(({ head, base }) => head.ref === branch && (head.repo ?? base.repo).id === base.repo.id)
    .map((one) => ({ pull: toPull(one), body: one.body }))
    .sort(
      (a, b) =>
        Number(b.pull.state === 'open') - Number(a.pull.state === 'open') || b.pull.number - a.pull.number,
    );
}

async function readOwner(client: Client, at: { owner: string; repo: string }): Promise<string> {
  const [owner = at.owner] = (await client.rest.repos.get(at)).data.full_name.split('/');
  return owner;
}

function toPath(repo: Repo, number: number) {
  return { owner: repo.owner, repo: repo.name, pull_number: number };
}

/** Reads the parts of a pull that we use. */
export function toPull(data: {
  number: number;
  html_url: string;
  state: string;
  title: string;
  draft?: boolean;
  merged_at: string | null;
  merged?: boolean;
  merged_by?: { login: string } | null;
  closed_at?: string | null;
  mergeable?: boolean | null;
  merge_commit_sha: string | null;
  head: { sha: string; ref: string };
  base: { ref: string };
}): Pull {
  const merged = data.merged === true || Boolean(data.merged_at);
  return {
    number: data.number,
    url: data.html_url,
    state: merged ? 'merged' : data.state === 'open' ? 'open' : 'closed',
    title: data.title,
    draft: data.draft ?? false,
    headSha: data.head.sha,
    headRef: data.head.ref,
    baseRef: data.base.ref,
    mergeable: data.mergeable ?? undefined,
    // Before the merge this field holds a trial merge that nobody should be told of.
    ...(data.merged_by ? { mergedBy: data.merged_by.login } : {}),
    ...(data.closed_at ? { closedAt: data.closed_at } : {}),
    ...(merged && data.merge_commit_sha ? { mergeCommitSha: data.merge_commit_sha } : {}),
  };
}
