// The pages of signing in and out.
import type { Hono } from 'hono';
import { TransientError } from '../../errors.ts';
import { endWebSession, openWebSession } from '../../store/web-sessions.ts';
import { drawSignIn, drawSignInFailed, drawTurnedAway } from '../pages/plain-pages.ts';
import type { Site } from '../site.ts';
import {
  dropAttempt,
  dropSessionCookie,
  readAttempt,
  readSessionCookie,
  writeAttempt,
  writeSessionCookie,
} from './cookies.ts';
import { createGuard, type Env, isOwnForm } from './guard.ts';
import { ownPath } from './own-path.ts';
import { createSlackSignIn } from './slack-sign-in.ts';

/** Slack confirms with one click whoever comes again. */
const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000;

export function addSignIn(app: Hono<Env>, site: Site): void {
  const slack = createSlackSignIn(site);
  const { sql } = site.actions.store.db;

  app.get('/sign-in', (c) => {
    const { to, out } = c.req.query();
    return c.html(drawSignIn({ to: ownPath(to, site), isOut: out === '1' }));
  });

  app.get('/sign-in/slack', async (c) => {
    const to = ownPath(c.req.query('to'), site);
    const { url, attempt } = await slack.begin({ team: site.viewers.teamId(), to });
    writeAttempt(c, site, attempt);
    return c.redirect(url.href);
  });

  app.get('/sign-in/callback', async (c) => {
    const attempt = readAttempt(c, site);
    dropAttempt(c, site);
    if (attempt === undefined) return c.html(drawSignInFailed('other_browser'), 400);
    const answer = new URL(c.req.url).searchParams;
    if (answer.get('error') === 'access_denied') return c.html(drawSignInFailed('declined'), 403);
    if (answer.get('state') !== attempt.state) return c.html(drawSignInFailed('other_tab'), 403);
    const who = await slack.finish(answer, attempt);
    if (who instanceof TransientError) {
      site.log.warn({ err: who }, 'web.sign_in.later');
      return c.html(drawSignInFailed('no_answer'), 503);
    }
    if (who instanceof Error) {
      site.log.info({ err: who }, 'web.sign_in.refused');
      return c.html(drawSignInFailed('not_confirmed'), 403);
    }
    if ((await site.viewers.standingOf(who.person, who.team)) !== 'member') {
      site.log.info({ person: who.person, team: who.team }, 'web.sign_in.turned_away');
      return c.html(drawTurnedAway(), 403);
    }
    // Whoever sat here before is out, on the server too.
    const former = readSessionCookie(c, site);
    if (former !== undefined) await endWebSession(sql, former);
    const token = await openWebSession(sql, who, { lifetimeMs: SESSION_LIFETIME_MS });
    writeSessionCookie(c, site, token, SESSION_LIFETIME_MS);
    site.log.info({ person: who.person }, 'web.signed_in');
    return c.redirect(ownPath(attempt.to, site));
  });

  app.post('/sign-out', createGuard(site), async (c) => {
    const { token } = await c.req.parseBody();
    if (!isOwnForm(c, site, String(token))) return c.text('Open the page again and sign out there.', 403);
    const session = readSessionCookie(c, site);
    if (session !== undefined) await endWebSession(sql, session);
    dropSessionCookie(c, site);
    return c.redirect('/sign-in?out=1', 303);
  });
}
