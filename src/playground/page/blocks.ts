// Draws Block Kit. What only shows something is drawn by slack-blocks-to-jsx, on the server: Node runs no .tsx and the page
// has no bundler, so React is called through createElement and only its HTML leaves this file. What people press, choose or
// fill in the library draws dead (or not as a form), so elements.ts draws that. An unknown block is shown as such.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';
import { drawElement, drawInput, type Form } from './elements.ts';
import { clock, type Html, html, join, raw } from './markup.ts';

/** What names and addresses mean here. */
export type Names = Readonly<{
  users: readonly Readonly<{ id: string; name: string }>[];
  channels: readonly Readonly<{ id: string; name: string }>[];
  /** The local GitHub: links there open beside the workspace. */
  githubUrl: string;
}>;

type AnyBlock = Readonly<{ type: string }> & Readonly<Record<string, unknown>>;

/** What the library draws as Slack does (1.1.1; others give nothing or a dead form). */
const SHOWN = new Set([
  'alert',
  'card',
  'context',
  'divider',
  'header',
  'image',
  'markdown',
  'plan',
  'rich_text',
  'section',
  'table',
  'task_card',
  'video',
]);

/** Blocks never change, they are replaced; so each is drawn once. */
const drawn = new WeakMap<object, Html>();

/** All blocks of a message, modal or home. `form` says where an answer goes. */
export function drawBlocks(blocks: readonly unknown[], names: Names, form: Form): Html {
  // Slack checked them when they were posted; a newer kind is drawn as unknown.
  return join(blocks.map((block) => drawBlock(block as AnyBlock, names, form)));
}

function drawBlock(block: AnyBlock, names: Names, form: Form): Html {
  const { type } = block;
  if (type === 'actions' || type === 'context_actions') {
    const elements = Array.isArray(block['elements']) ? block['elements'] : [];
    return html`<div class="actions">${join(elements.map((element) => drawElement(element, form)))}</div>`;
  }
  if (type === 'input') return drawInput(block, form);
  const { accessory, ...plain } = block;
  if (type === 'section' && isElement(accessory) && accessory.type !== 'image') {
    const shown = drawShown(remembered(block, plain), names);
    return html`<div class="with-accessory">${shown}<div>${drawElement(accessory, form)}</div></div>`;
  }
  return drawShown(block, names);
}

/** The same section without its button, once a block, so that it is drawn once, too. */
const bare = new WeakMap<object, AnyBlock>();
function remembered(block: AnyBlock, plain: Readonly<Record<string, unknown>>): AnyBlock {
  const known = bare.get(block) ?? { type: block.type, ...plain };
  bare.set(block, known);
  return known;
}

function isElement(value: unknown): value is AnyBlock {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function drawShown(block: AnyBlock, names: Names): Html {
  const known = drawn.get(block);
  if (known !== undefined) return known;
  const made = SHOWN.has(block.type) ? (byLibrary(block, names) ?? drawUnknown(block)) : drawUnknown(block);
  drawn.set(block, made);
  return made;
}

/** Some mrkdwn, as Slack shows it in a section. */
export function drawText(text: string, names: Names): Html {
  const block = { type: 'section', text: { type: 'mrkdwn', text } };
  return byLibrary(block, names) ?? html`<p>${text}</p>`;
}

/** What GitHub folds away; any other HTML in Markdown is shown as the text that it is. */
const FOLDED = /<details>\s*<summary>([^<]*)<\/summary>([\s\S]*?)<\/details>/g;

/** Markdown as GitHub's people write it. Comments that only programs read are left out. */
export function drawMarkdown(text: string, names: Names): Html {
  const shown = text.replaceAll(/<!--[\s\S]*?-->/g, '');
  const pieces: Html[] = [];
  let end = 0;
  for (const { index, 0: all, 1: summary, 2: inner = '' } of shown.matchAll(FOLDED)) {
    pieces.push(drawPlainMarkdown(shown.slice(end, index), names));
    pieces.push(html`<details><summary>${summary}</summary>${drawPlainMarkdown(inner, names)}</details>`);
    end = index + all.length;
  }
  return join([...pieces, drawPlainMarkdown(shown.slice(end), names)]);
}

function drawPlainMarkdown(text: string, names: Names): Html {
  const shown = text.trim();
  if (shown === '') return html``;
  return byLibrary({ type: 'markdown', text: shown }, names) ?? html`<pre>${shown}</pre>`;
}

/** The library misses an emoji after a colon elsewhere in its text (1.1.1), but never one that stands alone. */
const emoji = new Map<string, string>();
function emojiOf(name: string, names: Names): string {
  const known = emoji.get(name);
  if (known !== undefined) return known;
  emoji.set(name, name);
  const drawn = String(drawText(name, names));
  const sign = /<span class="slack_emoji">([^<]+)<\/span>/.exec(drawn)?.[1] ?? name;
  emoji.set(name, sign);
  return sign;
}

/** Where one stands at the start of a line or after a blank, outside of code. */
function withEmoji(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => withEmoji(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const isMrkdwn = 'type' in value && value.type === 'mrkdwn';
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      isMrkdwn && key === 'text' && typeof inner === 'string' && !/^:[\w+-]+:$/.test(inner)
        ? inner.replaceAll(/(?<=^|\s):[a-z0-9_+-]+:(?=\s|$)/gm, (name) => emojiOf(name, names))
        : withEmoji(inner, names),
    ]),
  );
}

