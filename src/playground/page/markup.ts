// Pieces of HTML. hono's `html` escapes whatever is put into it, so that nothing here is put together by hand.
import { html as build, raw as trust } from 'hono/html';

export type Html = ReturnType<typeof trust>;

/** A template of HTML; values are escaped unless they are pieces themselves. No promises: then it would be one, too. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  // Without a promise among the values hono answers at once.
  return build(strings, ...values) as Html;
}

/** Takes HTML that somebody else escaped (React, diff2html). */
export const raw = (markup: string): Html => trust(markup);

/** Pieces one after another. */
export const join = (pieces: readonly Html[]): Html => html`${pieces}`;

/** An attribute that is there or not. */
export const flag = (name: string, isOn: boolean): Html => raw(isOn ? ` ${name}` : '');

/** One thing of a list that the page keeps up to date: it is replaced only where its HTML differs. */
export type Item = Readonly<{ key: string; html: string }>;

export const item = (key: string, piece: Html): Item => ({ key, html: String(piece) });

/** `14:05`, in the machine's own zone, which is the reader's. */
export function clock(at: Date): string {
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
