// Makes the octokit clients: time limits, repeating, pacing. Knows nothing of repositories or pulls.
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import Bottleneck from 'bottleneck';
import { TransientError } from '../errors.ts';
import type { Log } from '../log.ts';
import { checkAnswer } from './answers.ts';

/** Answers that do not change when the same thing is asked again; 403 and 429 belong to the throttling plugin. */
const FINAL_STATUSES = [400, 401, 403, 404, 405, 409, 410, 422, 429, 451];

/** Longer waits are given back to the caller as a TransientError: a slot should not sleep through them. */
const LONGEST_WAIT_S = 60;

/** github.com asks for a second between writes; servers of one's own have no such limits unless they say so. */
const WRITE_SPACING_MS = 1000;

export type Client = InstanceType<typeof PacedOctokit>;
export type ClientFactory = ReturnType<typeof createClientFactory>;

// The first is the innermost: what it throws is repeated like any other trouble.
const PacedOctokit = Octokit.plugin(readOnlyWhatIsWhole, repeatOnlyWhatIsSafe, retry, throttling);

/** How far the clock may be set back before the pace is kept anew. */
const CLOCK_SET_BACK_MS = 2_000;
const CLOCK_LOOK_MS = 500;

/**
 * Creates clients that share one pace; of each there is one at a time, so ask anew for every request. `requestTimeoutMs` bounds each single attempt, `retryBaseMs` is the first pause
 * of 1, 4, 9 … times that between attempts.
 */
export function createClientFactory(options: {
  apiUrl: string;
  log: Log;
  requestTimeoutMs: number;
  retryBaseMs: number;
}) {
  const spacing = { maxConcurrent: 1, minTime: isGitHubCloud(options.apiUrl) ? WRITE_SPACING_MS : 0 };
  const write = new Bottleneck.Group(spacing);
  const notifications = new Bottleneck.Group(spacing);
  const log = options.log.child({ room: 'github' });

  const waitIfShort =
    (kind: string) =>
    (retryAfterS: number, request: { method: string; url: string }, _: unknown, tries: number) => {
      const wait = tries === 0 && retryAfterS <= LONGEST_WAIT_S;
      log.warn(
        { kind, retryAfterMs: retryAfterS * 1000, wait, method: request.method, url: request.url },
        'github.rate_limited',
      );
      return wait;
    };

  const clock = watchClock();
  let pace = clock.setBacks();
  const create = (id: string, auth: { auth: unknown; authStrategy?: unknown }): Client => {
    const itsPace = pace;
    const client = new PacedOctokit({
      ...auth,
      baseUrl: options.apiUrl.replace(/\/+$/, ''),
      userAgent: 'errand',
      log: toOctokitLog(log),
      request: { fetch: fetchWhole(options.requestTimeoutMs) },
      retry: { doNotRetry: FINAL_STATUSES, retries: 2, retryAfterBaseValue: options.retryBaseMs },
      throttle: {
        id: `${options.apiUrl} ${id}`,
        write,
        notifications,
        onRateLimit: waitIfShort('primary'),
        onSecondaryRateLimit: waitIfShort('secondary'),
      },
    });
    leaveStoppedQueue(client, () => clock.setBacks() !== itsPace);
    return client;
  };

  const known = new Map<string, Client>();
  /** `id` names who is asking: each has a budget of its own. `equip` is called once for every client that is made. */
  return (
    id: string,
    auth: { auth: unknown; authStrategy?: unknown },
    equip: (client: Client) => void = () => {},
  ): Client => {
    if (clock.setBacks() !== pace) {
      known.clear();
      pace = clock.setBacks();
      log.warn('github.clock_set_back');
    }
    const found = known.get(id);
    if (found) return found;
    const client = create(pace === 0 ? id : `${id} ${pace}`, auth);
    equip(client);
    known.set(id, client);
    return client;
  };
}

/**
 * Tells how often the clock was set back by now. Bottleneck reckons with the time of day: a limiter whose next request is
 * due in an hour, because the clock went back by one, would let nobody through until then.
 */
function watchClock(): { setBacks(): number } {
  const read = () => Date.now() - performance.now();
  let latest = read();
  let count = 0;
  return {
    setBacks() {
      const now = read();
      const isBack = now < latest - CLOCK_SET_BACK_MS;
      latest = isBack ? now : Math.max(latest, now);
      count += isBack ? 1 : 0;
      return count;
    },
  };
}

/**
 * Gives back what waits for its turn in a limiter that `hasStopped`, and never sends it. To be called last: octokit runs the
 * hook that was added last around all others.
 */
function leaveStoppedQueue(client: Client, hasStopped: () => boolean): void {
  client.hook.wrap('request', async (request, options) => {
    const left = Promise.withResolvers<never>();
    let isLeft = false;
    const timer = setInterval(() => {
      if (!hasStopped()) return;
      clearInterval(timer);
      isLeft = true;
      left.reject(
        new TransientError('The clock was set back while a request waited for its turn at GitHub.'),
      );
    }, CLOCK_LOOK_MS);
    const send: typeof fetch = options.request.fetch;
    const sendInTime: typeof fetch = async (...asked) => {
      clearInterval(timer);
      if (isLeft) await left.promise;
      return send(...asked);
    };
    // A fresh object: octokit shares the default one between requests.
    options.request = { ...options.request, fetch: sendInTime };
    return Promise.race([request(options), left.promise]).finally(() => clearInterval(timer));
  });
}

/** POST and PUT are sent once: whoever sends one looks afterwards whether an unanswered one was done after all. */
function repeatOnlyWhatIsSafe(octokit: Pick<Octokit, 'hook'>): Record<string, never> {
  octokit.hook.before('request', (options) => {
    const once = options.method === 'POST' || options.method === 'PUT';
    // A fresh object each time: octokit shares the default one between requests and its plugins write into it.
    options.request = { ...options.request, ...(once && { retries: 0 }) };
  });
  return {};
}

function readOnlyWhatIsWhole(octokit: Pick<Octokit, 'hook'>): Record<string, never> {
  octokit.hook.after('request', checkAnswer);
  return {};
}

/** A fetch that ends in time and returns only whole answers; octokit itself takes a body that was cut for the answer. */
function fetchWhole(timeoutMs: number): typeof fetch {
  return async (url, init) => {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const body = await answer.arrayBuffer();
    const { status, statusText, headers } = answer;
    const whole = new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
    // Paging reads the address, which only a fetched answer has of itself.
    return Object.defineProperty(whole, 'url', { value: answer.url });
  };
}

function isGitHubCloud(apiUrl: string): boolean {
  const { hostname } = new URL(apiUrl);
  return hostname === 'api.github.com' || hostname.endsWith('.ghe.com');
}

function toOctokitLog(log: Log) {
  const at = (level: 'debug' | 'warn') => (message: string) => log[level]({ message }, 'github.octokit');
  // Octokit reports each refused request as an error; for us a refusal is an answer.
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('debug') };
}
