// What the local GitHub remembers beside its git repositories, and who wants to know when it changes.
// Plain data: rules live in the files named after them, wire shapes in views.ts.
export type Permission = 'admin' | 'write' | 'read' | 'none';
export type Level = 'read' | 'write';
/** Fine-grained permissions by GitHub's own names: `contents`, `pull_requests`, `issues`, `checks`… */
export type Permissions = Readonly<Record<string, Level>>;
export type MergeMethod = 'merge' | 'squash' | 'rebase';

export type Comment = { id: number; author: string; body: string; createdAt: Date; updatedAt: Date };
type IssueEvent = {
  id: number;
  event: string;
  actor: string;
  createdAt: Date;
  commitId: string | null;
};
export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
export type Review = {
  id: number;
  author: string;
  state: ReviewState;
  body: string;
  commitId: string;
  submittedAt: Date;
};

/** A comment on a line; `inReplyTo` is the first comment of its thread, null for that one itself. */
export type ReviewComment = Comment & {
  path: string;
  line: number;
  hunk: string;
  reviewId: number | null;
  inReplyTo: number | null;
  commitId: string;
};

/** What issues and pulls have in common; they share one row of numbers. */
export type Thread = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: string;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  labels: string[];
  comments: Comment[];
  events: IssueEvent[];
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
};
export type Issue = Thread;

/** Whether a pull can be merged, for one pair of commits. */
type Mergeability = { headSha: string; baseSha: string; value: Promise<boolean> };

export type Pull = Thread & {
  /** `fork`: the other repository in which the branch lies; without it the branch lies in this one. */
  head: { ref: string; sha: string; fork?: Repository };
  base: { ref: string; sha: string };
  draft: boolean;
  /** Whether whoever may write here may push to the fork's branch, too. */
  maintainerCanModify: boolean;
  mergedAt: Date | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  reviews: Review[];
  reviewComments: ReviewComment[];
  /** Threads by their first comment, and who resolved them. */
  resolvedThreads: Map<number, string>;
  mergeability: Mergeability | null;
  /** Set by a test: overrides what git says. */
  forcedMergeable: boolean | null | undefined;
};

type CheckConclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out';
export type CheckRun = {
  id: number;
  sha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: CheckConclusion | null;
  at: Date;
  /** What its page says; `log` is there where a job of GitHub Actions made it. */
  title?: string;
  summary?: string;
  log?: string;
};
export type CommitStatus = {
  id: number;
  sha: string;
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
  description: string | null;
  creator: string;
  at: Date;
};

export type BranchProtection = {
  requiredApprovals?: number;
  requiredChecks?: readonly string[];
  /** A pull must hold all of its base before it is merged. */
  strict?: boolean;
  mergeQueue?: boolean;
  /** Refuse direct pushes; default true, as on GitHub when pulls are required. */
  refusePushes?: boolean;
};
type QueueEntry = { id: number; pull: number; headSha: string; by: string; enqueuedAt: Date };

export type MergeRequest = {
  uuid: string;
  pull: number;
  method: MergeMethod | undefined;
  action: 'default' | 'direct_merge' | 'merge_queue';
  expectedHeadSha: string;
  title: string | undefined;
  message: string | undefined;
  by: string;
  updatedAt: Date;
  result:
    | { status: 'pending' | 'enqueued' | 'failed'; message: string }
    | { status: 'merged'; message: string; sha: string };
};

export type RepositorySettings = {
  private: boolean;
  /** Whether the App is installed on it. */
  installed: boolean;
  archived: boolean;
  allowSquashMerge: boolean;
  allowMergeCommit: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
};

export type Repository = {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  /** What it was forked from. */
  parent?: Repository;
  /** The bare repository. */
  directory: string;
  defaultBranch: string;
  settings: RepositorySettings;
  createdAt: Date;
  nextNumber: number;
  issues: Map<number, Issue>;
  pulls: Map<number, Pull>;
  /** Branches as last seen: name → SHA. What differs from git's own refs was pushed since. */
  branches: Map<string, string>;
  protections: Map<string, BranchProtection>;
  checks: CheckRun[];
  statuses: CommitStatus[];
  collaborators: Map<string, Permission>;
  queue: QueueEntry[];
  mergeRequests: Map<string, MergeRequest>;
  /** End of the line of those who want to change refs. */
  tail: Promise<unknown>;
};

export type EmitWebhook = (event: string, repository: Repository, payload: Record<string, unknown>) => void;

/** Creates the empty state. `emit` is replaced by the server once it knows where webhooks go. */
export function createState(options: { now: () => Date }) {
  const repositories = new Map<string, Repository>();
  /** Names that repositories had before, as keys; until somebody else takes them they lead on. */
  const formerNames = new Map<string, Repository>();
  const listeners = new Set<() => void>();
  let lastId = 1000;
  const emit: EmitWebhook = () => {};
  return {
    repositories,
    formerNames,
    /** Logins, in lower case, that nobody has; every other one is somebody's. */
    missingAccounts: new Set<string>(),
    now: options.now,
    /** The address of the server; known after it listens. */
    url: '',
    emit,
    nextId: () => ++lastId,
    passId(id: number) {
      lastId = Math.max(lastId, id);
    },
    /** Finds a repository by `owner/name`, in any case, as GitHub does. */
    find: (fullName: string) => repositories.get(fullName.toLowerCase()),
    /** The repository that was called so and has another name now. */
    findMoved: (fullName: string) => formerNames.get(fullName.toLowerCase()),
    /** Like `find` for tests and hands: throws when there is none. */
    get(fullName: string): Repository {
      const repository = repositories.get(fullName.toLowerCase());
      if (!repository) throw new Error(`The local GitHub has no repository ${fullName}.`);
      return repository;
    },
    /** Tells everybody who waits that something is different now. */
    changed() {
      for (const listener of [...listeners]) listener();
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
export type State = ReturnType<typeof createState>;

/** Runs `work` while nobody else changes the refs of `repository`. */
export function exclusively<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const mine = repository.tail.then(work, work);
  repository.tail = mine.catch(() => undefined);
  return mine;
}

/** A fresh thread with the next number of its repository. */
export function newThread(
  state: State,
  repository: Repository,
  fields: { title: string; body: string | null; author: string },
): Thread {
  const now = state.now();
  return {
    id: state.nextId(),
    number: repository.nextNumber++,
    ...fields,
    state: 'open',
    stateReason: null,
    labels: [],
    comments: [],
    events: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
  };
}

/** Notes an event of a thread's history (`closed`, `merged`, `added_to_merge_queue`…). */
export function addEvent(state: State, thread: Thread, event: string, actor: string): void {
  const at = state.now();
  thread.events.push({ id: state.nextId(), event, actor, createdAt: at, commitId: null });
  thread.updatedAt = at;
}

/** The name and noreply address GitHub writes into commits made for `login`. */
export function authorOf(login: string): { name: string; email: string } {
  return { name: login, email: `${accountId(login)}+${login}@users.noreply.github.com` };
}

/** A stable number for a login, so that the same person has the same id everywhere. */
export function accountId(login: string): number {
  let id = 7;
  for (const character of login.toLowerCase()) id = (id * 31 + character.charCodeAt(0)) % 100_000_000;
  return id;
}

/** The App's installation on an account. */
export const installationId = (owner: string): number => accountId(`installation-of-${owner}`);
