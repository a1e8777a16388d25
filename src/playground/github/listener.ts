// Takes every HTTP request: meets it with its fault, hands it to git, to a page or to REST, and writes the log.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isMeantForUs } from '../local-host.ts';
import type { Answer } from './answer.ts';
import { type Auth, type Identity, loginOf } from './auth.ts';
import type { Fault, Faults } from './faults.ts';
import { createGitHttp, isGitPath } from './git-http.ts';
import { renderPage } from './pages.ts';
import { createRest, writeAnswer } from './rest.ts';
import type { Route } from './router.ts';
import type { State } from './state.ts';

type RequestLogEntry = {
  method: string;
  path: string;
  /** 0 when the connection was cut instead of answered. */
  status: number;
  auth: Identity['kind'];
  login: string;
  at: Date;
};
export type ListenerOptions = { state: State; auth: Auth; faults: Faults; routes: readonly Route[] };
type Exchange = { request: IncomingMessage; response: ServerResponse; url: URL };

/** Creates the handler of the HTTP server, and the log of all it saw. */
export function createListener({ state, auth, faults, routes }: ListenerOptions) {
  const requests: RequestLogEntry[] = [];
  const answerRest = createRest({ state, auth, routes });
  const answerGit = createGitHttp(state, auth);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isMeantForUs(request)) {
      request.resume();
      writeAnswer(response, {
        status: 403,
        body: { message: 'Only programs on this machine are answered.' },
      });
      return;
    }
    const url = new URL(request.url ?? '/', state.url);
    const method = request.method ?? 'GET';
    const at = state.now();
    const entry: RequestLogEntry = { method, path: url.pathname, status: 0, auth: 'none', login: '', at };
    requests.push(entry);
    state.changed();
    try {
      const identity = await work({ request, response, url });
      Object.assign(entry, { auth: identity.kind, login: loginOf(identity) });
      if (response.headersSent) entry.status = response.statusCode;
    } catch (error) {
      entry.status = 500;
      if (!response.headersSent) writeAnswer(response, { status: 500, body: { message: String(error) } });
    }
    state.changed();
  }

  async function work({ request, response, url }: Exchange): Promise<Identity> {
    const nobody: Identity = { kind: 'none' };
    const fault = faults.take(request.method ?? 'GET', url.pathname);
    if (fault?.delayMs) await delay(fault.delayMs);
    if (fault?.dropBefore) {
      request.socket.destroy();
      return nobody;
    }
    if (fault?.status) {
      request.resume();
      writeAnswer(response, faultAnswer(fault, fault.status));
      return nobody;
    }
    const cut = fault?.dropAfterApply === true;
    if (isGitPath(url.pathname)) return answerGit({ request, response, url, beforeAnswer: () => cut });
    const page = request.method === 'GET' ? await renderPage(state, url.pathname) : undefined;
    if (page) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return nobody;
    }
    const { answer, identity } = await answerRest({ request, url });
    if (cut) request.socket.destroy();
    else if (fault?.statusAfterApply) writeAnswer(response, faultAnswer(fault, fault.statusAfterApply));
    else
      writeAnswer(response, { ...answer, ...(fault?.rawBody === undefined ? {} : { raw: fault.rawBody }) });
    return identity;
  }

  return { requests: requests as readonly RequestLogEntry[], serve };
}

function faultAnswer(fault: Fault, status: number): Answer {
  const body = fault.body ?? {
    message: 'Something went wrong',
    documentation_url: 'https://docs.github.com/rest',
  };
  return { status, body, ...(fault.headers ? { headers: fault.headers } : {}) };
}
