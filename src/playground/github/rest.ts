// Answers one REST request: reads the body, finds out who asks, runs the route, adds GitHub's headers (limits, ETag).
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, ApiError, apiError, notFound } from './answer.ts';
import { type Auth, type Identity, loginOf } from './auth.ts';
import { findRoute, type Route } from './router.ts';
import type { State } from './state.ts';

const LIMIT = 5000;
const WINDOW_MS = 60 * 60_000;

/** Counts requests per caller and hour, as the rate limit headers tell. */
function createLimits(now: () => Date) {
  const windows = new Map<string, { used: number; resetAt: number }>();
  return function count(who: string): Record<string, string> {
    const at = now().getTime();
    let window = windows.get(who);
    if (!window || window.resetAt <= at) {
      window = { used: 0, resetAt: at + WINDOW_MS };
      windows.set(who, window);
    }
    window.used += 1;
    return {
      'x-ratelimit-limit': String(LIMIT),
      'x-ratelimit-remaining': String(Math.max(0, LIMIT - window.used)),
      'x-ratelimit-used': String(window.used),
      'x-ratelimit-reset': String(Math.floor(window.resetAt / 1000)),
      'x-ratelimit-resource': 'core',
    };
  };
}

export type RestRequest = { request: IncomingMessage; url: URL };

/** Runs the route of a request and returns its answer with all headers; never throws GitHub's own errors. */
export function createRest(options: { state: State; auth: Auth; routes: readonly Route[] }) {
  const { state, auth, routes } = options;
  const count = createLimits(state.now);

  async function dispatch({ request, url }: RestRequest, identity: Identity): Promise<Answer> {
    const method = request.method ?? 'GET';
    const found = findRoute(routes, method, byName(state, url.pathname));
    const body = await readJson(request);
    const moved = findMoved(state, url);
    if (moved) return redirect(method, moved);
    if (!found) throw notFound();
    return found.route.handle({
      method,
      url,
      params: found.params,
      body,
      identity,
      login: loginOf(identity),
    });
  }

  return async function answer(call: RestRequest): Promise<{ answer: Answer; identity: Identity }> {
    let identity: Identity = { kind: 'none' };
    let result: Answer;
    try {
      identity = auth.identify(call.request.headers.authorization);
      result = await dispatch(call, identity);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      result = error.answer;
    }
    const limits = count(`${identity.kind}:${loginOf(identity)}`);
    const headers = { ...limits, 'x-github-request-id': randomUUID(), ...result.headers };
    return { answer: withEtag(call.request, { ...result, headers }), identity };
  };
}

/** `/repositories/ID/…` is the same as `/repos/OWNER/NAME/…`. */
function byName(state: State, pathname: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? [];
  const repository = [...state.repositories.values()].find((one) => String(one.id) === id);
  return repository ? `/repos/${repository.fullName}${rest}` : pathname;
}

/** Where a path under a repository's former name leads now. */
function findMoved(state: State, url: URL): string | undefined {
  const [, fullName = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const moved = state.find(fullName) ? undefined : state.findMoved(fullName);
  return moved && `${state.url}/repositories/${moved.id}${rest}${url.search}`;
}

/** GitHub's answer for renamed repositories: 301 for reading, 307 where the method must stay. */
function redirect(method: string, location: string): Answer {
  const status = method === 'GET' || method === 'HEAD' ? 301 : 307;
  return { status, headers: { location }, body: { message: 'Moved Permanently', url: location } };
}

/** Gives a good GET its ETag; who already has that gets 304 without a body. */
function withEtag(request: IncomingMessage, answer: Answer): Answer {
  if (request.method !== 'GET' || answer.status !== 200 || answer.text !== undefined) return answer;
  const digest = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex');
  const etag = `W/"${digest}"`;
  const headers = { ...answer.headers, etag };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers };
  return { ...answer, headers };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw apiError(400, 'Problems parsing JSON');
  }
}

/** Writes an answer as JSON. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  const body = answer.raw ?? answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const kind = answer.text === undefined ? 'application/json' : 'text/plain';
  const type = body ? { 'content-type': `${kind}; charset=utf-8` } : {};
  response.writeHead(answer.status, { ...type, 'x-github-media-type': 'github.v3', ...answer.headers });
  response.end(body);
}
