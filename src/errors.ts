// The three kinds of trouble. Everything else that is thrown is our own bug: it is logged as an error and fails
// the job with an id. This file knows nothing of Slack, GitHub or Postgres.

/** A person asked for something that cannot be done. Returned, never thrown, and shown to them word for word. */
export type Refusal = Readonly<{
  refusal: string;
  /** Stable short name for tests, logs and metrics, e.g. `issue_closed`. */
  code: string;
}>;

/** Builds a refusal. `say` is one or two calm sentences that end in what to do next. */
export function refuse(code: string, say: string): Refusal {
  return { refusal: say, code };
}

/** Tells a refusal from the value one hoped for. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refusal' in value && 'code' in value;
}

/**
 * Something outside did not answer or asked to come back later. Nothing was changed; trying again is right.
 * Thrown by adapters only; `retryAfterMs` is what the other side asked for, where it said so.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Trying again cannot help. `message` is a sentence a person can act on; it ends a turn as its failure reason.
 * `code` is stable and short, e.g. `agent_missing`.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly code: string;
  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
  }
}

/** Turns whatever was thrown into an Error, so that catch blocks can read `.message` safely. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown), { cause: thrown });
}

/**
 * What lies at the bottom of an error, with its code: libraries only say "fetch failed". Reads `cause`, what `@slack/web-api`
 * calls `original`, and the first of several (a name with two addresses).
 */
export function sayRoot(thrown: unknown): string {
  let root = toError(thrown);
  for (let depth = 0; depth < 8; depth += 1) {
    const { cause, original, errors } = root as { cause?: unknown; original?: unknown; errors?: unknown }; // as each has it
    const below = cause ?? original ?? (Array.isArray(errors) ? errors[0] : undefined);
    if (!(below instanceof Error)) break;
    root = below;
  }
  const code = 'code' in root && typeof root.code === 'string' ? root.code : '';
  return root.message.includes(code) ? root.message : `${root.message} (${code})`;
}

/** Whether something failed because there is no such file or folder; a disk that does not answer is not that (errno(3)). */
export function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && ABSENT.has(thrown.code);
}

const ABSENT = new Set<unknown>(['ENOENT', 'ENOTDIR']);

/** What the system calls a full disk, a used up quota and a file that may not grow (errno(3)). */
const FULL_DISK = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Names a full disk, whoever ran into it. */
export function diskFull(cause?: unknown): PermanentError {
  return new PermanentError('disk_full', 'The disk of this runner is full. Make room and retry.', { cause });
}

/** The same where a file could not be written; undefined when something else went wrong. */
export function asDiskFull(error: Error): PermanentError | undefined {
  return 'code' in error && FULL_DISK.has(String(error.code)) ? diskFull(error) : undefined;
}
