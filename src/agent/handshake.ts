// Opens a session with an agent that has just been started: who are you, what can you do, do you remember this session?
// Reads only what we need of the answers and forgives the rest.
import { type ClientContext, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { agentProtocol } from './agent-failure.ts';
import { type OfferedSettings, offeredSettingsSchema } from './session-settings.ts';
import type { AgentSpec } from './spec.ts';

/** How a person's words reach it while it works: by ACP's steering extension, as a second prompt, or not at all. */
export type Steering = 'native' | 'queue' | 'none';

export type OpenedSession = Readonly<{
  sessionId: string;
  resumed: boolean;
  steering: Steering;
  settings: OfferedSettings;
}>;

type Asked = Readonly<{ spec: AgentSpec; cwd: string; resume: string | undefined; log: Log }>;

const metaSchema = z.record(z.string(), z.unknown()).nullish().catch(undefined);

const initializedSchema = z.object({
  protocolVersion: z.number(),
  agentCapabilities: z
    .object({
      loadSession: z.boolean().catch(false),
      sessionCapabilities: z.object({ resume: z.unknown() }).nullish().catch(undefined),
      _meta: metaSchema,
    })
    .nullish()
    .catch(undefined),
  _meta: metaSchema,
});
type Initialized = z.infer<typeof initializedSchema>;

const supportsSteering = z.object({ steering: z.object({ supported: z.literal(true) }) });
const supportsQueueing = z.object({ promptQueueing: z.literal(true) });
const newSessionSchema = offeredSettingsSchema.extend({ sessionId: z.string().min(1) });

/** Initialises and opens the old session if the agent still has it, else a new one. Throws PermanentError or RequestError. */
export async function openSession(agent: ClientContext, asked: Asked): Promise<OpenedSession> {
  const initialized = await initialize(agent, asked.spec);
  const { protocolVersion } = initialized;
  if (protocolVersion !== PROTOCOL_VERSION) {
    throw agentProtocol(
      asked.spec,
      `it speaks version ${protocolVersion}, Errand speaks version ${PROTOCOL_VERSION}`,
    );
  }
  const steering = steeringOf(initialized);
  const old = await reopen(agent, initialized, asked);
  if (old) return { ...old, resumed: true, steering };
  const created = newSessionSchema.safeParse(
    await agent.request<unknown>('session/new', sessionParams(asked)),
  );
  if (!created.success)
    throw agentProtocol(asked.spec, 'its answer to `session/new` has no session', created.error);
  return { sessionId: created.data.sessionId, resumed: false, steering, settings: created.data };
}

async function initialize(agent: ClientContext, spec: AgentSpec): Promise<Initialized> {
  const answer = await agent
    .request<unknown>('initialize', {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: {},
      clientInfo: { name: 'errand', title: 'Errand', version: '0.1.0' },
    })
    .catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      throw agentProtocol(spec, `it answered \`initialize\` with “${error.message}”`, error);
    });
  const parsed = initializedSchema.safeParse(answer);
  if (!parsed.success) throw agentProtocol(spec, 'its answer to `initialize` makes no sense', parsed.error);
  return parsed.data;
}

/** Resume does not replay the conversation and comes first; load replays it (nobody listens yet); both may have forgotten. */
async function reopen(agent: ClientContext, initialized: Initialized, asked: Asked) {
  const sessionId = asked.resume;
  if (sessionId === undefined) return undefined;
  const capabilities = initialized.agentCapabilities;
  const canResume = capabilities?.sessionCapabilities?.resume != null;
  const ways = [
    ...(canResume ? ['session/resume'] : []),
    ...(capabilities?.loadSession ? ['session/load'] : []),
  ];
  for (const method of ways) {
    try {
      const answer = await agent.request<unknown>(method, { ...sessionParams(asked), sessionId });
      return { sessionId, settings: offeredSettingsSchema.catch({}).parse(answer ?? {}) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      asked.log.info({ method, code: error.code, reason: error.message }, 'agent.session.not_resumed');
    }
  }
  return undefined;
}

function sessionParams({ spec, cwd }: Asked) {
  return { cwd, mcpServers: [], ...(spec.sessionMeta ? { _meta: spec.sessionMeta } : {}) };
}

function steeringOf({ _meta, agentCapabilities }: Initialized): Steering {
  if (
    supportsSteering.safeParse(_meta).success ||
    supportsSteering.safeParse(agentCapabilities?._meta).success
  )
    return 'native';
  // Vendors keep it under their own name, e.g. `_meta.claudeCode.promptQueueing`.
  const places = [agentCapabilities?._meta, ...Object.values(agentCapabilities?._meta ?? {})];
  return places.some((place) => supportsQueueing.safeParse(place).success) ? 'queue' : 'none';
}
