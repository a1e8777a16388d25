// The two cookies of the pages: who is signed in, and a sign-in that is under way. Over https they are bound to this one host
// (`__Host-`); scripts never see them.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isSecure, type Site } from '../site.ts';
import { type Attempt, attemptSchema } from './slack-sign-in.ts';

const SESSION = 'errand-session';
const ATTEMPT = 'errand-sign-in';

/** Slack's own codes live as long. */
const ATTEMPT_LIFETIME_S = 600;

type Place = Pick<Site, 'publicUrl'>;
type SignedPlace = Pick<Site, 'publicUrl' | 'client'>;

export function readSessionCookie(c: Context, site: Place): string | undefined {
  return read(c, site, SESSION);
}

export function writeSessionCookie(c: Context, site: Place, token: string, lifetimeMs: number): void {
  setCookie(c, SESSION, token, { ...options(site), maxAge: Math.floor(lifetimeMs / 1_000) });
}

export function dropSessionCookie(c: Context, site: Place): void {
  deleteCookie(c, SESSION, options(site));
}

/** Undefined where no sign-in was begun in this browser, or too long ago, or where the cookie is not of our making. */
export function readAttempt(c: Context, site: SignedPlace): Attempt | undefined {
  const [text = '', signature = ''] = (read(c, site, ATTEMPT) ?? '').split('.');
  const [wanted, given] = [Buffer.from(sign(site, text)), Buffer.from(signature)];
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined;
  try {
    return attemptSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

export function writeAttempt(c: Context, site: SignedPlace, attempt: Attempt): void {
  const text = Buffer.from(JSON.stringify(attempt)).toString('base64url');
  setCookie(c, ATTEMPT, `${text}.${sign(site, text)}`, { ...options(site), maxAge: ATTEMPT_LIFETIME_S });
}

/** With what only this deployment and Slack know, and every process of it does. */
function sign({ client }: SignedPlace, text: string): string {
  return createHmac('sha256', client.clientSecret).update(`${ATTEMPT}:${text}`).digest('base64url');
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
