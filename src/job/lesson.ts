// What a job taught, as a page of the repository's own: `.agents/context/NAME.md`, which every later job reads. A librarian
// writes the whole page anew, so that lessons are merged and never piled up. Pure.
import { z } from 'zod';
import { HOUSE_FOLDERS } from './house.ts';
import type { Job } from './job.ts';
import { jobName } from './job.ts';
import { buildReplyPrompt, material, type Words } from './prompt.ts';
import { partLine } from './sessions.ts';

/** Where a repository keeps what agents should know. */
export const CONTEXT_FOLDER = HOUSE_FOLDERS.context;

/** A page that is longer than this is read by nobody, agents included. */
const MOST_CHARACTERS = 8_000;

/** What a librarian answers. */
export const lessonSchema = z.object({
  /** The page, new or one that is there. */
  file: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}\.md$/, 'a name such as prices.md'),
  /** All of it, not only what is new. */
  content: z
    .string()
    .trim()
    .min(1)
    .max(MOST_CHARACTERS, `at most ${MOST_CHARACTERS} characters: merge and shorten`),
  title: z.string().trim().min(1).max(70),
  why: z.string().trim().min(1).max(2_000),
});
export type Lesson = Readonly<z.infer<typeof lessonSchema>>;

/** One lesson a turn, however often, by whomever and wherever it is asked for: what starts its job. */
export function lessonKey({ id, turn }: Pick<Job, 'id' | 'turn'>): string {
  return `remember:${id}:${turn}`;
}

/** The librarian's prompt. `said`: what people had to say in that job, in order; `replies`: what they say of the page. */
export function buildLessonPrompt({
  taught,
  said,
  replies,
}: {
  taught: Job;
  said: readonly Words[];
  replies: readonly Words[];
}): string {
  const did = taught.results.flatMap(({ summary }) =>
    summary ? [`${summary.title}\n${summary.changed}`] : [],
  );
  const reason = taught.status === 'rejected' ? taught.decision?.reason : undefined;
  const words = [
    ...said.map(({ author, text }) => `${author}: ${text}`),
    ...(reason ? [`The change was rejected, because: ${reason}`] : []),
  ];
  return [
    partLine('librarian'),
    `People had to correct ${jobName(taught)}. Find the rule behind it that would have spared them the words, and write it down for the next agent that works in this repository, in a page under \`${CONTEXT_FOLDER}/\`. Read the pages that are there first: change the one that the rule belongs to, merge it with what stands there, drop what it makes untrue, and keep the page short. Make a new page only where none fits. A rule is general: no names of people, no job numbers, nothing that holds only once. You change nothing yourself; you answer with the page.`,
    material('The task', taught.issue ? `${taught.issue.title}\n${taught.task}` : taught.task),
    ...(did.length > 0 ? [material('What was done', did.join('\n\n'))] : []),
    material('What people said', words.join('\n\n') || '(nothing)'),
    ...(replies.length > 0 ? [buildReplyPrompt(replies)] : []),
    `Answer with one fenced block of JSON and nothing after it:
\`\`\`json
{"file": "prices.md", "content": "the whole page as Markdown", "title": "the lesson as a commit's first line", "why": "what went wrong, and how the page prevents it"}
\`\`\``,
  ].join('\n\n');
}

/** The last message of a turn that remembers, in the form that every turn ends in. */
export function describeLesson({ title, why, file }: Lesson, taught: Pick<Job, 'id'>): string {
  return [
    `## Title\n${title}`,
    `## What changed\n\`${CONTEXT_FOLDER}/${file}\` now says what ${jobName(taught)} taught. ${why}`,
    '## How it was checked\nNot at all: it is words. Read them as a rule that every later job follows.',
    '## Risks\nA rule that is too broad misleads every later job.',
  ].join('\n\n');
}
