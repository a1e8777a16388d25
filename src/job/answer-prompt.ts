// What an agent is told that is asked about the code. Pure.
import { type Assignment, buildAssignment, buildReplyPrompt, material } from './prompt.ts';
import { partLine } from './sessions.ts';

/** `earlier`: what people said after their first question, and when (ISO). */
export function buildAnswerPrompt(
  options: Assignment &
    Readonly<{ earlier: readonly Readonly<{ at: string; author: string; text: string }>[] }>,
): string {
  const { job, earlier } = options;
  const said = [
    ...job.results.flatMap(({ answer, endedAt }) =>
      answer ? [{ at: endedAt, say: `You answered: ${answer}` }] : [],
    ),
    ...earlier.map(({ at, author, text }) => ({ at, say: `${author} went on: ${text}` })),
  ]
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(({ say }) => say);
  return [
    partLine('answerer'),
    'People ask about the code in this folder. Read what you need and answer; change nothing. Name the files and lines that you stand on, say plainly what you do not know, and keep it short: the answer is one message in a chat.',
    ...buildAssignment({ ...options, replies: [] }),
    ...(said.length > 0 ? [material('What happened before, oldest first', said.join('\n\n'))] : []),
    ...(options.replies.length > 0 ? [buildReplyPrompt(options.replies)] : []),
  ].join('\n\n');
}
