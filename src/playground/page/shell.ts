// The page's frame: panes, composers, dialogs. What stands in them comes over live.ts; without a script it says so.

import { type Html, html } from './markup.ts';
import type { Command } from './server.ts';

/** In this order: what is narrow wins. */
const STYLES = ['page', 'panes', 'messages', 'github', 'dialogs', 'narrow'];

/** The whole document. `commands` are the app's slash commands with their hints. */
export function drawShell(
  options: Readonly<{ repo: string; commands: readonly Command[]; notes: readonly string[] }>,
): Html {
  const { repo, commands, notes } = options;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Errand playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/look/diff.css">
${STYLES.map((name) => html`<link rel="stylesheet" href="/look/${name}.css">`)}
<script type="module" src="/browser/page.js"></script>
</head>
<body data-beside="closed" data-commands="${JSON.stringify(commands)}" data-pane="channel">
<a class="skip" href="#compose-channel">Skip to the composer</a>
<header class="top"><h1>Errand <small>playground</small></h1>
<div data-region="people"></div>
<button type="button" class="button" data-open="faults">Faults <span data-region="fault-count"></span></button></header>
<p class="offline" role="alert" hidden>The playground does not answer. Is it still running in your terminal?</p>
<nav class="tabs" aria-label="Panes">
<button type="button" data-pane-to="channels">Places</button><button type="button" data-pane-to="channel">Channel</button><button type="button" data-pane-to="thread">Thread</button><button type="button" data-pane-to="github">GitHub</button></nav>
<p class="visually-hidden" role="status" data-news></p>
<main>
<nav class="pane channels" aria-label="Places" data-region="channels"></nav>
<section class="pane channel" aria-label="Channel">
<div class="bell" data-region="bell" role="status" aria-label="Mentions"></div>
<div class="scroll" data-region="channel" data-fresh="end" role="log" aria-live="off" aria-label="Messages" tabindex="0"></div>
<div class="foot"><p class="problem" role="alert" data-said></p><div class="coach" data-region="coach"></div>
${composer('channel', 'Message, or / for a command')}</div>
</section>
<aside class="pane thread" aria-label="Thread">
<header><h2>Thread</h2><button type="button" class="button" data-close-thread aria-label="Close the thread">✕</button></header>
<div class="scroll" data-region="thread" data-fresh="end" role="log" aria-live="off" aria-label="Messages of the thread" tabindex="0"></div>
<div class="foot">${composer('thread', 'Reply…')}</div>
</aside>
<section class="pane github" aria-label="GitHub">
<header><h2>${repo}</h2><nav aria-label="GitHub">
<button type="button" data-github="overview">Overview</button><button type="button" data-github="issues">Issues</button><button type="button" data-github="pulls">Pulls</button><button type="button" data-github="commits">Commits</button></nav></header>
<div class="scroll" data-region="github" data-fresh="mark" tabindex="0" role="region" aria-label="On GitHub"></div>
</section>
</main>
<footer>${notes.map((note) => html`<span>${note}</span>`)}</footer>
<dialog class="modal" aria-label="Form" data-region="modal"></dialog>
<dialog class="confirm" aria-label="Are you sure?"><h2></h2><p></p><div class="actions end"><button type="button" class="button" value="no"></button><button type="button" class="button primary" value="yes"></button></div></dialog>
<dialog class="faults" aria-label="Faults"><header><h2>Break something</h2><button type="button" class="button" data-close aria-label="Close">✕</button></header>
<p>These faults are real. Start something, break something, and watch what becomes of it.</p>
<p class="problem" role="alert" data-fault-said></p><div data-region="faults"></div></dialog>
<noscript><p>The playground needs JavaScript.</p></noscript>
</body>
</html>`;
}

function composer(where: 'channel' | 'thread', label: string): Html {
  return html`<form class="composer" data-composer="${where}">
<ul class="hints" role="listbox" id="hints-${where}" aria-label="Suggestions" hidden></ul>
<textarea id="compose-${where}" rows="1" maxlength="12000" aria-label="${where === 'channel' ? 'Message to the channel' : 'Reply in the thread'}" placeholder="${label}" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="hints-${where}"></textarea>
<button class="button primary" aria-label="Send">➤</button></form>`;
}
