// Pulls: opened, found again, read, changed. Merging them is routes/merges.ts.
import { z } from 'zod';
import { created, notFound, ok, paged, validationFailed } from '../answer.ts';
import { readPushes } from '../branches.ts';
import { askMergeable } from '../mergeability.ts';
import { announcePull, bringOver, closePull, headNow, openPull, reopenPull } from '../pulls.ts';
import { isAncestor, listChangedFiles, listCommits } from '../repositories.ts';
import { numberOf, parseBody, type RepositoryCall, type Route, repositoryRoute } from '../router.ts';
import { exclusively, type Pull, type Repository, type State } from '../state.ts';
import { changedFileView, commitView, pullView, userView } from '../views.ts';

const newPull = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});
export type NewPull = z.infer<typeof newPull>;
const pullChange = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

export function pullRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /pulls', { pull_requests: 'read' }, (call) => listPulls(state, call)),
    on('POST /pulls', { pull_requests: 'write' }, (call) =>
      exclusively(call.repository, () => createPull(state, call)),
    ),
    on('GET /pulls/:number', { pull_requests: 'read' }, async (call) =>
      ok(await pullDetails(state, call.repository, pullOf(call))),
    ),
    on('PATCH /pulls/:number', { pull_requests: 'write' }, (call) =>
      exclusively(call.repository, () => changePull(state, call)),
    ),
    on('GET /pulls/:number/files', { pull_requests: 'read' }, async (call) => {
      const pull = pullOf(call);
      const files = await listChangedFiles(call.repository.directory, pull.base.sha, pull.head.sha);
      return paged(call.url, files.map(changedFileView));
    }),
    on('GET /pulls/:number/commits', { pull_requests: 'read' }, async (call) => {
      const pull = pullOf(call);
      const commits = await listCommits(call.repository.directory, pull.base.sha, pull.head.sha);
      return paged(
        call.url,
        commits.map((commit) => commitView(state, call.repository, commit)),
      );
    }),
  ];
}

/** The pull a request names; 404 when there is none. */
export function pullOf(call: RepositoryCall): Pull {
  const pull = call.repository.pulls.get(numberOf(call));
  if (!pull) throw notFound();
  return pull;
}

function listPulls(state: State, { repository, url }: RepositoryCall) {
  const wanted = url.searchParams.get('state') ?? 'open';
  const head = url.searchParams.get('head');
  const base = url.searchParams.get('base');
  const oldestFirst = url.searchParams.get('direction') === 'asc';
  const found = [...repository.pulls.values()]
    .filter((pull) => wanted === 'all' || pull.state === wanted)
    .filter((pull) => !head || headLabel(repository, pull) === head)
    .filter((pull) => !base || pull.base.ref === base)
    .sort((a, b) => (oldestFirst ? a.number - b.number : b.number - a.number));
  return paged(
    url,
    found.map((pull) => pullView(state, repository, pull)),
  );
}

async function createPull(state: State, { repository, body, login }: RepositoryCall) {
  const pull = await proposePull(state, repository, parseBody(newPull, body), login);
  return created(await pullDetails(state, repository, pull));
}

/** Opens the pull that somebody wishes; throws GitHub's refusals. Whoever calls holds the repository. */
export async function proposePull(
  state: State,
  repository: Repository,
  wish: NewPull,
  login: string,
): Promise<Pull> {
  await readPushes(state, repository, login);
  const head = findHead(state, repository, wish.head);
  const baseSha = repository.branches.get(wish.base);
  if (!baseSha) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  if (!head) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  const custom = (message: string) => validationFailed({ resource: 'PullRequest', code: 'custom', message });
  const label = headLabel(repository, { head });
  const same = (pull: Pull) =>
    pull.state === 'open' && headLabel(repository, pull) === label && pull.base.ref === wish.base;
  if ([...repository.pulls.values()].some(same)) {
    throw custom(`A pull request already exists for ${label}.`);
  }
  if (head.fork) await bringOver(repository, head.fork, head.sha);
  const commits = await listCommits(repository.directory, baseSha, head.sha);
  if (commits.length === 0) throw custom(`No commits between ${wish.base} and ${head.ref}`);
  const { title, base, draft = false, maintainer_can_modify: isOpen = true } = wish;
  const maintainerCanModify = head.fork !== undefined && isOpen;
  const fields = { title, base, head, draft, maintainerCanModify, body: wish.body ?? null, author: login };
  return openPull(state, repository, fields);
}

/** `branch`, or `owner:branch` of this repository or of that owner's fork. */
function findHead(state: State, repository: Repository, name: string): Pull['head'] | undefined {
  const [owner, ref] = name.includes(':') ? name.split(':', 2) : [repository.owner, name];
  const isHere = owner === repository.owner;
  const fork = isHere
    ? undefined
    : [...state.repositories.values()].find((one) => one.owner === owner && one.parent === repository);
  const sha = (isHere ? repository : fork)?.branches.get(ref ?? '');
  return ref && sha ? { ref, sha, ...(fork ? { fork } : {}) } : undefined;
}

/** `owner:branch`, as GitHub's filters and messages say it. */
const headLabel = (repository: Repository, { head }: Pick<Pull, 'head'>) =>
  `${(head.fork ?? repository).owner}:${head.ref}`;

async function changePull(state: State, call: RepositoryCall) {
  const { repository, login } = call;
  const change = parseBody(pullChange, call.body);
  const pull = pullOf(call);
  if (change.base !== undefined && !repository.branches.has(change.base)) {
    throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  }
  if (change.title !== undefined) pull.title = change.title;
  if (change.body !== undefined) pull.body = change.body;
  if (change.base !== undefined) {
    pull.base = { ref: change.base, sha: repository.branches.get(change.base) ?? pull.base.sha };
  }
  pull.updatedAt = state.now();
  if (change.state) await setPullState(state, repository, pull, { state: change.state, by: login });
  else announcePull(state, repository, pull, { action: 'edited', by: login });
  return ok(await pullDetails(state, repository, pull));
}

/** Closes or reopens a pull; a merged one, or one whose branch is gone or was made anew, stays closed (422). */
export async function setPullState(
  state: State,
  repository: Repository,
  pull: Pull,
  to: { state: 'open' | 'closed'; by: string },
): Promise<void> {
  if (to.state === pull.state) return;
  if (to.state === 'closed') {
    closePull(state, repository, pull, to.by);
    return;
  }
  const refuse = (why: string) => {
    const message = `state cannot be changed. ${why}`;
    return validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'state', message });
  };
  if (pull.mergedAt) throw refuse('The pull request was merged.');
  const head = headNow(repository, pull);
  if (head === undefined) throw refuse(`The ${pull.head.ref} branch has been deleted.`);
  if (pull.head.fork) await bringOver(repository, pull.head.fork, head);
  if (!(await isAncestor(repository.directory, pull.head.sha, head))) {
    throw refuse(`The ${pull.head.ref} branch was force-pushed or recreated.`);
  }
  reopenPull(state, repository, pull, to.by);
}

/** A pull with everything that only its own page says: sizes, merge state, who merged it. */
async function pullDetails(state: State, repository: Repository, pull: Pull) {
  const files = await listChangedFiles(repository.directory, pull.base.sha, pull.head.sha);
  const commits = await listCommits(repository.directory, pull.base.sha, pull.head.sha);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ...pullView(state, repository, pull),
    ...(await askMergeable(repository, pull)),
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy ? userView(state, pull.mergedBy) : null,
    rebaseable: null,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: commits.length,
    additions: sum(files.map((file) => file.additions)),
    deletions: sum(files.map((file) => file.deletions)),
    changed_files: files.length,
  };
}
