// Drives one agent process through one ACP session: open, prompt, steer, cancel, close. The only door of this folder for
// whoever runs jobs. It neither knows jobs nor sandboxes: the command comes wrapped, the environment complete.
import { MessageTooLargeError, RequestError } from '@agentclientprotocol/sdk';
import { PermanentError, toError } from '../errors.ts';
import type { AgentUpdate, Usage } from '../job/agent-update.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import { agentError, agentExited, agentProtocol, agentStartTimeout } from './agent-failure.ts';
import { type Connection, connectAgent } from './connection.ts';
import { type OpenedSession, openSession, type Steering } from './handshake.ts';
import { createMeter, type Meter } from './meter.ts';
import type { Chunk } from './parse-update.ts';
import type { PermissionPolicy } from './permissions.ts';
import { realPath } from './real-path.ts';
import { applySetting } from './session-settings.ts';
import type { AgentSpec } from './spec.ts';
import { createTurns, type TurnResult, type Turns } from './turn.ts';
import { createUpdateFlow, type FlowLimits, type UpdateFlow } from './update-flow.ts';

export type OpenAgentOptions = Readonly<{
  spec: AgentSpec;
  /** What is really started: the agent's command as the sandbox wrapped it. */
  command: readonly string[];
  /** The tree, as the agent sees it (absolute). */
  cwd: string;
  /** Where the process starts: the job's folder, never the tree. */
  processCwd: string;
  /** The complete environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** The ACP session of an earlier turn. */
  resume?: string | undefined;
  mode?: string | undefined;
  model?: string | undefined;
  policy: Omit<PermissionPolicy, 'realpath'>;
  /** Called in order, at a bounded pace, with bounded texts. */
  onUpdate: (update: AgentUpdate) => void;
  /** Applied to all that the agent says or prints, before anything else is done with it. */
  redactor: Redactor;
  log: Log;
  /** Closes the agent when it fires. */
  signal?: AbortSignal | undefined;
  /** Called once the process runs, long before it is ready: what it takes can be measured and ended from then on. */
  onStart?: (meter: Meter) => void;
  startTimeoutMs: number;
  /** How long a cancelled prompt may take to end (default 5 s), and the group to end after SIGTERM (default 3 s). */
  cancelGraceMs?: number;
  killGraceMs?: number;
  limits?: Partial<FlowLimits>;
  /** Milliseconds of a clock that nobody sets; the process's own by default. */
  clock?: () => number;
}>;

/**
 * Starts the agent and opens its session. Throws PermanentError: `agent_missing`, `agent_exited`, `agent_start_timeout`,
 * `agent_protocol`, `agent_login`, `agent_setting_unknown`, `agent_error`, `agent_closed`; nothing is left running then.
 */
export async function openAgent(options: OpenAgentOptions) {
  const { spec, log, cancelGraceMs = 5_000, killGraceMs = 3_000 } = options;
  const flow = createUpdateFlow({ emit: guardEmit(options), limits: options.limits ?? {} });
  const connection = connectAgent({
    command: options.command,
    processCwd: options.processCwd,
    env: options.env,
    policy: { ...options.policy, realpath: realPath },
    onStderr: createStderrSink(flow.push),
    redactor: options.redactor,
    clock: options.clock ?? (() => performance.now()),
  });
  if (connection.process.tree) options.onStart?.(createMeter(connection, connection.process.tree));
  let turns: Turns | undefined;
  let closing: Promise<void> | undefined;

  const shutDown = async () => {
    connection.process.remember();
    if (turns?.isRunning()) await turns.cancel(cancelGraceMs);
    connection.disconnect();
    const gone = await connection.process.stop(killGraceMs);
    if (!gone) log.error({ pid: connection.process.pid }, 'agent.process.survived');
    flow.endTurn();
    options.signal?.removeEventListener('abort', onAbort);
  };
  const close = () => {
    closing ??= shutDown();
    return closing;
  };
  const onAbort = () => void close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();

  try {
    const opened = await start(connection, options);
    turns = createTurns({
      agent: connection.agent,
      sessionId: opened.sessionId,
      steering: opened.steering,
      onStopped: connection.endTurn,
      log,
    });
    return createAgent({
      spec,
      connection,
      opened,
      turns,
      flow,
      close,
      isClosing: () => closing !== undefined,
      cancelGraceMs,
    });
  } catch (error) {
    const closed = closing !== undefined;
    await close();
    throw closed
      ? new PermanentError('agent_closed', `${spec.title} was stopped before it was ready.`)
      : error;
  }
}

/** A started agent with an open session. */
export type Agent = Awaited<ReturnType<typeof openAgent>>;

/** Initialises, opens the session and sets mode and model, all within the start timeout. */
async function start(connection: Connection, options: OpenAgentOptions): Promise<OpenedSession> {
  const { spec, startTimeoutMs, log } = options;
  const { agent, process, strayLines } = connection;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(notAcp(spec, strayLines) ?? agentStartTimeout(spec, startTimeoutMs)),
    startTimeoutMs,
  );
  const died = process.exited.then((exit) => {
    throw agentExited(spec, exit);
  });
  const open = async () => {
    const opened = await openSession(agent, { spec, cwd: options.cwd, resume: options.resume, log });
    for (const setting of ['mode', 'model'] as const) {
      const value = options[setting];
      if (value === undefined) continue;
      const set = await applySetting({
        agent,
        spec,
        sessionId: opened.sessionId,
        offered: opened.settings,
        setting,
        value,
      });
      log.info({ setting, wanted: value, set }, 'agent.session.setting');
    }
    return opened;
  };
  try {
    return await Promise.race([open(), died, late]);
  } catch (error) {
    const explained = await explain(spec, connection, error);
    // What prints and leaves in peace was no agent, whether its exit or its closed output was noticed first.
    const left = explained.code === 'agent_exited' && (await process.exited).code === 0;
    throw (left ? notAcp(spec, strayLines) : undefined) ?? explained;
  } finally {
    clearTimeout(timer);
  }
}

