// What people type, as Slack stores and sends it: names become ids, links stand in angle brackets, &, < and > are
// escaped. Bare domains (example.com) are left as typed.
import type { RichText } from './blocks.ts';
import type { Directory } from './directory.ts';

type Token = Readonly<
  | { kind: 'text'; text: string }
  | { kind: 'user'; id: string; name: string }
  | { kind: 'channel'; id: string; name: string }
  | { kind: 'link'; url: string }
>;

const TOKENS =
  /<@(?<userId>[A-Z0-9]+)>|<#(?<channelId>[A-Z0-9]+)>|@(?<userName>[\w.-]*\w)|#(?<channelName>[\w-]+)|(?<url>https?:\/\/[^\s<>"]+)/g;

/** Escapes the three characters that Slack's markup needs for itself. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Creates the reader of typed text; names are looked up at every call. */
export function createEscaping(options: { directory: Directory }) {
  const { directory } = options;

  function toToken(groups: Readonly<Record<string, string | undefined>>): Token | undefined {
    const { userId, userName, channelId, channelName, url } = groups;
    const user = directory
      .listUsers()
      .find((one) => one.id === userId || one.name.toLowerCase() === userName?.toLowerCase());
    if (user && (userId ?? userName)) return { kind: 'user', id: user.id, name: user.name };
    const channel = directory.listChannels().find((one) => one.id === channelId || one.name === channelName);
    if (channel && (channelId ?? channelName)) return { kind: 'channel', id: channel.id, name: channel.name };
    if (!url) return undefined;
    return { kind: 'link', url };
  }

  function tokenize(typed: string): Token[] {
    const tokens: Token[] = [];
    let end = 0;
    for (const match of typed.matchAll(TOKENS)) {
      const token = toToken(match.groups ?? {});
      if (!token) continue;
      if (match.index > end) tokens.push({ kind: 'text', text: typed.slice(end, match.index) });
      tokens.push(token);
      end = match.index + match[0].length;
    }
    if (end < typed.length) tokens.push({ kind: 'text', text: typed.slice(end) });
    return tokens;
  }

  return {
    /** The `text` of a message that a person wrote. */
    message: (typed: string): string =>
      tokenize(typed)
        .map((token) => (token.kind === 'user' ? `<@${token.id}>` : withNames(token)))
        .join(''),
    /** The `text` of a slash command whose manifest says `should_escape: true`. */
    command: (typed: string): string => tokenize(typed).map(withNames).join(''),
    /** The rich_text block that Slack's composer sends along. */
    richText(typed: string): RichText {
      const elements = tokenize(typed).map(toLeaf);
      return { type: 'rich_text', block_id: 'typed', elements: [{ type: 'rich_text_section', elements }] };
    },
  };
}

export type Escaping = ReturnType<typeof createEscaping>;

function withNames(token: Token): string {
  switch (token.kind) {
    case 'text':
      return escapeText(token.text);
    case 'user':
      return `<@${token.id}|${token.name}>`;
    case 'channel':
      return `<#${token.id}|${token.name}>`;
    case 'link':
      return `<${token.url.replaceAll('&', '&amp;')}>`;
  }
}

function toLeaf(token: Token) {
  switch (token.kind) {
    case 'text':
      return { type: 'text', text: token.text };
    case 'user':
      return { type: 'user', user_id: token.id };
    case 'channel':
      return { type: 'channel', channel_id: token.id };
    case 'link':
      return { type: 'link', url: token.url };
  }
}
