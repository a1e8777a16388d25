// What a person may do to a running turn: steer it, cancel it, close the agent.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scriptedCommand, useAgents } from '../support/agent-harness.ts';

const agents = useAgents();

const readPid = (file: string) => {
  const pid = Number(readFileSync(file, 'utf8'));
  expect(pid).toBeGreaterThan(1);
  return pid;
};

/** A dead process that nobody has collected yet is not alive. */
const isAlive = (pid: number) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('steering', () => {
  it.each(['native', 'queue'] as const)(
    'reaches a running turn (%s) and changes what it does',
    async (way) => {
      const places = await agents.folder();
      const { agent, of } = await agents.open(places, { command: scriptedCommand(`--steering=${way}`) });
      expect(agent.steering).toBe(way);
      const turn = agent.prompt('script: wait-for-steering ;; write a.txt <<a');
      await vi.waitFor(() => expect(of('message')).not.toHaveLength(0), 10_000);
      expect(await agent.steer('script: write b.txt <<b')).toBe('delivered');
      const { text, stopReason } = await turn;
      expect(stopReason).toBe('end_turn');
      expect(text).toMatch(/Wrote b.txt\n- Wrote a.txt/);
      expect(await readFile(join(places.tree, 'b.txt'), 'utf8')).toBe('b');
    },
  );

  it('is not taken between turns, nor by an agent that cannot', async () => {
    const places = await agents.folder();
    const able = await agents.open(places);
    expect(await able.agent.steer('too late')).toBe('idle');
    const unable = await agents.open(places, { command: scriptedCommand('--steering=none') });
    expect(unable.agent.steering).toBe('none');
    const turn = unable.agent.prompt('script: hang');
    expect(await unable.agent.steer('hello')).toBe('idle');
    expect(await unable.agent.cancel()).toBe('ended');
    expect((await turn).stopReason).toBe('cancelled');
  });
});

describe('cancelling', () => {
  it('ends the turn and leaves the session usable', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    const turn = agent.prompt('script: hang');
    expect(await agent.cancel()).toBe('ended');
    expect((await turn).stopReason).toBe('cancelled');
    expect((await agent.prompt('script: answer back')).text).toBe('back');
  });

  it('stops a running command', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places);
    const turn = agent.prompt('script: run sleep 300');
    await vi.waitFor(() => expect(of('tool')).not.toHaveLength(0), 10_000);
    await agent.cancel();
    expect((await turn).stopReason).toBe('cancelled');
  });

  it('does not wait for an agent that ignores it', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places, { cancelGraceMs: 200 });
    const turn = agent.prompt('script: ignore-cancel ;; say deaf ;; hang');
    await vi.waitFor(() => expect(of('message')).not.toHaveLength(0), 10_000);
    expect(await agent.cancel()).toBe('ignored');
    await agent.close();
    expect((await turn).stopReason).toBe('cancelled');
  });
});

describe('closing', () => {
  it('ends the process and everything it left behind, however often it is called', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    await agent.prompt('script: spawn-orphan orphan.pid');
    const orphan = Number(await readFile(join(places.tree, 'orphan.pid'), 'utf8'));
    expect(isAlive(orphan)).toBe(true);
    await Promise.all([agent.close(), agent.close()]);
    expect(isAlive(orphan)).toBe(false);
    expect(await agent.exited).toMatchObject({ missing: false });
  });

  it('ends what a crashed agent left behind', async () => {
    const places = await agents.folder();
    const { agent } = await agents.open(places);
    await expect(agent.prompt('script: spawn-orphan orphan.pid ;; crash 1')).rejects.toMatchObject({
      code: 'agent_exited',
    });
    const orphan = Number(await readFile(join(places.tree, 'orphan.pid'), 'utf8'));
    await agent.close();
    expect(isAlive(orphan)).toBe(false);
  });

  it('ends a command that the agent started in a group of its own', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places, { cancelGraceMs: 100 });
    const command = "setsid sh -c 'echo $$ > away.pid; sleep 600; true'";
    const turn = agent.prompt(`script: ignore-cancel ;; run ${command} ;; hang`);
    const away = await vi.waitFor(() => {
      expect(of('tool')).not.toHaveLength(0);
      return readPid(join(places.tree, 'away.pid'));
    }, 10_000);
    await agent.close();
    expect((await turn).stopReason).toBe('cancelled');
    expect(isAlive(away)).toBe(false);
  });

  it('kills an agent that does not react to SIGTERM', async () => {
    const places = await agents.folder();
    const deaf = ['sh', '-c', `trap "" TERM; ${scriptedCommand().join(' ')}; sleep 600`];
    const { agent } = await agents.open(places, { command: deaf, killGraceMs: 100 });
    await agent.close();
    expect(await agent.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  it('happens by itself when the signal fires', async () => {
    const places = await agents.folder();
    const abort = new AbortController();
    const { agent } = await agents.open(places, { signal: abort.signal });
    const turn = agent.prompt('script: hang');
    abort.abort();
    expect((await turn).stopReason).toBe('cancelled');
    await agent.exited;
  });
});

describe('asking for permission', () => {
  it('is answered by the policy, once at a time, and told', async () => {
    const places = await agents.folder();
    const { agent, of } = await agents.open(places);
    const { text } = await agent.prompt(
      'script: ask-permission edit a.txt ;; ask-permission edit /etc/passwd ;; ask-permission execute',
    );
    expect(text).toContain('Permission for edit a.txt: once');
    expect(text).toContain('Permission for edit /etc/passwd: never');
    expect(text).toContain('Permission for execute: once');
    expect(of('permission').map(({ title, allowed }) => [title, allowed])).toEqual([
      ['edit a.txt', true],
      ['edit /etc/passwd', false],
      ['execute', true],
    ]);
  });
});
