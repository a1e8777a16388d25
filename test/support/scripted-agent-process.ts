// The process of the scripted agent: what it answers to each request of ACP. What a script may say stands in
// scripted-agent.ts, which starts it.
import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { type AgentContext, agent, ndJsonStream, RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { partOf } from './scripted-agent-directives.ts';
import { memoryOf } from './scripted-agent-memory.ts';
import { createScriptedTurn, type ScriptedTurn } from './scripted-agent-turn.ts';

const { values: flags } = parseArgs({
  options: {
    steering: { type: 'string', default: 'native' },
    resume: { type: 'string', default: 'yes' },
    settings: { type: 'string', default: 'config' },
    'auth-required': { type: 'boolean', default: false },
    'slow-start': { type: 'boolean', default: false },
    diligent: { type: 'boolean', default: false },
    banner: { type: 'boolean', default: false },
    'not-acp': { type: 'boolean', default: false },
  },
  allowPositionals: true,
  strict: false,
});

type Session = {
  cwd: string;
  mode: string;
  model: string;
  diligent: boolean;
  part: string | undefined;
  turn: ScriptedTurn | undefined;
};
const sessions = new Map<string, Session>();

const steeringParams = z.object({ sessionId: z.string(), prompt: z.array(z.object({ text: z.string() })) });

function find(sessionId: string): Session {
  const session = sessions.get(sessionId);
  if (!session) throw RequestError.sessionNotFound(sessionId);
  return session;
}

function open(sessionId: string, cwd: string): Session {
  if (flags['auth-required']) throw RequestError.authRequired();
  const diligent = flags.diligent === true;
  const session: Session = {
    cwd,
    mode: 'build',
    model: 'scripted/small',
    diligent,
    part: undefined,
    turn: undefined,
  };
  sessions.set(sessionId, session);
  return session;
}

function offered(session: Session) {
  const select = (id: string, currentValue: string, values: string[]) => ({
    id,
    name: id,
    category: id,
    type: 'select' as const,
    currentValue,
    options: values.map((value) => ({ value, name: value })),
  });
  if (flags.settings === 'none') return {};
  if (flags.settings === 'legacy') {
    const availableModes = ['build', 'plan'].map((id) => ({ id, name: id }));
    const availableModels = ['scripted/small', 'scripted/large'].map((modelId) => ({
      modelId,
      name: modelId,
    }));
    const models = { currentModelId: session.model, availableModels };
    return { modes: { currentModeId: session.mode, availableModes }, models };
  }
  return {
    configOptions: [
      select('mode', session.mode, ['build', 'plan']),
      select('model', session.model, ['scripted/small', 'scripted/large']),
    ],
  };
}

async function prompt(client: AgentContext, sessionId: string, text: string) {
  const session = find(sessionId);
  if (session.turn && flags.steering === 'queue') return { stopReason: await session.turn.queue(text) };
  if (session.turn) throw RequestError.invalidRequest(undefined, 'a prompt is already running');
  session.part ??= partOf(text);
  session.turn = createScriptedTurn({ client, sessionId, session });
  try {
    return { stopReason: await session.turn.run(text) };
  } finally {
    session.turn = undefined;
  }
}

async function replay(client: AgentContext, sessionId: string) {
  for (const text of ['an old answer', ...memoryOf(sessionId).words()]) {
    const update = {
      sessionUpdate: 'agent_message_chunk' as const,
      content: { type: 'text' as const, text },
    };
    await client.notify('session/update', { sessionId, update });
  }
}

const app = agent({ name: 'scripted-agent' })
  .onRequest('initialize', async () => {
    if (flags['slow-start']) await new Promise(() => {});
    return {
      protocolVersion: 1,
      agentInfo: { name: 'scripted-agent', title: 'Scripted test agent (not a model)', version: '1.0.0' },
      agentCapabilities: {
        loadSession: flags.resume === 'load',
        sessionCapabilities: flags.resume === 'yes' ? { resume: {} } : {},
        _meta: { scriptedAgent: { promptQueueing: flags.steering === 'queue' } },
      },
      _meta: { steering: { supported: flags.steering === 'native' } },
    };
  })
  .onRequest('session/new', ({ params }) => {
    const sessionId = randomUUID();
    const session = open(sessionId, params.cwd);
    memoryOf(sessionId).create();
    return { sessionId, ...offered(session) };
  })
  .onRequest('session/resume', ({ params }) => {
    if (!memoryOf(params.sessionId).exists()) throw RequestError.sessionNotFound(params.sessionId);
    return offered(open(params.sessionId, params.cwd));
  })
  .onRequest('session/load', async ({ params, client }) => {
    if (!memoryOf(params.sessionId).exists()) throw RequestError.sessionNotFound(params.sessionId);
    await replay(client, params.sessionId);
    return offered(open(params.sessionId, params.cwd));
  })
  .onRequest('session/set_config_option', ({ params }) => {
    const session = find(params.sessionId);
    if (params.configId === 'mode') session.mode = String(params.value);
    else session.model = String(params.value);
    return { configOptions: offered(session).configOptions ?? [] };
  })
  .onRequest('session/set_mode', ({ params }) => {
    find(params.sessionId).mode = params.modeId;
    return {};
  })
  .onRequest('session/set_model', z.object({ sessionId: z.string(), modelId: z.string() }), ({ params }) => {
    find(params.sessionId).model = params.modelId;
    return {};
  })
  .onRequest('session/prompt', ({ params, client }) => {
    const text = params.prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
    return prompt(client, params.sessionId, text);
  })
  .onRequest('_session/steering', steeringParams, ({ params }) => {
    const { turn } = find(params.sessionId);
    if (!turn) return { outcome: 'promptRequired' };
    void turn.queue(params.prompt.map((block) => block.text).join('\n'));
    return { outcome: 'injected' };
  })
  .onNotification('session/cancel', ({ params }) => sessions.get(params.sessionId)?.turn?.cancel());

if (flags.banner || flags['not-acp']) process.stdout.write('Welcome to the scripted agent!\n');
if (flags['not-acp']) setInterval(() => process.stdout.write('still here\n'), 50);
else {
  const connection = app.connect(
    ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    ),
  );
  void connection.closed.then(() => process.exit(0));
}