function byLibrary(block: AnyBlock, names: Names): Html | undefined {
  const { users, channels } = names;
  const props = {
    blocks: [withEmoji(veiled(block), names)],
    withoutWrapper: true,
    data: { users, channels, user_groups: [] },
    hooks: { date: writeDate },
  };
  try {
    // The library's own types of blocks lag behind Slack's; what it does not know it leaves out.
    const element = createElement(Message, { ...props, logo: '', name: '', time: new Date(0) } as never);
    const markup = renderToStaticMarkup(element);
    const inner = /<div class="slack_blocks_to_jsx--blocks">([\s\S]*)<\/div><\/div><\/div>$/.exec(
      markup,
    )?.[1];
    return inner ? raw(unveiled(tidy(inner, names))) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Slack's date in the words of a sentence (FACTS §1.5: `{date_short_pretty}` and the like) and by the clock that all of the page goes by;
 * the library says "Today 2:48 PM" wherever it stands.
 */
function writeDate({ timestamp, format }: Readonly<{ timestamp: string; format: string }>): string {
  const at = new Date(Number(timestamp) * 1_000);
  return format.replaceAll(/\{(\w+)\}/g, (token, name: string) => {
    if (name === 'time') return clock(at);
    if (name === 'time_secs') return at.toLocaleTimeString('en-GB');
    return name.startsWith('date') ? dayOf(at, name.endsWith('_pretty')) : token;
  });
}

function dayOf(at: Date, isPretty: boolean): string {
  const day = (date: Date) => date.toLocaleDateString('en-US', { dateStyle: 'medium' });
  const now = new Date();
  if (isPretty && day(at) === day(now)) return 'today';
  now.setDate(now.getDate() - 1);
  return isPretty && day(at) === day(now) ? 'yesterday' : day(at);
}

/** Private-use characters for `<` and `>` on their way through the library, which drops text that looks like HTML. */
const VEILS = { less: '\u{e000}', more: '\u{e001}' } as const;

/** A copy in which no text can be taken for HTML. A `<` that is not escaped is markup in mrkdwn, a `>` before a line a quote. */
function veiled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(veiled);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, veiled(inner)]));
  const { type, text } = copy;
  if (typeof text !== 'string' || (type !== 'mrkdwn' && type !== 'plain_text')) return copy;
  const veiledText = text
    .replaceAll(type === 'mrkdwn' ? '&lt;' : /&lt;|</g, VEILS.less)
    .replaceAll(type === 'mrkdwn' ? /(?<!^\s*)&gt;/gm : /&gt;|>/g, VEILS.more);
  return { ...copy, text: veiledText };
}

function unveiled(markup: string): string {
  return markup
    .replaceAll(VEILS.less, '&lt;')
    .replaceAll(VEILS.more, '&gt;')
    .replaceAll(encodeURIComponent(VEILS.less), '%3C')
    .replaceAll(encodeURIComponent(VEILS.more), '%3E');
}

/**
 * React escapes every quote in text and values, so an attribute can be found by its shape. Ids would be there twice, inline
 * styles are forbidden by the page's policy; links to the local GitHub open in the pane beside.
 */
function tidy(markup: string, { githubUrl }: Names): string {
  return markup
    .replaceAll(/ (?:id|style|data-theme|tabindex)="[^"]*"/g, '')
    .replaceAll(/<input type="checkbox"([^>]*)>/g, '<input type="checkbox" disabled aria-label="done"$1>')
    .replaceAll(/<h[1-6] /g, '<h4 ')
    .replaceAll(/<\/h[1-6]>/g, '</h4>')
    .replaceAll(/<a ([^>]*?)href="([^"]*)"/g, (_all, before: string, href: string) =>
      [
        `<a ${before.replaceAll(/(?:target|rel)="[^"]*" ?/g, '')}href="${href}" target="_blank" rel="noreferrer noopener"`,
        ...(githubUrl !== '' && href.startsWith(`${githubUrl}/`)
          ? [` data-github="${href.slice(githubUrl.length + 1)}"`]
          : []),
      ].join(''),
    );
}

/** Never dropped: what it is called, and whatever words stand in it. */
export function drawUnknown(block: AnyBlock): Html {
  const words = [...textsIn(block)].join(' ');
  return html`<div class="unknown"><strong>Block “${block.type}” cannot be drawn here.</strong> ${words}</div>`;
}

function* textsIn(value: unknown, key = ''): Generator<string> {
  if (typeof value === 'string') {
    if (/^(text|title|alt_text|label|url|value)$/.test(key)) yield value;
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value))
      yield* textsIn(inner, Array.isArray(value) ? key : name);
  }
}
