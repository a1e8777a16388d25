// Hands the work of a session whose context is full over to a fresh one: asks for the note, and passes it on through the job,
// so that whoever starts the next session goes on from it, after a crash too.
import type { Agent } from '../agent/session.ts';
import { PermanentError } from '../errors.ts';
import {
  buildHandOverAgain,
  buildHandOverPrompt,
  type HandOver,
  MOST_HAND_OVERS,
  readHandOver,
} from '../job/hand-over.ts';
import { appendEvent } from '../store/events.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';

/** A note is some lines; an agent that takes longer has lost itself. */
const NOTE_MS = 5 * 60_000;

/**
 * Asks the session for its note, and once more where that cannot be read. Undefined where there is none: it is malformed
 * twice, late, or the agent has failed or was stopped. Rejects only as `cut` does.
 */
export async function askForHandOver(
  turn: TurnRun,
  options: {
    agent: Agent;
    recorder: Recorder;
    countPrompt: () => void;
    silenceMs: number;
    cut: Promise<never>;
  },
): Promise<HandOver | undefined> {
  const { agent, recorder, cut } = options;
  const late = Promise.withResolvers<{ say: string }>();
  // Before the silence ends the turn: without a note it still goes on.
  const timer = setTimeout(
    () => late.resolve({ say: 'it was late' }),
    Math.min(NOTE_MS, options.silenceMs / 2),
  );
  const ask = async (text: string) => {
    options.countPrompt();
    recorder.note({ kind: 'prompt', data: { text, steering: false } });
    try {
      const { text: answer, stopReason } = await agent.prompt(text);
      return stopReason === 'end_turn' ? readHandOver(answer) : { say: `it ended as ${stopReason}` };
    } catch (thrown) {
      if (!(thrown instanceof PermanentError)) throw thrown;
      return { say: thrown.message };
    }
  };
  try {
    let answer = await Promise.race([ask(buildHandOverPrompt()), late.promise, cut]);
    if ('kind' in answer && answer.kind === 'malformed') {
      answer = await Promise.race([ask(buildHandOverAgain(answer.say)), late.promise, cut]);
    }
    if ('kind' in answer && answer.kind === 'hand_over') return answer.handOver;
    turn.log.info({ reason: answer.say }, 'runner.hand_over.missing');
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Ends the job's session for good; the next one goes on from the note, or from the record where there is none. Throws
 * PermanentError `context_limit` where a turn was handed over too often; a Retry then goes on from here all the same.
 */
export async function passOn(
  turn: TurnRun,
  full: Readonly<{ percent: number; handOver?: HandOver | undefined }>,
): Promise<void> {
  const { percent, handOver } = full;
  const note = { name: 'handed_over', percent: Math.round(percent), written: handOver !== undefined };
  const job = await turn.apply(
    { type: 'learned', full: { percent, ...(handOver === undefined ? {} : { handOver }) } },
    {
      async also(tx, changed) {
        await appendEvent(tx, changed, { kind: 'note', data: note });
        return changed;
      },
    },
  );
  const count = job.handedOver?.length ?? 0;
  turn.log.info({ ...note, count }, 'runner.handed_over');
  if (count > MOST_HAND_OVERS) throw tooOften(count);
}

function tooOften(count: number): PermanentError {
  return new PermanentError(
    'context_limit',
    `The agent filled its context ${count} times in this turn without finishing, so it was stopped. Its work and its last note are kept: press Retry to go on from them, or reply with a smaller task. How full a context may get is \`limits.context_percent\` in \`.agents/config.yml\`.`,
  );
}
