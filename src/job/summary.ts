// Reads an agent's last message. Agents follow the closing form more or less, so this forgives: whatever cannot be
// placed counts as "what changed", and nothing is lost. Pure.
import { cutHead } from './cut.ts';
import type { Summary } from './job.ts';

type Part = keyof Summary;

/** Headings that open a part, in the words agents use for them. */
const HEADINGS: readonly (readonly [RegExp, Part])[] = [
  [/^title$/, 'title'],
  [/^(what changed|what i changed|changes?|summary|what and why|what changed and why)$/, 'changed'],
  [
    /^(how it was checked|how i checked|checks?|checked|tests?|testing|verification|how it was tested)$/,
    'checked',
  ],
  [/^(risks?|risky|what is risky|caveats?|notes? for reviewers?)$/, 'risks'],
];

const LIMITS: Readonly<Record<Part, number>> = { title: 100, changed: 6_000, checked: 3_000, risks: 2_000 };
/** No heading is longer; what is longer need not be looked at. */
const HEADING_LIMIT = 200;

/** Cuts the last message into its four parts. `fallbackTitle` is used when the agent gave none. */
export function parseSummary(message: string, fallbackTitle: string): Summary {
  const parts: Record<Part, string[]> = { title: [], changed: [], checked: [], risks: [] };
  let current: Part = 'changed';
  let fence: string | undefined;
  for (const line of unwrap(message).split(/\r?\n/)) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    const heading = fence || mark ? undefined : readHeading(line);
    if (mark) fence = nextFence(fence, mark);
    if (heading) {
      current = heading.part;
      if (heading.rest) parts[current].push(heading.rest);
    } else parts[current].push(line);
  }
  const text = (part: Part) => cut(parts[part].join('\n').trim(), LIMITS[part]);
  return {
    title: plainTitle(text('title')) || plainTitle(fallbackTitle),
    changed: text('changed') || text('title'),
    checked: text('checked'),
    risks: text('risks'),
  };
}

/** A fence is closed by the same mark, at least as long. */
function nextFence(open: string | undefined, mark: string): string | undefined {
  if (open === undefined) return mark;
  return mark[0] === open[0] && mark.length >= open.length ? undefined : open;
}

/** Some agents put the whole closing form into one code fence, since they were shown it as a form. */
function unwrap(message: string): string {
  const [, fence, inside] =
    /^(`{3,})(?:markdown|md|text)?[ \t]*\r?\n([\s\S]*)\r?\n\1$/.exec(message.trim()) ?? [];
  return fence === undefined || inside === undefined || inside.includes(fence) ? message : inside;
}

/** `## Risks`, `**Risks:** none` and `Risks:` all open a part; ordinary sentences never do. */
function readHeading(line: string): { part: Part; rest: string } | undefined {
  const text = line.trim();
  if (text.length > HEADING_LIMIT) return undefined;
  const { hash, bold, rest, bare } =
    /^(?:#{1,6}\s(?<hash>.*)|\*\*(?<bold>[^*]+)\*\*:?(?<rest>.*)|(?<bare>[A-Za-z ]+):)$/.exec(text)?.groups ??
    {};
  const part = findPart(hash ?? bold ?? bare ?? '');
  if (part) return { part, rest: (rest ?? '').trim() };
  // `## Title: Fix the parser`
  const [, name = '', after = ''] = /^([^:]+):(.+)$/.exec(hash ?? '') ?? [];
  const inline = findPart(name);
  return inline && { part: inline, rest: after.trim() };
}

/** Numbers, emoji and emphasis around a heading's words do not matter. */
function findPart(heading: string): Part | undefined {
  const name = heading
    .toLowerCase()
    .replace(/^[^a-z]+/, '')
    .replace(/[^a-z]+$/, '');
  return HEADINGS.find(([pattern]) => pattern.test(name))?.[1];
}

/** The first line, without the marks of a heading, a list or emphasis; names such as `parse_config` stay whole. */
function plainTitle(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  const plain = line
    .trim()
    .replace(/^(?:#+|[-*])\s+/, '')
    .replaceAll(/\*\*|`/g, '')
    .replace(/^([_*"'])(.*)\1$/, '$2')
    .replace(/\.$/, '');
  return cut(plain.trim(), LIMITS.title);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${cutHead(text, most - 1).trimEnd()}…`;
}
