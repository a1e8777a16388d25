// What each directive of the scripted agent does (the list stands in scripted-agent.ts). All of it is real: files,
// commands, processes.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RequestError, type StopReason } from '@agentclientprotocol/sdk';
import { execa } from 'execa';
import { parseFileText } from './scripted-agent-directives.ts';
import { keepForLater, memoryOf } from './scripted-agent-memory.ts';
import type { TurnState } from './scripted-agent-turn.ts';

/** Thrown to end the turn at once. */
export class TurnEnded extends Error {
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(reason);
    this.reason = reason;
  }
}
export class TurnCancelled extends Error {}

type Action = (state: TurnState, rest: string) => Promise<void>;

const POLL_MS = 20;

const changeFile = async (state: TurnState, path: string, change: (file: string) => Promise<void>) => {
  const file = resolve(state.session.cwd, path);
  const oldText = await readFile(file, 'utf8').catch(() => null);
  await state.tell.tool({ title: `Edit ${path}`, kind: 'edit', path: file }, async () => {
    await mkdir(dirname(file), { recursive: true });
    await change(file);
    const newText = await readFile(file, 'utf8').catch(() => '');
    return { result: undefined, content: [{ type: 'diff', path: file, oldText, newText }] };
  });
};

const untilCancelled = (state: TurnState): Promise<void> =>
  new Promise((done) => {
    // An open timer keeps the process alive while it waits.
    const alive = setInterval(() => {}, 60_000);
    const stop = () => {
      if (state.ignoresCancel) return;
      clearInterval(alive);
      done();
    };
    if (state.cancelled.aborted) stop();
    else state.cancelled.addEventListener('abort', stop, { once: true });
  });

const runCommand: Action = async (state, command) => {
  const { cwd } = state.session;
  const result = await state.tell.tool(
    { title: 'shell', kind: 'execute', rawInput: { command } },
    async () => {
      const ran = await execa({
        shell: true,
        cwd,
        reject: false,
        all: true,
        killDescendants: true,
        cancelSignal: state.cancelled,
      })`${command}`;
      const text = ran.all || '(no output)';
      return {
        result: ran,
        failed: ran.failed,
        content: [{ type: 'content', content: { type: 'text', text } }],
      };
    },
  );
  state.checks.push(`\`${command}\` ended with ${result.exitCode ?? result.signal}`);
};

const askPermission: Action = async (state, rest) => {
  const [kind = 'edit', path = ''] = rest.split(/\s+/);
  const answer = await state.client.request('session/request_permission', {
    sessionId: state.sessionId,
    toolCall: {
      toolCallId: 'asked',
      title: `${kind} ${path}`.trim(),
      kind: kind as 'edit',
      locations: path === '' ? [] : [{ path: resolve(state.session.cwd, path) }],
    },
    options: [
      { optionId: 'always', name: 'Always', kind: 'allow_always' },
      { optionId: 'once', name: 'Once', kind: 'allow_once' },
      { optionId: 'never', name: 'No', kind: 'reject_once' },
    ],
  });
  const { outcome } = answer;
  state.notes.push(
    `Permission for ${rest}: ${outcome.outcome === 'selected' ? outcome.optionId : 'cancelled'}`,
  );
};

