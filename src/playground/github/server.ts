// The local GitHub, put together: one HTTP server on localhost for REST, git and pages to look at, over one state.
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AppOptions, type Auth, createAuth } from './auth.ts';
import { createFaults, type Faults, secondaryRateLimit } from './faults.ts';
import { createHands } from './hands/hands.ts';
import { createListener } from './listener.ts';
import { createMergeRequests, type MergeRequests } from './merge-requests.ts';
import { appRoutes } from './routes/apps.ts';
import { checkRoutes } from './routes/checks.ts';
import { gitDataRoutes } from './routes/git-data.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { issueRoutes } from './routes/issues.ts';
import { mergeRoutes } from './routes/merges.ts';
import { pullRoutes } from './routes/pulls.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { createState, type EmitWebhook, installationId, type State } from './state.ts';
import { repositoryView, userView } from './views.ts';
import { waitUntil } from './wait-until.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

export type LocalGitHubOptions = {
  /** Where the bare repositories lie. Created when missing; the caller removes it. */
  dir: string;
  /** Default: any free one. */
  port?: number;
  /** The clock behind every date, token and JWT. Default: the real one. */
  now?: () => Date;
  /** A personal access token and whose it is (default login `errand-dev`). */
  token?: string | { token: string; login: string };
  app?: AppOptions;
  webhook?: { url: string; secret: string };
  /** False: an older GitHub Enterprise Server without merge-async (404). */
  asyncMerge?: boolean;
};

const DEFAULT_LOGIN = 'errand-dev';
const DEFAULT_WAIT_MS = 10_000;

/** Creates a GitHub that listens after `start()`. REST and git live at one address; remotes are `${serverUrl}/owner/name.git`. */
export function createLocalGitHub(options: LocalGitHubOptions) {
  const state = createState({ now: options.now ?? (() => new Date()) });
  const auth = createAuth({ now: state.now, app: options.app });
  const personal =
    typeof options.token === 'string' ? { token: options.token, login: DEFAULT_LOGIN } : options.token;
  if (personal) auth.addToken(personal.token, personal.login);
  const faults = createFaults();
  const webhooks = createWebhooks({ target: options.webhook, onChange: state.changed });
  state.emit = describeFor(state, webhooks, { withInstallation: options.app !== undefined });
  const merges = createMergeRequests(state);
  let asyncMerge = options.asyncMerge ?? true;
  const routes = allRoutes(state, auth, { merges, asyncMerge: () => asyncMerge });
  const { requests, serve } = createListener({ state, auth, faults, routes });
  const server = createServer((request, response) => void serve(request, response));

  return {
    ...createHands(state, { dir: options.dir, people: personal ? [personal.login] : [] }),
    ...createTrouble(faults),
    /** Starts to listen on 127.0.0.1. */
    async start(): Promise<{ apiUrl: string; serverUrl: string }> {
      await mkdir(options.dir, { recursive: true });
      state.url = await listen(server, options.port ?? 0);
      return { apiUrl: state.url, serverUrl: state.url };
    },
    /** Stops listening, cuts what is still open, and waits for work and webhooks under way. */
    async stop(): Promise<void> {
      merges.hold(false);
      await close(server);
      await Promise.all([...state.repositories.values()].map((repository) => repository.tail));
      await webhooks.settled();
    },
    /** Every request so far, oldest first. */
    requests,
    webhooks,
    botLogin: auth.botLogin,
    addToken: auth.addToken,
    /** Makes a token invalid; without a name every installation token. */
    revokeToken: auth.revoke,
    delayTokens: auth.delayTokens,
    /** Ids of what is made from now on are above this, as github.com's have long passed 2³¹. */
    passId: state.passId,
    /** False: from now on an older server without merge-async. */
    setAsyncMerge(on: boolean) {
      asyncMerge = on;
    },
    /** While on, asynchronous merges stay pending. */
    holdAsyncMerges: merges.hold,
    /** Calls `listener` after every change until the returned function is called. */
    onChange: state.onChange,
    /** What is remembered of a repository, `owner/name`, to look at. Throws where there is none. */
    repository: state.get,
    /** Waits until `check` gives something true, looking again after every change. Throws after `timeoutMs` (10 s). */
    waitFor: <T>(check: () => T | Promise<T>, wait: { timeoutMs?: number } = {}) =>
      waitUntil(check, { onChange: state.onChange, timeoutMs: wait.timeoutMs ?? DEFAULT_WAIT_MS }),
  };
}
export type LocalGitHub = ReturnType<typeof createLocalGitHub>;

function allRoutes(state: State, auth: Auth, options: { merges: MergeRequests; asyncMerge: () => boolean }) {
  return [
    ...appRoutes(state, auth),
    ...repositoryRoutes(state),
    ...gitDataRoutes(state),
    ...issueRoutes(state),
    ...mergeRoutes(state, options.merges, options),
    ...reviewRoutes(state),
    ...pullRoutes(state),
    ...checkRoutes(state),
    ...graphqlRoutes(state),
  ];
}

/** Knobs for what goes wrong on the way to this server. */
function createTrouble(faults: Faults) {
  return {
    /** Meets the next matching requests with a fault. */
    fault: faults.add,
    clearFaults: faults.clear,
    /** While down, every connection is cut at once. */
    down: faults.down,
    /** The next `times` requests (default 1) meet GitHub's secondary rate limit. */
    limitRate(limit: { retryAfterS: number; method?: string; path?: string | RegExp; times?: number }) {
      const { retryAfterS, ...where } = limit;
      faults.add({ path: /^/, ...where, ...secondaryRateLimit(retryAfterS) });
    },
  };
}

/** Adds to every webhook what all of them carry: repository, sender and installation. */
function describeFor(state: State, webhooks: Webhooks, options: { withInstallation: boolean }): EmitWebhook {
  return (event, repository, { sender, ...payload }) => {
    const installed = options.withInstallation && repository.settings.installed;
    webhooks.emit(event, {
      ...payload,
      repository: repositoryView(state, repository),
      sender: userView(state, String(sender)),
      ...(installed ? { installation: { id: installationId(repository.owner) } } : {}),
    });
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The local GitHub has no port.');
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
