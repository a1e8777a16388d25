// Asks somebody other than the author: a fresh session, in a home of its own, over a copy of the files that is thrown away
// and in which nothing may be changed. It answers in a form that is read with a schema. No answer is a result, too: what is
// late, silent, broken or malformed is told as missing and never taken for a yes.
import type { z } from 'zod';
import type { Agent } from '../agent/session.ts';
import { PermanentError, TransientError } from '../errors.ts';
import type { AgentUpdate, Usage } from '../job/agent-update.ts';
import { whyMissing } from '../job/counsel-words.ts';
import { readJsonAnswer } from '../job/json-answer.ts';
import { type JobLimits, tightenLimits } from '../job/limits.ts';
import type { AgentPhase, PhaseSettings } from '../job/phase-settings.ts';
import type { Part } from '../job/sessions.ts';
import { lendsLogin } from './agent-home.ts';
import { assertAskable, countSpent, GRACE_MS, judgeWith } from './budget.ts';
import { whenAborted } from './conversation.ts';
import { launchAgent } from './launch-agent.ts';
import type { Prepared } from './phases/prepare.ts';
import type { Recorder } from './recorder.ts';
import { startTimeLimits } from './time-limits.ts';
import type { TurnRun } from './turn-run.ts';
import { watchStop } from './watch.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 15;

/** An agent of the operator's own is a command line, which names places on the machine. */
const OWN_AGENT = 'custom agent';

/** The name of an agent as people may read it. */
export function shownName(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : OWN_AGENT;
}

/**
 * Asks for an answer of a form, or with `text` for whatever is said. Throws, through `consult`, where there is none; what
 * lacks its form is asked for once more first.
 */
export type AskForm = (<T>(prompt: string, schema: z.ZodType<T>) => Promise<T>) &
  Readonly<{ text: (prompt: string) => Promise<string> }>;

/** Who was asked. */
export type Asked = Readonly<{ agent: string; model?: string; durationMs: number }>;

export type Counsel<T> = Asked &
  Readonly<{ kind: 'answer'; value: T } | { kind: 'missing' /** Reads on after "it". */; why: string }>;

export type Consultation = Readonly<{
  part: Exclude<Part, 'author'>;
  /** Whose settings hold: agent, model, mode, minutes, tokens. */
  phase: AgentPhase;
  /** The files to look at; those of the base without it. */
  treeSha?: string | undefined;
  /** Changed files that would tell the session what to do: they lie there as on the base. */
  withheld?: readonly string[];
  /** They come from somebody who need not be let in here. */
  isOfStranger?: boolean | undefined;
  recorder: Recorder;
}>;

/**
 * Opens the session, lets `talk` ask, and closes it. Throws only what ends the turn: its signal's reason (a stop, a
 * shutdown, a job that was lost) and what is no answer of the agent's (database, disk).
 */
export async function consult<T>(
  turn: TurnRun,
  prepared: Prepared,
  options: Consultation,
  talk: (ask: AskForm) => Promise<T>,
): Promise<Counsel<T>> {
  const startedAt = performance.now();
  const unwatch = watchStop(turn);
  const held = prepared.settings.phases?.[options.phase] ?? {};
  // It is said on GitHub, too, where nobody need know the operator's own command line.
  let asked: Omit<Asked, 'durationMs'> = { agent: held.agent ?? turn.job().agent ?? OWN_AGENT };
  const by = (): Asked => ({ ...asked, durationMs: Math.round(performance.now() - startedAt) });
  try {
    const spec = turn.context.agents.choose(held.agent ?? turn.job().agent);
    // A model is one of its agent's: the command's own means nothing to another one.
    const model = held.model ?? (held.agent === undefined ? turn.job().model : undefined);
    asked = { agent: shownName(spec.name), ...(model === undefined ? {} : { model }) };
    assertAskable(turn, prepared);
    if (options.isOfStranger) await refuseLogin(turn, spec);
    const value = await onceMore(() => hold(turn, prepared, { ...options, spec, model, held }, talk));
    return { kind: 'answer', value, ...by() };
  } catch (thrown) {
    turn.signal.throwIfAborted();
    if (!(thrown instanceof PermanentError || thrown instanceof TransientError)) throw thrown;
    turn.log.info({ part: options.part, err: thrown }, 'runner.counsel.missing');
    const code = thrown instanceof PermanentError ? thrown.code : undefined;
    return { kind: 'missing', why: turn.context.redactor.text(whyMissing(code, thrown.message)), ...by() };
  } finally {
    await unwatch();
  }
}

/** What may pass is tried once more. */
export async function onceMore<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    if (!(thrown instanceof TransientError)) throw thrown;
    return step();
  }
}

type Session = Consultation &
  Readonly<{
    spec: ReturnType<TurnRun['context']['agents']['choose']>;
    model: string | undefined;
    held: PhaseSettings;
  }>;

