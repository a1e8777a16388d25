// What people say under a pull: how an agent is told, and what it answers to each. Pure. Only words of people who may steer
// come here.
import { z } from 'zod';
import type { RemarksTold } from './occasion.ts';
import { material } from './prompt.ts';

/**
 * Words under a pull. `key` is `c12` for a comment on a line, `r12` for the words of a review, `i12` for a comment in the
 * conversation; the number is GitHub's. `thread`: the first comment of a thread on lines, which takes the answers.
 */
export const remarkSchema = z.object({
  key: z.string(),
  author: z.string(),
  authorId: z.number(),
  text: z.string(),
  url: z.string(),
  thread: z.number().optional(),
  path: z.string().optional(),
  line: z.number().optional(),
  hunk: z.string().optional(),
});
export type Remark = Readonly<z.infer<typeof remarkSchema>>;

/** Anything that stands under a pull, whoever said it. `review`: how a review judges; only of reviews. */
export type SaidUnderPull = Remark & Readonly<{ isPerson: boolean; isOurs: boolean; review?: string }>;

/**
 * Whether it is meant for us at all: by a person, on a line or in a review that asks for something, or naming us. What opens
 * with somebody else's name is meant for them, as in Slack. `self`: our own login.
 */
export function isForAgent(said: SaidUnderPull, self: string): boolean {
  if (!said.isPerson || said.isOurs || said.text.trim() === '') return false;
  const name = self.replace(/\[bot\]$/, '').toLowerCase();
  const isNamed = mentions(said.text).includes(name);
  if (said.key.startsWith('i')) return isNamed;
  if (said.review === 'APPROVED' || said.review === 'DISMISSED' || said.review === 'PENDING') return false;
  return isNamed || !/^\s*@[a-z\d]/i.test(said.text);
}

