// What agents write is Markdown, and is drawn as such: headings, lists, code, tables, links to the web. Never markup of their
// own, never an image, never an address that runs or that poses as one of ours; and nothing that was said is left out.

import { html, raw } from 'hono/html';
import MarkdownIt from 'markdown-it';
import { showHidden } from '../../job/hidden-text.ts';
import type { Html } from './layout.ts';
import { shown, shownLine, webAddress } from './text.ts';

/** Nobody reads on there, and the library leaves out what is nested much deeper: such texts stay as they were written. */
const DEEPEST = 16;

/** Longer texts stay as they were written: this much takes 6 ms, and 100 ms where it is meant to take long. */
const MOST_CHARACTERS = 20_000;

const markdown = createMarkdown();

function createMarkdown() {
  const made = new MarkdownIt({ html: false, linkify: true, breaks: true });
  // A list of references shows nothing of itself, and could say what only some readers see.
  made.disable(['image', 'reference']);
  // Without `https://` before it `README.md` is a file and no place in Moldova.
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  made.validateLink = (url) => webAddress(url) !== undefined;
  const { rules } = made.renderer;
  // Words of theirs are no part of the outline of our page.
  rules['heading_open'] = () => '<p class="title">';
  rules['heading_close'] = () => '</p>\n';
  rules['link_open'] = (tokens, index) => {
    // As a browser would read it: `https:/x` leads to a page of ours.
    const href = made.utils.escapeHtml(webAddress(String(tokens[index]?.attrGet('href') ?? '')) ?? '');
    return `<a href="${href}" title="${href}" rel="noopener noreferrer nofollow">`;
  };
  rules['fence'] = (tokens, index) =>
    `<pre><code>${made.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
  // Our policy refuses styles that stand in a page.
  rules['th_open'] = (tokens, index) => `<th${aligned(tokens[index]?.attrGet('style'))}>`;
  rules['td_open'] = (tokens, index) => `<td${aligned(tokens[index]?.attrGet('style'))}>`;
  rules['table_open'] = () => '<div class="table" tabindex="0" role="region" aria-label="Table"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
  return made;
}

function aligned(style: unknown): string {
  const [, side] = /^text-align:(right|center)$/.exec(String(style)) ?? [];
  return side === undefined ? '' : ` class="${side}"`;
}

/** Everybody who watches a message grow is shown the same: it is drawn once. */
const drawnLately = new Map<string, Html>();
const MOST_DRAWN = 50;

/** A text of an agent's, of several paragraphs maybe. */
export function prose(text: string, most = MOST_CHARACTERS): Html {
  const key = `${most} ${text}`;
  const known = drawnLately.get(key);
  if (known !== undefined) return known;
  const drawn = draw(text, most);
  drawnLately.set(key, drawn);
  const [oldest] = drawnLately.keys();
  if (drawnLately.size > MOST_DRAWN && oldest !== undefined) drawnLately.delete(oldest);
  return drawn;
}

function draw(text: string, most: number): Html {
  const safe = shown(text, most);
  const plain = html`<p class="words">${safe}</p>`;
  if (safe.length > MOST_CHARACTERS) return plain;
  const tokens = markdown.parse(ticked(safe), {});
  if (tokens.some(({ level }) => level > DEEPEST)) return plain;
  const drawn = markdown.renderer.render(tokens, markdown.options, {});
  // What is escaped by name (`&#x202E;`) comes to light only now.
  return html`<div class="prose">${raw(showHidden(drawn))}</div>`;
}

/** The same on one line: emphasis, code and links. */
export function proseLine(text: string, most = 300): Html {
  return html`${raw(showHidden(markdown.renderInline(shownLine(text, most))))}`;
}

/** Boxes to tick off that nobody can tick off here. */
function ticked(text: string): string {
  return text.replaceAll(
    /^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\](?=[ \t])/gm,
    (_all, item, mark) => `${item}${mark === ' ' ? '☐' : '☑'}`,
  );
}
