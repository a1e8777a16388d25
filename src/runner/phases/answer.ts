// Phase `answer`: somebody asks about the code. A session that may only read looks and answers; nothing is changed and no
// pull is opened. Words after the answer are the next question, told with all that was said before.
import { PermanentError } from '../../errors.ts';
import { buildAnswerPrompt } from '../../job/answer-prompt.ts';
import type { TurnResult } from '../../job/job.ts';
import { deliveredReplies, markDelivered } from '../../store/replies.ts';
import { admitWaiting } from '../admit.ts';
import { consult } from '../consult.ts';
import { toWords } from '../conversation.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** How the turn ends. Throws PermanentError `no_answer` where nobody could say anything. */
export async function answer(
  turn: TurnRun,
  prepared: Prepared,
  recorder: Recorder,
): Promise<Pick<TurnResult, 'outcome' | 'answer' | 'usage'>> {
  await turn.apply({ type: 'phase', phase: 'answer' });
  const { sql } = turn.context.store.db;
  const earlier = await deliveredReplies(sql, turn.job().id);
  const waiting = await admitWaiting(turn);
  const prompt = buildAnswerPrompt({
    job: { ...turn.job(), context: prepared.context },
    earlier: earlier.map(({ author, authorName = author, text, receivedAt }) => ({
      at: receivedAt.toISOString(),
      author: authorName,
      text,
    })),
    replies: toWords(waiting),
  });
  const said = await consult(turn, prepared, { part: 'answerer', phase: 'plan', recorder }, (ask) =>
    ask.text(prompt),
  );
  if (said.kind === 'missing' || said.value.trim() === '') {
    const why = said.kind === 'missing' ? said.why : 'said nothing';
    throw new PermanentError(
      'no_answer',
      `There is no answer, because the agent ${why}. Press Retry to ask again.`,
    );
  }
  await markDelivered(
    sql,
    turn.job(),
    waiting.map(({ id }) => id),
  );
  return { outcome: 'answer', answer: said.value.trim(), usage: recorder.sessions().at(-1)?.usage ?? {} };
}
