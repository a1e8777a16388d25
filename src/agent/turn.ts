// One prompt until the agent stops, and what a person may do meanwhile: steer or cancel. Keeps the agent's last message,
// because that is the answer the turn is about.
import { setImmediate } from 'node:timers/promises';
import type { ClientContext } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Usage } from '../job/agent-update.ts';
import type { Log } from '../log.ts';
import type { Steering } from './handshake.ts';
import type { Chunk } from './parse-update.ts';

/** `unknown`: ACP names no such end, so nobody can tell whether the work was done. */
const stopReasonSchema = z
  .enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled', 'unknown'])
  .catch('unknown');
export type StopReason = z.infer<typeof stopReasonSchema>;

/** `text` is the agent's last message, whole (bounded to its last 64,000 characters). */
export type TurnResult = Readonly<{ stopReason: StopReason; text: string; usage: Usage }>;

const promptedSchema = z.object({
  stopReason: stopReasonSchema,
  // Unstable in ACP v1; Claude and Codex send it.
  usage: z.object({ totalTokens: z.number().nonnegative() }).nullish().catch(undefined),
});
type Prompted = z.infer<typeof promptedSchema>;

/** Reads the answer to a prompt. Throws where it is no object. */
export function readPrompted(answer: unknown): Prompted {
  return promptedSchema.parse(answer);
}

const steeredSchema = z.object({ outcome: z.string() });

const MESSAGE_CHARS = 64_000;

type Wire = Readonly<{ agent: ClientContext; sessionId: string; log: Log }>;

/** Creates the turns of one session; only one runs at a time. */
export function createTurns(
  options: Wire & {
    steering: Steering;
    /** Called when the agent has stopped, before its message is read. */
    onStopped: () => void;
  },
) {
  const message = createLastMessage();
  /** Answers still owed to prompts of this turn, in the order sent; undefined between turns. */
  let open: Promise<Prompted>[] | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let cancelling = false;

  const run = async (text: string) => {
    open = [sendPrompt(options, text)];
    try {
      return await drain(open);
    } finally {
      open = undefined;
      cancelling = false;
    }
  };

  return {
    isRunning: () => open !== undefined,
    isCancelling: () => cancelling,
    message,

    /** Resolves when the agent has stopped and everything it said before that has been handled. */
    async prompt(text: string): Promise<Omit<TurnResult, 'usage'> & { totalTokens: number | undefined }> {
      if (open) throw new Error('a prompt is already running in this session');
      message.reset();
      const turn = run(text);
      running = turn.catch(() => undefined);
      const ended = await turn;
      await setImmediate();
      options.onStopped();
      return { ...ended, text: message.text() };
    },

    /** `idle` means that the words were not taken and belong into the next prompt. */
    async steer(text: string): Promise<'delivered' | 'idle'> {
      if (!open || cancelling || options.steering === 'none') return 'idle';
      if (options.steering === 'native') return sendSteering(options, text);
      const queued = sendPrompt(options, text);
      queued.catch(() => undefined);
      open.push(queued);
      return 'delivered';
    },

    /** Asks the agent to stop. Resolves when the turn has ended or `graceMs` are over. */
    async cancel(graceMs: number): Promise<'ended' | 'ignored'> {
      if (!open) return 'ended';
      cancelling = true;
      await options.agent.notify('session/cancel', { sessionId: options.sessionId }).catch(() => undefined);
      const { promise: over, resolve } = Promise.withResolvers<'ignored'>();
      const timer = setTimeout(() => resolve('ignored'), graceMs);
      const outcome = await Promise.race([running.then(() => 'ended' as const), over]);
      clearTimeout(timer);
      return outcome;
    },
  };
}

export type Turns = ReturnType<typeof createTurns>;

/** Waits for all prompts of a turn, also those that are added meanwhile; the last one's stop reason counts. */
async function drain(
  open: Promise<Prompted>[],
): Promise<{ stopReason: StopReason; totalTokens: number | undefined }> {
  let stopReason: StopReason = 'end_turn';
  let totalTokens: number | undefined;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const ended = await next;
    stopReason = ended.stopReason;
    if (ended.usage) totalTokens = (totalTokens ?? 0) + ended.usage.totalTokens;
  }
  return { stopReason, totalTokens };
}

async function sendPrompt({ agent, sessionId }: Wire, text: string): Promise<Prompted> {
  const params = { sessionId, prompt: textBlocks(text) };
  return readPrompted(await agent.request<unknown>('session/prompt', params));
}

/** ACP's steering extension. Words that an agent did not take are better said twice than lost, so a failure is `idle`. */
async function sendSteering({ agent, sessionId, log }: Wire, text: string): Promise<'delivered' | 'idle'> {
  const _meta = { steering: { idleBehavior: 'promptRequired' } };
  try {
    const params = { sessionId, prompt: textBlocks(text), _meta };
    const { outcome } = steeredSchema.parse(await agent.request<unknown>('_session/steering', params));
    return outcome === 'promptRequired' ? 'idle' : 'delivered';
  } catch (error) {
    log.warn({ err: error }, 'agent.steering.failed');
    return 'idle';
  }
}

/** Joins the pieces of the message that the agent is saying; a new one begins when it did something else in between. */
function createLastMessage() {
  let parts: string[] = [];
  let length = 0;
  let previous = '';
  let messageId: string | undefined;
  let interrupted = false;

  const current = () => parts.join('').slice(-MESSAGE_CHARS);
  const begin = () => {
    if (current().trim() !== '') previous = current();
    parts = [];
    length = 0;
  };
  return {
    reset() {
      previous = '';
      parts = [];
      length = 0;
      messageId = undefined;
      interrupted = false;
    },
    add(chunk: Chunk) {
      const other = chunk.messageId !== undefined && messageId !== undefined && chunk.messageId !== messageId;
      const same = chunk.messageId !== undefined && chunk.messageId === messageId;
      if (other || (interrupted && !same)) begin();
      messageId = chunk.messageId;
      interrupted = false;
      parts.push(chunk.text);
      length += chunk.text.length;
      if (length > 2 * MESSAGE_CHARS) {
        parts = [current()];
        length = MESSAGE_CHARS;
      }
    },
    /** The agent did something: what it says next is another message. */
    interrupt() {
      interrupted = true;
    },
    text: () => (current().trim() === '' ? previous : current()).trim(),
  };
}

function textBlocks(text: string) {
  return [{ type: 'text' as const, text }];
}
