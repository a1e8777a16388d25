// Pages for people who are not (or not yet) let in, and for trouble. They load nothing but the style.
import { html } from 'hono/html';
import { drawHead, type Html } from './layout.ts';

function drawPlain(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
${drawHead(title, html`<link rel="stylesheet" href="/assets/pages.css">`)}
<body class="plain"><main><h1>${title}</h1>${body}</main></body>
</html>`;
}

export function drawSignIn({ to, isOut }: { to: string; isOut: boolean }): Html {
  return drawPlain(
    isOut ? 'You are signed out' : 'Sign in',
    html`<p>Errand shows what coding agents did, to full members of the Slack workspace that it works for.</p>
<p><a class="button primary" href="/sign-in/slack?to=${encodeURIComponent(to)}">Sign in with Slack</a></p>
<p class="faint">Slack tells Errand your name and your workspace, nothing else.</p>`,
  );
}

const FAILURES = {
  other_browser: 'This sign-in was not begun in this browser, or too long ago.',
  other_tab: 'This sign-in was begun again in another tab. Go on there, or begin once more here.',
  no_answer: 'Slack does not answer just now.',
  declined: 'You told Slack not to sign you in.',
  not_confirmed: 'Slack did not confirm who you are.',
} as const;

export function drawSignInFailed(why: keyof typeof FAILURES): Html {
  return drawPlain(
    'Not signed in',
    html`<p>${FAILURES[why]}</p><p><a class="button" href="/sign-in">Try again</a></p>`,
  );
}

/** The same for guests, bots, strangers and people who were deactivated: who is what is nobody else's business. */
export function drawTurnedAway(): Html {
  return drawPlain(
    'Only for full members',
    html`<p>Errand shows its work to full members of the workspace it belongs to, and you are not one. Ask a colleague who is, or sign in as somebody else.</p>
<p><a class="button" href="/sign-in">Sign in</a></p>`,
  );
}

/** Also for jobs that this viewer may not see: that there are such is not said. */
export function drawNotFound(what: string): Html {
  return drawPlain(
    'Not here',
    html`<p>There is no ${what} here for you. It may belong to a channel that you are not in.</p>
<p><a class="button" href="/">All jobs</a></p>`,
  );
}

export function drawTrouble(say: string): Html {
  return drawPlain('Not now', html`<p>${say}</p><p><a class="button" href="">Try again</a></p>`);
}
