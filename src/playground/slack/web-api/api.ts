// One Web API call from token to answer: who calls, which fault is armed, what the method says. Every call is kept.
import type { Changes } from '../changes.ts';
import { SlackFailure } from '../failure.ts';
import type { Faults } from '../faults.ts';
import type { Answer, Method } from './method.ts';
import { findMissingScope } from './scopes.ts';

export type Call = Readonly<{
  method: string;
  args: Readonly<Record<string, unknown>>;
  at: Date;
  status: number;
  answer: Answer;
  /** The state was changed, but the caller never heard of it. */
  wasCut: boolean;
  /** What the caller got in place of the answer. */
  rawBody?: string | undefined;
}>;

export type Reply = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  answer: Answer;
  wasCut: boolean;
  /** Sent in place of the answer. */
  rawBody?: string | undefined;
}>;
type Request = Readonly<{
  method: string;
  args: Readonly<Record<string, unknown>>;
  token: string | undefined;
}>;

/** Creates the front of the Web API. */
export function createApi(options: {
  methods: Readonly<Record<string, Method>>;
  faults: Faults;
  botToken: string;
  appToken: string;
  scopes: readonly string[];
  now: () => Date;
  changes: Changes;
}) {
  const calls: Call[] = [];
  const { faults } = options;

  function run(request: Request): Reply {
    const headers = { 'x-oauth-scopes': options.scopes.join(',') };
    try {
      const method = options.methods[request.method];
      if (!method) throw new SlackFailure('unknown_method');
      checkToken(method, request.token, options);
      if (method.token === 'bot' && faults.tokenError) throw new SlackFailure(faults.tokenError);
      const needed = findMissingScope(request.method, options.scopes);
      if (needed !== undefined)
        return { status: 200, headers, answer: missingScope(needed, options.scopes), wasCut: false };
      const waitS =
        request.method === 'chat.postMessage' ? faults.countPost(String(request.args['channel'])) : undefined;
      if (waitS !== undefined) return rateLimited(waitS);
      return { status: 200, headers, answer: { ok: true, ...method.run(request.args) }, wasCut: false };
    } catch (error) {
      if (!(error instanceof SlackFailure)) throw error;
      return { status: 200, headers, answer: refusal(error), wasCut: false };
    }
  }

  async function reply(request: Request): Promise<Reply> {
    const fault = faults.take(request.method);
    if (!fault) return run(request);
    if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.retryAfterS !== undefined) return rateLimited(fault.retryAfterS);
    const { httpStatus = 200, error } = fault;
    if (error !== undefined || httpStatus !== 200) {
      return {
        status: httpStatus,
        headers: {},
        answer: { ok: false, error: error ?? 'internal_error' },
        wasCut: false,
      };
    }
    const given = { ...run(request), wasCut: fault.dropAfterApply ?? false, rawBody: fault.rawBody };
    if (fault.delayAnswerMs !== undefined) {
      options.changes.changed();
      await new Promise((resolve) => setTimeout(resolve, fault.delayAnswerMs));
    }
    return given;
  }

  return {
    /** Every call so far, oldest first. */
    calls: (): readonly Call[] => calls,
    async answer(request: Request): Promise<Reply> {
      const at = options.now();
      const given = await reply(request);
      calls.push({ method: request.method, args: request.args, at, ...given });
      options.changes.changed();
      return given;
    },
  };
}

function checkToken(
  method: Method,
  token: string | undefined,
  known: { botToken: string; appToken: string },
): void {
  if (token === undefined || token === '') throw new SlackFailure('not_authed');
  if (token !== known.botToken && token !== known.appToken) throw new SlackFailure('invalid_auth');
  const wanted = method.token === 'app' ? known.appToken : known.botToken;
  if (token !== wanted) throw new SlackFailure('not_allowed_token_type');
}

function missingScope(needed: string, provided: readonly string[]): Answer {
  return { ok: false, error: 'missing_scope', needed, provided: provided.join(',') };
}

function rateLimited(seconds: number): Reply {
  const headers = { 'retry-after': String(seconds) };
  return { status: 429, headers, answer: { ok: false, error: 'ratelimited' }, wasCut: false };
}

function refusal(failure: SlackFailure): Answer {
  const messages = failure.messages;
  return { ok: false, error: failure.code, ...(messages.length > 0 && { response_metadata: { messages } }) };
}
