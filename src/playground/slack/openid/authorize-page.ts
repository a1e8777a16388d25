// The page on which somebody agrees to be signed in. Slack knows who sits there; here one says who one is.
import { html } from 'hono/html';
import type { User } from '../users.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin:.25rem 0;width:100%}';

/** One button a person. What was asked goes along in the form. */
export function drawAuthorizePage(asked: URLSearchParams, people: readonly User[]): string {
  const carried = [...asked].filter(([name]) => name !== 'user');
  return String(html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Sign in with Slack (local)</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
  <body>
    <main>
      <h1>Sign in with Slack</h1>
      <p>Errand would like to know who you are. Who are you in this workspace?</p>
      <form method="post" action="/openid/connect/authorize">
        ${carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        ${people.map(({ id, realName }) => html`<button name="user" value="${id}">${realName}</button>`)}
        <button name="user" value="">Cancel</button>
      </form>
    </main>
  </body>
</html>`);
}

export function drawRefusal(error: string): string {
  return String(
    html`<!doctype html><html lang="en"><head><title>Slack (local)</title></head><body><h1>Something went wrong</h1><p>${error}</p></body></html>`,
  );
}
