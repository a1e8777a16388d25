// Response URLs: an app may answer a command or click 5 times within 30 minutes, without a token and without being a
// member of the channel.
import { randomBytes } from 'node:crypto';
import type { Bulletin } from './bulletin.ts';
import { SlackFailure } from './failure.ts';
import type { Messages } from './messages.ts';
import { createResponseAnswer, type ResponseTarget } from './response-answer.ts';

const USES_MAX = 5;
const LIFE_MS = 30 * 60_000;

type Grant = { readonly target: ResponseTarget; readonly madeAt: Date; uses: number };

/** Creates the book of response URLs. `baseUrl` is asked late, since the port is known only once the server listens. */
export function createResponseUrls(options: {
  now: () => Date;
  messages: Messages;
  bulletin: Bulletin;
  baseUrl: () => string;
}) {
  const grants = new Map<string, Grant>();
  const apply = createResponseAnswer(options);

  return {
    issue(kind: 'commands' | 'actions', target: ResponseTarget): string {
      const path = `/${kind}/${randomBytes(12).toString('hex')}`;
      grants.set(path, { target, madeAt: options.now(), uses: 0 });
      return `${options.baseUrl()}${path}`;
    },
    /** True for paths that may be response URLs. */
    owns: (path: string) => path.startsWith('/commands/') || path.startsWith('/actions/'),
    /** What an app gets for POSTing `body` there. A refused body costs no use. */
    respond(path: string, body: unknown): { status: number; answer: Record<string, unknown> } {
      const grant = grants.get(path);
      const refuse = (status: number, error: string) => ({ status, answer: { ok: false, error } });
      if (!grant) return refuse(404, 'no_such_url');
      if (grant.uses >= USES_MAX) return refuse(404, 'used_url');
      if (options.now().getTime() - grant.madeAt.getTime() > LIFE_MS) return refuse(404, 'expired_url');
      try {
        apply(grant.target, body);
      } catch (error) {
        if (error instanceof SlackFailure) return refuse(400, error.code);
        throw error;
      }
      grant.uses += 1;
      return { status: 200, answer: { ok: true } };
    },
  };
}

export type ResponseUrls = ReturnType<typeof createResponseUrls>;
