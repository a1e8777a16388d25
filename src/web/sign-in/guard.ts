// Lets in who is signed in and a full member, at every request anew, and nobody else. Checks what comes with a form.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { endWebSession, findWebSession } from '../../store/web-sessions.ts';
import { drawTurnedAway } from '../pages/plain-pages.ts';
import type { Site, Viewer } from '../site.ts';
import { dropSessionCookie, readSessionCookie } from './cookies.ts';

export type Env = { Bindings: HttpBindings; Variables: { viewer: Viewer } };

/**
 * Who is not signed in is sent to do so, and comes back to where they wanted to go. `isPart`: a stream or a fragment, which
 * a page asks for and which leads nowhere else.
 */
export function createGuard(site: Site, { isPart = false } = {}): MiddlewareHandler<Env> {
  return async (c, next) => {
    const viewer = await findViewer(c, site);
    switch (viewer) {
      case 'nobody': {
        if (isPart || c.req.method !== 'GET') return c.text('Sign in first.', 401);
        const { pathname, search } = new URL(c.req.url);
        return c.redirect(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
      }
      case 'turned_away':
        return c.html(drawTurnedAway(), 403);
      default:
        c.set('viewer', viewer);
        return next();
    }
  };
}

/** Also for streams, which live long: whoever was let in may have become a guest since. */
export async function findViewer(c: Context, site: Site): Promise<Viewer | 'nobody' | 'turned_away'> {
  const { viewers, actions } = site;
  const { sql } = actions.store.db;
  const token = readSessionCookie(c, site);
  if (token === undefined) return 'nobody';
  const session = await findWebSession(sql, token);
  if (session === undefined) {
    dropSessionCookie(c, site);
    return 'nobody';
  }
  const { person, team } = session;
  if ((await viewers.standingOf(person, team)) !== 'member') {
    await endWebSession(sql, token);
    dropSessionCookie(c, site);
    return 'turned_away';
  }
  const name = (await viewers.nameOf(person)) ?? person;
  return { person, team, name, formToken: formTokenOf(token) };
}

/** Known to the page alone; says nothing of the session's own token. */
function formTokenOf(token: string): string {
  return createHmac('sha256', token).update('forms').digest('base64url');
}

/** Whether a form was sent by a page of ours that this viewer saw: from our origin, with the token that stood in it. */
export function isOwnForm(c: Context<Env>, site: Site, given: string): boolean {
  const origin = c.req.header('origin');
  const isOurs =
    origin === undefined || origin === 'null'
      ? c.req.header('sec-fetch-site') === 'same-origin'
      : origin === new URL(site.publicUrl).origin;
  const [wanted, sent] = [Buffer.from(c.get('viewer').formToken), Buffer.from(given)];
  return isOurs && wanted.length === sent.length && timingSafeEqual(wanted, sent);
}
