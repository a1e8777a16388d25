// The door to GitHub: one adapter over REST with everything the runner, Slack's pickers and the doctor ask for.
// It only puts the rooms' verbs together.
import type { Log } from '../log.ts';
import { type Auth, createAccess } from './access.ts';
import { createAccounts } from './accounts.ts';
import { createBranches } from './branches.ts';
import { createChecks } from './checks.ts';
import { createClientFactory } from './client.ts';
import { createCommits } from './commits.ts';
import { checkCredentials } from './credentials.ts';
import { checkGitHub } from './doctor.ts';
import { createFiles } from './files.ts';
import { createIdentity } from './identity.ts';
import { createIssues } from './issues.ts';
import { createMerging } from './merge.ts';
import { createPulls } from './pulls.ts';
import { createRemarks } from './remarks.ts';
import { createRepositories } from './repositories.ts';
import { createReviews } from './reviews.ts';
import { createSightings } from './sightings.ts';

export type GitHub = ReturnType<typeof createGitHub>;

export type GitHubOptions = Readonly<{
  auth: Auth;
  /** `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  /** Where people and git go: `https://github.com`. */
  serverUrl: string;
  log: Log;
  now?: () => Date;
  /** Bounds each single attempt of a request; default 20 s. */
  requestTimeoutMs?: number;
  /** First pause before an unanswered reading is repeated (then four times as long); default 1 s. */
  retryBaseMs?: number;
  /** How often and for how long `merge` looks before it hands out a ticket; default every 0.5 s for 15 s. */
  mergePollMs?: number;
  mergePatienceMs?: number;
}>;

/**
 * Creates the adapter; asks GitHub nothing yet. Every verb throws TransientError (no answer, 5xx, rate limit: ask again
 * later) or PermanentError (credentials, rights, missing things); what a caller must decide on is returned by name.
 * Every verb that changes something may be repeated without doing it twice.
 */
export function createGitHub(options: GitHubOptions) {
  const { auth, apiUrl, serverUrl, log, now = () => new Date() } = options;
  const {
    requestTimeoutMs = 20_000,
    retryBaseMs = 1000,
    mergePollMs = 500,
    mergePatienceMs = 15_000,
  } = options;
  const clients = createClientFactory({ apiUrl, log, requestTimeoutMs, retryBaseMs });
  const access = createAccess({ auth, clients, now });
  const repositories = createRepositories({ access, now });
  const identity = createIdentity({ access, serverUrl });
  const { whoAmI } = identity;
  return {
    ...repositories,
    ...createIssues({ access, whoAmI }),
    ...createBranches({ access }),
    ...createFiles({ access }),
    ...createCommits({ access }),
    ...createAccounts({ access }),
    ...createPulls({ access }),
    ...createReviews({ access, whoAmI }),
    ...createSightings({ access }),
    ...createRemarks({ access, whoAmI }),
    ...createChecks({ access }),
    ...createMerging({ access, waiting: { pollMs: mergePollMs, patienceMs: mergePatienceMs } }),
    ...identity,
    /** For git over HTTPS: an App's token reaches this repository's contents only, and is at most 15 minutes old. */
    gitCredentials: access.gitCredentials,
    /** Whether GitHub takes our credentials, or does not say. Never throws. */
    credentials: () => checkCredentials(access),
    /** What `errand doctor` reports of GitHub. */
    check: () => checkGitHub({ access, apiUrl, now, listRepositories: repositories.listRepositories }),
  };
}
