// One turn of the scripted agent: runs directives, takes in steered words between them, ends with a summary.
import type { AgentContext, StopReason } from '@agentclientprotocol/sdk';
import { actions, TurnCancelled, TurnEnded } from './scripted-agent-actions.ts';
import { answerAs } from './scripted-agent-answers.ts';
import { type Directive, notesIn, parseDirectives, partOf } from './scripted-agent-directives.ts';
import { keepForNotes, memoryOf, takeForNote, takeLater } from './scripted-agent-memory.ts';
import { createTeller } from './scripted-agent-teller.ts';

export type TurnState = {
  readonly sessionId: string;
  readonly session: Readonly<{
    cwd: string;
    mode: string;
    model: string;
    diligent: boolean;
    /** What the session is for, where it is not the author's. */
    part: string | undefined;
  }>;
  readonly client: AgentContext;
  readonly tell: ReturnType<typeof createTeller>;
  readonly cancelled: AbortSignal;
  title: string;
  changes: string[];
  checks: string[];
  notes: string[];
  plan: string[];
  ignoresCancel: boolean;
  /** What the prompt says besides scripts. */
  told: string;
  /** Resolves with the next steered words. */
  nextSteering: () => Promise<void>;
};

/** Creates a turn; `run` it once, `queue` words into it while it runs. */
export function createScriptedTurn(options: Pick<TurnState, 'client' | 'sessionId' | 'session'>) {
  const inbox: { text: string; done: (reason: StopReason) => void }[] = [];
  const taken: ((reason: StopReason) => void)[] = [];
  const cancel = new AbortController();
  let arrived = Promise.withResolvers<void>();
  const state: TurnState = {
    ...options,
    tell: createTeller(options.client, options.sessionId),
    cancelled: cancel.signal,
    title: 'Apply the scripted change',
    changes: [],
    checks: [],
    notes: [],
    plan: [],
    ignoresCancel: false,
    told: '',
    nextSteering: () => arrived.promise,
  };

  const done = new Set<string>();

  /** Whoever is diligent does everything that was ever said, here or in the story, and finds it done when it is. */
  const readDiligently = (text: string): Directive[] => {
    const memory = memoryOf(options.sessionId);
    const told = [...memory.words().map(fromLine), ...parseDirectives(text, { withStory: true })];
    const lines = [...new Set(told.map(toLine))].filter((line) => !done.has(line));
    for (const line of lines) {
      done.add(line);
      if (!memory.words().includes(line)) memory.remember(line);
    }
    return lines.map(fromLine);
  };
  const perform = async (text: string, quote: boolean): Promise<void> => {
    const { diligent, part } = options.session;
    state.told = text.replaceAll(/^.*\bscript(?: [\w -]+)?: .*$/gm, '');
    if (part === undefined) keepForNotes(notesIn(text));
    const note = partOf(text) === 'hand-over' ? takeForNote() : undefined;
    const lines = note === undefined ? text : `script hand-over: ${note}`;
    const told = diligent && part === undefined ? readDiligently(text) : parseDirectives(lines, { part });
    const kept = told.length > 0 || quote ? [] : takeLater(options.sessionId);
    const directives = [...told, ...kept.flatMap((each) => parseDirectives(`script: ${each}`))];
    if (directives.length === 0 && part !== undefined) await actions.answer?.(state, answerAs(part));
    if (directives.length === 0 && quote) state.notes.push(`Was told: ${text.trim()}`);
    if (directives.length === 0 && !quote) await actions.write?.(state, `NOTES.md <<${text.trim()}\\n`);
    for (const { verb, rest } of directives) {
      const action = actions[verb];
      if (!action) throw new Error(`unknown directive ${verb}`);
      await action(state, rest);
      if (cancel.signal.aborted && !state.ignoresCancel) throw new TurnCancelled();
      await takeIn();
    }
  };
  const takeIn = async () => {
    for (let next = inbox.shift(); next; next = inbox.shift()) {
      taken.push(next.done);
      if (inbox.length === 0) arrived = Promise.withResolvers();
      await perform(next.text, true);
    }
  };
  const work = async (text: string): Promise<StopReason> => {
    try {
      await perform(text, false);
      await takeIn();
      await state.tell.plan(state.plan, 'completed');
      await state.tell.say(summary(state));
      return 'end_turn';
    } catch (error) {
      if (error instanceof TurnEnded) return error.reason;
      if (error instanceof TurnCancelled) return 'cancelled';
      throw error;
    }
  };

  return {
    async run(text: string): Promise<StopReason> {
      const reason = await work(text);
      for (const done of [...taken, ...inbox.map((each) => each.done)]) done(reason);
      return reason;
    },
    queue(text: string): Promise<StopReason> {
      return new Promise((done) => {
        inbox.push({ text, done });
        arrived.resolve();
      });
    },
    cancel: () => cancel.abort(),
  };
}

const toLine = ({ verb, rest }: Directive) => `${verb} ${rest}`;

function fromLine(line: string): Directive {
  const [verb = '', ...rest] = line.split(' ');
  return { verb, rest: rest.join(' ') };
}

export type ScriptedTurn = ReturnType<typeof createScriptedTurn>;

function summary(state: TurnState): string {
  const list = (lines: string[], none: string) =>
    lines.length > 0 ? lines.map((line) => `- ${line}`).join('\n') : none;
  return [
    `## Title\n${state.title}`,
    `## What changed\n${list([...state.changes, ...state.notes], 'Nothing.')}`,
    `## How it was checked\n${list(state.checks, 'Not at all: this is a scripted agent.')}`,
    '## Risks\nNone that a script could see.',
  ].join('\n\n');
}