function notAcp(spec: AgentSpec, strayLines: readonly string[]): PermanentError | undefined {
  const [first] = strayLines;
  return first === undefined
    ? undefined
    : agentProtocol(spec, `it printed “${first.slice(0, 200)}” and no answer`);
}

type Parts = Readonly<{
  spec: AgentSpec;
  connection: Connection;
  opened: OpenedSession;
  turns: Turns;
  flow: UpdateFlow;
  close: () => Promise<void>;
  isClosing: () => boolean;
  cancelGraceMs: number;
}>;

function createAgent(parts: Parts) {
  const { connection, opened, turns, flow } = parts;
  let usage: Usage = {};
  const push = (update: AgentUpdate) => {
    if (update.kind === 'usage') usage = { ...usage, ...update.usage };
    flow.push(update);
  };
  connection.listen({
    sessionId: opened.sessionId,
    isCancelling: () => turns.isCancelling() || parts.isClosing(),
    onUpdate: (update) => {
      noteMessage(turns, update);
      push(update.kind === 'chunk' ? { kind: update.of, text: update.text } : update);
    },
  });

  return {
    sessionId: opened.sessionId,
    /** True when the agent still had the session that was to be resumed. */
    resumed: opened.resumed,
    steering: opened.steering satisfies Steering,
    /** How the process ended, once it has. */
    exited: connection.process.exited,
    /** How long nothing was heard from the agent. */
    silentForMs: connection.silentForMs,
    /** Runs one turn. After `close` or `cancel` it resolves as `cancelled`; if the agent dies it rejects with PermanentError. */
    async prompt(text: string): Promise<TurnResult> {
      const { totalTokens, ...ended } = await runTurn(parts, text);
      if (totalTokens !== undefined) {
        push({ kind: 'usage', usage: { totalTokens: (usage.totalTokens ?? 0) + totalTokens } });
      }
      flow.endTurn();
      return { ...ended, usage };
    },
    steer: turns.steer,
    /** Asks the agent to stop its turn; `ignored` when it did not within the grace. */
    async cancel(): Promise<'ended' | 'ignored'> {
      connection.process.remember();
      return turns.cancel(parts.cancelGraceMs);
    },
    /** Cancels, then ends the whole process group. Idempotent; resolves when all of it is gone. */
    close: parts.close,
  };
}

async function runTurn(parts: Parts, text: string) {
  const { spec, connection, turns } = parts;
  const died = connection.process.exited.then((exit) => {
    throw agentExited(spec, exit);
  });
  try {
    return await Promise.race([turns.prompt(text), died]);
  } catch (error) {
    connection.endTurn();
    if (parts.isClosing()) {
      return { stopReason: 'cancelled' as const, text: turns.message.text(), totalTokens: undefined };
    }
    parts.flow.endTurn();
    throw await explain(spec, connection, error);
  }
}

/** What the agent did between two pieces of text tells whether they are one message. */
function noteMessage(turns: Turns, update: AgentUpdate | Chunk): void {
  if (update.kind === 'chunk' && update.of === 'message') turns.message.add(update);
  else if (update.kind === 'chunk' || update.kind === 'plan') turns.message.interrupt();
  else if (update.kind === 'tool' && update.status !== 'completed') turns.message.interrupt();
}

/** Finds out why a request failed: an answer that is an error, a dead process, or a broken stream. */
async function explain(spec: AgentSpec, connection: Connection, thrown: unknown): Promise<PermanentError> {
  if (thrown instanceof PermanentError) return thrown;
  if (thrown instanceof RequestError) return agentError(spec, thrown);
  if (thrown instanceof MessageTooLargeError) return agentProtocol(spec, toError(thrown).message, thrown);
  // The streams of a dying process close a moment before its exit is known.
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), 1_000);
  const exit = await Promise.race([connection.process.exited, over]);
  clearTimeout(timer);
  return exit ? agentExited(spec, exit) : agentProtocol(spec, 'it closed its output', thrown);
}

function guardEmit({ onUpdate, log }: OpenAgentOptions): (update: AgentUpdate) => void {
  return (update) => {
    try {
      onUpdate(update);
    } catch (error) {
      log.error({ err: error, kind: update.kind }, 'agent.update.listener_failed');
    }
  };
}

/** The sandbox's proxy names a refused host in its answer and in its own log lines. */
const BLOCKED_HOST = /(?:Connection blocked to|blocked by network allowlist:?)\s+["']?([a-z0-9][a-z0-9.-]*)/i;

/** Turns stderr lines into updates; a host that was refused is told once. */
function createStderrSink(push: (update: AgentUpdate) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    push({ kind: 'stderr', text: `${line}\n` });
    const host = BLOCKED_HOST.exec(line)?.[1];
    if (host === undefined || told.has(host) || told.size > 100) return;
    told.add(host);
    push({ kind: 'egress_denied', host });
  };
}