function mentions(text: string): string[] {
  return [...text.matchAll(/(?:^|[^\w/`])@([a-z\d](?:[a-z\d-]{0,38}))/gi)].map(([, name = '']) =>
    name.toLowerCase(),
  );
}

/** What the agent did about one. */
export const remarkAnswerSchema = z.object({
  did: z.enum(['addressed', 'answered', 'declined']),
  say: z.string(),
});
export type RemarkAnswer = Readonly<z.infer<typeof remarkAnswerSchema>>;

const blockSchema = z.object({ answers: z.array(z.unknown()) });
const entrySchema = remarkAnswerSchema.extend({ comment: z.union([z.string(), z.number()]) });
export type GivenAnswer = Readonly<z.infer<typeof entrySchema>>;

/** Longest hunk that goes along; its end is nearest to the comment. */
const HUNK_LIMIT = 3_000;
/** Remarks without an answer that a result names. */
const MOST_UNANSWERED = 5;
const SAY_LIMIT = 4_000;

/** The part of a prompt that tells of them and asks for an answer to each. */
export function describeRemarks(remarks: readonly Remark[]): string {
  const told = remarks.map(describeRemark).join('\n\n');
  return `People of the team reviewed the pull request on GitHub. What they say counts as part of your task: change the files for it, or answer it.

${told}

After your last message's form, add one block that answers each of them (${remarks.map(({ key }) => key).join(', ')}) exactly once:

\`\`\`json
{"answers":[{"comment":"${remarks[0]?.key ?? 'c1'}","did":"addressed","say":"one or two sentences to whoever wrote it"}]}
\`\`\`

\`did\` is \`addressed\` (you changed the files for it), \`answered\` (your words are all it needs) or \`declined\` (you do not do it; \`say\` why).`;
}

/** The same for a reviewer, who is to see whether it was met. */
export function describeRemarksForReview(remarks: readonly Remark[]): string {
  const told = remarks.map(
    ({ author, path, line, text }) =>
      `${author}${path === undefined ? '' : ` on ${JSON.stringify(path)}${line === undefined ? '' : `, line ${line}`}`}:\n${text}`,
  );
  return `# What people asked for under the pull\n\nPeople of the team commented on earlier states of this change, and what they say counts as part of the task. Whoever did it was to change the files for each comment, to answer it in words, or to decline it in words that you do not see. What they asked for belongs into the change; object where a file was to change for it and was changed wrongly or by half.\n\n${material('Comments under the pull, oldest first', told.join('\n\n'))}`;
}

function describeRemark({ key, author, path, line, hunk, text }: Remark): string {
  const where =
    path === undefined ? '' : ` on ${JSON.stringify(path)}${line === undefined ? '' : `, line ${line}`}`;
  const lines = hunk ? `${material(`The lines that ${key} stands under`, hunk.slice(-HUNK_LIMIT))}\n` : '';
  return `${lines}[${key}] ${author}${where}:\n${text}`;
}

/** Takes the last block of answers out of an agent's message; what of it cannot be read answers nothing. */
export function takeAnswers(message: string): { text: string; answers: readonly GivenAnswer[] } {
  const blocks = [...message.matchAll(/^ {0,3}```(?:json)?[ \t]*\n([\s\S]*?)\n {0,3}```[ \t]*$/gm)];
  for (const block of blocks.toReversed()) {
    const read = blockSchema.safeParse(parseJson(block[1] ?? ''));
    if (!read.success) continue;
    const answers = read.data.answers.flatMap((entry) => entrySchema.safeParse(entry).data ?? []);
    const text = message.slice(0, block.index) + message.slice(block.index + block[0].length);
    return { text: text.trim(), answers };
  }
  return { text: message, answers: [] };
}

/** The answer to each remark, where there is one: the last that names it. A number alone must be clear. */
export function matchAnswers(
  remarks: readonly Remark[],
  answers: readonly GivenAnswer[],
): ReadonlyMap<string, RemarkAnswer> {
  const matched = new Map<string, RemarkAnswer>();
  for (const { comment, did, say } of answers) {
    const named = String(comment).trim().replace(/^#/, '').toLowerCase();
    const found = remarks.filter(({ key }) => key === named || key.slice(1) === named);
    const [only] = found;
    if (only && found.length === 1 && say.trim() !== '')
      matched.set(only.key, { did, say: say.trim().slice(0, SAY_LIMIT) });
  }
  return matched;
}

/** Counts what was done. Nobody addressed anything with files that stayed as they were: that is an answer. */
export function countAnswers(
  remarks: readonly Remark[],
  answers: ReadonlyMap<string, RemarkAnswer>,
): RemarksTold {
  const did = remarks.map(({ key }) => answers.get(key)?.did ?? 'missing');
  const unanswered = remarks
    .filter(({ key }) => !answers.has(key))
    .slice(0, MOST_UNANSWERED)
    .map(({ author, url, path }) => ({ author, url, ...(path === undefined ? {} : { path }) }));
  const count = (kind: (typeof did)[number]) => did.filter((one) => one === kind).length;
  return {
    addressed: count('addressed'),
    answered: count('answered'),
    declined: count('declined'),
    missing: count('missing'),
    ...(unanswered.length > 0 ? { unanswered } : {}),
  };
}

/**
 * Files that stayed as they were settle no remark on them: what an agent says of it is an answer, and people keep the thread.
 * `changed` are the paths that this turn changed.
 */
export function onlyWhereChanged(
  answers: ReadonlyMap<string, RemarkAnswer>,
  { remarks, changed }: Readonly<{ remarks: readonly Remark[]; changed: ReadonlySet<string> }>,
): ReadonlyMap<string, RemarkAnswer> {
  const untouched = new Set(
    remarks.flatMap(({ key, path }) => (path === undefined || changed.has(path) ? [] : [key])),
  );
  const given = [...answers];
  return new Map([...given, ...withoutChange(new Map(given.filter(([key]) => untouched.has(key))))]);
}

/** Without a push nothing was addressed, whatever an agent says: its words are an answer then. */
export function withoutChange(answers: ReadonlyMap<string, RemarkAnswer>): ReadonlyMap<string, RemarkAnswer> {
  return new Map(
    [...answers].map(([key, { did, say }]) => [key, { did: did === 'addressed' ? 'answered' : did, say }]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
