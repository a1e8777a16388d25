// The pages for people: built as one app, served by whatever web server this process has.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { TransientError, toError } from '../../errors.ts';
import { isTransientDatabaseError } from '../../store/database.ts';
import { isUnreadable } from '../../store/newer-rows.ts';
import { addJobPages } from '../job/routes.ts';
import { drawOverview } from '../overview/overview-page.ts';
import type { WebRoute } from '../server.ts';
import { createGuard, type Env } from '../sign-in/guard.ts';
import { addSignIn } from '../sign-in/routes.ts';
import type { Site } from '../site.ts';
import { createAssets } from './assets.ts';
import { securityHeaders } from './headers.ts';
import { drawTrouble } from './plain-pages.ts';

/** Everything that the app answers; web servers here know paths, not apps. */
const PATHS: readonly (readonly [method: 'GET' | 'POST', path: string])[] = [
  ['GET', '/'],
  ['GET', '/jobs/:job'],
  ['GET', '/jobs/:job/:part'],
  ['POST', '/jobs/:job/press'],
  ['GET', '/sign-in'],
  ['GET', '/sign-in/slack'],
  ['GET', '/sign-in/callback'],
  ['POST', '/sign-out'],
  ['GET', '/assets/:file'],
];

/** The longest words that somebody may send, many times over. */
const MOST_FORM_BYTES = 64 * 1024;

export type Pages = Readonly<{
  routes: readonly WebRoute[];
  /** Ends the streams, which would hold up the end of the web server. */
  close(): void;
}>;

export function createPages(site: Site): Pages {
  const closing = new AbortController();
  const app = buildApp(site, closing.signal);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const handler = (request: IncomingMessage, response: ServerResponse) => void listener(request, response);
  return {
    routes: PATHS.map(([method, path]) => ({ method, path, handler })),
    close: () => closing.abort(),
  };
}

function buildApp(site: Site, closing: AbortSignal): Hono<Env> {
  const app = new Hono<Env>();
  const assets = createAssets();
  app.use(securityHeaders());
  app.use(bodyLimit({ maxSize: MOST_FORM_BYTES }));
  app.onError((thrown, c) => {
    const error = toError(thrown);
    if (isUnreadable(error)) return c.html(drawTrouble(error.message), 409);
    const passes = error instanceof TransientError || isTransientDatabaseError(error);
    if (passes) site.log.warn({ err: error }, 'web.page.later');
    else site.log.error({ err: error, path: c.req.path }, 'web.page.failed');
    const say = passes
      ? 'Slack or the database does not answer just now. Nothing is lost; try again in a moment.'
      : 'Something went wrong while this page was made; the log of the bot says what.';
    return c.html(drawTrouble(say), passes ? 503 : 500);
  });
  app.get('/assets/:file', (c) => {
    const asset = assets.find(c.req.param('file'));
    if (asset === undefined) return c.notFound();
    const isNamed = new URL(c.req.url).search !== '';
    c.header('cache-control', isNamed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return c.body(asset.body, 200, { 'content-type': asset.type });
  });
  addSignIn(app, site);
  addJobPages(app, site, { assets, closing });
  app.get('/', createGuard(site), async (c) => {
    const { repo, person } = c.req.query();
    const filter = { repo: repo || undefined, person: person || undefined };
    return c.html(await drawOverview(site, { viewer: c.get('viewer'), filter, assets }));
  });
  return app;
}
