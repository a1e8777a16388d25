// Who does the work: the command's own choice, else the repository's, else the deployment's.
import type { AgentSpec } from '../agent/spec.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { TurnRun } from './turn-run.ts';

/** Throws PermanentError where there is no such agent here. */
export function chooseAuthor(
  turn: TurnRun,
  { phases }: RepoSettings,
): Readonly<{ spec: AgentSpec; model: string | undefined; mode: string | undefined }> {
  const { agent, model } = turn.job();
  const said = phases?.implement ?? {};
  const spec = turn.context.agents.choose(agent ?? said.agent);
  // Models and modes are their agent's: those of another one mean nothing to it.
  const isTheirs = agent === undefined || agent === said.agent;
  return {
    spec,
    model: model ?? (isTheirs ? said.model : undefined),
    mode: (isTheirs ? said.mode : undefined) ?? spec.modeIds.implement,
  };
}
