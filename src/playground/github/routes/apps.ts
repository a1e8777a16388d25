// Who am I and what may I reach: users, the App, its installations and their tokens, rate limits.
import { z } from 'zod';
import { apiError, created, notFound, ok, paged } from '../answer.ts';
import { type Auth, grants, type Identity, mayReach, personalLevel } from '../auth.ts';
import { type Call, parseBody, type Route, route } from '../router.ts';
import { installationId, type Permissions, type Repository, type State } from '../state.ts';
import { repositoryView, userView } from '../views.ts';

const tokenRequest = z.object({
  repositories: z.array(z.string()).max(500).optional(),
  repository_ids: z.array(z.number()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

/** The parts of GitHub that are about accounts and not about one repository. */
export function appRoutes(state: State, auth: Auth): Route[] {
  return [...userRoutes(state), ...installationRoutes(state, auth)];
}

function userRoutes(state: State): Route[] {
  return [
    route('GET /user', (call) => {
      const who = call.identity;
      if (who.kind === 'none') throw apiError(401, 'Requires authentication');
      if (who.kind !== 'user') throw apiError(403, 'Resource not accessible by integration');
      return { ...ok(userView(state, who.login)), headers: { 'x-oauth-scopes': 'repo' } };
    }),
    route('GET /users/:login', (call) => {
      const login = call.params['login'] ?? '';
      if (state.missingAccounts.has(login.toLowerCase())) throw notFound();
      return ok(userView(state, login));
    }),
    route('GET /rate_limit', () => ok(rateLimit(state))),
    route('GET /meta', () => ok({ verifiable_password_authentication: false, installed_version: '3.20.0' })),
    route('GET /user/repos', (call) => {
      if (call.identity.kind !== 'user') throw apiError(401, 'Requires authentication');
      const { login } = call.identity;
      const mine = [...state.repositories.values()].filter((one) => personalLevel(login, one) !== 'none');
      return paged(
        call.url,
        mine.map((one) => repositoryView(state, one, permissionFlags(call.identity, one))),
      );
    }),
  ];
}

function installationRoutes(state: State, auth: Auth): Route[] {
  return [
    route('GET /app', (call) => {
      requireApp(call);
      const events = ['pull_request', 'push'];
      const name = 'Errand (local)';
      return ok({ id: auth.appId, slug: auth.slug, name, permissions: auth.permissions, events });
    }),
    route('GET /app/installations', (call) => {
      requireApp(call);
      return paged(
        call.url,
        installedOwners(state).map((owner) => installationView(state, auth, owner)),
      );
    }),
    route('GET /repos/:owner/:repo/installation', (call) => {
      requireApp(call);
      const repository = state.find(`${call.params['owner']}/${call.params['repo']}`);
      if (!repository?.settings.installed) throw notFound();
      return ok(installationView(state, auth, repository.owner));
    }),
    route('POST /app/installations/:id/access_tokens', (call) => {
      requireApp(call);
      const owner = installedOwners(state).find((one) => installationId(one) === Number(call.params['id']));
      if (!owner) throw notFound();
      return mintToken(state, auth, { owner, installed: installedFor(state, owner), call });
    }),
    route('GET /installation/repositories', (call) => {
      const { identity } = call;
      if (identity.kind !== 'installation') throw apiError(403, 'Resource not accessible by integration');
      const reachable = installedFor(state, identity.owner).filter(
        ({ id }) => identity.repositories === 'all' || identity.repositories.has(id),
      );
      return pageOfRepositories(state, call, reachable);
    }),
  ];
}

function installedFor(state: State, owner: string): Repository[] {
  return [...state.repositories.values()].filter((one) => one.owner === owner && one.settings.installed);
}

function installedOwners(state: State): string[] {
  const installed = [...state.repositories.values()].filter((one) => one.settings.installed);
  return [...new Set(installed.map((one) => one.owner))];
}

function installationView(state: State, auth: Auth, owner: string) {
  const id = installationId(owner);
  return {
    id,
    app_id: auth.appId,
    app_slug: auth.slug,
    account: { ...userView(state, owner), type: 'Organization' },
    target_type: 'Organization',
    repository_selection: 'selected',
    permissions: auth.permissions,
    events: [
      'pull_request',
      'push',
      'issues',
      'issue_comment',
      'pull_request_review',
      'pull_request_review_comment',
      'check_run',
      'status',
    ],
    access_tokens_url: `${state.url}/app/installations/${id}/access_tokens`,
    suspended_at: null,
    single_file_name: null,
  };
}

function requireApp(call: Call): void {
  if (call.identity.kind === 'app') return;
  throw apiError(401, 'A JSON web token could not be decoded');
}

function pageOfRepositories(state: State, call: Call, repositories: readonly Repository[]) {
  const views = repositories.map((one) => repositoryView(state, one, permissionFlags(call.identity, one)));
  return paged(call.url, views, (page) => ({
    total_count: repositories.length,
    repository_selection: 'selected',
    repositories: page,
  }));
}

/** Narrows the installation's reach as asked; asking for more than it has is 422. */
function mintToken(
  state: State,
  auth: Auth,
  wish: { owner: string; installed: readonly Repository[]; call: Call },
) {
  const body = parseBody(tokenRequest, wish.call.body);
  const names = body.repositories;
  const ids = body.repository_ids;
  const chosen = wish.installed.filter(({ id, name }) => names?.includes(name) || ids?.includes(id));
  const narrowed = names !== undefined || ids !== undefined;
  if (narrowed && chosen.length < (names?.length ?? 0) + (ids?.length ?? 0)) {
    const complaint =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw apiError(422, complaint);
  }
  const permissions: Permissions = body.permissions ?? auth.permissions;
  for (const [name, level] of Object.entries(permissions)) {
    if (grants(auth.permissions, name, level)) continue;
    throw apiError(422, 'The permissions requested are not granted to this installation.');
  }
  const repositories = narrowed ? new Set(chosen.map(({ id }) => id)) : ('all' as const);
  const minted = auth.mint({ owner: wish.owner, repositories, permissions });
  return created({
    token: minted.token,
    expires_at: minted.expiresAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    permissions: { metadata: 'read', ...permissions },
    repository_selection: 'selected',
    ...(narrowed ? { repositories: chosen.map((one) => repositoryView(state, one)) } : {}),
  });
}

/** The `permissions` object of a repository as the caller sees it. */
export function permissionFlags(identity: Identity, repository: Repository): Record<string, boolean> {
  const pull = mayReach(identity, repository);
  if (identity.kind === 'installation') {
    const push = identity.permissions['contents'] === 'write';
    return { admin: false, maintain: false, push, triage: false, pull };
  }
  const level = identity.kind === 'user' ? personalLevel(identity.login, repository) : 'none';
  const admin = level === 'admin';
  const push = admin || level === 'write';
  return { admin, maintain: admin, push, triage: push, pull };
}

function rateLimit(state: State) {
  const reset = Math.floor(state.now().getTime() / 1000) + 3600;
  const core = { limit: 5000, used: 0, remaining: 5000, reset };
  return { resources: { core, graphql: core, search: { ...core, limit: 30, remaining: 30 } }, rate: core };
}
