// Serves the bare repositories to real git clients through git's own `git http-backend` (CGI), behind Basic
// authentication. Who may read and write is asked of auth.ts; what a push changed is noticed by branches.ts.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { ApiError } from './answer.ts';
import { type Auth, type Identity, loginOf, mayDo, mayReach } from './auth.ts';
import { readPushes } from './branches.ts';
import { GIT_ENVIRONMENT } from './git.ts';
import { exclusively, type Repository, type State } from './state.ts';

const GIT_PATH =
  /^\/(?<fullName>[^/]+\/[^/]+?)(?:\.git)?\/(?<service>info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a path belongs to git's smart protocol. */
export const isGitPath = (pathname: string): boolean => GIT_PATH.test(pathname);

export type GitRequest = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Called after a push was applied, before its answer goes out. True: cut the connection instead of answering. */
  beforeAnswer: () => boolean;
};

/** Answers git requests. Resolves with what the request log should say. */
export function createGitHttp(state: State, auth: Auth) {
  return async function handle({ request, response, url, beforeAnswer }: GitRequest): Promise<Identity> {
    const { fullName = '', service = '' } = GIT_PATH.exec(url.pathname)?.groups ?? {};
    const push = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
    const moved = state.find(fullName) ? undefined : state.findMoved(fullName);
    if (moved) {
      const location = `${state.url}/${moved.fullName}.git/${service}${url.search}`;
      response.writeHead(301, { location }).end();
      return { kind: 'none' };
    }
    const admitted = admit(state, auth, { header: request.headers.authorization, fullName, push });
    if ('status' in admitted) {
      refuse(response, admitted);
      return { kind: 'none' };
    }
    const { identity, repository } = admitted;
    const start = () => startBackend(request, url, { repository, service, identity });
    if (service !== 'git-receive-pack') {
      await stream(start(), response);
      return identity;
    }
    // A push is answered only once the state knows of it: what the client asks next must see it. Git starts only when
    // it is this push's turn, since execa throws away output that nobody reads at once.
    const output = await exclusively(repository, async () => {
      const collected = await collect(start());
      await readPushes(state, repository, loginOf(identity));
      return collected;
    });
    if (beforeAnswer()) response.socket?.destroy();
    else answerCgi(response, output);
    return identity;
  };
}

type Refusal = { status: number; text: string };

/** Lets a git client in, or says no in the words that GitHub's git servers use. */
function admit(
  state: State,
  auth: Auth,
  wish: { header: string | undefined; fullName: string; push: boolean },
): { identity: Identity; repository: Repository } | Refusal {
  let identity: Identity;
  try {
    identity = auth.identify(wish.header);
  } catch (error) {
    if (error instanceof ApiError) return { status: 401, text: 'Invalid username or token.' };
    throw error;
  }
  // GitHub's words for a token that only some of its machines know (aws-amplify/amplify-hosting #4080).
  if (!auth.isKnownToGit(wish.header)) return { status: 404, text: 'Repository not found.' };
  const repository = state.find(wish.fullName);
  const reachable = repository !== undefined && mayReach(identity, repository);
  if (identity.kind === 'none' && (wish.push || !reachable)) {
    return { status: 401, text: 'No anonymous write access.' };
  }
  if (!reachable) return { status: 404, text: 'Repository not found.' };
  if (mayDo(identity, repository, 'contents', wish.push ? 'write' : 'read')) return { identity, repository };
  if (identity.kind === 'installation')
    return { status: 403, text: 'Write access to repository not granted.' };
  return { status: 403, text: `Permission to ${repository.fullName}.git denied to ${loginOf(identity)}.` };
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const challenge = refusal.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=UTF-8', ...challenge });
  response.end(`${refusal.text}\n`);
}

function startBackend(
  request: IncomingMessage,
  url: URL,
  target: { repository: Repository; service: string; identity: Identity },
) {
  const { repository, service, identity } = target;
  const { headers } = request;
  const text = (name: string) => String(headers[name] ?? '');
  const limited = identity.kind === 'installation' && identity.permissions['workflows'] !== 'write';
  const env = {
    ...GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: dirname(repository.directory),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${repository.name}.git/${service}`,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: text('content-type'),
    HTTP_CONTENT_ENCODING: text('content-encoding'),
    GIT_PROTOCOL: text('git-protocol'),
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: loginOf(identity) || 'anonymous',
    LOCAL_GITHUB_WORKFLOWS: limited ? 'no' : 'yes',
    // Left out on purpose: told a length, git 2.39 spins for ever when the client breaks off before it.
    CONTENT_LENGTH: undefined,
  };
  const backend = execa('git', ['http-backend'], {
    env,
    extendEnv: false,
    encoding: 'buffer',
    buffer: false,
    reject: false,
    stderr: 'ignore',
  });
  // A client that goes away half-way ends git's input too; otherwise git would wait for the rest for ever.
  pipeline(request, backend.stdin).catch(() => {});
  return backend;
}
type Backend = ReturnType<typeof startBackend>;

async function collect(backend: Backend): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of backend.stdout) chunks.push(chunk);
  await backend;
  return Buffer.concat(chunks);
}

const HEAD_END = '\r\n\r\n';

/** Passes the backend's answer on as it comes; a clone can be large. */
async function stream(backend: Backend, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  let started = false;
  for await (const chunk of backend.stdout) {
    if (started) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) continue;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + HEAD_END.length));
    started = true;
  }
  await backend;
  if (!started) response.writeHead(500);
  response.end();
}

function answerCgi(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf(HEAD_END);
  writeHead(response, output.subarray(0, Math.max(end, 0)).toString());
  response.end(output.subarray(end + HEAD_END.length));
}

/** CGI heads are HTTP heads, but for the status, which stands in a header of its own. */
function writeHead(response: ServerResponse, head: string): void {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status, ...rest } = headers;
  response.writeHead(Number.parseInt(status ?? '200', 10), rest);
}
