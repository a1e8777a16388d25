// The process of the demo's agent: what it answers to each request of ACP. Started by ../agent.ts.
import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { agent, ndJsonStream, RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { openMemory } from './memory.ts';
import { partOf } from './parts.ts';
import { createTeller } from './tell.ts';
import { createWork, type Work } from './work.ts';

const PACE_MS = z.coerce
  .number()
  .min(0)
  .catch(300)
  .parse(process.env['DEMO_PACE_MS'] || 300);

type Session = { cwd: string; mode: 'build' | 'plan'; part: string | undefined; work: Work | undefined };
const sessions = new Map<string, Session>();

const steeringParams = z.object({ sessionId: z.string(), prompt: z.array(z.object({ text: z.string() })) });

function find(sessionId: string): Session {
  const session = sessions.get(sessionId);
  if (!session) throw RequestError.sessionNotFound(sessionId);
  return session;
}

function open(sessionId: string, cwd: string) {
  const session: Session = { cwd, mode: 'build', part: undefined, work: undefined };
  sessions.set(sessionId, session);
  return { configOptions: [modeOption(session)] };
}

function modeOption(session: Session) {
  const options = [
    { value: 'build', name: 'Build' },
    { value: 'plan', name: 'Plan only' },
  ];
  return {
    id: 'mode',
    name: 'Mode',
    category: 'mode',
    type: 'select' as const,
    currentValue: session.mode,
    options,
  };
}

const app = agent({ name: 'errand-demo-agent' })
  .onRequest('initialize', () => ({
    protocolVersion: 1,
    agentInfo: { name: 'errand-demo-agent', title: 'Scripted demo agent (not a model)', version: '1.0.0' },
    agentCapabilities: { loadSession: false, sessionCapabilities: { resume: {} } },
    _meta: { steering: { supported: true } },
  }))
  .onRequest('session/new', ({ params }) => {
    const sessionId = randomUUID();
    openMemory(sessionId).save({ turns: 0, done: [] });
    return { sessionId, ...open(sessionId, params.cwd) };
  })
  .onRequest('session/resume', ({ params }) => {
    if (!openMemory(params.sessionId).exists()) throw RequestError.sessionNotFound(params.sessionId);
    return open(params.sessionId, params.cwd);
  })
  .onRequest('session/set_config_option', ({ params }) => {
    const session = find(params.sessionId);
    session.mode = params.value === 'plan' ? 'plan' : 'build';
    return { configOptions: [modeOption(session)] };
  })
  .onRequest('session/prompt', async ({ params, client }) => {
    const session = find(params.sessionId);
    if (session.work) throw RequestError.invalidRequest(undefined, 'a prompt is already running');
    const text = params.prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
    session.part ??= partOf(text);
    session.work = createWork({
      part: session.part,
      tree: session.cwd,
      planOnly: session.mode === 'plan',
      memory: openMemory(params.sessionId),
      tell: createTeller(client, params.sessionId),
      paceMs: PACE_MS,
    });
    try {
      return { stopReason: await session.work.run(text) };
    } finally {
      session.work = undefined;
    }
  })
  .onRequest('_session/steering', steeringParams, ({ params }) => {
    const { work } = find(params.sessionId);
    if (!work) return { outcome: 'promptRequired' };
    work.hear(params.prompt.map((block) => block.text).join('\n'));
    return { outcome: 'injected' };
  })
  .onNotification('session/cancel', ({ params }) => sessions.get(params.sessionId)?.work?.cancel());

const connection = app.connect(
  ndJsonStream(
    // Node's own web streams carry bytes here; its types leave the element open.
    Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
    Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
  ),
);
void connection.closed.then(() => process.exit(0));
