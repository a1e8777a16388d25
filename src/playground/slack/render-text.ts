// Turns Slack's markup into what a person reads. Pure; names come from the caller.

export type Names = Readonly<{ user: (id: string) => string; channel: (id: string) => string }>;

/** Reads mrkdwn: mentions, links, dates and entities are resolved; asterisks and backticks stay as they are. */
export function renderMrkdwn(text: string, names: Names): string {
  const resolved = text.replace(/<([^<>]+)>/g, (_whole, inner: string) => renderReference(inner, names));
  return unescapeText(resolved);
}

/** Undoes Slack's escaping of &, < and >. */
function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function renderReference(inner: string, names: Names): string {
  const bar = inner.indexOf('|');
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? undefined : inner.slice(bar + 1);
  if (target.startsWith('@')) return `@${label ?? names.user(target.slice(1))}`;
  if (target.startsWith('#')) return `#${label ?? names.channel(target.slice(1))}`;
  if (target.startsWith('!date^')) return label ?? target;
  if (target.startsWith('!subteam^')) return label ?? '@group';
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
}
