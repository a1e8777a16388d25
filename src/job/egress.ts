// Which hosts a job's agent may reach. Everything else is refused, and each refusal is an event of the job. Pure.

/** Addresses, and names that every machine takes for itself or its own network. */
const NOT_PUBLIC = /^(\d+(\.\d+){0,3}|0x[0-9a-f]+|[^.:]+|.*\.(localhost|local|internal|home\.arpa))(:\d+)?$/i;

/**
 * The agent's own hosts, the deployment's, and where the deployment allows it the repository's: of those only public names,
 * since a repository must not open the runner's own ports or its network to whoever writes in it.
 */
export function chooseEgress(options: {
  agent: readonly string[];
  deployment: readonly string[];
  repository: readonly string[];
  /** The deployment lets repositories add hosts. */
  repositoryMayWiden: boolean;
}): { allowed: readonly string[]; ignored: readonly string[] } {
  const { agent, deployment, repository, repositoryMayWiden } = options;
  const added = repository.filter((host) => repositoryMayWiden && !NOT_PUBLIC.test(host));
  return {
    allowed: [...new Set([...agent, ...deployment, ...added])],
    ignored: repository.filter((host) => !added.includes(host)),
  };
}
