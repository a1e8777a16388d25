// How pages say times, names and what agents and repositories wrote. What was written by others is text, never markup: the
// `html` of the frame escapes it, and here it loses what would show it as something else than it is.
import { stripVTControlCharacters } from 'node:util';
import { html } from 'hono/html';
import { showHidden } from '../../job/hidden-text.ts';
import type { Html } from './layout.ts';

/** Longer texts are cut in the middle of nowhere; nobody reads on there. */
const MOST_CHARACTERS = 20_000;

/** Colours of terminals go; characters that nobody can see, or that turn the reading direction, are named. */
export function shown(text: string, most = MOST_CHARACTERS): string {
  const cut = text.length > most ? `${text.slice(0, most)}\n… ${text.length - most} more characters` : text;
  return showHidden(stripVTControlCharacters(cut.toWellFormed()).replaceAll(/\r+(?=\n|$)/g, ''));
}

/** The same on one line. */
export function shownLine(text: string, most = 300): string {
  const line = shown(text.slice(0, most + 200))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** Links lead only to the web: nothing that runs. Undefined for anything else. */
export function webAddress(url: string | undefined): string | undefined {
  const parsed = URL.parse(url ?? '');
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

export function link(url: string | undefined, text: string): Html {
  const address = webAddress(url);
  return address === undefined
    ? html`${shownLine(text)}`
    : html`<a href="${address}" rel="noreferrer">${shownLine(text)}</a>`;
}

/** The browser turns it into the reader's own time zone. */
export function time(at: Date | string): Html {
  const date = typeof at === 'string' ? new Date(at) : at;
  if (Number.isNaN(date.getTime())) return html``;
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`, `3 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Names of people by their Slack id; whom Slack does not tell keeps the id. */
export type Names = (id: string) => string;

/** A page that names more people than this keeps ids for the rest. */
const MOST_NAMES = 30;

export async function findNames(
  nameOf: (id: string) => Promise<string | undefined>,
  ids: Iterable<string>,
): Promise<Names> {
  const wanted = [...new Set(ids)].filter((id) => /^[UW][A-Z0-9]+$/.test(id)).slice(0, MOST_NAMES);
  const names = new Map(await Promise.all(wanted.map(async (id) => [id, (await nameOf(id)) ?? id] as const)));
  return (id) => shownLine(names.get(id) ?? id, 80);
}

/** Slack ids of people whom words of ours mention. Never for what agents and repositories wrote: each is asked for at Slack. */
export function mentionsIn(text: string): readonly string[] {
  return [...text.matchAll(/<@([UW][A-Z0-9]{4,20})>/g)].flatMap(([, id]) => id ?? []);
}

/** Words that were written for Slack (`<@U012>`, `code`, *bold*), for a page. */
export function fromSlack(text: string, names: Names): Html {
  const plain = text
    .replaceAll(/<@([UW][A-Z0-9]+)>/g, (_all, id: string) => names(id))
    .replaceAll(/<#[A-Z0-9]+(?:\|([^>]*))?>/g, (_all, name?: string) => (name ? `#${name}` : 'its channel'))
    .replaceAll(/<!subteam\^(\w+)>/g, 'the group $1')
    .replaceAll(/(^|\s)\*([^*\n]+)\*(?=$|[\s.,:;!?])/g, '$1$2');
  const pieces = shown(plain).split('`');
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}