/** `WORD DIRECTIVE`: sessions that share nothing can still tell what was said since. */
const onlyWhenTold = async (state: TurnState, rest: string, wanted: boolean): Promise<void> => {
  const [, word = '', verb = '', more = ''] = /^(\S+)\s+(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (state.told.includes(word) === wanted) await actions[verb]?.(state, more);
};

/** `PATH DIRECTIVE`: sessions that share nothing but the files can still take turns. */
const onlyWhen = async (state: TurnState, rest: string, wanted: boolean): Promise<void> => {
  const [, path = '', verb = '', more = ''] = /^(\S+)\s+(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (existsSync(resolve(state.session.cwd, path)) === wanted) await actions[verb]?.(state, more);
};

export const actions: Readonly<Record<string, Action>> = {
  async write(state, rest) {
    const { path, text } = parseFileText(rest);
    await changeFile(state, path, (file) => writeFile(file, text));
    state.changes.push(`Wrote ${path}`);
  },
  async append(state, rest) {
    const { path, text } = parseFileText(rest);
    await changeFile(state, path, (file) => appendFile(file, text));
    state.changes.push(`Appended to ${path}`);
  },
  async delete(state, path) {
    await changeFile(state, path, (file) => rm(file, { recursive: true, force: true }));
    state.changes.push(`Deleted ${path}`);
  },
  run: runCommand,
  async next(state, directive) {
    keepForLater(state.sessionId, directive);
  },
  'when-file': (state, rest) => onlyWhen(state, rest, true),
  'unless-file': (state, rest) => onlyWhen(state, rest, false),
  'when-told': (state, rest) => onlyWhenTold(state, rest, true),
  'unless-told': (state, rest) => onlyWhenTold(state, rest, false),
  say: (state, text) => state.tell.say(text),
  think: (state, text) => state.tell.think(text),
  async stderr(_state, text) {
    process.stderr.write(`${text}\n`);
  },
  async plan(state, rest) {
    state.plan = rest.split(';').map((step) => step.trim());
    await state.tell.plan(state.plan, 'pending');
  },
  async title(state, text) {
    state.title = text;
  },
  async answer(state, text) {
    await state.tell.say(text.replaceAll('\\n', '\n'));
    throw new TurnEnded('end_turn');
  },
  async usage(state, rest) {
    const [used = 0, size = 0, cost = 0] = rest.split(/\s+/).map(Number);
    await state.tell.usage(used, size, cost);
  },
  async fill(state, rest) {
    const told = state.nextSteering();
    const [used = 0, size = 0, cost = 0] = rest.split(/\s+/).map(Number);
    await state.tell.usage(used, size, cost);
    await Promise.race([told, untilCancelled(state)]);
  },
  'ask-permission': askPermission,
  async remember(state, word) {
    memoryOf(state.sessionId).remember(word);
  },
  async recall(state) {
    const words = memoryOf(state.sessionId).words();
    state.notes.push(`Remembers: ${words.length > 0 ? words.join(' ') : 'nothing'}`);
  },
  async env(state, name) {
    state.notes.push(`${name} is ${process.env[name] ?? 'not set'}`);
  },
  async where(state) {
    state.notes.push(`Started in ${process.cwd()}, works in ${state.session.cwd}`);
  },
  async settings(state) {
    state.notes.push(`Mode ${state.session.mode}, model ${state.session.model}`);
  },
  async 'wait-for-steering'(state) {
    await state.tell.say('Waiting for a word.');
    await Promise.race([state.nextSteering(), untilCancelled(state)]);
  },
  async 'wait-for-file'(state, path) {
    while (!existsSync(resolve(state.session.cwd, path)) && !state.cancelled.aborted) await delay(POLL_MS);
  },
  hang: untilCancelled,
  async 'ignore-cancel'(state) {
    state.ignoresCancel = true;
  },
  async crash(_state, code) {
    process.stderr.write('the scripted agent was told to crash\n');
    process.exit(Number(code) || 1);
  },
  async fail(_state, text) {
    throw RequestError.internalError({ details: text });
  },
  async 'stop-reason'(_state, reason) {
    throw new TurnEnded(reason as StopReason);
  },
  async garbage(_state, megabytes) {
    process.stdout.write('this is not JSON\n'.repeat(Math.max(1, Number(megabytes) * 58_824 || 1)));
  },
  async flood(state, count) {
    const piece = 'flood '.repeat(167).slice(0, 1_000);
    for (let sent = 0; sent < Number(count); sent += 1) await state.tell.say(piece);
  },
  async 'spawn-orphan'(state, path) {
    const orphan = execa('sleep', ['600'], { stdio: 'ignore', cleanup: false, reject: false });
    orphan.nodeChildProcess.unref();
    await writeFile(resolve(state.session.cwd, path), String(orphan.pid));
  },
};
