// The note by which one session of an agent hands its work over to a fresh one, before its context is so full that its work
// gets worse: how it is asked for, read and retold. Pure.
import { z } from 'zod';
import { readJsonAnswer } from './json-answer.ts';

/** How full a context may get, in percent, where the repository says nothing. */
export const CONTEXT_PERCENT = 60;

/** So often one turn is handed over; a task that needs more is too large, or every context is full before work begins. */
export const MOST_HAND_OVERS = 5;

/** In the order in which a successor needs them. */
const PARTS = ['left', 'done', 'decisions', 'pitfalls'] as const;

/** A hand-over as the job keeps it. */
export const handOverSchema = z.object({
  done: z.array(z.string()),
  /** What is still to do; empty where all of the task is done. */
  left: z.array(z.string()),
  decisions: z.array(z.string()),
  pitfalls: z.array(z.string()),
});
export type HandOver = Readonly<z.infer<typeof handOverSchema>>;

/** That a session ended for its full context, for people and for the record. */
export const handedOverSchema = z.object({
  at: z.string(),
  /** How full its context was. */
  percent: z.number(),
  /** False: it wrote nothing that could be read, so the next session is told what the record holds. */
  written: z.boolean(),
});
export type HandedOver = Readonly<z.infer<typeof handedOverSchema>>;

const lines = z.array(z.string().trim().min(1).max(1_000)).max(40);

/** What an agent must answer. */
const saidSchema = z
  .object({ done: lines, left: lines, decisions: lines, pitfalls: lines })
  .refine(({ done, left }) => done.length + left.length > 0, 'says neither what is done nor what is left');

export type HandOverAnswer =
  | Readonly<{ kind: 'hand_over'; handOver: HandOver }>
  /** `say` tells the agent what is wrong with it. */
  | Readonly<{ kind: 'malformed'; say: string }>;

/** Reads an agent's last message. Nothing is guessed: a hand-over that cannot be read is none. */
export function readHandOver(message: string): HandOverAnswer {
  const answer = readJsonAnswer(message, saidSchema);
  return answer.kind === 'read' ? { kind: 'hand_over', handOver: answer.value } : answer;
}

const PART_LINE = 'Your part: hand-over';

const FORM = `Answer with one fenced block of JSON and nothing after it:
\`\`\`json
{
  "done": ["what is finished, in which files, and how you know that it works"],
  "left": ["what is still to do, in order, each so that somebody new can do it; an empty list only where the whole task is done"],
  "decisions": ["what was decided and why, and what people said that still counts"],
  "pitfalls": ["what did not work, and what to watch out for"]
}
\`\`\``;

/** Asked of the session whose context is full, once it has stopped. */
export function buildHandOverPrompt(): string {
  return [
    PART_LINE,
    'Your context is nearly full, so a fresh session goes on in your place. It will know the task, the files as they are now and this note, nothing else of your work. Change no more files. Keep what was handed over to you where it still matters.',
    FORM,
  ].join('\n\n');
}

/** Asked once where the first answer could not be read. */
export function buildHandOverAgain(say: string): string {
  return [PART_LINE, `Your note could not be read: ${say}. Write it once more.`, FORM].join('\n\n');
}

export function isHandOverPrompt(text: string): boolean {
  return text.startsWith(PART_LINE);
}

/** Said to an agent at work that takes words: it ends where it can be handed over. */
export function buildWrapUp(percent: number): string {
  return `Your context is ${Math.round(percent)} % full. Finish the step that you are at, so that the files make sense as they are, begin no other, and end your turn. Use the closing form only if the whole task is done with that step. Otherwise you will be asked for a note, and a fresh session goes on from it.`;
}

const HEADINGS: Readonly<Record<(typeof PARTS)[number], string>> = {
  left: 'Left',
  done: 'Done',
  decisions: 'Decisions',
  pitfalls: 'Pitfalls',
};

/** The note as Markdown, for the session that goes on. */
export function describeHandOver(handOver: HandOver): string {
  return PARTS.filter((part) => handOver[part].length > 0)
    .map((part) => `## ${HEADINGS[part]}\n${handOver[part].map(describeLine).join('\n')}`)
    .join('\n\n');
}

function describeLine(line: string): string {
  return `- ${line.replaceAll(/\s*\n\s*/g, ' ')}`;
}
