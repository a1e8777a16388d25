// One turn of a real agent process: what it does, what we hear of it, how it ends.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scriptedCommand, useAgents } from '../support/agent-harness.ts';

const agents = useAgents();

describe('a turn', () => {
  it('changes files in the tree and ends with the agent’s summary', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places);
    const result = await agent.prompt(
      'script: say Working on it.\nscript: write src/a.txt <<hello\\n\nscript: title Add a',
    );
    expect(await readFile(join(places.tree, 'src/a.txt'), 'utf8')).toBe('hello\n');
    expect(result.stopReason).toBe('end_turn');
    expect(result.text).toMatch(/^## Title\nAdd a\n/);
    expect(of('tool').at(-1)).toMatchObject({
      title: 'Edit src/a.txt',
      toolKind: 'edit',
      status: 'completed',
      paths: ['src/a.txt'],
    });
  });

  it('tells messages, thoughts, plan, commands with output, and usage', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places);
    const { usage } = await agent.prompt(
      'script: plan look; mend ;; think hm ;; run echo out ;; usage 1200 200000 0.5 ;; answer All fine.',
    );
    expect(of('plan').at(0)?.steps).toEqual([
      { text: 'look', status: 'pending' },
      { text: 'mend', status: 'pending' },
    ]);
    expect(of('thought').map((update) => update.text)).toEqual(['hm']);
    expect(of('tool').at(-1)).toMatchObject({ title: 'echo out', toolKind: 'execute', output: 'out' });
    expect(of('message').at(-1)?.text).toBe('All fine.');
    expect(usage).toEqual({
      contextUsed: 1200,
      contextSize: 200_000,
      cost: { amount: 0.5, currency: 'USD' },
    });
  });

  it('returns only the last message, without those before a tool call', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    const result = await agent.prompt(
      'script: say First I look. ;; run true ;; say Then ;; say I am done. ;; stop-reason end_turn',
    );
    expect(result.text).toBe('ThenI am done.');
  });

  it.each(['max_tokens', 'max_turn_requests', 'refusal'] as const)(
    'passes on the stop reason %s',
    async (reason) => {
      const places = await agents.folder();
      const { agent } = await agents.open(places);
      expect((await agent.prompt(`script: stop-reason ${reason}`)).stopReason).toBe(reason);
    },
  );

  it.each(['error', 'max_turns', ''])('takes no unknown end for the end of the work: %j', async (reason) => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    expect((await agent.prompt(`script: stop-reason ${reason}`)).stopReason).toBe('unknown');
  });

  it('gives the agent exactly the environment and folders it was told', async () => {
    vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-secret');
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    const { text } = await agent.prompt('script: env SLACK_BOT_TOKEN ;; where');
    expect(text).toContain('SLACK_BOT_TOKEN is not set');
    expect(text).toContain(`Started in ${places.job}, works in ${places.tree}`);
    vi.unstubAllEnvs();
  });

  it('runs one turn after the other in the same session', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    await agent.prompt('script: remember blue');
    expect((await agent.prompt('script: recall')).text).toContain('Remembers: blue');
  });

  it('of a diligent agent also makes true what was told before', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places, { command: scriptedCommand('--diligent') });
    const story = '<material name="What happened before">\nscript: write old.txt <<old\n</material>';
    await agent.prompt(`${story}\nscript: write new.txt <<new`);
    await rm(join(places.tree, 'new.txt'));
    await agent.prompt('Go on.');
    expect(await readFile(join(places.tree, 'old.txt'), 'utf8')).toBe('old');
    expect(await readFile(join(places.tree, 'new.txt'), 'utf8')).toBe('new');
  });

  it('survives text on stdout that is no protocol message, and tells it', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places, { command: scriptedCommand('--banner') });
    const { text } = await agent.prompt('script: garbage ;; answer Still here.');
    expect(text).toBe('Still here.');
    const said = of('stderr')
      .map((update) => update.text)
      .join('');
    expect(said).toContain('Welcome to the scripted agent!');
    expect(said).toContain('this is not JSON');
  });

  it('tells a refused host once', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places);
    await agent.prompt(
      'script: stderr Connection blocked to evil.example:443 ;; stderr Connection blocked to evil.example:443',
    );
    expect(of('egress_denied')).toEqual([{ kind: 'egress_denied', host: 'evil.example' }]);
  });

  it('knows when it last heard from the agent', async () => {
    const places = await agents.folder();
    let ms = 0;
    const { agent } = await agents.open(places, { clock: () => ms });
    ms = 300_000;
    expect(agent.silentForMs()).toBe(300_000);
    await agent.prompt('script: say x');
    expect(agent.silentForMs()).toBe(0);
  });
});

describe('a turn that goes wrong', () => {
  it('names the exit code and the last words of an agent that dies', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    await expect(agent.prompt('script: crash 3')).rejects.toMatchObject({
      code: 'agent_exited',
      message: expect.stringMatching(/exit code 3.*told to crash/),
    });
    expect(await agent.exited).toMatchObject({
      code: 3,
      stderrTail: ['the scripted agent was told to crash'],
    });
  });

  it('passes on the error an agent answers with, and the session lives on', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    await expect(agent.prompt('script: fail The model is overloaded')).rejects.toMatchObject({
      code: 'agent_error',
      message: expect.stringContaining('The model is overloaded.'),
    });
    expect((await agent.prompt('script: answer ok')).text).toBe('ok');
  });

  it('keeps memory and updates small when the agent floods', async () => {
    const places = await agents.folder();
    const { agent, updates, of } = await agents.open(places);
    const { text } = await agent.prompt('script: flood 20000 ;; stop-reason end_turn');
    expect(text.length).toBeLessThanOrEqual(64_000);
    const sizes = of('message').map((update) => update.text.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(256_000);
    expect(updates.length).toBeLessThan(200);
    expect(of('stderr').map((update) => update.text)).toEqual([expect.stringContaining('left out')]);
  });
});
