// Opens agents in a job folder of their own under the system's temp folder, and removes everything after each test.
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach } from 'vitest';
import { type Agent, type OpenAgentOptions, openAgent } from '../../src/agent/session.ts';
import type { AgentSpec } from '../../src/agent/spec.ts';
import type { AgentUpdate } from '../../src/job/agent-update.ts';
import { createLog } from '../../src/log.ts';
import { createRedactor } from '../../src/redact.ts';

const SCRIPTED_AGENT = resolve(import.meta.dirname, 'scripted-agent.ts');

/** The command of the scripted test agent with some of its flags. */
export function scriptedCommand(...flags: string[]): string[] {
  return [process.execPath, SCRIPTED_AGENT, ...flags];
}

/** A spec of which only the words matter; fields may be replaced. */
export function specOf(command: readonly string[], changes: Partial<AgentSpec> = {}): AgentSpec {
  return {
    name: 'scripted',
    title: 'The scripted agent',
    command,
    install: 'npm install -g scripted-agent',
    keys: ['SCRIPTED_KEY'],
    needsKey: false,
    settings: [],
    egress: [],
    prepare: () => ({ env: {}, files: [] }),
    modeIds: {},
    proven: true,
    ...changes,
  };
}

type Changes = Partial<Omit<OpenAgentOptions, 'policy'>> & { policy?: Partial<OpenAgentOptions['policy']> };

/** Registers clean-up with vitest and returns what a test needs to open agents. */
export function useAgents() {
  const folders: string[] = [];
  const agents: Agent[] = [];

  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  return {
    /** A job's folder with an empty tree and home. */
    async folder() {
      const job = await realpath(await mkdtemp(join(tmpdir(), 'errand-agent-')));
      folders.push(job);
      const places = { job, tree: join(job, 'tree'), home: join(job, 'home') };
      await mkdir(places.tree);
      await mkdir(places.home);
      return places;
    },

    /** Opens an agent there; collects its updates. */
    async open(places: { job: string; tree: string; home: string }, changes: Changes = {}) {
      const updates: AgentUpdate[] = [];
      const command = changes.command ?? scriptedCommand();
      const agent = await openAgent({
        spec: specOf(command),
        command,
        cwd: places.tree,
        processCwd: places.job,
        env: { HOME: places.home, PATH: process.env['PATH'] ?? '' },
        onUpdate: (update) => updates.push(update),
        redactor: createRedactor([]),
        log: createLog({ level: 'silent' }),
        startTimeoutMs: 20_000,
        ...changes,
        policy: { tree: places.tree, sandboxed: false, ...changes.policy },
      });
      agents.push(agent);
      return { agent, updates, of: <Kind extends AgentUpdate['kind']>(kind: Kind) => ofKind(updates, kind) };
    },
  };
}

function ofKind<Kind extends AgentUpdate['kind']>(updates: readonly AgentUpdate[], kind: Kind) {
  return updates.filter((update): update is Extract<AgentUpdate, { kind: Kind }> => update.kind === kind);
}
