// The first thing that happens to what an agent tells: secrets go. Here, before anything is cut, joined or stored, since a
// secret that was cut in two would be found no more.
import type { AgentUpdate } from '../job/agent-update.ts';
import type { Redactor } from '../redact.ts';
import type { Chunk } from './parse-update.ts';

type Told = AgentUpdate | Chunk;

/** An agent that says nothing more for this long may have stopped in the middle of a line. */
const SETTLE_MS = 300;

/** Creates the guard of one session; what it lets through goes to `emit`, in order. */
export function createUpdateRedactor(redactor: Redactor, emit: (told: Told) => void) {
  let timer: NodeJS.Timeout | undefined;
  const speech = { message: createVoice('message'), thought: createVoice('thought') };

  function createVoice(of: Chunk['of']) {
    const stream = redactor.openStream();
    let messageId: string | undefined;
    const say = (text: string) => {
      if (text !== '') emit({ kind: 'chunk', of, text, messageId });
    };
    return {
      hear(chunk: Chunk) {
        if (chunk.messageId !== messageId) say(stream.end());
        ({ messageId } = chunk);
        say(stream.push(chunk.text));
      },
      settle: () => say(stream.settle()),
      end: () => say(stream.end()),
    };
  }

  const settle = () => {
    clearTimeout(timer);
    for (const voice of Object.values(speech)) voice.settle();
  };

  return {
    /** Takes an update that was read from `redactor.deep` of what came, or a piece of text as it came. */
    take(told: Told) {
      if (told.kind === 'chunk') {
        speech[told.of].hear(told);
        clearTimeout(timer);
        timer = setTimeout(settle, SETTLE_MS);
        return;
      }
      // Usage is told in the middle of a sentence.
      if (told.kind !== 'usage') settle();
      emit(told);
    },
    /** The turn is over: what is held back is all there will be. */
    end() {
      clearTimeout(timer);
      for (const voice of Object.values(speech)) voice.end();
    },
  };
}
