// Where everything of this room lives under $ERRAND_HOME. Pure paths.
import { join } from 'node:path';
import { PermanentError } from '../errors.ts';
import type { Repo } from '../job/repo.ts';

/** The folder of one job and what is in it. Strangers' programs write in all of it; the host trusts none of it. */
export type JobPlaces = Readonly<{
  dir: string;
  tree: string;
  agentGitDir: string;
  home: string;
  tmp: string;
}>;

/** Names all folders. GitHub's names ignore case, so mirrors are lower case: one repository has one mirror. */
export function createPlaces(home: string) {
  return {
    repos: join(home, 'repos'),
    jobs: join(home, 'jobs'),
    tmp: join(home, 'tmp'),
    mirror: ({ owner, name }: Repo) => join(home, 'repos', owner.toLowerCase(), `${name.toLowerCase()}.git`),
    /** Host-owned notes about a job's workspace, outside of what its agent can write. */
    record: (jobId: string) => join(home, 'records', `${checkJobId(jobId)}.json`),
    records: join(home, 'records'),
    /** Where the repository's checks run and other sessions read, in the job's folder; no author can write there. */
    check: (jobId: string) => join(home, 'jobs', checkJobId(jobId), 'check'),
    kept: join(home, 'kept'),
    /** Trees of a job that were set aside, out of its agent's reach. */
    keptOf: (jobId: string) => join(home, 'kept', checkJobId(jobId)),
    job(jobId: string): JobPlaces {
      const dir = join(home, 'jobs', checkJobId(jobId));
      return {
        dir,
        tree: join(dir, 'tree'),
        agentGitDir: join(dir, 'agent.git'),
        home: join(dir, 'home'),
        tmp: join(dir, 'tmp'),
      };
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;

/** Where the host keeps the last snapshot of a job's files. */
export function snapshotRef(jobId: string): string {
  return `refs/errand/${checkJobId(jobId)}`;
}

/** Where a fetched snapshot of another runner waits, apart from our own. */
export function fetchedSnapshotRef(jobId: string): string {
  return `refs/errand-remote/${checkJobId(jobId)}`;
}

/** Writes a branch as a full ref; refuses names that git or a refspec would read as something else. */
export function branchRef(branch: string): string {
  // The rules of git-check-ref-format that matter to us, and no leading dash.
  if (
    !/^[^\s~^:?*[\\\p{Cc}]+$/u.test(branch) ||
    /^[-/]|\.\.|@\{|\/\/|\/$|\.lock(\/|$)|(^|\/)\.|\.$/.test(branch)
  ) {
    throw new PermanentError(
      'bad_branch',
      `${JSON.stringify(branch)} is not a branch name. Name another branch.`,
    );
  }
  return `refs/heads/${branch}`;
}

function checkJobId(jobId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,40}$/.test(jobId))
    throw new Error(`not a job id: ${JSON.stringify(jobId)}`);
  return jobId;
}
