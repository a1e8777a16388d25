// Visitors of the pages: the settings that switch pages on, a visitor without a browser (cookies and forms, no scripts), and
// how somebody signs in with a real one.
import getPort from 'get-port';
import type { Page } from 'playwright-core';
import type { Errand } from './errand.ts';

/**
 * For `openErrand({ env })`. Several bots on one machine need a port each, known before they start. `publicUrl`: where people
 * find the pages, if not at that port.
 */
export async function pageSettings(publicUrl?: string): Promise<Readonly<Record<string, string>>> {
  const port = String(await getPort());
  return {
    PORT: port,
    PUBLIC_URL: publicUrl ?? `http://127.0.0.1:${port}`,
    // What the local Slack gave its app.
    SLACK_CLIENT_ID: '1111.2222',
    SLACK_CLIENT_SECRET: 'local-client-secret',
  };
}

export function publicUrlOf(errand: Errand): string {
  const { publicUrl } = errand.config.web;
  if (publicUrl === undefined) throw new Error('Open Errand with pageSettings() first.');
  return publicUrl;
}

export type Visitor = ReturnType<typeof createVisitor>;

/** Goes where it is sent by hand, so that each step can be looked at. */
export function createVisitor(publicUrl: string) {
  const cookies = new Map<string, string>();

  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    const isOurs = url.startsWith(publicUrl);
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(isOurs && jar ? { cookie: jar } : {}) },
    });
    for (const line of isOurs ? answer.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }
  const get = (path: string, headers: Record<string, string> = {}) => ask(`${publicUrl}${path}`, { headers });

  return {
    cookies,
    ask,
    get,
    /** Sends a form as the page at `publicUrl` would. */
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ask(`${publicUrl}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: publicUrl, ...headers },
      }),
    /** Begins to sign in: where Slack's own page is. */
    async beginSignIn(to = '/'): Promise<URL> {
      const answer = await get(`/sign-in/slack?to=${encodeURIComponent(to)}`);
      return new URL(answer.headers.get('location') ?? '');
    },
    /** Agrees at Slack as this person: where Slack sends them back to. */
    async agree(at: URL, user: string): Promise<string> {
      const fields = new URLSearchParams(at.searchParams);
      fields.set('user', user);
      const answer = await fetch(`${at.origin}${at.pathname}`, {
        method: 'POST',
        body: fields,
        redirect: 'manual',
      });
      return answer.headers.get('location') ?? '';
    },
    /** Signs in from beginning to end; the answer of the last step. */
    async signIn(user: string, to = '/'): Promise<Response> {
      return ask(await this.agree(await this.beginSignIn(to), user));
    },
  };
}

/** The value of a hidden field in a page. */
export function fieldOf(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
}

/** The fields of the form for one act, as the page drew it; none where there is no such form. */
export function formOf(page: string, act: string): Record<string, string> {
  const form = page.split('<form').find((one) => one.includes(`name="act" value="${act}"`)) ?? '';
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** Opens a page in the browser, signing in on the way as the person with this name. */
export async function openAs(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in with Slack' }).click();
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForURL(url);
}
