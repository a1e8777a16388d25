// Reads the structured part of an agent's last message: one fenced block of JSON. Agents speak prose around it, name the
// fence or do not, and sometimes forget it, so this forgives the wrapping and nothing else. Pure.
import type { z } from 'zod';

/** Longer answers are no answers. */
const MOST_CHARACTERS = 400_000;

export type JsonAnswer<T> =
  | Readonly<{ kind: 'read'; value: T }>
  /** `say` tells the agent what is wrong with it, in a few lines. */
  | Readonly<{ kind: 'malformed'; say: string }>;

/**
 * The newest block alone counts: older ones may be quotes, and what is wrong with the newest must not make one of them the
 * answer. Two blocks that both fit and differ are none, since nobody can tell which is meant.
 */
export function readJsonAnswer<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  if (text.length > MOST_CHARACTERS) return { kind: 'malformed', say: 'the answer is too long' };
  const [newest, ...older] = blocksOf(text);
  if (newest === undefined) return { kind: 'malformed', say: 'there is no block of JSON in it' };
  const answer = tryParse(newest, schema);
  if (answer.kind === 'malformed') return answer;
  const said = JSON.stringify(answer.value);
  const differs = older.some((block) => {
    const other = tryParse(block, schema);
    return other.kind === 'read' && JSON.stringify(other.value) !== said;
  });
  return differs ? { kind: 'malformed', say: 'it holds several answers that differ; give one' } : answer;
}

/** A fence that nobody closed reaches to the end. */
const FENCED = /^[ \t]*(`{3,}(?=[^\n`]*\n)|~{3,})[^\n]*\n([\s\S]*?)(?:\n[ \t]*\1[`~]*[ \t]*$|$(?![\s\S]))/gm;

/** Blocks of JSON, the newest first: the fenced ones, and what stands bare after the last of them. */
function blocksOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(FENCED)].filter(([, , inside = '']) => inside.trim().startsWith('{'));
  const last = fenced.at(-1);
  const rest = last === undefined ? text : text.slice(last.index + last[0].length);
  const bare = last === undefined ? rest.indexOf('{') : rest.search(/^[ \t]*\{/m);
  return [
    ...(bare < 0 ? [] : [toLastBrace(rest.slice(bare))]),
    ...fenced.map(([, , inside = '']) => toLastBrace(inside)).toReversed(),
  ];
}

function toLastBrace(text: string): string {
  return text.slice(0, text.lastIndexOf('}') + 1);
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
