// What must be known about an agent to start it, log it in and let it reach its model. Types only.

/** A file of a subscription login. `from` is on the operator's machine (`~/` is their home), `to` lies in the agent's HOME. */
type LoginFile = Readonly<{ from: string; to: string }>;

/** What an agent needs around it for one job. Keys and logins are not in here: whoever hands them over decides how. */
export type AgentSetup = Readonly<{
  env: Readonly<Record<string, string>>;
  /** Paths are relative to the agent's HOME. */
  files: readonly Readonly<{ path: string; content: string }>[];
}>;

export type PrepareOptions = Readonly<{
  /** Absolute path of the tree the agent works in. */
  tree: string;
  /** The operator's environment, of which only the agent's own settings are taken. */
  env: Readonly<Record<string, string | undefined>>;
}>;

export type AgentSpec = Readonly<{
  /** What a person types after `agent=`. */
  name: string;
  title: string;
  command: readonly string[];
  /** The command that installs it. */
  install: string;
  /** Environment variables that hold its key; any one is enough. */
  keys: readonly string[];
  /** False where it also works without a key (free models, a model of one's own in its settings). */
  needsKey: boolean;
  /** Variables that are no secrets and are handed through when set, e.g. the address of a gateway. */
  settings: readonly string[];
  /** How a subscription reaches it instead of an API key. */
  login?: Readonly<{ variable?: string; files?: readonly LoginFile[]; how: string }>;
  /** Hosts it needs besides those of its keys' providers (see `agentEgress`). */
  egress: readonly string[];
  prepare: (options: PrepareOptions) => AgentSetup;
  /** Sent as `_meta` when a session is opened. */
  sessionMeta?: Readonly<Record<string, unknown>>;
  /** Values of its `mode` setting for our phases. */
  modeIds: Readonly<{ implement?: string; plan?: string }>;
  /** True when our own tests drive the real thing to a real edit. */
  proven: boolean;
}>;
