// The real agents our tests drive: installs them into a folder of their own (never the repository) and tells for each
// how it is started offline, with an aimock server in place of its model.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { lock } from 'proper-lockfile';
import type { Steering } from '../../src/agent/handshake.ts';
import { listAgents } from '../../src/agent/registry.ts';
import type { AgentSpec } from '../../src/agent/spec.ts';

export type RealAgent = Readonly<{
  name: string;
  spec: AgentSpec;
  steering: Steering;
  /** Plants of a hostile repository that still work (inside the sandbox, like the repository's own scripts do). */
  leaks: readonly string[];
  /** Models that it can be told to use for single phases, all served by the same mock. */
  models: readonly string[];
  /** What npm installs. */
  packages: Readonly<Record<string, string>>;
  /** The environment with which it talks to the model at `modelUrl` (no path), besides HOME and PATH. */
  env: (modelUrl: string) => Record<string, string>;
}>;

const MODEL = 'mock-model';
const PHASE_MODELS = ['mock-planner', 'mock-author', 'mock-reviewer'] as const;

const AGENTS: readonly RealAgent[] = [
  {
    name: 'opencode',
    spec: specNamed('opencode'),
    steering: 'none',
    leaks: [],
    models: PHASE_MODELS.map((model) => `mock/${model}`),
    packages: { 'opencode-ai': '1.18.33' },
    env: (modelUrl) => ({
      OPENCODE_CONFIG_CONTENT: JSON.stringify(openAiProvider(modelUrl)),
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    }),
  },
  {
    name: 'kilo',
    spec: specNamed('kilo'),
    steering: 'none',
    // Kilo 7.7.7 reads this older file of its editor extension unconditionally; no setting stops it.
    leaks: ['kilocode-mcp'],
    models: PHASE_MODELS.map((model) => `mock/${model}`),
    // 7.8.1 cannot be installed: its Linux binary is missing on npm.
    packages: { '@kilocode/cli': '7.7.7' },
    env: (modelUrl) => ({
      KILO_CONFIG_CONTENT: JSON.stringify(openAiProvider(modelUrl)),
      KILO_DISABLE_MODELS_FETCH: '1',
    }),
  },
  {
    name: 'claude',
    spec: specNamed('claude'),
    steering: 'native',
    leaks: [],
    // It offers the models of its own provider alone.
    models: [],
    packages: { '@agentclientprotocol/claude-agent-acp': '0.100.0' },
    env: (modelUrl) => ({ ANTHROPIC_BASE_URL: modelUrl, ANTHROPIC_API_KEY: 'not-a-real-key' }),
  },
];

/** The agents that ERRAND_TEST_AGENTS names (`opencode,claude`); all three when it is not set. */
export function wantedAgents(): readonly RealAgent[] {
  const names = process.env['ERRAND_TEST_AGENTS']?.split(/[\s,]+/).filter(Boolean);
  if (!names) return AGENTS;
  return names.map((name) => {
    const found = AGENTS.find((each) => each.name === name);
    if (!found)
      throw new Error(
        `ERRAND_TEST_AGENTS names ${name}; known are ${AGENTS.map((each) => each.name).join(', ')}`,
      );
    return found;
  });
}

/**
 * Two different agents for one job: each wanted one writes once, the next one plans and reviews. Where a single one is wanted
 * another joins it.
 */
export function wantedPairs(): readonly Readonly<{ author: RealAgent; other: RealAgent }>[] {
  const wanted = wantedAgents();
  const joining = AGENTS.filter((each) => !wanted.includes(each)).slice(-1);
  const all = wanted.length === 1 ? [...wanted, ...joining] : wanted;
  return all.flatMap((author, at) => {
    const other = all[(at + 1) % all.length];
    return other === undefined ? [] : [{ author, other }];
  });
}

/** Installs one agent unless it is there already; returns the absolute command that starts it. Fails loudly. */
export async function installAgent(agent: RealAgent): Promise<string[]> {
  const root = process.env['ERRAND_AGENTS_DIR'] ?? join(tmpdir(), 'errand-agents');
  const folder = join(root, agent.name);
  await mkdir(folder, { recursive: true });
  const release = await lock(folder, {
    stale: 600_000,
    retries: { retries: 600, minTimeout: 1_000, maxTimeout: 1_000 },
  });
  try {
    if (!(await isInstalled(folder, agent))) await install(folder, agent);
  } finally {
    await release();
  }
  const [binary = '', ...args] = agent.spec.command;
  const path = join(folder, 'node_modules/.bin', binary);
  if (!existsSync(path))
    throw new Error(`${agent.name} was installed into ${folder}, but ${path} is not there`);
  return [path, ...args];
}

async function isInstalled(folder: string, agent: RealAgent): Promise<boolean> {
  const manifest = await readFile(join(folder, 'installed.json'), 'utf8').catch(() => '');
  return manifest === JSON.stringify(agent.packages);
}

async function install(folder: string, agent: RealAgent): Promise<void> {
  const allowScripts = Object.fromEntries(Object.keys(agent.packages).map((name) => [name, true]));
  const manifest = {
    name: `errand-test-${agent.name}`,
    private: true,
    dependencies: agent.packages,
    allowScripts,
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const args = ['install', '--no-audit', '--no-fund', '--no-progress'];
  const result = await execa('npm', args, { cwd: folder, all: true, reject: false, timeout: 500_000 });
  if (result.failed)
    throw new Error(`npm could not install ${agent.name}; its tests cannot run.\n${result.all}`);
  await writeFile(join(folder, 'installed.json'), JSON.stringify(agent.packages));
}

function openAiProvider(modelUrl: string) {
  const limit = { context: 200_000, output: 8_000 };
  const cost = { input: 1, output: 2 };
  return {
    model: `mock/${MODEL}`,
    small_model: `mock/${MODEL}`,
    provider: {
      mock: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Mock',
        options: { baseURL: `${modelUrl}/v1`, apiKey: 'not-a-real-key' },
        models: Object.fromEntries(
          [MODEL, ...PHASE_MODELS].map((id) => [id, { name: id, tool_call: true, limit, cost }]),
        ),
      },
    },
  };
}

function specNamed(name: string): AgentSpec {
  const spec = listAgents().find((each) => each.name === name);
  if (!spec) throw new Error(`the registry has no ${name}`);
  return spec;
}
