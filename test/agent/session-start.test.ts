// Starting an agent: everything that can be wrong gets a name and a sentence that says what to do.
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { scriptedCommand, specOf, useAgents } from '../support/agent-harness.ts';

const agents = useAgents();

describe('starting an agent', () => {
  it('names the install command of a program that is not there', async () => {
    const places = await agents.folder();
    await expect(agents.open(places, { command: ['/nowhere/agent'] })).rejects.toMatchObject({
      code: 'agent_missing',
      message: expect.stringContaining('`npm install -g scripted-agent`'),
    });
  });

  it('names the key and the login of an agent that has none', async () => {
    const places = await agents.folder();
    const command = scriptedCommand('--auth-required');
    const spec = specOf(command, { login: { how: 'run `scripted login`' } });
    await expect(agents.open(places, { command, spec })).rejects.toMatchObject({
      code: 'agent_login',
      message: expect.stringMatching(/Set SCRIPTED_KEY .* or run `scripted login`/),
    });
  });

  it('gives up on an agent that never gets ready and leaves nothing running', async () => {
    const places = await agents.folder();
    const open = agents.open(places, {
      command: scriptedCommand('--slow-start', places.job),
      startTimeoutMs: 1_000,
    });
    await expect(open).rejects.toMatchObject({ code: 'agent_start_timeout' });
    expect((await execa('pgrep', ['-f', places.job], { reject: false })).stdout).toBe('');
  });

  it('says that a program which prints text does not speak the protocol', async () => {
    const places = await agents.folder();
    const open = agents.open(places, { command: scriptedCommand('--not-acp'), startTimeoutMs: 8_000 });
    await expect(open).rejects.toMatchObject({
      code: 'agent_protocol',
      message: expect.stringContaining('Welcome to the scripted agent!'),
    });
    await expect(agents.open(places, { command: ['echo', 'hello there'] })).rejects.toMatchObject({
      code: 'agent_protocol',
      message: expect.stringContaining('hello there'),
    });
  });

  it('is not fooled by a program that repeats our own words', async () => {
    const places = await agents.folder();
    await expect(agents.open(places, { command: ['cat'] })).rejects.toMatchObject({ code: 'agent_protocol' });
  });

  it('tells the exit of a program that ends before it is ready', async () => {
    const places = await agents.folder();
    const command = ['sh', '-c', 'echo no such model >&2; exit 4'];
    await expect(agents.open(places, { command })).rejects.toMatchObject({
      code: 'agent_exited',
      message: expect.stringMatching(/exit code 4.*no such model/),
    });
  });

  it('stops when it is aborted on the way', async () => {
    const places = await agents.folder();
    const abort = new AbortController();
    const open = agents.open(places, { command: scriptedCommand('--slow-start'), signal: abort.signal });
    abort.abort();
    await expect(open).rejects.toMatchObject({ code: 'agent_closed' });
  });
});

describe('mode and model', () => {
  it.each(['config', 'legacy'])('are set the %s way', async (way) => {
    const places = await agents.folder();
    const command = scriptedCommand(`--settings=${way}`);
    const { agent } = await agents.open(places, { command, mode: 'plan', model: 'scripted/large' });
    expect((await agent.prompt('script: settings')).text).toContain('Mode plan, model scripted/large');
  });

  it('accept a model by the end of its name', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places, { model: 'large' });
    expect((await agent.prompt('script: settings')).text).toContain('model scripted/large');
  });

  it('name those that exist when asked for one that does not', async () => {
    const places = await agents.folder();
    await expect(agents.open(places, { model: 'smal' })).rejects.toMatchObject({
      code: 'agent_setting_unknown',
      message: expect.stringContaining('no model `smal`. It offers `scripted/small`, `scripted/large`'),
    });
    const none = agents.open(places, { command: scriptedCommand('--settings=none'), model: 'x' });
    await expect(none).rejects.toMatchObject({ code: 'agent_setting_unknown' });
  });

  it('do without a mode where the agent has none', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places, {
      command: scriptedCommand('--settings=none'),
      mode: 'plan',
    });
    expect((await agent.prompt('script: settings')).text).toContain('Mode build');
  });
});

describe('resuming a session', () => {
  it.each(['yes', 'load'])('finds the old session (%s) and tells nothing of it again', async (way) => {
    const places = await agents.folder();
    const command = scriptedCommand(`--resume=${way}`);
    const first = await agents.open(places, { command });
    await first.agent.prompt('script: remember blue');
    await first.agent.close();
    const second = await agents.open(places, { command, resume: first.agent.sessionId });
    expect(second.agent).toMatchObject({ resumed: true, sessionId: first.agent.sessionId });
    expect((await second.agent.prompt('script: recall')).text).toContain('Remembers: blue');
    expect(JSON.stringify(second.updates)).not.toContain('an old answer');
  });

  it('starts a new session where the old one is gone or cannot be resumed', async () => {
    const places = await agents.folder();
    const forgotten = await agents.open(places, { resume: 'unknown' });
    expect(forgotten.agent.resumed).toBe(false);
    const unable = await agents.open(places, { command: scriptedCommand('--resume=no'), resume: 'unknown' });
    expect(unable.agent.resumed).toBe(false);
    expect((await unable.agent.prompt('script: answer new')).text).toBe('new');
  });
});
