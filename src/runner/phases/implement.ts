// Phase `implement`: agents work in the tree until nobody has anything more to say. One session goes on as long as its
// context allows; then a fresh one takes over.
import type { Agent } from '../../agent/session.ts';
import type { AgentUpdate, Usage } from '../../job/agent-update.ts';
import { buildNextPrompt } from '../../job/prompt.ts';
import type { Recipe } from '../../job/recipe.ts';
import { type GivenAnswer, takeAnswers } from '../../job/remarks.ts';
import { admitWaiting } from '../admit.ts';
import { type Budget, createBudget } from '../budget.ts';
import { chooseAuthor } from '../choose-author.ts';
import { type ConversationEnd, createConversation, type Prompt, toWords } from '../conversation.ts';
import { passOn } from '../hand-over.ts';
import { createInspection, type Seen } from '../inspection.ts';
import { launchAgent } from '../launch-agent.ts';
import type { ForTurn } from '../occasion.ts';
import type { Recorder } from '../recorder.ts';
import { firstPrompt, untoldConflicts } from '../retell.ts';
import { openAccount } from '../session-account.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** Said on the card while an agent runs unprotected. */
const NO_SANDBOX = 'No sandbox (ERRAND_SANDBOX=none): this agent may do whatever Errand may.';

/** Updates that only an agent sends which has read its prompt. */
const SIGNS: ReadonlySet<AgentUpdate['kind']> = new Set(['message', 'thought', 'plan', 'tool']);

type Options = Readonly<{
  recorder: Recorder;
  recipe: Recipe;
  /** What of the turn so far was no time of the author's. */
  plannedMs: number;
  /** What the turn is for besides words in Slack. */
  forTurn: ForTurn;
  onReady: () => Promise<void>;
}>;

/**
 * What the agent said last, with what was seen of the files as they are at the end. `answers` are those to remarks in all that
 * it said, the newest last: whoever is asked again for another reason does not answer them twice.
 */
export type Implemented = Readonly<{
  said: Exclude<ConversationEnd, { kind: 'full' }>;
  answers: readonly GivenAnswer[];
}> &
  Seen;

/** `onReady` is called once there is an agent that can be cancelled. */
export async function implement(turn: TurnRun, prepared: Prepared, options: Options): Promise<Implemented> {
  const inspection = createInspection(turn, prepared, options);
  const budget = createBudget(turn, prepared);
  const answers: GivenAnswer[] = [];
  const onSaid = (text: string) => {
    if (options.forTurn.remarks.length > 0) answers.push(...takeAnswers(text).answers);
  };
  let objection: string | undefined;
  let { alone, news } = options.forTurn;
  if (alone !== undefined) await options.onReady();
  for (;;) {
    const notWorkingMs = options.plannedMs + inspection.spentMs();
    const { said, percent = 100 } =
      alone === undefined
        ? await converse(turn, prepared, {
            ...options,
            budget,
            notWorkingMs,
            news,
            onSaid,
            ...(objection ? { objection } : {}),
          })
        : sayAlone(alone);
    // Whoever is asked again has read them in this very session; a fresh one is told them in any case.
    if (alone === undefined) news = [];
    alone = undefined;
    if (said.kind === 'stopped') return { said, answers };
    if (said.kind === 'full') {
      await passOn(turn, { percent, handOver: said.handOver });
      continue;
    }
    const { objection: next, ...seen } = await inspection.look(said.text);
    if (next === undefined) return { said, answers, ...seen };
    objection = next;
    if (said.handOver) await passOn(turn, { percent, handOver: said.handOver });
    if (turn.job().phase !== 'implement') await turn.apply({ type: 'phase', phase: 'implement' });
  }
}

type Life = Options &
  Readonly<{
    budget: Budget;
    objection?: string;
    notWorkingMs: number;
    news: readonly string[];
    onSaid: (text: string) => void;
  }>;

type Conversed = Readonly<{ said: ConversationEnd; percent?: number | undefined }>;

/** The host has done it all. */
function sayAlone(text: string): Conversed {
  return { said: { kind: 'ended', text, usage: {} } };
}

/** One life of the agent: started, talked with, ended. `percent` is how full its context was. */
async function converse(turn: TurnRun, prepared: Prepared, options: Life): Promise<Conversed> {
  const { context } = turn;
  const { recorder, budget, notWorkingMs } = options;
  const { settings } = prepared;
  budget.assertLeft();
  let onSign = () => {};
  let onUsage = (usage: Usage) => usage;
  const onUpdate = (update: AgentUpdate) => {
    if (SIGNS.has(update.kind)) onSign();
    recorder.add(update.kind === 'usage' ? { ...update, usage: onUsage(update.usage) } : update);
  };
  const { agent, name, model, close, exhausted } = await launchAuthor(turn, prepared, onUpdate);
  const account = openAccount(turn, { agent, name, model, recorder, budget, settings });
  try {
    await options.onReady();
    await turn.apply({
      type: 'learned',
      steerable: agent.steering !== 'none',
      ...(context.sandbox.mode === 'none'
        ? { warning: [NO_SANDBOX, ...prepared.house.warnings].join(' ') }
        : {}),
    });
    const conversation = createConversation(turn, {
      agent,
      recorder,
      exhausted,
      account,
      settings,
      notWorkingMs,
      onSaid: options.onSaid,
    });
    onSign = () => {
      conversation.heard();
      account.remember();
    };
    onUsage = (usage) => {
      const ofTurn = account.follow(usage);
      conversation.noticeFill();
      return ofTurn;
    };
    const isFull = agent.resumed && account.fill.isFull();
    const said = await conversation.run(isFull ? undefined : await opening(turn, prepared, agent, options));
    return { said, percent: account.fill.percent() };
  } finally {
    await close();
    await account.close();
  }
}

/** Starts the job's own agent. */
async function launchAuthor(
  turn: TurnRun,
  { workspace, settings }: Prepared,
  onUpdate: (update: AgentUpdate) => void,
) {
  const job = turn.job();
  const { spec, model, mode } = chooseAuthor(turn, settings);
  const launched = await launchAgent(turn, {
    spec,
    workspace,
    settings,
    mode,
    model,
    resume: job.session?.agent === spec.name ? job.session.id : undefined,
    onUpdate,
  });
  return { ...launched, name: spec.name, model };
}

/** What the session is told first in this life, with the words that wait. */
async function opening(
  turn: TurnRun,
  prepared: Prepared,
  { resumed }: Pick<Agent, 'resumed'>,
  { objection, news, forTurn }: Pick<Life, 'objection' | 'news' | 'forTurn'>,
): Promise<Prompt> {
  const replies = await admitWaiting(turn);
  const told = toWords(replies);
  if (!resumed) {
    const objections = objection === undefined ? [] : [objection];
    return {
      text: [await firstPrompt(turn, prepared, { replies: told, news: forTurn.news }), ...objections].join(
        '\n\n',
      ),
      replies,
    };
  }
  const conflicts = untoldConflicts(prepared);
  const more = objection === undefined ? {} : { objection };
  return { text: buildNextPrompt({ job: turn.job(), replies: told, conflicts, news, ...more }), replies };
}
