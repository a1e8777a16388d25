// Knobs that make the local Slack misbehave in the ways the real one does. Decides only; server.ts acts on it.

export type Fault = Readonly<{
  /** A Web API method such as `chat.postMessage`, `*` for all of them, `response_url`, or `handshake` of a socket. */
  method: string;
  /** Answer `ok: false` with this code; nothing is changed. */
  error?: string;
  /** Answer with this HTTP status; nothing is changed. 429 comes without a Retry-After then. */
  httpStatus?: number;
  /** Answer 429 with this Retry-After; nothing is changed. */
  retryAfterS?: number;
  /** Change the state, then cut the connection: the caller cannot know that it worked. */
  dropAfterApply?: boolean;
  /** Change the state, then answer 200 with this body in place of the answer: half of it, a proxy's page, other JSON. */
  rawBody?: string;
  /** Wait this long before anything else happens. */
  delayMs?: number;
  /** Change the state, then let the caller wait this long for the answer. */
  delayAnswerMs?: number;
  /** How many calls are hit; default 1. */
  times?: number;
}>;

export type PostLimit = Readonly<{ posts: number; perMs: number }>;

/** These are no methods of the Web API. */
const OTHER_DOORS = ['response_url', 'handshake'];

const fits = (fault: Fault, method: string) =>
  fault.method === method || (fault.method === '*' && !OTHER_DOORS.includes(method));

/** Creates the knobs, all off. */
export function createFaults(options: { now: () => Date }) {
  const armed: { readonly fault: Fault; left: number }[] = [];
  const postTimes = new Map<string, number[]>();
  let postLimit: PostLimit | undefined;

  return {
    isDown: false,
    isDoubling: false,
    /** Everything, not only events, is delivered twice. */
    isDoublingAll: false,
    /** Acknowledgements that arrive now are lost on the way. */
    isLosingAcks: false,
    /** What Slack says to every call with the bot's token; undefined while it is good. */
    tokenError: undefined as string | undefined,
    /** How long the next event is held back; undefined sends it at once. */
    holdEventMs: undefined as (() => number) | undefined,
    add(fault: Fault): void {
      armed.push({ fault, left: fault.times ?? 1 });
    },
    /** Takes one use of the first fault that fits. */
    take(method: string): Fault | undefined {
      const entry = armed.find(({ fault, left }) => left > 0 && fits(fault, method));
      if (!entry) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
    clear(): void {
      armed.length = 0;
    },
    /** Limits chat.postMessage per channel, e.g. `{posts: 1, perMs: 1000}`; undefined lifts the limit. */
    limitPosts(limit: PostLimit | undefined): void {
      postLimit = limit;
      postTimes.clear();
    },
    /** Counts a post; answers how many seconds to wait where it is one too many. */
    countPost(channel: string): number | undefined {
      if (!postLimit) return undefined;
      const nowMs = options.now().getTime();
      const { posts, perMs } = postLimit;
      const recent = (postTimes.get(channel) ?? []).filter((time) => nowMs - time < perMs);
      const oldest = recent[recent.length - posts];
      if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + perMs - nowMs) / 1000));
      postTimes.set(channel, [...recent, nowMs]);
      return undefined;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;
