// Sorts what octokit throws into our kinds of trouble, once, for the whole room. Decides nothing else.
import { z } from 'zod';
import { PermanentError, TransientError, toError } from '../errors.ts';

/** GitHub's answer inside a thrown error; absent when no answer came (timeout, cut connection, no network). */
export type Refused = Readonly<{
  status: number;
  /** GitHub's own sentence. */
  said: string;
  /** Its list of what is wrong (422), as far as it gives one. */
  errors: readonly Readonly<{
    field?: string | undefined;
    code?: string | undefined;
    message?: string | undefined;
  }>[];
  retryAfterMs: number | undefined;
  /** The whole answer, unread. */
  data: unknown;
}>;

// Octokit's RequestError, by shape: its package is not ours to import.
const header = z.union([z.string(), z.number()]).optional();
const Thrown = z.object({
  name: z.literal('HttpError'),
  /** Of the error: GraphQL tells of its own failures in an answer of 200, which octokit makes a 500. */
  status: z.number().optional().catch(undefined),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), header),
    data: z.unknown(),
  }),
});
// GraphQL's limits come as 200 too, and octokit's throttling throws them as a plain error.
const Limited = z.object({
  name: z.literal('Error'),
  response: Thrown.shape.response.extend({
    data: z.object({ errors: z.array(z.object({ type: z.string().optional() })) }),
  }),
});
const Problem = z.object({
  message: z.string().catch(''),
  errors: z
    .array(
      z.union([
        z.object({ field: z.string(), code: z.string(), message: z.string() }).partial(),
        z.string().transform((message) => ({ message })),
      ]),
    )
    .catch([]),
});

/** Reads GitHub's answer out of something thrown; undefined when there was no (whole) answer. */
export function readRefusal(thrown: unknown, now: Date = new Date()): Refused | undefined {
  const found = Thrown.safeParse(thrown).data ?? readLimited(thrown);
  if (found === undefined) return undefined;
  const { headers, data } = found.response;
  const status = found.status ?? found.response.status;
  const problem = Problem.safeParse(data);
  const { message, errors } = problem.success ? problem.data : { message: '', errors: [] };
  return {
    status,
    said: message || toError(thrown).message,
    errors,
    data,
    retryAfterMs: readRetryAfter(status, headers, { message, now }),
  };
}

function readLimited(thrown: unknown) {
  const limited = Limited.safeParse(thrown).data;
  const isLimited = limited?.response.data.errors.some(({ type }) => type === 'RATE_LIMITED') === true;
  return isLimited ? { status: 429, response: limited.response } : undefined;
}

/** True when GitHub may or may not have done what was asked: no answer, one that cannot be read, or a failure on its side. */
export function isUnclear(thrown: unknown): boolean {
  const refused = readRefusal(thrown);
  if (refused) return refused.status >= 500;
  if (thrown instanceof TransientError || isMisread(thrown)) return true;
  return thrown instanceof Error && thrown.name === 'HttpError';
}

/** True when an answer did not hold what we read in it, beyond what answers.ts looks for. */
function isMisread(thrown: unknown): boolean {
  return thrown instanceof TypeError || thrown instanceof z.ZodError;
}

/** True when GitHub answered with one of these HTTP statuses and does not merely ask to slow down. */
export function isStatus(thrown: unknown, ...statuses: number[]): boolean {
  const refused = readRefusal(thrown);
  return refused !== undefined && refused.retryAfterMs === undefined && statuses.includes(refused.status);
}

/**
 * Runs `ask`; what octokit throws leaves as TransientError (no answer, 5xx, rate limits) or PermanentError
 * (`github_auth`, `github_forbidden`, `github_not_found`, `github_refused`). `doing` completes "while …" in the message.
 */
export async function asking<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw toFailure(thrown, doing);
  }
}

/** The kind of trouble for something thrown. Errors that are neither octokit's, ours nor of a misread answer pass unchanged. */
export function toFailure(thrown: unknown, doing: string): Error {
  const error = toError(thrown);
  const refused = readRefusal(thrown);
  if (refused === undefined) {
    if (isMisread(thrown)) {
      const say = `GitHub answered in a form unknown to us while ${doing}: ${error.message}`;
      return new TransientError(say, { cause: error });
    }
    if (error.name !== 'HttpError') return error;
    return new TransientError(`GitHub did not answer while ${doing}: ${error.message}`, { cause: error });
  }
  const { status, said, retryAfterMs } = refused;
  if (retryAfterMs !== undefined) {
    return new TransientError(`GitHub asks to slow down while ${doing}.`, { cause: error, retryAfterMs });
  }
  if (status >= 500) return new TransientError(`GitHub failed (${status}) while ${doing}.`, { cause: error });
  const [code, advice] = PERMANENT[status] ?? ['github_refused', `GitHub refused (${status})`];
  return new PermanentError(code, `${advice} while ${doing}: ${said}`, { cause: error });
}

const PERMANENT: Readonly<Record<number, readonly [code: string, advice: string]>> = {
  401: ['github_auth', 'GitHub does not accept our credentials (see `errand doctor`)'],
  403: ['github_forbidden', 'GitHub does not permit this to Errand'],
  404: ['github_not_found', 'GitHub knows no such thing, or hides it from Errand'],
  451: ['github_forbidden', 'GitHub has blocked this repository'],
};

/** Rate limits: `retry-after`, else the reset time, else a minute (docs.github.com, "rate limits for the REST API"). */
function readRetryAfter(
  status: number,
  headers: Record<string, string | number | undefined>,
  { message, now }: { message: string; now: Date },
): number | undefined {
  if (status !== 429 && status !== 403) return undefined;
  const retryAfterS = Number(headers['retry-after']);
  if (retryAfterS >= 0) return retryAfterS * 1000;
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const untilReset = Number(headers['x-ratelimit-reset']) * 1000 - now.getTime();
    return Math.max(Number.isFinite(untilReset) ? untilReset : 60_000, 1000);
  }
  return status === 429 || /\bsecondary rate\b/i.test(message) ? 60_000 : undefined;
}