async function hold<T>(
  turn: TurnRun,
  prepared: Prepared,
  session: Session,
  talk: (ask: AskForm) => Promise<T>,
): Promise<T> {
  const { context } = turn;
  const { part, recorder, spec, model, held, treeSha, withheld = [] } = session;
  const { workspace, settings } = prepared;
  const copy = await context.workspaces.prepareCheck(workspace, {
    as: part.replaceAll(' ', '-'),
    signal: turn.signal,
    withheld,
    ...(treeSha === undefined ? {} : { treeSha }),
  });
  const spent = createSpending(held.tokens, (usage) => judgeWith(turn, prepared, usage));
  const startedAt = performance.now();
  const { agent, close, exhausted } = await launchAgent(turn, {
    spec,
    workspace,
    settings,
    copy,
    mode: held.mode ?? spec.modeIds.plan,
    model,
    onUpdate: (update) => {
      spent.note(update);
      recorder.hear(part, update);
    },
  });
  const clocks = limitTime(tightenLimits(context.limits, settings.limits), held, agent);
  let prompts = 0;
  const ended = Promise.race([exhausted, spent.over, clocks.late, whenAborted(turn.signal)]);
  ended.catch(() => {});
  const say = async (text: string) => {
    prompts += 1;
    recorder.note({ kind: 'note', data: { name: 'session', part, prompt: text } });
    return Promise.race([promptFully(agent, text), ended]);
  };
  try {
    const ask = <V>(prompt: string, schema: z.ZodType<V>) =>
      askTwice(say, prompt, schema, context.redactor.deep);
    const text = async (prompt: string) => context.redactor.text(await say(prompt));
    return await talk(Object.assign(ask, { text }));
  } finally {
    clocks.stop();
    spent.stop();
    const durationMs = Math.round(performance.now() - startedAt);
    const usage = spent.usage();
    const by = { agent: shownName(spec.name), ...(model ? { model } : {}) };
    recorder.count({ part, ...by, prompts, durationMs, usage });
    await close();
    await context.workspaces.removeCheck(copy);
    await countSpent(turn, usage);
  }
}

/** What a stranger wrote may talk an agent into telling what lies in its home. */
async function refuseLogin({ context }: TurnRun, spec: Session['spec']): Promise<void> {
  const { env, userHome } = context.agents;
  if (!(await lendsLogin({ spec, env, userHome }))) return;
  const [key = 'its key'] = spec.keys;
  throw new PermanentError(
    'login_exposed',
    `was not asked, since a pull from a fork must not be read beside the files of a subscription login; whoever runs Errand sets ${key} to have forks reviewed`,
  );
}

async function promptFully(agent: Agent, text: string): Promise<string> {
  const { stopReason, text: said } = await agent.prompt(text);
  if (stopReason === 'end_turn') return said;
  throw new PermanentError('no_answer', `ended without an answer (${stopReason})`);
}

/** What does not have the form is sent back once, in the same session. */
async function askTwice<T>(
  say: (text: string) => Promise<string>,
  prompt: string,
  schema: z.ZodType<T>,
  redact: <V>(value: V) => V,
): Promise<T> {
  const first = readJsonAnswer(await say(prompt), schema);
  if (first.kind === 'read') return redact(first.value);
  const again = `Your answer could not be read: ${first.say}. Answer once more, with nothing but one fenced \`\`\`json block of the form that was asked for.`;
  const second = readJsonAnswer(await say(again), schema);
  if (second.kind === 'read') return redact(second.value);
  throw new PermanentError('malformed_answer', `gave no answer that could be read, twice: ${second.say}`);
}

/** The clocks of one session; `late` rejects. */
function limitTime(limits: JobLimits, { minutes = DEFAULT_MINUTES }: PhaseSettings, agent: Agent) {
  const { expired, stop } = startTimeLimits({
    limits: { ...limits, turnMs: Math.min(limits.turnMs, minutes * MINUTE_MS) },
    usedMs: 0,
    silentForMs: agent.silentForMs,
  });
  return { late: late(expired, limits), stop };
}

/** Words about the time, without what they say to the author of a change. */
async function late(expired: Promise<never>, { silenceMs }: JobLimits): Promise<never> {
  try {
    return await expired;
  } catch (thrown) {
    const silent = thrown instanceof PermanentError && thrown.code === 'agent_silent';
    const why = silent
      ? `showed no sign of life for ${Math.round(silenceMs / 1_000)} s`
      : 'was not done in the time that it has';
    throw new PermanentError(silent ? 'agent_silent' : 'turn_limit', why, { cause: thrown });
  }
}

/**
 * Follows what the session takes; `over` rejects once that is more than it may, or once the job has spent what it may and the
 * session goes on all the same.
 */
function createSpending(tokens: number | undefined, judgeJob: (usage: Usage) => PermanentError | undefined) {
  let usage: Usage = {};
  let timer: NodeJS.Timeout | undefined;
  const { promise: over, reject } = Promise.withResolvers<never>();
  over.catch(() => {});
  return {
    over,
    usage: () => usage,
    note(update: AgentUpdate) {
      if (update.kind !== 'usage') return;
      usage = { ...usage, ...update.usage };
      if (tokens !== undefined && (usage.totalTokens ?? usage.contextUsed ?? 0) > tokens)
        reject(new PermanentError('token_limit', `took more than ${tokens.toLocaleString('en-US')} tokens`));
      const spent = judgeJob(usage);
      if (spent) timer ??= setTimeout(() => reject(spent), GRACE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
