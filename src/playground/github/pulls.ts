// What happens to pulls: opened, closed, reopened, noted as merged; and what that does to issues and webhooks.
// Moves no branch: merging.ts does.
import { attemptGit, git } from './git.ts';
import { addEvent, type Issue, newThread, type Pull, type Repository, type State } from './state.ts';
import { issueView, pullView } from './views.ts';

/** Tells the world what happened to a pull. */
export function announcePull(
  state: State,
  repository: Repository,
  pull: Pull,
  more: { action: string; by: string },
) {
  const { action, by, ...rest } = more;
  const merged = pull.mergedAt !== null;
  const view = { ...pullView(state, repository, pull), merged };
  const payload = { action, number: pull.number, pull_request: view, ...rest };
  state.emit('pull_request', repository, { ...payload, sender: by });
  state.changed();
}

/** Where the branch of a pull stands now: in its fork where it has one. */
export function headNow(repository: Repository, { head }: Pick<Pull, 'head'>): string | undefined {
  return (head.fork ?? repository).branches.get(head.ref);
}

/** Brings a commit of a fork into the repository that it is proposed to, as GitHub does: it never goes away there. */
export async function bringOver(repository: Repository, fork: Repository, sha: string): Promise<void> {
  await git(repository.directory, ['fetch', '--quiet', '--no-tags', fork.directory, sha]);
}

/** Opens a pull over two branches that exist. The routes have checked that it may be opened. */
export async function openPull(
  state: State,
  repository: Repository,
  wish: Pick<Pull, 'title' | 'body' | 'head' | 'draft' | 'author' | 'maintainerCanModify'> & { base: string },
): Promise<Pull> {
  const { head, maintainerCanModify } = wish;
  const pull: Pull = {
    ...newThread(state, repository, wish),
    head,
    maintainerCanModify,
    base: { ref: wish.base, sha: repository.branches.get(wish.base) ?? '' },
    draft: wish.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    reviews: [],
    reviewComments: [],
    resolvedThreads: new Map(),
    mergeability: null,
    forcedMergeable: undefined,
  };
  repository.pulls.set(pull.number, pull);
  await attemptGit(repository.directory, ['update-ref', `refs/pull/${pull.number}/head`, pull.head.sha]);
  announcePull(state, repository, pull, { action: 'opened', by: wish.author });
  return pull;
}

export function closePull(state: State, repository: Repository, pull: Pull, by: string): void {
  pull.state = 'closed';
  pull.closedAt = state.now();
  pull.closedBy = by;
  addEvent(state, pull, 'closed', by);
  repository.queue = repository.queue.filter((entry) => entry.pull !== pull.number);
  announcePull(state, repository, pull, { action: 'closed', by });
}

export function reopenPull(state: State, repository: Repository, pull: Pull, by: string): void {
  pull.state = 'open';
  pull.closedAt = null;
  pull.closedBy = null;
  pull.head.sha = headNow(repository, pull) ?? pull.head.sha;
  addEvent(state, pull, 'reopened', by);
  announcePull(state, repository, pull, { action: 'reopened', by });
}

export function setIssueState(
  state: State,
  repository: Repository,
  issue: Issue,
  to: { state: 'open' | 'closed'; by: string; reason?: Issue['stateReason'] },
): void {
  if (issue.state === to.state) return;
  issue.state = to.state;
  issue.stateReason = to.state === 'closed' ? (to.reason ?? 'completed') : 'reopened';
  issue.closedAt = to.state === 'closed' ? state.now() : null;
  issue.closedBy = to.state === 'closed' ? to.by : null;
  addEvent(state, issue, to.state === 'closed' ? 'closed' : 'reopened', to.by);
  const action = to.state === 'closed' ? 'closed' : 'reopened';
  state.emit('issues', repository, { action, issue: issueView(state, repository, issue), sender: to.by });
  state.changed();
}

/** Notes that a pull's work is on its base, and closes the issues that it names. */
export function markMerged(
  state: State,
  repository: Repository,
  pull: Pull,
  merge: { sha: string; by: string },
) {
  pull.mergedAt = state.now();
  pull.mergedBy = merge.by;
  pull.mergeCommitSha = merge.sha;
  addEvent(state, pull, 'merged', merge.by);
  closePull(state, repository, pull, merge.by);
  if (pull.base.ref !== repository.defaultBranch) return;
  for (const number of fixedIssues(repository, `${pull.title}\n${pull.body ?? ''}`)) {
    const issue = repository.issues.get(number);
    if (issue) setIssueState(state, repository, issue, { state: 'closed', by: merge.by });
  }
}

/** The issues of this repository that a text closes by GitHub's keywords. */
function fixedIssues(repository: Repository, text: string): number[] {
  const keywords = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;
  return [...text.matchAll(keywords)]
    .filter(([, where]) => !where || where.toLowerCase() === repository.fullName.toLowerCase())
    .map(([, , number]) => Number(number));
}
