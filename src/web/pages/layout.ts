// The frame of every page: head, top line, main part.
import { html } from 'hono/html';
import type { Viewer } from '../site.ts';
import type { Assets } from './assets.ts';

/** What `html` makes: text in which everything that was put in is escaped. */
export type Html = ReturnType<typeof html>;

export type Frame = Readonly<{
  title: string;
  assets: Assets;
  viewer: Viewer;
  /** Files from `assets` that this page loads besides the common style. */
  styles?: readonly string[];
  scripts?: readonly string[];
  body: Html;
}>;

/** What stands in the head of every page; `loads` is what it brings in. */
export function drawHead(title: string, loads: Html | readonly Html[]): Html {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/icon.svg">
<title>${title} · Errand</title>
${loads}
</head>`;
}

export function drawPage({ title, assets, viewer, styles = [], scripts = [], body }: Frame): Html {
  const sheets = ['pages.css', ...styles].map(
    (name) => html`<link rel="stylesheet" href="${assets.at(name)}">`,
  );
  const modules = scripts.map((name) => html`<script type="module" src="${assets.at(name)}"></script>`);
  return html`<!doctype html>
<html lang="en">
${drawHead(title, [...sheets, ...modules])}
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/">Errand</a>
<form method="post" action="/sign-out">
<span class="who">${viewer.name}</span>
<input type="hidden" name="token" value="${viewer.formToken}">
<button class="quiet">Sign out</button>
</form>
</header>
<main id="main">${body}</main>
</body>
</html>`;
}
