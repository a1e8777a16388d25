// A running agent process with ACP spoken over its streams: what it tells us goes into the flow of updates, what it asks
// is answered by the policy. Knows no turns beyond handing them their pieces.
import {
  type ClientContext,
  client,
  ndJsonStream,
  type RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { AgentUpdate } from '../job/agent-update.ts';
import type { Redactor } from '../redact.ts';
import { type Chunk, createUpdateParser } from './parse-update.ts';
import {
  decidePermission,
  type PermissionDecision,
  type PermissionPolicy,
  type PermissionRequest,
} from './permissions.ts';
import { startProcess } from './process.ts';
import { createUpdateRedactor } from './redacted-updates.ts';
import { createStdoutGuard } from './stdout-guard.ts';

/** Who listens once a session is open; before that (a replayed history) nobody does. */
export type Listener = Readonly<{
  sessionId: string;
  onUpdate: (update: AgentUpdate | Chunk) => void;
  /** True when every question is to be answered `cancelled`. */
  isCancelling: () => boolean;
}>;

/** Pieces of text, in which a secret may be cut: these are redacted as a stream. */
const TEXT_UPDATES: ReadonlySet<string> = new Set(['agent_message_chunk', 'agent_thought_chunk']);
const STRAY_LINES = 20;
const TITLE_CHARS = 200;

const notificationSchema = z.object({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});

/** Starts the process and speaks to it. Throws nothing: failures show in `process.exited` and in rejected requests. */
export function connectAgent(options: {
  command: readonly string[];
  processCwd: string;
  env: Readonly<Record<string, string>>;
  policy: PermissionPolicy;
  onStderr: (line: string) => void;
  redactor: Redactor;
  /** Milliseconds of a clock that nobody sets. */
  clock: () => number;
}) {
  const { redactor } = options;
  let listener: Listener | undefined;
  let heardAt = options.clock();
  let messages = 0;
  const noteSign = () => {
    heardAt = options.clock();
    messages += 1;
  };
  const strayLines: string[] = [];
  const parseUpdate = createUpdateParser(options.policy.tree);

  const process = startProcess({
    command: options.command,
    cwd: options.processCwd,
    env: options.env,
    redact: redactor.text,
    onStderrLine: options.onStderr,
  });
  const updates = createUpdateRedactor(redactor, (update) => listener?.onUpdate(update));
  const guard = createStdoutGuard((given) => {
    const line = redactor.text(given);
    if (strayLines.length < STRAY_LINES) strayLines.push(line);
    options.onStderr(line);
  });

  const connection = client({ name: 'errand' })
    .onNotification('session/update', notificationSchema, ({ params }) => {
      noteSign();
      if (listener?.sessionId !== params.sessionId) return;
      const isText = TEXT_UPDATES.has(params.update.sessionUpdate);
      const update = parseUpdate(isText ? params.update : redactor.deep(params.update));
      if (update) updates.take(update);
    })
    .onRequest('session/request_permission', ({ params }) => {
      noteSign();
      const decision = decidePermission(params, options.policy);
      if (listener === undefined || listener.isCancelling()) return CANCELLED;
      for (const told of describePermission(redactor.deep(params), redactor.deep(decision)))
        updates.take(told);
      return toResponse(decision);
    })
    .connect(ndJsonStream(process.stdin, process.stdout.pipeThrough(guard)));

  return {
    process,
    agent: connection.agent satisfies ClientContext,
    /** Text lines on stdout that were no protocol messages, the first 20. */
    strayLines: strayLines as readonly string[],
    silentForMs: () => options.clock() - heardAt,
    /** How many messages it has sent. */
    messages: () => messages,
    listen(next: Listener) {
      listener = next;
    },
    /** Lets go of the words that were held back because they might have become a secret. */
    endTurn: updates.end,
    disconnect() {
      updates.end();
      listener = undefined;
      connection.close();
    },
  };
}

export type Connection = ReturnType<typeof connectAgent>;

/** What is told of a question: a plan that it carries, and what was decided. */
function describePermission(
  request: PermissionRequest,
  { allow, reason }: PermissionDecision,
): readonly (AgentUpdate | Chunk)[] {
  const { title, kind } = request.toolCall;
  const plan = kind === 'switch_mode' ? proposedPlan(request) : undefined;
  const asked = (title ?? kind ?? 'a tool').slice(0, TITLE_CHARS);
  return [
    ...(plan === undefined
      ? []
      : [{ kind: 'chunk', of: 'message', text: plan, messageId: undefined } as const]),
    { kind: 'permission', title: asked, allowed: allow, reason },
  ];
}

function toResponse({ optionId }: PermissionDecision): RequestPermissionResponse {
  return optionId === undefined ? CANCELLED : { outcome: { outcome: 'selected', optionId } };
}

const CANCELLED: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } };

const planInputSchema = z.object({ plan: z.string().min(1) });

/** Claude hands over its finished plan as the input of the question whether it may leave plan mode, not as a message. */
function proposedPlan(request: PermissionRequest): string | undefined {
  return planInputSchema.safeParse(request.toolCall.rawInput).data?.plan;
}
