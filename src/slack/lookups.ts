// What Slack must know of the world before a job exists. `app.ts` hands these in as plain functions, so that this
// folder needs neither GitHub nor the agents.
import type { Refusal } from '../errors.ts';
import type { AccountRights } from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';

export type RepositoryInfo = Readonly<{ repo: Repo; url: string; defaultBranch: string }>;

export type IssueInfo =
  | Readonly<{ kind: 'open'; number: number; title: string; url: string }>
  | Readonly<{ kind: 'closed'; number: number; title: string; url: string }>
  /** The number belongs to a pull request. */
  | Readonly<{ kind: 'pull'; number: number; url: string }>
  | Readonly<{ kind: 'not_found' }>;

export type PullInfo = Readonly<{ title: string; url: string; base: string; isOpen: boolean }>;

export type Lookups = Readonly<{
  /** All repositories the bot can see whose name contains `query`; at most `limit`. Throws TransientError. */
  repositories(options: { query: string; limit: number }): Promise<readonly RepositoryInfo[]>;
  /** One repository; undefined when it does not exist or is out of the bot's reach. */
  repository(repo: Repo): Promise<RepositoryInfo | undefined>;
  issue(repo: Repo, number: number): Promise<IssueInfo>;
  /** A pull request; undefined when there is none of that number. */
  pull(repo: Repo, number: number): Promise<PullInfo | undefined>;
  /** Undefined when the branch does not exist. */
  branch(repo: Repo, branch: string): Promise<{ sha: string } | undefined>;
  /**
   * The repository's own settings (`.agents/config.yml`) on a branch, as text; no `content` where there is no file.
   * `DEFAULT_BRANCH` stands for the one that GitHub names. `same`: the branch still stands at `knownSha`. Undefined when the branch does not exist.
   */
  settings(
    repo: Repo,
    branch: string,
    knownSha: string | undefined,
  ): Promise<Readonly<{ sha: string; content?: string }> | 'same' | undefined>;
  /** An account of a person at GitHub; undefined when there is none of that name. */
  account(login: string): Promise<Readonly<{ login: string; id: number }> | undefined>;
  /** Whether GitHub lets this account write to the repository, and whether its name is still its own. */
  accountRights(repo: Repo, account: Readonly<{ login: string; id: number }>): Promise<AccountRights>;
  /** A refusal when no such agent can be started here. */
  checkAgent(name: string | undefined): Promise<Refusal | undefined>;
}>;
