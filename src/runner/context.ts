// What the runner's files share: the rooms it works with and the limits it holds. Types only.
import type { AgentSpec } from '../agent/spec.ts';
import type { GitHub } from '../github/github.ts';
import type { JobLimits } from '../job/limits.ts';
import type { PlanMode } from '../job/plan.ts';
import type { MergeMethod } from '../job/repo-settings.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Workspaces } from '../workspace/workspaces.ts';
import type { Room } from './room.ts';
import type { RunnerTotals } from './totals.ts';

export type RunnerContext = Readonly<{
  store: Store;
  github: GitHub;
  workspaces: Workspaces;
  sandbox: Sandbox;
  agents: AgentChoice;
  log: Log;
  /** Everything that a runner tells a job, GitHub or a person passes through it. */
  redactor: Redactor;
  now: () => Date;
  limits: RunnerLimits;
  /** What all jobs of this runner take together. */
  totals: RunnerTotals;
  room: Room;
  /** How long files that no snapshot could take stay after their job ended without a decision. */
  keptLifetimeMs: number;
  /** What comes before and after an agent's work where neither a command nor a repository says otherwise. */
  verification: Readonly<{ plan: PlanMode; review: 'on' | 'off' }>;
  /** Whether a project's obvious commands are run where its settings name no checks. */
  findChecks: boolean;
  /** Where the repository has no choice of its own. */
  mergeMethod: MergeMethod;
  /** GitHub noreply addresses by Slack member id. */
  coAuthors: Readonly<Record<string, string>>;
  /** $ERRAND_HOME: hidden from agents, but for the parts that belong to their job. */
  home: string;
  /** Files with secrets of the deployment elsewhere on this machine: hidden from agents, too. */
  secretFiles: readonly string[];
  /** True where other machines may take the next turn: unpublished work is then kept on the Git server too. */
  shareSnapshots: boolean;
}>;

export type RunnerLimits = JobLimits &
  Readonly<{
    agentStartMs: number;
    cancelGraceMs: number;
    /** How often an open pull is looked at while its job has news. */
    lookEveryMs: number;
    /** How long a plan waits for an answer. */
    planLifetimeMs: number;
  }>;

export type AgentChoice = Readonly<{
  /**
   * The agent for a job: one of the registry's names, or undefined for the operator's own choice. Throws PermanentError
   * with the command that mends it; also for a command line, which no job may bring.
   */
  choose(wanted: string | undefined): AgentSpec;
  /** Operator variables that agents may get: PATH, LANG, TZ and the like, and the known agents' own keys and settings. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the operator's login files lie (`~`). */
  userHome: string;
  /** Hosts every agent of this deployment may reach besides its own. */
  egress: readonly string[];
  /** Whether a repository's settings may add hosts. */
  repositoryEgress: boolean;
}>;
