// Keeps text inside Slack's limits and free of anything that would notify people. Pure. The numbers are Slack's own
// (shared facts: docs.slack.dev/reference/block-kit, @slack/types 3.2.0 and bolt-js #2509 for the undocumented sum).
import { dropHidden } from '../job/hidden-text.ts';

export const LIMITS = {
  /** Characters of a `section` text. */
  section: 3_000,
  /** Characters of one element of a `context` block that people still read. */
  context: 1_900,
  /** The list of changed files; its numbers come first. */
  files: 1_200,
  /** All blocks of a message together; Slack answers `msg_blocks_too_long` above about 13,200. */
  blocksTotal: 12_000,
} as const;

/** Cuts at `most` characters, at a word or line end where one is near, and says so with an ellipsis. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most - 1);
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
  const kept = end > most * 0.8 ? head.slice(0, end) : head;
  // Never leave half of a surrogate pair behind.
  return `${kept.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

/** Drops what nobody can see and takes the power out of `@channel`, which some clients link by themselves. */
function quiet(text: string): string {
  return dropHidden(text).replaceAll(/(?<!\w)@(channel|here|everyone)\b/gi, '@\u200b$1');
}

/** A sentence of ours with other people's words in it: nobody is mentioned, whatever they wrote. Dates stay dates. */
export function quietSentence(text: string): string {
  return quiet(text).replaceAll(/<(?=[@#!])(?!!date\^)/g, '<\u200b');
}

/** Plain text inside mrkdwn: Slack's three control characters are escaped, so that nothing becomes a link or mention. */
export function escapeMrkdwn(text: string): string {
  return quiet(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Plain text inside mrkdwn that is at most `most` characters long when escaped; no entity is cut in two. */
export function fitMrkdwn(text: string, most: number): string {
  let room = most;
  let fitted = escapeMrkdwn(cutText(text, room));
  while (fitted.length > most) {
    room = Math.min(room - 1, Math.floor((room * most) / fitted.length));
    fitted = escapeMrkdwn(cutText(text, room));
  }
  return fitted;
}

/**
 * Markdown by an agent, for a `markdown` block: `<!channel>`, `<@U…>` and `<#C…>` lose their power, bidirectional and
 * terminal control characters are dropped, an open code fence is closed after a cut.
 */
export function tameMarkdown(text: string, most: number): string {
  const tame = quiet(text).replaceAll(/<(?=[!@#])/g, '<\u200b');
  const cut = cutText(tame, most - 4);
  const fences = cut.match(/^\s*```/gm)?.length ?? 0;
  return fences % 2 === 1 ? `${cut}\n\`\`\`` : cut;
}

/** A paragraph under its name; what is short stands beside it, so that a phone shows more at once. */
export function named(name: string, text: string): string {
  const isShort = text.length <= 100 && !/[\n`]|^\s*(?:[-*+#>|]|\d+[.)])/.test(text);
  return isShort ? `**${name}:** ${text}` : `**${name}**\n${text}`;
}

/** A link whose words (at most `most` characters, escaped) cannot break out of it. `url` must come from our own database, never from an agent. */
export function link(url: string, words: string, most = 400): string {
  const safe = url.toWellFormed().replaceAll(/[\s|<>\p{C}]/gu, encodeURIComponent);
  return `<${safe}|${fitMrkdwn(words.replaceAll(/\s+/g, ' '), most).replaceAll('|', '¦')}>`;
}
