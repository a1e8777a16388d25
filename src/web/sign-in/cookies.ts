// The two cookies of the pages: who is signed in, and a sign-in that is under way. Over https they are bound to this one host
// (`__Host-`); scripts never see them.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isSecure, type Site } from '../site.ts';
import { type Attempt, attemptSchema } from './slack-sign-in.ts';

const SESSION = 'errand-session';
const ATTEMPT = 'errand-sign-in';

/** Slack's own codes live as long. */
const ATTEMPT_LIFETIME_S = 600;

type Place = Pick<Site, 'publicUrl'>;

export function readSessionCookie(c: Context, site: Place): string | undefined {
  return read(c, site, SESSION);
}

export function writeSessionCookie(c: Context, site: Place, token: string, lifetimeMs: number): void {
  setCookie(c, SESSION, token, { ...options(site), maxAge: Math.floor(lifetimeMs / 1_000) });
}

export function dropSessionCookie(c: Context, site: Place): void {
  deleteCookie(c, SESSION, options(site));
}

/** Undefined where no sign-in was begun in this browser, or too long ago. */
export function readAttempt(c: Context, site: Place): Attempt | undefined {
  const text = Buffer.from(read(c, site, ATTEMPT) ?? '', 'base64url').toString();
  try {
    return attemptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function writeAttempt(c: Context, site: Place, attempt: Attempt): void {
  const text = Buffer.from(JSON.stringify(attempt)).toString('base64url');
  setCookie(c, ATTEMPT, text, { ...options(site), maxAge: ATTEMPT_LIFETIME_S });
}

export function dropAttempt(c: Context, site: Place): void {
  deleteCookie(c, ATTEMPT, options(site));
}

function read(c: Context, site: Place, name: string): string | undefined {
  return isSecure(site) ? getCookie(c, name, 'host') : getCookie(c, name);
}

function options(site: Place) {
  const common = { path: '/', httpOnly: true, sameSite: 'Lax' as const };
  return isSecure(site) ? { ...common, secure: true, prefix: 'host' as const } : common;
}
