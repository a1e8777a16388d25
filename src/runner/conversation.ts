// Talks with one agent until nobody has anything more to say: the first prompt, words that steer, interruptions, stops.
// Words count as delivered only when the agent has shown that it took them.
import type { Agent } from '../agent/session.ts';
import { TransientError, toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import { buildWrapUp, type HandOver } from '../job/hand-over.ts';
import { authorLimits, tightenLimits } from '../job/limits.ts';
import { buildNextPrompt, buildReplyPrompt, type Words } from '../job/prompt.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import { readTurnAgeMs } from '../store/events.ts';
import { markDelivered, pendingReplies, type Reply } from '../store/replies.ts';
import { admitWords } from './admit.ts';
import { askForHandOver } from './hand-over.ts';
import type { Recorder } from './recorder.ts';
import type { Account } from './session-account.ts';
import { judgeStop } from './stop-reasons.ts';
import { startTimeLimits } from './time-limits.ts';
import type { TurnRun } from './turn-run.ts';
import { type Wishes, watchWishes } from './watch.ts';

export type ConversationEnd =
  /** With a note where the context was full and the note says that all is done. */
  | Readonly<{ kind: 'ended'; text: string; usage: Usage; handOver?: HandOver }>
  | Readonly<{ kind: 'stopped'; by: string }>
  /** The context is full and there is more to do: a fresh session goes on, from the note where there is one. */
  | Readonly<{ kind: 'full'; handOver?: HandOver }>;

/** After words that could not be judged: a look comes every 2 s. */
const JUDGE_PAUSE_MS = 5_000;

type Said = Pick<Extract<ConversationEnd, { kind: 'ended' }>, 'text' | 'usage'>;
export type Prompt = Readonly<{ text: string; replies: readonly Reply[] }>;

export function createConversation(
  turn: TurnRun,
  options: {
    agent: Agent;
    recorder: Recorder;
    /** Rejects when the agent took more than it may. */
    exhausted: Promise<never>;
    account: Account;
    settings: RepoSettings;
    /** What of the turn so far was no time of the agent's. */
    notWorkingMs: number;
    /** Hears what the agent says last in answer to each prompt. */
    onSaid: (text: string) => void;
  },
) {
  const { agent, recorder, exhausted } = options;
  const { fill, purse, countPrompt, noteFull } = options.account;
  const { store } = turn.context;
  const limits = tightenLimits(turn.context.limits, authorLimits(options.settings));
  /** Words that the agent has or is being given; a look at the database that began earlier still names them as waiting. */
  const given = new Set<number>();
  /** The steering under way. */
  let steering: Promise<void> = Promise.resolve();
  let prompting = false;
  let interrupting = false;
  /** When the interruption that was granted last had been wished for; a look that read the job before may come late. */
  let interruptedAt: string | undefined;
  let stoppedBy: string | undefined;
  /** The agent is asked to come to an end for its full context, or is on its way there; what people say now is for the next session. */
  let leaving: 'asked' | 'told' | 'cancelled' | undefined;
  /** Words of the prompt under way, delivered with the agent's first sign. */
  let handed: readonly Reply[] = [];
  /** That delivery. */
  let hearing: Promise<void> = Promise.resolve();
  let judgeAgainAt = 0;

  /** What was said is in the record first: whoever takes over from a runner that dies right now must find it there. */
  const deliver = async (ids: readonly number[]) => {
    await recorder.write();
    await markDelivered(store.db.sql, turn.job(), ids);
  };

  async function onWishes({ job, replies }: Wishes): Promise<void> {
    if (job.stop && stoppedBy === undefined) {
      stoppedBy = job.stop.by;
      // Cancels first and kills an agent that ignores it; the prompt ends as cancelled either way.
      await agent.close();
    } else if (job.interrupt && job.interrupt.at !== interruptedAt && prompting && !interrupting) {
      interrupting = true;
      interruptedAt = job.interrupt.at;
      await agent.cancel();
    } else if (job.interrupt && leaving && !prompting) {
      // The next session gets the words anyway, and must not be interrupted for them.
      await turn.apply({ type: 'learned', interrupted: true });
    } else if (prompting && !interrupting && !leaving && agent.steering !== 'none') {
      steering = steer(replies.filter((reply) => !given.has(reply.id)));
      await steering;
    }
  }

  async function steer(waiting: readonly Reply[]): Promise<void> {
    for (const reply of await admitIfKnown(waiting, { waits: false })) {
      if (leaving) return;
      const text = buildReplyPrompt(toWords([reply]));
      given.add(reply.id);
      if ((await agent.steer(text)) === 'idle') {
        given.delete(reply.id);
        return;
      }
      recorder.note({ kind: 'prompt', data: { text, steering: true } });
      await deliver([reply.id]);
    }
  }

  /** Words that nobody can judge now wait, for the next look or for the next turn, which judges first. */
  async function admitIfKnown(
    waiting: readonly Reply[],
    options: { waits: boolean },
  ): Promise<readonly Reply[]> {
    if (waiting.length === 0 || (performance.now() < judgeAgainAt && !options.waits)) return [];
    try {
      return await admitWords(turn, waiting, options);
    } catch (thrown) {
      if (!(thrown instanceof TransientError)) throw thrown;
      turn.log.info({ err: thrown }, 'runner.reply.waits');
      judgeAgainAt = performance.now() + JUDGE_PAUSE_MS;
      return [];
    }
  }

  /** Looks how full the context has become: a full one is brought to an end at the next step, an overflowing one at once. */
  function noticeFill(): void {
    if (!prompting || interrupting || leaving === 'cancelled' || !fill.isFull()) return;
    if (leaving === undefined) void noteFull();
    if (fill.isOverflowing()) {
      leaving = 'cancelled';
      agent
        .cancel()
        .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.cancel.failed'));
    } else if (leaving === undefined) {
      leaving = 'asked';
      if (agent.steering !== 'none') steering = steering.catch(() => {}).then(wrapUp);
    }
  }

  async function wrapUp(): Promise<void> {
    const text = buildWrapUp(fill.percent() ?? 100);
    if ((await agent.steer(text)) === 'idle') return;
    if (leaving === 'asked') leaving = 'told';
    recorder.note({ kind: 'prompt', data: { text, steering: true } });
  }

  async function ask(prompt: Prompt, expired: Promise<never>) {
    purse.assertLeft();
    countPrompt();
    handed = prompt.replies;
    for (const reply of handed) given.add(reply.id);
    recorder.note({ kind: 'prompt', data: { text: prompt.text, steering: false } });
    prompting = true;
    try {
      return await Promise.race([agent.prompt(prompt.text), expired]);
    } finally {
      prompting = false;
      purse.rest();
    }
  }

  /** Ends a session whose context is full with its note. `said` is what it ended its work with, where it did. */
  async function leave(expired: Promise<never>, said?: Said): Promise<ConversationEnd> {
    purse.assertLeft();
    leaving ??= 'asked';
    const { silenceMs } = limits;
    const handOver = await askForHandOver(turn, { agent, recorder, countPrompt, silenceMs, cut: expired });
    purse.rest();
    const by = stopped();
    if (by !== undefined) return { kind: 'stopped', by };
    turn.signal.throwIfAborted();
    if (handOver === undefined) return { kind: 'full' };
    const isOver =
      handOver.left.length === 0 && (await pendingReplies(store.db.sql, turn.job().id)).length === 0;
    return said && isOver ? { kind: 'ended', ...said, handOver } : { kind: 'full', handOver };
  }

  /** The agent showed a sign after a prompt: it has the words that went along. */
  function heard(): void {
    if (handed.length === 0) return;
    const taken = handed.map((reply) => reply.id);
    handed = [];
    hearing = deliver(taken).catch((thrown: unknown) =>
      turn.log.warn({ err: toError(thrown) }, 'runner.deliver.failed'),
    );
  }

  /** It may change during every wait. */
  const stopped = () => stoppedBy;

  /** Without a first prompt the session, full from an earlier life, is asked for its note alone. */
  async function run(first: Prompt | undefined): Promise<ConversationEnd> {
    const job = turn.job();
    const usedMs = Math.max(0, (await readTurnAgeMs(store.db.sql, job)) - options.notWorkingMs);
    const clocks = startTimeLimits({
      limits,
      deployment: turn.context.limits,
      usedMs,
      silentForMs: agent.silentForMs,
    });
    const unwatch = watchWishes(turn, onWishes);
    try {
      const expired = Promise.race([clocks.expired, exhausted, purse.reached, whenAborted(turn.signal)]);
      expired.catch(() => {});
      return await (first === undefined ? leave(expired) : talk(first, expired));
    } finally {
      clocks.stop();
      await unwatch();
    }
  }

  async function talk(first: Prompt, expired: Promise<never>): Promise<ConversationEnd> {
    let prompt = first;
    let waiting: readonly Reply[] = [];
    for (;;) {
      const { stopReason, ...said } = await ask(prompt, expired);
      options.onSaid(said.text);
      // The agent may end sooner than the steering it took is marked; such words are not asked of it twice.
      await Promise.race([steering.catch(() => {}), expired]);
      // A cancelled prompt may never have been read; its words go along once more.
      if (stopReason === 'cancelled') for (const reply of prompt.replies) given.delete(reply.id);
      await deliver([...given]);
      await hearing;
      handed = [];
      if (stopped() === undefined)
        waiting = await admitIfKnown(await pendingReplies(store.db.sql, turn.job().id), { waits: true });
      const by = stopped();
      if (by !== undefined) return { kind: 'stopped', by };
      turn.signal.throwIfAborted();
      const isCalledOff = leaving === 'told' || leaving === 'cancelled';
      const isFull = isCalledOff || fill.isFull();
      const isEarly = stopReason === 'max_tokens' || stopReason === 'unknown';
      const isCut = stopReason === 'cancelled' || (isEarly && isFull);
      if (interrupting) await forgetInterrupt();
      else if (!isCut || !isFull) judgeStop(stopReason);
      const isDone = waiting.length === 0 && !isCut;
      if (isDone && !isCalledOff) return { kind: 'ended', ...said };
      if (isFull) return leave(expired, isDone ? said : undefined);
      leaving = undefined;
      prompt = { text: buildNextPrompt({ job: turn.job(), replies: toWords(waiting) }), replies: waiting };
    }
  }

  async function forgetInterrupt(): Promise<void> {
    interrupting = false;
    await turn.apply({ type: 'learned', interrupted: true });
  }

  return { run, heard, noticeFill };
}

/** Replies as an agent is told them: by name, not by Slack's id. */
export function toWords(replies: readonly Reply[]): Words[] {
  return replies.map(({ authorName, text }) => ({ author: authorName ?? 'A team member', text }));
}

/** Rejects with the signal's reason as soon as it fires. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  if (signal.aborted) reject(toError(signal.reason));
  else signal.addEventListener('abort', () => reject(toError(signal.reason)), { once: true });
  return promise;
}
