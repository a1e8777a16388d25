// One repository as data: itself, its branches, refs, files, commits, rules and people.
import { apiError, noContent, notFound, ok, paged } from '../answer.ts';
import { personalLevel } from '../auth.ts';
import { readPushes } from '../branches.ts';
import { attemptGit, git, gitBytes } from '../git.ts';
import { listChangedFiles, listCommits, readCommit, resolveCommit } from '../repositories.ts';
import { type RepositoryCall, type Route, repositoryRoute } from '../router.ts';
import { exclusively, type Repository, type State } from '../state.ts';
import { changedFileView, commitView, repositoryView, userView } from '../views.ts';
import { permissionFlags } from './apps.ts';

/** Everything about a repository that is not an issue, a pull or a check. */
export function repositoryRoutes(state: State): Route[] {
  return [...settingRoutes(state), ...branchRoutes(state), ...commitRoutes(state)];
}

function settingRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET ', { metadata: 'read' }, ({ repository, identity }) =>
      ok(repositoryView(state, repository, permissionFlags(identity, repository))),
    ),
    on('GET /rules/branches/:branch+', { metadata: 'read' }, ({ repository, params, url }) =>
      paged(url, rulesOf(repository, params['branch'] ?? '')),
    ),
    on('GET /collaborators/:login/permission', { metadata: 'read' }, ({ repository, params }) => {
      const login = params['login'] ?? '';
      const permission = personalLevel(login, repository);
      return ok({ permission, role_name: permission, user: userView(state, login) });
    }),
  ];
}

function branchRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /branches', { contents: 'read' }, ({ repository, url }) =>
      paged(
        url,
        [...repository.branches].map(([name, sha]) => branchView(repository, name, sha)),
      ),
    ),
    on(
      'GET /branches/:branch+/protection/required_pull_request_reviews',
      { administration: 'read' },
      ({ repository, params }) => {
        const count = repository.protections.get(params['branch'] ?? '')?.requiredApprovals;
        if (count === undefined) throw apiError(404, 'Branch not protected');
        return ok({ required_approving_review_count: count, dismiss_stale_reviews: false });
      },
    ),
    on('GET /branches/:branch+', { contents: 'read' }, ({ repository, params }) => {
      const name = params['branch'] ?? '';
      const sha = repository.branches.get(name);
      if (!sha) throw apiError(404, 'Branch not found');
      return ok(branchView(repository, name, sha));
    }),
    on('GET /git/ref/:ref+', { contents: 'read' }, async ({ repository, params }) => {
      const ref = `refs/${params['ref']}`;
      const sha = await resolveCommit(repository.directory, ref);
      if (!sha) throw notFound();
      return ok({ ref, object: { type: 'commit', sha } });
    }),
    on('DELETE /git/refs/:ref+', { contents: 'write' }, (call) => deleteRef(state, call)),
  ];
}

function commitRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /contents/:path+', { contents: 'read' }, readContents),
    on('GET /commits', { contents: 'read' }, async ({ repository, url }) => {
      const tip = await commitNamed(repository, url.searchParams.get('sha') ?? repository.defaultBranch);
      const format = await git(repository.directory, ['rev-list', '--max-count=100', tip]);
      const commits = await Promise.all(
        format.split('\n').map((sha) => readCommit(repository.directory, sha)),
      );
      return paged(
        url,
        commits.filter((commit) => commit !== undefined).map((one) => commitView(state, repository, one)),
      );
    }),
    on('GET /commits/:ref', { contents: 'read' }, async ({ repository, params }) => {
      const commit = await readCommit(
        repository.directory,
        await commitNamed(repository, params['ref'] ?? ''),
      );
      if (!commit) throw notFound();
      return ok(commitView(state, repository, commit));
    }),
    on('GET /compare/:range+', { contents: 'read' }, (call) => compare(state, call)),
  ];
}

function branchView(repository: Repository, name: string, sha: string) {
  const protection = repository.protections.get(name);
  const contexts = protection?.requiredChecks ?? [];
  const checks = contexts.map((context) => ({ context, app_id: null }));
  const enforcement = contexts.length > 0 ? 'everyone' : 'off';
  return {
    name,
    commit: { sha },
    protected: protection !== undefined,
    protection: {
      enabled: protection !== undefined,
      required_status_checks: { enforcement_level: enforcement, contexts, checks },
    },
  };
}

