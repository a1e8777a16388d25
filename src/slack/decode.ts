// Slack's own formatting → the words a person typed. Pure. https://docs.slack.dev/messaging/formatting-message-text

/** Looks up the name of a user, channel or group that arrives only as an id; undefined when nobody knows it. */
export type NameOf = (id: string) => string | undefined;

/** Code is kept letter by letter; only what Slack itself escaped is put back. */
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;
const TOKEN = /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g;
// Characters nobody sees: they break words apart and are a way to hide instructions from a human reader. A zero-width
// joiner stays where it holds an emoji together.
const INVISIBLE =
  /[\u00AD\u200B\u200C\u2060-\u2064\uFEFF\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]|(?<!\p{Extended_Pictographic}|\uFE0F|[\u{1F3FB}-\u{1F3FF}])\u200D/gu;

/** Turns `text` as Slack sends it into plain words: links, mentions, entities, smart quotes, invisible characters. */
export function decodeText(text: string, nameOf: NameOf = () => undefined): string {
  const visible = text.replace(INVISIBLE, '').replace(/\r\n?/g, '\n');
  return mapOutsideCode(visible, straightenQuotes)
    .replace(TOKEN, (_whole, sigil: string, target: string, label: string | undefined) =>
      decodeToken({ sigil, target, label, nameOf }),
    )
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim();
}

/** A whole command; `link` is about the account behind a mention, so there the id stays and no name stands for it. */
export function decodeCommand(text: string, nameOf?: NameOf): string {
  if (!/^\s*`?link\b/i.test(text)) return decodeText(text, nameOf);
  return decodeText(text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1'));
}

/** Applies `change` to everything that is not a code span or a code block. */
export function mapOutsideCode(text: string, change: (part: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(CODE)) {
    parts.push(change(text.slice(from, match.index)), match[0]);
    from = match.index + match[0].length;
  }
  parts.push(change(text.slice(from)));
  return parts.join('');
}

/** True when the raw text mentions this user anywhere. */
export function mentions(text: string, userId: string): boolean {
  return new RegExp(`<@${userId}(?:\\|[^>]*)?>`).test(text);
}

/** Takes every mention of this user out of the raw text. */
export function withoutMention(text: string, userId: string): string {
  return text.replace(new RegExp(`<@${userId}(?:\\|[^>]*)?>[ \\t]*[:,]?`, 'g'), ' ').trim();
}

/** True when the raw text opens with a mention of a person or group that is not `userId`. */
export function opensWithOtherMention(text: string, userId: string): boolean {
  const [, target] = /^\s*<(@[^>|]+|!subteam\^[^>|]+|!here|!channel|!everyone)(?:\|[^>]*)?>/.exec(text) ?? [];
  return target !== undefined && target !== `@${userId}`;
}

/** The users whom a raw text mentions by id alone. */
export function mentionedIds(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/<@([A-Z0-9]+)>/g)].flatMap((match) => match[1] ?? []))];
}

function straightenQuotes(part: string): string {
  return part
    .replace(/[\u2018\u2019\u201A\u201B]/g, "'")
    .replace(/[\u201C\u201D\u201E\u201F]/g, '"')
    .replace(/[\u00A0\u202F]/g, ' ');
}

function decodeToken(token: {
  sigil: string;
  target: string;
  label: string | undefined;
  nameOf: NameOf;
}): string {
  const { sigil, target, label } = token;
  switch (sigil) {
    case '@':
      return `@${(label || token.nameOf(target)) ?? target}`;
    case '#':
      return `#${(label || token.nameOf(target)) ?? target}`;
    case '!':
      return decodeSpecial(target, label);
    default:
      return decodeLink(target, label);
  }
}

/** `<!here>`, `<!subteam^S1|@team>`, `<!date^…^…|yesterday>`. */
function decodeSpecial(target: string, label: string | undefined): string {
  if (label) return label;
  const [name, detail] = target.split('^');
  return name === 'subteam' ? `@${detail ?? name}` : `@${name}`;
}

/** Slack makes links of what merely looks like one (`app.ts`); those become the typed word again. */
function decodeLink(target: string, label: string | undefined): string {
  const bare = target.replace(/^(?:mailto:|tel:|https?:\/\/)/, '');
  if (label === undefined || label === '' || label === target) {
    return /^(?:mailto|tel):/.test(target) ? bare : target;
  }
  if (label === bare || `${label}/` === bare) return label;
  return `${label} (${target})`;
}
