// What an agent leaves for later when a change is too large for one pull: the parts that it proposes. Pure.
import { z } from 'zod';
import { cutHead } from './cut.ts';

const LIMITS = { parts: 6, title: 100, what: 240, characters: 20_000 } as const;

const words = (most: number) =>
  z
    .string()
    .transform((text) => cutHead(text.replaceAll(/\s+/g, ' ').trim(), most))
    .refine((text) => text !== '');

export const splitPartSchema = z.object({ title: words(LIMITS.title), what: words(LIMITS.what) });
/** One task of its own: a title, and what it would change. */
export type SplitPart = Readonly<z.infer<typeof splitPartSchema>>;

const answerSchema = z.object({ split: z.array(splitPartSchema).min(1) });

/** A fenced block; agents leave the language out now and then. */
const FENCED = /^[ \t]*```(?:json)?[ \t]*\r?\n([^`]*)^[ \t]*```[ \t]*$/gm;

/** The parts of the last ```json block `{"split":[{"title","what"}]}` in a message; none where it says nothing readable. */
export function readSplit(message: string): readonly SplitPart[] {
  for (const [, inside = ''] of blocksOf(message).toReversed()) {
    const parts = parseSplit(inside);
    if (parts.length > 0) return parts;
  }
  return [];
}

/** The message for people, who see the parts elsewhere. */
export function withoutSplit(message: string): string {
  return message.replaceAll(FENCED, (block, inside: string) => (parseSplit(inside).length > 0 ? '' : block));
}

/** A numbered list, the same in Markdown and without. */
export function describeSplit(parts: readonly SplitPart[]): string {
  return parts.map(({ title, what }, at) => `${at + 1}. ${title}: ${what}`).join('\n');
}

function blocksOf(message: string): RegExpExecArray[] {
  return [...message.slice(-LIMITS.characters).matchAll(FENCED)];
}

function parseSplit(text: string): readonly SplitPart[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const answer = answerSchema.safeParse(value);
  return answer.success ? answer.data.split.slice(0, LIMITS.parts) : [];
}
