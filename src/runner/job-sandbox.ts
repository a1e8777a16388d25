// What every command of a job gets of the host, an agent and a repository's check alike: variables, hosts, ceilings, and what
// of the disk it may read. What it may write, and its secrets, are up to whoever starts it.
import { join } from 'node:path';
import { chooseEgress } from '../job/egress.ts';
import type { JobLimits } from '../job/limits.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { WrapOptions, Wrapped } from '../sandbox/sandbox.ts';
import { toolchainVariables } from '../sandbox/toolchain-variables.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RunnerContext } from './context.ts';
import { mostThreads } from './limit-reasons.ts';

/** Variables every command gets from the operator, when they are set. */
const COMMON = ['PATH', 'LANG', 'LC_ALL', 'TERM', 'TZ'];

/** For the sandbox's own processes, and the dead that nobody has collected yet. */
const TASKS_ABOVE = 100;

/** A command of a job. `env` comes on top of the common variables, `limits` are those of the job. */
export type JobCommand = Pick<WrapOptions, 'argv' | 'jobDir' | 'writable' | 'egress' | 'env' | 'masks'> &
  Readonly<{ workspace: Workspace; limits: JobLimits }>;

/** Puts a command behind the sandbox. Throws as `Sandbox.wrap` does. */
export function wrapInJob(context: RunnerContext, command: JobCommand): Promise<Wrapped> {
  const { workspace, limits, env, ...rest } = command;
  const { sandbox, agents, home, secretFiles } = context;
  return sandbox.wrap({
    ...rest,
    denyRead: [home, ...secretFiles],
    // The mirror's objects, which the git of a tree borrows.
    readable: [join(workspace.gitDir, '..', '..', 'objects')],
    env: { ...toolchainVariables(agents.env), ...pickVariables(agents.env, COMMON), ...env },
    // The kernel's ceilings lie above the watchdog's limits, so that it is the watchdog who ends a job and says why.
    ceilings: {
      tasks: mostThreads(limits) + TASKS_ABOVE,
      fileBytes: limits.diskBytes,
      scratchBytes: limits.memoryBytes,
    },
  });
}

/** The hosts that a command may reach: those of its `agent`, the deployment's, and the repository's where that is allowed. */
export function jobEgress(
  { agents }: RunnerContext,
  { settings, agent }: { settings: RepoSettings; agent: readonly string[] },
): ReturnType<typeof chooseEgress> {
  return chooseEgress({
    agent,
    deployment: agents.egress,
    repository: settings.egress ?? [],
    repositoryMayWiden: agents.repositoryEgress,
  });
}

/** Those of the variables that are set. */
export function pickVariables(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
