// The agents we know: how each is started, what it needs to log in, which hosts it must reach and which of its own
// settings keep a repository from granting itself rights. Data only: nothing is started or looked up here.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import type { AgentSetup, AgentSpec, PrepareOptions } from './spec.ts';

const MODEL_KEYS = [
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'OPENROUTER_API_KEY',
  'GOOGLE_GENERATIVE_AI_API_KEY',
] as const;

const claude: AgentSpec = {
  name: 'claude',
  title: 'Claude Code',
  command: ['claude-agent-acp'],
  install: 'npm install -g @agentclientprotocol/claude-agent-acp@0.100.0',
  keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
  needsKey: true,
  settings: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL'],
  login: {
    variable: 'CLAUDE_CODE_OAUTH_TOKEN',
    files: [{ from: '~/.claude/.credentials.json', to: '.claude/.credentials.json' }],
    how: 'run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN to what it prints',
  },
  egress: [],
  prepare: ({ env }) => ({
    env: {
      ...pick(env, ['ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL']),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
    files: [],
  }),
  // Without this the repository's .claude/settings.json and .mcp.json run hooks and servers and may redirect the key (FACTS 4.1).
  sessionMeta: {
    claudeCode: {
      options: {
        settingSources: ['user'],
        strictMcpConfig: true,
        allowDangerouslySkipPermissions: false,
        promptSuggestions: false,
      },
    },
  },
  modeIds: { implement: 'acceptEdits', plan: 'plan' },
  proven: true,
};

const codex: AgentSpec = {
  name: 'codex',
  title: 'Codex',
  command: ['codex-acp'],
  install: 'npm install -g @agentclientprotocol/codex-acp@2.6.0',
  keys: ['CODEX_API_KEY', 'OPENAI_API_KEY'],
  needsKey: true,
  settings: ['CODEX_CONFIG', 'MODEL_PROVIDER'],
  login: {
    files: [{ from: '~/.codex/auth.json', to: '.codex/auth.json' }],
    how: 'run `codex login`, which writes ~/.codex/auth.json',
  },
  egress: ['chatgpt.com', 'auth.openai.com'],
  // Codex cannot open its own sandbox inside ours, hence full access below: ours is the boundary.
  prepare: ({ env }) => ({
    env: {
      ...pick(env, ['CODEX_CONFIG', 'MODEL_PROVIDER']),
      NO_BROWSER: '1',
      ...(env['CODEX_API_KEY'] || env['OPENAI_API_KEY']
        ? { DEFAULT_AUTH_REQUEST: JSON.stringify({ methodId: 'api-key' }) }
        : {}),
    },
    files: [],
  }),
  modeIds: { implement: 'agent-full-access', plan: 'read-only' },
  proven: false,
};

const opencode: AgentSpec = {
  name: 'opencode',
  title: 'OpenCode',
  command: ['opencode', 'acp'],
  install: 'npm install -g opencode-ai@1.18.33',
  keys: ['OPENCODE_API_KEY', ...MODEL_KEYS],
  needsKey: false,
  settings: ['OPENCODE_CONFIG_CONTENT'],
  login: {
    files: [{ from: '~/.local/share/opencode/auth.json', to: '.local/share/opencode/auth.json' }],
    how: 'run `opencode auth login`, which writes ~/.local/share/opencode/auth.json',
  },
  egress: ['models.dev', 'opencode.ai'],
  prepare: (options) => openCodeSetup('OPENCODE', options),
  modeIds: { implement: 'build', plan: 'plan' },
  proven: true,
};

const kilo: AgentSpec = {
  name: 'kilo',
  title: 'Kilo Code',
  command: ['kilo', 'acp'],
  install: 'npm install -g @kilocode/cli@7.7.7',
  keys: ['KILO_API_KEY', ...MODEL_KEYS],
  needsKey: false,
  settings: ['KILO_CONFIG_CONTENT'],
  login: {
    files: [{ from: '~/.local/share/kilo/auth.json', to: '.local/share/kilo/auth.json' }],
    how: 'run `kilo auth login`, which writes ~/.local/share/kilo/auth.json',
  },
  egress: ['models.dev', 'api.kilo.ai', 'app.kilo.ai'],
  prepare: (options) => {
    const { env, files } = openCodeSetup('KILO', options);
    // Kilo would otherwise report usage, upload the session and index the repository with its own service.
    const quiet = {
      KILO_TELEMETRY_LEVEL: 'off',
      KILO_DISABLE_SESSION_INGEST: '1',
      KILO_DISABLE_CODEBASE_INDEXING: '1',
    };
    return { env: { ...env, ...quiet }, files };
  },
  modeIds: { implement: 'code', plan: 'plan' },
  proven: true,
};

const gemini: AgentSpec = {
  name: 'gemini',
  title: 'Gemini CLI',
  command: ['gemini', '--acp'],
  install: 'npm install -g @google/gemini-cli@0.61.0',
  keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  needsKey: true,
  settings: ['GEMINI_MODEL', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_CLOUD_PROJECT'],
  login: {
    files: [
      { from: '~/.gemini/oauth_creds.json', to: '.gemini/oauth_creds.json' },
      { from: '~/.gemini/settings.json', to: '.gemini/settings.json' },
    ],
    how: 'run `gemini` once and log in, which writes ~/.gemini/oauth_creds.json',
  },
  egress: ['oauth2.googleapis.com', 'cloudcode-pa.googleapis.com'],
  prepare: ({ env }) => ({
    env: {
      ...pick(env, ['GEMINI_MODEL', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_CLOUD_PROJECT']),
      NO_BROWSER: '1',
    },
    files: [],
  }),
  modeIds: { implement: 'autoEdit', plan: 'plan' },
  proven: false,
};

const copilot: AgentSpec = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  command: ['copilot', '--acp'],
  install: 'npm install -g @github/copilot@1.0.102',
  // GH_TOKEN and GITHUB_TOKEN would do as well, but those are the bot's own rights on GitHub and stay with the host.
  keys: ['COPILOT_GITHUB_TOKEN'],
  needsKey: true,
  settings: ['COPILOT_MODEL'],
  login: {
    variable: 'COPILOT_GITHUB_TOKEN',
    how: 'make a fine-grained token with the "Copilot Requests" permission and set COPILOT_GITHUB_TOKEN to it',
  },
  egress: ['api.github.com', '*.githubcopilot.com'],
  prepare: ({ env }) => ({
    env: { ...pick(env, ['COPILOT_MODEL']), COPILOT_AUTO_UPDATE: 'false' },
    files: [],
  }),
  modeIds: {},
  proven: false,
};

const goose: AgentSpec = {
  name: 'goose',
  title: 'Goose',
  command: ['goose', 'acp'],
  install: 'brew install block-goose-cli',
  keys: [...MODEL_KEYS, 'GOOGLE_API_KEY'],
  needsKey: true,
  settings: ['GOOSE_PROVIDER', 'GOOSE_MODEL'],
  egress: [],
  prepare: ({ env }) => ({
    env: { ...pick(env, ['GOOSE_PROVIDER', 'GOOSE_MODEL']), GOOSE_DISABLE_KEYRING: '1' },
    files: [],
  }),
  modeIds: { implement: 'auto', plan: 'chat' },
  proven: false,
};

/** In the order in which an unnamed choice tries them. */
export const KNOWN_AGENTS: readonly AgentSpec[] = [claude, codex, opencode, kilo, gemini, copilot, goose];

/** OpenCode and its relative Kilo: same settings under another prefix. Instructions are named one by one, since the
 * switch that stops the repository's own configuration (plugins, MCP servers, commands) also stops AGENTS.md. */
function openCodeSetup(prefix: 'OPENCODE' | 'KILO', options: PrepareOptions): AgentSetup {
  const name = `${prefix}_CONFIG_CONTENT`;
  const instructions = ['AGENTS.md', 'CLAUDE.md'].map((file) => `${options.tree}/${file}`);
  const ours = { autoupdate: false, share: 'disabled', instructions };
  return {
    env: {
      [name]: JSON.stringify({ ...ours, ...parseSettings(name, options.env[name]) }),
      [`${prefix}_DISABLE_PROJECT_CONFIG`]: '1',
      [`${prefix}_DISABLE_AUTOUPDATE`]: '1',
      [`${prefix}_DISABLE_LSP_DOWNLOAD`]: '1',
    },
    files: [],
  };
}

function parseSettings(name: string, content: string | undefined): Record<string, unknown> {
  if (!content) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(content));
  } catch (cause) {
    throw new PermanentError('agent_settings', `${name} is not a JSON object. Correct it or leave it out.`, {
      cause,
    });
  }
}

function pick(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
