// Which agent a job gets on this machine: the registry asked with the operator's settings and what is installed.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import which from 'which';
import { chooseAgent, requireKnownName } from '../agent/registry.ts';
import type { AgentConfig } from '../config/agent.ts';
import { PermanentError, type Refusal, refuse } from '../errors.ts';
import type { AgentChoice } from '../runner/context.ts';

/** How a runner finds the agent of a job, and what that agent may have. */
export function createAgentChoice(agent: AgentConfig): AgentChoice {
  const { PATH } = agent.environment;
  return {
    choose(wanted) {
      // A job's agent was typed by a person; only the operator's own setting may be a command line.
      if (wanted !== undefined && wanted !== agent.agent) requireKnownName(wanted);
      return chooseAgent({
        wanted: wanted ?? agent.agent,
        find: (binary) => which.sync(binary, { nothrow: true, ...(PATH ? { path: PATH } : {}) }) ?? undefined,
        env: agent.environment,
        customKeys: agent.customKeys,
        hasFile: (path) => existsSync(path.replace(/^~(?=\/)/, homedir())),
      });
    },
    env: agent.environment,
    userHome: homedir(),
    egress: agent.egress,
    repositoryEgress: agent.repositoryEgress,
  };
}

/** Why this machine has no agent for a job that names none; a sentence without its full stop. Undefined when it has one. */
export function lackOfAgent(agent: AgentConfig): string | undefined {
  const trouble = checkAgent(agent, undefined);
  return trouble?.refusal.replace(', then retry the job', '').replace(/\.$/, '');
}

/** A misspelt ERRAND_AGENT would fail every job; one that is not installed yet may come later. */
export function refuseUnknownAgent(agent: AgentConfig): void {
  const trouble = checkAgent(agent, undefined);
  if (trouble?.code !== 'agent_unknown') return;
  throw new PermanentError(trouble.code, `ERRAND_AGENT cannot be used. ${trouble.refusal}`);
}

/** Without agents of its own the bot can only tell names apart; the runner then says what is not installed. */
export function checkAgent(agent: AgentConfig | undefined, name: string | undefined): Refusal | undefined {
  try {
    if (agent) createAgentChoice(agent).choose(name);
    else if (name !== undefined) requireKnownName(name);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof PermanentError) return refuse(thrown.code, thrown.message);
    throw thrown;
  }
}
