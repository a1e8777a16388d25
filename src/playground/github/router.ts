// Finds the handler of a REST request and lets it in: who is calling, may they reach the repository, may they do this.
import type { z } from 'zod';
import { type Answer, apiError, notFound } from './answer.ts';
import { type Identity, mayDo, mayReach } from './auth.ts';
import type { Level, Repository, State } from './state.ts';

export type Call = {
  method: string;
  url: URL;
  params: Readonly<Record<string, string>>;
  body: unknown;
  identity: Identity;
  /** Who acts, as a login; empty for nobody. */
  login: string;
};
export type RepositoryCall = Call & { repository: Repository };
/** Any one of these permissions is enough. */
export type Access = Readonly<Record<string, Level>>;
export type Route = { method: string; pattern: RegExp; handle: (call: Call) => Answer | Promise<Answer> };

/** A route outside repositories. `where` reads like GitHub's documentation: `GET /user`; `:name` takes one segment, `:name+` the rest. */
export function route(where: string, handle: Route['handle']): Route {
  const [method = '', path = ''] = where.split(' ');
  const source = path.replaceAll(/:(\w+)(\+?)/g, (_all, name: string, rest: string) =>
    rest ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  return { method, pattern: new RegExp(`^${source}$`), handle };
}

/**
 * A route under `/repos/:owner/:repo`. Out of reach is 404, a missing permission 403, as on GitHub. `access` names the
 * permissions of which the caller needs one.
 */
export function repositoryRoute(
  state: State,
  where: string,
  access: Access,
  handle: (call: RepositoryCall) => Answer | Promise<Answer>,
): Route {
  const [method, path] = where.split(' ');
  return route(`${method} /repos/:owner/:repo${path ?? ''}`, (call) => {
    const repository = state.find(`${call.params['owner']}/${call.params['repo']}`);
    if (!repository || !mayReach(call.identity, repository)) throw notFound();
    admit(call.identity, repository, access);
    return handle({ ...call, repository });
  });
}

/** Throws GitHub's 403 unless the caller has one of the permissions. */
export function admit(identity: Identity, repository: Repository, access: Access): void {
  const wanted = Object.entries(access);
  if (wanted.length === 0) return;
  if (wanted.some(([permission, level]) => mayDo(identity, repository, permission, level))) return;
  const kind = identity.kind === 'installation' ? 'integration' : 'personal access token';
  const accepted = wanted.map(([permission, level]) => `${permission}=${level}`).join('; ');
  throw apiError(403, `Resource not accessible by ${kind}`, {
    headers: { 'x-accepted-github-permissions': accepted },
  });
}

/** Finds the route for a request; `params` are decoded. */
export function findRoute(routes: readonly Route[], method: string, pathname: string) {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(pathname);
    if (!match) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    return { route: candidate, params };
  }
  return undefined;
}

/** Checks a request body; a wrong one is GitHub's 422 with the first complaint. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const missing = issue?.code === 'invalid_type' && issue.input === undefined;
  const complaint = missing ? `"${field}" wasn't supplied.` : `For '${field}', ${issue?.message}.`;
  throw apiError(422, `Invalid request.\n\n${complaint}`);
}

export const numberOf = (call: Call): number => Number(call.params['number']);