/** Finds a commit by branch, ref or SHA; GitHub answers 422 for a name that is none. */
export async function commitNamed(repository: Repository, name: string): Promise<string> {
  const ref = name.replace(/^(?=heads\/|tags\/)/, 'refs/');
  const sha = await resolveCommit(repository.directory, ref);
  if (!sha) throw apiError(422, `No commit found for SHA: ${name}`);
  return sha;
}

async function deleteRef(state: State, { repository, params, login }: RepositoryCall) {
  return exclusively(repository, async () => {
    const ref = `refs/${params['ref']}`;
    const sha = await resolveCommit(repository.directory, ref);
    if (!sha) throw apiError(422, 'Reference does not exist');
    const branch = ref.replace(/^refs\/heads\//, '');
    if (branch === repository.defaultBranch || repository.protections.has(branch)) {
      throw apiError(422, 'Cannot delete a protected branch');
    }
    await git(repository.directory, ['update-ref', '-d', ref, sha]);
    await readPushes(state, repository, login);
    return noContent();
  });
}

async function readContents({ repository, params, url }: RepositoryCall) {
  const wanted = url.searchParams.get('ref') ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.directory, wanted);
  if (!commit) throw apiError(404, `No commit found for the ref ${wanted}`);
  const path = (params['path'] ?? '').replace(/\/$/, '');
  const found = await attemptGit(repository.directory, ['ls-tree', '-z', '-l', commit, '--', path]);
  const entry = parseTree(found.stdout)[0];
  if (!entry) throw notFound();
  if (entry.type === 'tree') {
    const listing = await git(repository.directory, ['ls-tree', '-z', '-l', commit, '--', `${path}/`]);
    return ok(
      parseTree(listing).map(({ sha, size, path: at, type }) => ({
        ...fileName(at),
        sha,
        size,
        type: type === 'tree' ? 'dir' : 'file',
      })),
    );
  }
  const blob = await gitBytes(repository.directory, ['cat-file', 'blob', entry.sha]);
  const content = Buffer.from(blob)
    .toString('base64')
    .replaceAll(/(.{60})/g, '$1\n');
  return ok({
    type: 'file',
    encoding: 'base64',
    size: entry.size,
    ...fileName(path),
    content,
    sha: entry.sha,
  });
}

const fileName = (path: string) => ({ name: path.split('/').at(-1), path });

function parseTree(listing: string) {
  return listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', path = ''] = line.split('\t');
      const [, type = '', sha = '', size = '0'] = meta.split(/\s+/);
      return { type, sha, size: Number(size) || 0, path };
    });
}

async function compare(state: State, { repository, params }: RepositoryCall) {
  const [from = '', to = ''] = (params['range'] ?? '').split('...');
  const base = await resolveCommit(repository.directory, from);
  const head = await resolveCommit(repository.directory, to);
  if (!base || !head) throw notFound();
  const ahead = await listCommits(repository.directory, base, head);
  const behind = await listCommits(repository.directory, head, base);
  const files = await listChangedFiles(repository.directory, base, head);
  const status =
    ahead.length === 0
      ? behind.length === 0
        ? 'identical'
        : 'behind'
      : behind.length === 0
        ? 'ahead'
        : 'diverged';
  return ok({
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    merge_base_commit: { sha: await mergeBase(repository.directory, base, head) },
    total_commits: ahead.length,
    commits: ahead.map((commit) => commitView(state, repository, commit)),
    files: files.map((file) => changedFileView(file)),
  });
}

async function mergeBase(directory: string, base: string, head: string): Promise<string> {
  return (await attemptGit(directory, ['merge-base', base, head])).stdout.trim();
}

/** The active rules of a branch, in the shape of rulesets. */
function rulesOf(repository: Repository, branch: string) {
  const protection = repository.protections.get(branch);
  if (!protection) return [];
  const { requiredApprovals, requiredChecks, mergeQueue } = protection;
  const checks = (requiredChecks ?? []).map((context) => ({ context }));
  return [
    { type: 'pull_request', parameters: { required_approving_review_count: requiredApprovals ?? 0 } },
    ...(checks.length > 0
      ? [{ type: 'required_status_checks', parameters: { required_status_checks: checks } }]
      : []),
    ...(mergeQueue ? [{ type: 'merge_queue', parameters: { merge_method: 'SQUASH' } }] : []),
  ];
}
