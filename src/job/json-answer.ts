// Reads the structured part of an agent's last message: one fenced block of JSON. Agents speak prose around it, name the
// fence or do not, and sometimes forget it, so this forgives the wrapping and nothing else. Pure.
import type { z } from 'zod';

/** Longer answers are no answers. */
const MOST_CHARACTERS = 400_000;

export type JsonAnswer<T> =
  | Readonly<{ kind: 'read'; value: T }>
  /** `say` tells the agent what is wrong with it, in a few lines. */
  | Readonly<{ kind: 'malformed'; say: string }>;

/** The newest block that fits the schema; where none does, what is wrong with the newest. */
export function readJsonAnswer<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  if (text.length > MOST_CHARACTERS) return { kind: 'malformed', say: 'the answer is too long' };
  let say = 'there is no block of JSON in it';
  for (const [index, candidate] of candidatesOf(text).entries()) {
    const parsed = tryParse(candidate, schema);
    if (parsed.kind === 'read') return parsed;
    if (index === 0) say = parsed.say;
  }
  return { kind: 'malformed', say };
}

/** Fenced blocks, the last first, then everything between the outermost braces. */
function candidatesOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n[ \t]*\1[`~]*[ \t]*$/gm)]
    .map(([, , inside]) => inside ?? '')
    .filter((inside) => inside.trim().startsWith('{'))
    .toReversed();
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return from < 0 || to < from ? fenced : [...fenced, text.slice(from, to + 1)];
}

function tryParse<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', say: 'the block is not valid JSON' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'read', value: parsed.data };
  const issues = parsed.error.issues.slice(0, 5).map(describeIssue);
  return { kind: 'malformed', say: issues.join('; ') };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join('.') || 'the whole';
  return `\`${at}\`: ${issue.message}`;
}
