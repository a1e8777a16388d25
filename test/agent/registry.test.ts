// Which agent does a job, what it may reach, and what a person is told when there is none.
import { describe, expect, it } from 'vitest';
import { agentEgress, chooseAgent, listAgents, requireKnownName } from '../../src/agent/registry.ts';

const on =
  (...binaries: string[]) =>
  (binary: string) =>
    binaries.includes(binary) ? `/usr/bin/${binary}` : undefined;
const nothing = () => undefined;

const named = (name: string) => {
  const spec = listAgents().find((each) => each.name === name);
  if (!spec) throw new Error(`no agent ${name}`);
  return spec;
};

describe('the registry', () => {
  it('knows the agents that people ask for and says which are proven', () => {
    expect(listAgents().map((spec) => [spec.name, spec.proven])).toEqual([
      ['claude', true],
      ['codex', false],
      ['opencode', true],
      ['kilo', true],
      ['gemini', false],
      ['copilot', false],
      ['goose', false],
    ]);
  });

  it('pins the version in every npm install command', () => {
    const commands = listAgents().map((spec) => spec.install);
    for (const command of commands.filter((each) => each.startsWith('npm')))
      expect(command).toMatch(/@\d+\.\d+\.\d+$/);
  });

  it('never hands an agent the bot’s own rights on GitHub', () => {
    const handed = listAgents().flatMap((spec) => [...spec.keys, ...spec.settings]);
    expect(handed).not.toContain('GITHUB_TOKEN');
    expect(handed).not.toContain('GH_TOKEN');
  });

  it('keeps the repository from configuring the agent', () => {
    const setup = named('opencode').prepare({
      tree: '/job/tree',
      env: { OPENCODE_CONFIG_CONTENT: '{"model":"a/b"}' },
    });
    expect(setup.env['OPENCODE_DISABLE_PROJECT_CONFIG']).toBe('1');
    expect(JSON.parse(setup.env['OPENCODE_CONFIG_CONTENT'] ?? '')).toMatchObject({
      model: 'a/b',
      instructions: ['/job/tree/AGENTS.md', '/job/tree/CLAUDE.md'],
    });
    expect(named('claude').sessionMeta).toMatchObject({
      claudeCode: { options: { settingSources: ['user'] } },
    });
  });

  it('says which setting is broken', () => {
    const prepare = () => named('kilo').prepare({ tree: '/job/tree', env: { KILO_CONFIG_CONTENT: 'oops' } });
    expect(prepare).toThrow('KILO_CONFIG_CONTENT is not a JSON object');
  });
});

describe('choosing an agent', () => {
  it('takes the one that was named, by the path it was found under', () => {
    const spec = chooseAgent({ wanted: 'Opencode', find: on('opencode'), env: {} });
    expect(spec.command).toEqual(['/usr/bin/opencode', 'acp']);
  });

  it('takes the first installed one that has a login when none was named', () => {
    const env = { OPENAI_API_KEY: 'k' };
    expect(chooseAgent({ find: on('claude-agent-acp', 'codex-acp'), env }).name).toBe('codex');
    const hasFile = (path: string) => path === '~/.claude/.credentials.json';
    expect(chooseAgent({ find: on('claude-agent-acp', 'codex-acp'), env, hasFile }).name).toBe('claude');
  });

  it('names the install command when it is missing', () => {
    expect(() =>
      chooseAgent({ wanted: 'claude', find: nothing, env: {} }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: Claude Code is not installed on the runner. Install it with \`npm install -g @agentclientprotocol/claude-agent-acp@0.100.0\`, then retry the job.]`,
    );
    expect(() => chooseAgent({ find: nothing, env: {} })).toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: No coding agent is installed on the runner. Install one, e.g. \`npm install -g @agentclientprotocol/claude-agent-acp@0.100.0\`, or set ERRAND_AGENT to the command of another that speaks ACP. Known by name: claude, codex, opencode, kilo, gemini, copilot, goose.]`,
    );
  });

  it('names the key variables and the login when it has none', () => {
    const find = on('claude-agent-acp', 'codex-acp');
    expect(() => chooseAgent({ wanted: 'claude', find, env: {} })).toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: Claude Code has no key to work with. Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN or CLAUDE_CODE_OAUTH_TOKEN for the runner, or run \`claude setup-token\` and set CLAUDE_CODE_OAUTH_TOKEN to what it prints, then retry the job.]`,
    );
    expect(() => chooseAgent({ wanted: 'codex', find, env: {} })).toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: Codex has no key to work with. Set CODEX_API_KEY or OPENAI_API_KEY for the runner, or run \`codex login\`, which writes ~/.codex/auth.json, then retry the job.]`,
    );
  });

  it('takes any command line, quotes and all', () => {
    const spec = chooseAgent({
      wanted: 'node "/my agents/x.ts" --acp',
      find: on('node'),
      env: { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'other' },
      customKeys: ['OPENAI_API_KEY'],
    });
    expect(spec).toMatchObject({
      command: ['/usr/bin/node', '/my agents/x.ts', '--acp'],
      keys: ['OPENAI_API_KEY'],
    });
    expect(agentEgress(spec, { OPENAI_API_KEY: 'k' })).toEqual(['api.openai.com']);
  });

  it('hands a command line no key that nobody named for it', () => {
    const env = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'other' };
    const spec = chooseAgent({ wanted: 'node x.ts', find: on('node'), env });
    expect(spec.keys).toEqual([]);
    expect(agentEgress(spec, env)).toEqual([]);
  });

  it('knows a known agent behind a command line of one’s own', () => {
    const find = (binary: string) => binary;
    const spec = chooseAgent({ wanted: '/opt/bin/opencode acp --pure', find, env: {} });
    expect(spec).toMatchObject({ name: 'opencode', command: ['/opt/bin/opencode', 'acp', '--pure'] });
  });

  it('suggests the nearest name for one it does not know', () => {
    const choose = () => chooseAgent({ wanted: 'claud', find: nothing, env: {} });
    expect(choose).toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: There is no agent \`claud\` on the runner. Did you mean \`claude\`? Known by name: claude, codex, opencode, kilo, gemini, copilot, goose; any command that is installed and speaks ACP works as well.]`,
    );
  });

  it('takes only names from people, never a command line', () => {
    expect(() => requireKnownName('Claude')).not.toThrow();
    expect(() => requireKnownName('codx')).toThrow('Did you mean `codex`? Known are claude, codex');
    for (const wanted of ['reboot', 'node x.ts', '/bin/sh', 'claude --mcp evil']) {
      expect(() => requireKnownName(wanted)).toThrow('There is no agent named');
    }
  });
});

describe('egress', () => {
  it('is the agent’s own hosts, those of the keys that are set and those of its gateway', () => {
    expect(
      agentEgress(named('claude'), {
        ANTHROPIC_API_KEY: 'k',
        ANTHROPIC_BASE_URL: 'https://llm.corp:8443/v1',
      }),
    ).toEqual(['api.anthropic.com', 'llm.corp']);
    const config = '{"provider":{"x":{"options":{"baseURL":"http://models.corp/v1"}}}}';
    expect(agentEgress(named('opencode'), { OPENCODE_CONFIG_CONTENT: config })).toContain('models.corp');
    expect(agentEgress(named('opencode'), {})).toEqual(['models.dev', 'opencode.ai']);
  });
});
