// Requests that come in by Slack's ways and are none of Slack's. They are refused before anything of Bolt's or ours walks
// through them: neither expects a body that is no object, or one that nests a million deep.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { HTTPModuleFunctions as bolt } from '@slack/bolt';

/** Slack's own nest some twenty deep: a form with its fields, a message with its blocks. */
const DEEPEST = 100;

/** Thrown out of `processEvent`; each way in answers it as it can. */
export class StrangeRequest extends Error {
  override readonly name = 'StrangeRequest';
  constructor(options?: ErrorOptions) {
    super('This is no request of Slack.', options);
  }
}

/** Pure, and takes no stack of its own: whatever JSON can say. */
export function isStrange(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return true;
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/** Answers 400 in the place of Bolt's 500, or of none at all. */
export async function answerStrange(
  args: Parameters<typeof bolt.defaultProcessEventErrorHandler>[0],
): Promise<boolean> {
  if (!(args.error instanceof StrangeRequest)) return bolt.defaultProcessEventErrorHandler(args);
  args.logger.warn(args.error.message);
  if (!args.response.headersSent) refuse(args.response, 400);
  return true;
}

/** A listener that lets through to `next` what Bolt can take; what bears no valid signature is Bolt's to refuse. */
export function guardSlackEndpoint(
  next: RequestListener,
  options: Readonly<{ signingSecret: string; path: string }>,
): RequestListener {
  return (request, response) => {
    if (request.method !== 'POST' || request.url?.split('?')[0] !== options.path) {
      next(request, response);
      return;
    }
    void judge(request, options.signingSecret).then((verdict) => {
      if (verdict === 'pass') next(request, response);
      else refuse(response, verdict);
      // Thrown away unread, so that a sender who is still sending gets to hear the answer.
      request.resume();
    });
  };
}

/** Reads the body, which Bolt then finds read. Never throws. */
async function judge(request: IncomingMessage, signingSecret: string): Promise<'pass' | 400 | 413> {
  try {
    await bolt.bufferIncomingMessage(request, bolt.defaultBodyLimit);
  } catch (thrown) {
    return bolt.isRawBodyError(thrown) && thrown.statusCode === 413 ? 413 : 400;
  }
  try {
    const verified = await bolt.parseAndVerifyHTTPRequest({ signingSecret }, request);
    return isStrange(bolt.parseHTTPRequestBody(verified)) ? 400 : 'pass';
  } catch {
    return 'pass';
  }
}

function refuse(response: ServerResponse, status: 400 | 413): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(status === 413 ? 'Too large.\n' : 'No request of Slack.\n');
}
