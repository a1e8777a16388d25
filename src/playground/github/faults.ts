// Things that go wrong on purpose: chosen answers, cut connections before or after the work, delays, a dead server.
export type Fault = {
  method?: string;
  /** The path without query: exactly this, or what the expression matches. Git's own paths count too. */
  path: string | RegExp;
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The work is done, then the connection is cut: the caller cannot know. */
  dropAfterApply?: boolean;
  /** The work is done, then this status is answered instead, as a gateway does that lost its backend. */
  statusAfterApply?: number;
  /** The work is done and the status is as it should be, with this in place of the body: half of it, a page, other JSON. */
  rawBody?: string;
  /** The connection is cut before anything happens. */
  dropBefore?: boolean;
  delayMs?: number;
  /** How often; default once. */
  times?: number;
};

export function createFaults() {
  let faults: { fault: Fault; left: number }[] = [];
  let isDown = false;
  return {
    add(fault: Fault) {
      faults.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      faults = [];
    },
    /** While down, every connection is cut at once. */
    down(on: boolean) {
      isDown = on;
    },
    /** The fault that meets this request, counted down; undefined for a calm one. */
    take(method: string, path: string): Fault | undefined {
      if (isDown) return { path, dropBefore: true };
      const hit = faults.find(({ fault, left }) => {
        if (left <= 0 || (fault.method && fault.method !== method)) return false;
        return typeof fault.path === 'string' ? fault.path === path : fault.path.test(path);
      });
      if (hit) hit.left -= 1;
      return hit?.fault;
    },
  };
}
export type Faults = ReturnType<typeof createFaults>;

/** GitHub's secondary rate limit, as Octokit's throttling plugin recognises it. */
export function secondaryRateLimit(retryAfterS: number): Pick<Fault, 'status' | 'headers' | 'body'> {
  return {
    status: 403,
    headers: { 'retry-after': String(retryAfterS) },
    body: {
      message:
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. For more on scraping GitHub and how it may affect your rights, please review our Terms of Service.',
      documentation_url: 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
    },
  };
}
