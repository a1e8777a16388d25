// Phase `implement`: an agent works in the tree until nobody has anything more to say.
import { toError } from '../../errors.ts';
import type { AgentUpdate } from '../../job/agent-update.ts';
import { describeHouse } from '../../job/house.ts';
import { buildFirstPrompt, buildNextPrompt, type Words } from '../../job/prompt.ts';
import type { Recipe } from '../../job/recipe.ts';
import { buildStory, type StoryEvent } from '../../job/story.ts';
import { readEvents } from '../../store/events.ts';
import { admitWaiting } from '../admit.ts';
import { chooseAuthor } from '../choose-author.ts';
import { shownName } from '../consult.ts';
import { type ConversationEnd, createConversation, toWords } from '../conversation.ts';
import { createInspection, type Seen } from '../inspection.ts';
import { launchAgent } from '../launch-agent.ts';
import type { Recorder } from '../recorder.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

/** Said on the card while an agent runs unprotected. */
const NO_SANDBOX =
  'This agent runs without a sandbox (ERRAND_SANDBOX=none): it can do what the runner may do.';

/** Updates that only an agent sends which has read its prompt. */
const SIGNS: ReadonlySet<AgentUpdate['kind']> = new Set(['message', 'thought', 'plan', 'tool']);

type Options = Readonly<{
  recorder: Recorder;
  recipe: Recipe;
  /** What of the turn so far was no time of the author's. */
  plannedMs: number;
  onReady: () => Promise<void>;
}>;

/** What the agent said last, with what was seen of the files as they are at the end. */
export type Implemented = Readonly<{ said: ConversationEnd }> & Seen;

/** `onReady` is called once there is an agent that can be cancelled. */
export async function implement(turn: TurnRun, prepared: Prepared, options: Options): Promise<Implemented> {
  const inspection = createInspection(turn, prepared, options);
  let objection: string | undefined;
  for (;;) {
    const notWorkingMs = options.plannedMs + inspection.spentMs();
    const said = await converse(turn, prepared, {
      ...options,
      notWorkingMs,
      ...(objection ? { objection } : {}),
    });
    if (said.kind === 'stopped') return { said };
    const { objection: next, ...seen } = await inspection.look();
    if (next === undefined) return { said, ...seen };
    objection = next;
    if (turn.job().phase !== 'implement') await turn.apply({ type: 'phase', phase: 'implement' });
  }
}

/** One life of the agent: started, talked with, ended. */
async function converse(
  turn: TurnRun,
  prepared: Prepared,
  options: Options & { objection?: string; notWorkingMs: number },
): Promise<ConversationEnd> {
  const { context } = turn;
  const { recorder, objection } = options;
  let onSign = () => {};
  let remembered: Promise<unknown> | undefined;
  const onUpdate = (update: AgentUpdate) => {
    if (SIGNS.has(update.kind)) onSign();
    recorder.add(update);
  };
  const { settings } = prepared;
  const { agent, name, close, exhausted } = await launchAuthor(turn, prepared, { recorder, onUpdate });
  /** Only a session that has read a prompt may be resumed: any other knows nothing of the task. */
  const remember = () => {
    remembered ??= turn
      .apply({ type: 'learned', session: { id: agent.sessionId, agent: name } })
      .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.session.not_kept'));
  };
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
      settings,
      notWorkingMs: options.notWorkingMs,
    });
    onSign = () => {
      conversation.heard();
      remember();
    };
    const replies = await admitWaiting(turn);
    const text = await buildPrompt(turn, prepared, {
      resumed: agent.resumed,
      told: toWords(replies),
      objection,
    });
    return await conversation.run({ text, replies });
  } finally {
    await close();
    await remembered;
  }
}

/** Starts the job's own agent; what it took is counted when it is closed. */
async function launchAuthor(
  turn: TurnRun,
  { workspace, settings }: Prepared,
  { recorder, onUpdate }: { recorder: Recorder; onUpdate: (update: AgentUpdate) => void },
) {
  const job = turn.job();
  const { spec, model, mode } = chooseAuthor(turn, settings);
  const startedAt = performance.now();
  const launched = await launchAgent(turn, {
    spec,
    workspace,
    settings,
    mode,
    model,
    resume: job.session?.agent === spec.name ? job.session.id : undefined,
    onUpdate,
  });
  const close = async () => {
    recorder.count({
      part: 'author',
      agent: shownName(spec.name),
      ...(model ? { model } : {}),
      prompts: 1,
      durationMs: Math.round(performance.now() - startedAt),
      usage: recorder.progress().usage,
    });
    await launched.close();
  };
  return { ...launched, name: spec.name, close };
}

/** What the author is told first in this life of its. */
async function buildPrompt(
  turn: TurnRun,
  prepared: Prepared,
  given: { resumed: boolean; told: readonly Words[]; objection: string | undefined },
): Promise<string> {
  const { resumed, told: replies, objection } = given;
  if (!resumed)
    return [await firstPrompt(turn, prepared, replies), ...(objection === undefined ? [] : [objection])].join(
      '\n\n',
    );
  const { conflicts } = prepared.workspace;
  const more = objection === undefined ? {} : { objection };
  return buildNextPrompt({ job: turn.job(), replies, conflicts, ...more });
}

async function firstPrompt(turn: TurnRun, prepared: Prepared, replies: readonly Words[]): Promise<string> {
  const job = turn.job();
  const story = await retell(turn);
  return buildFirstPrompt({
    job: { ...job, context: prepared.context },
    replies,
    conflicts: prepared.workspace.conflicts,
    ...(prepared.issue ? { issue: prepared.issue } : {}),
    house: describeHouse(prepared.house, 'implement'),
    ...(story ? { story } : {}),
  });
}

/** What happened in this job so far, for a session that does not remember it. */
async function retell(turn: TurnRun): Promise<string | undefined> {
  const { store } = turn.context;
  const job = turn.job();
  const kept: StoryEvent[] = [];
  let afterId = 0;
  for (;;) {
    const page = await readEvents(store.db.sql, job.id, { afterId, kinds: ['prompt', 'agent'] });
    for (const event of page) {
      if (event.kind === 'prompt') kept.push({ kind: 'prompt', turn: event.turn, text: event.data.text });
      if (event.kind === 'agent') kept.push({ kind: 'agent', turn: event.turn, update: event.data });
    }
    // The story keeps only its newest part, so a long transcript need not be held whole.
    if (kept.length > 4_000) kept.splice(0, kept.length - 2_000);
    const last = page.at(-1);
    if (last === undefined) break;
    afterId = last.id;
  }
  for (const result of job.results) {
    const say = result.summary?.changed ?? result.answer ?? result.failure?.reason ?? '';
    kept.push({ kind: 'ended', turn: result.turn, outcome: result.outcome, say });
  }
  return buildStory(kept);
}
